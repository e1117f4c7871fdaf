import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vite';

const app = path.resolve(import.meta.dirname, '../../app');

/** One place of the sources that makes a problem, or an activity. */
export interface SaidPlace {
  /** File, relative to `app/`, and the English title or the line of code. */
  readonly where: string;
  readonly code: string;
  /** Cases that the source names; empty: none, or found out while it runs. */
  readonly cases: readonly string[];
  readonly hasRunTimeCase: boolean;
  /** Names of its facts. */
  readonly facts: ReadonlySet<string>;
}

interface Tree {
  readonly type: string;
  readonly [name: string]: unknown;
}

interface Place {
  readonly file: string;
  /** From the outermost to the node itself. */
  readonly path: readonly Tree[];
  readonly node: Tree;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function* nodesOf(node: Tree, above: readonly Tree[] = []): Generator<readonly Tree[]> {
  const here = [...above, node];
  yield here;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (isTree(child)) yield* nodesOf(child, here);
  }
}

/** Names of an object literal's properties, with their values; `...` for what is spread into it. */
function propertiesOf(node: Tree): Map<string, Tree> {
  const found = new Map<string, Tree>();
  for (const property of Array.isArray(node.properties) ? node.properties : []) {
    if (!isTree(property)) continue;
    if (property.type === 'SpreadElement') found.set('...', property);
    else if (isTree(property.key) && isTree(property.value)) {
      const name = property.key.name ?? property.key.value;
      if (typeof name === 'string') found.set(name, property.value);
    }
  }
  return found;
}

/** The texts that an expression can have, as far as the source says; null: it is found out while the program runs. */
function textsOf(node: Tree | undefined, path: readonly Tree[]): readonly string[] | null {
  if (node === undefined) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : null;
    case 'ConditionalExpression': {
      const [yes, no] = [node.consequent, node.alternate].map((each) =>
        isTree(each) ? textsOf(each, path) : null,
      );
      return yes == null || no == null ? null : [...yes, ...no];
    }
    case 'Identifier':
      return textsOfName(String(node.name), path);
    case 'MemberExpression':
      return isTree(node.property) ? textsOfConstant(String(node.property.name), path) : null;
    default:
      return null;
  }
}

/** Of a constant of the file; or else of what a `switch` has found it to be. */
function textsOfName(name: string, path: readonly Tree[]): readonly string[] | null {
  const branch = branchOf(path);
  for (const node of allOf(path)) {
    if (node.type !== 'VariableDeclarator' || !isTree(node.id) || node.id.name !== name) continue;
    if (!isTree(node.init)) continue;
    if (node.init.type === 'Literal') return textsOf(node.init, path);
    // `left-${reason}`, where the branch says which reason.
    if (node.init.type === 'TemplateLiteral' && branch !== null)
      return [`${startOfTemplate(node.init)}${branch}`];
  }
  return branch === null ? null : [branch];
}

/** Of a name such as `LOCKED` in a table of the file. */
function textsOfConstant(name: string, path: readonly Tree[]): readonly string[] | null {
  if (!/^[A-Z_]+$/.test(name)) return null;
  for (const node of allOf(path)) {
    const value = node.type === 'ObjectExpression' ? propertiesOf(node).get(name) : undefined;
    if (value?.type === 'Literal') return textsOf(value, path);
  }
  return null;
}

/** All nodes of the file that a place is in. */
function* allOf([program]: readonly Tree[]): Generator<Tree> {
  for (const chain of program === undefined ? [] : nodesOf(program)) {
    const node = chain.at(-1);
    if (node !== undefined) yield node;
  }
}

function startOfTemplate(template: Tree): string {
  const [first] = Array.isArray(template.quasis) ? template.quasis : [];
  const value: unknown = isTree(first) ? first.value : null;
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
}

/** The `case` of a switch that a place stands in. */
function branchOf(path: readonly Tree[]): string | null {
  const branch = path.findLast((each) => each.type === 'SwitchCase');
  return isTree(branch?.test) && typeof branch.test.value === 'string' ? branch.test.value : null;
}

/** The facts of a place: their names, and the cases among them. What is spread may have any name that stands in the file. */
function factsOf(
  node: Tree | undefined,
  place: Place,
): Pick<SaidPlace, 'facts' | 'cases' | 'hasRunTimeCase'> {
  if (node === undefined) return { facts: new Set(), cases: [], hasRunTimeCase: false };
  const properties = node.type === 'ObjectExpression' ? propertiesOf(node) : new Map<string, Tree>();
  const facts = new Set(properties.keys());
  const isOpen = node.type !== 'ObjectExpression' || facts.has('...');
  if (isOpen) {
    for (const each of allOf(place.path)) {
      if (each.type === 'ObjectExpression') for (const name of propertiesOf(each).keys()) facts.add(name);
    }
  }
  const given = properties.get('case');
  const cases = textsOf(given, place.path);
  return { facts, cases: cases ?? [], hasRunTimeCase: cases === null || (isOpen && given === undefined) };
}

function* placesIn(folders: (file: string) => boolean): Generator<Place> {
  for (const file of readdirSync(app, { recursive: true, encoding: 'utf8' }).sort()) {
    const name = file.replaceAll('\\', '/');
    if (!name.endsWith('.ts') || name.endsWith('.d.ts') || !folders(name)) continue;
    const program: unknown = parseAst(readFileSync(path.join(app, file), 'utf8'), { lang: 'ts' }, name);
    if (!isTree(program)) throw new Error(`${name} could not be parsed.`);
    for (const chain of nodesOf(program)) {
      const node = chain.at(-1);
      if (node !== undefined) yield { file: name, path: chain, node };
    }
  }
}

/** Errors whose first argument is the code of the problem that follows. */
const codedErrors = /^(Pull|Manifest|Credentials|Keychain)Error$/;

/** Every problem that a literal of `app/` makes, with its title in English. */
export function problemsInSources(folders: (file: string) => boolean): {
  readonly places: readonly SaidPlace[];
  /** Those whose code is somebody else's: a client's error, or another problem. */
  readonly passedOn: readonly string[];
} {
  const places: SaidPlace[] = [];
  const passedOn: string[] = [];
  for (const place of placesIn(folders)) {
    const { node, file } = place;
    if (node.type !== 'ObjectExpression') continue;
    const properties = propertiesOf(node);
    if (!['title', 'detail', 'suggestion'].every((name) => properties.has(name))) continue;
    const title = textsOf(properties.get('title'), place.path)?.[0] ?? '';
    const where = `${file}: ${title}`;
    const made = place.path.at(-2);
    const callee = made?.type === 'NewExpression' && isTree(made.callee) ? made.callee.name : undefined;
    const [first] = made?.type === 'NewExpression' && Array.isArray(made.arguments) ? made.arguments : [];
    const isCoded = typeof callee === 'string' && codedErrors.test(callee) && isTree(first);
    const codes = textsOf(isCoded ? first : properties.get('code'), place.path);
    if (codes === null || codes.length === 0) passedOn.push(where);
    else {
      const facts = factsOf(properties.get('facts'), place);
      for (const code of codes) places.push({ where, code, ...facts });
    }
  }
  return { places, passedOn };
}

/** Every code of the client's errors, and of what becomes one: with a suggestion, and no title. */
export function clientCodes(folders: (file: string) => boolean): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const place of placesIn(folders)) {
    if (place.node.type !== 'ObjectExpression') continue;
    const properties = propertiesOf(place.node);
    if (properties.has('title')) continue;
    const made = place.path.at(-2);
    const isOfError =
      made?.type === 'NewExpression' && isTree(made.callee) && /^Vi\w+Error$/.test(String(made.callee.name));
    if (!isOfError && !properties.has('suggestion')) continue;
    for (const code of textsOf(properties.get('code'), place.path) ?? []) codes.add(code);
  }
  return codes;
}

/** Every activity that is no problem: what it is called. */
export function happeningsInSources(): readonly SaidPlace[] {
  const found: SaidPlace[] = [];
  for (const place of placesIn(() => true)) {
    if (place.node.type !== 'ObjectExpression') continue;
    const told = propertiesOf(place.node).get('told');
    if (told?.type !== 'ObjectExpression') continue;
    const properties = propertiesOf(told);
    const facts = factsOf(properties.get('facts'), place);
    for (const code of textsOf(properties.get('code'), place.path) ?? []) {
      found.push({ where: place.file, code, ...facts });
    }
  }
  return found;
}
