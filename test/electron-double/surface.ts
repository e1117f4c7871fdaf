import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Node, NodeArray, SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import { z } from 'zod';

/** What a value may be, as far as `electron.d.ts` says it in types that can be looked at: names of types, texts, members of its own. */
export interface Shape {
  /** Types of Electron’s by name. */
  readonly refs: readonly string[];
  /** Texts that are allowed; any text where `isOpen`. */
  readonly texts: readonly string[];
  readonly members: Readonly<Record<string, Member>> | null;
  /** It can be something that is not looked into: any text, number, function, type of Node’s. */
  readonly isOpen: boolean;
  /** Of a parameter: it stands for all arguments from there on. */
  readonly isRest?: boolean;
}

export interface Member {
  readonly isDeprecated: boolean;
  /** Of a property, or what a function returns. */
  readonly shape: Shape;
  /** Of a function, one list for each way to call it; null: it is none. */
  readonly calls: readonly (readonly Shape[])[] | null;
}

export interface TypeSurface {
  readonly bases: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
  readonly statics: Readonly<Record<string, Member>>;
  readonly constructors: readonly (readonly Shape[])[];
  /** Events, and whether each is deprecated. */
  readonly events: Readonly<Record<string, boolean>>;
}

/** Everything that `electron.d.ts` has: classes and interfaces by name. */
export interface Surface {
  readonly version: string;
  readonly types: Readonly<Record<string, TypeSurface>>;
}

const root = path.resolve(import.meta.dirname, '../..');
const declarations = path.join(root, 'node_modules/electron/electron.d.ts');
const eventMethods = new Set(['on', 'once', 'off', 'addListener', 'removeListener']);

/** Reads `electron.d.ts` with the compiler’s own parser. */
export function readSurface(): Surface {
  const folder = path.join(root, 'out', `surface-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const config = path.join(folder, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({ compilerOptions: { noLib: true, types: [] }, files: [declarations] }),
  );
  const api = new API({ cwd: root });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [config] });
    const file = snapshot.getProject(config)?.program.getSourceFile(declarations);
    if (file === undefined) throw new Error(`${declarations} could not be parsed.`);
    return { version: electronVersion(), types: typesOf(file) };
  } finally {
    api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function electronVersion(): string {
  const text = readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

interface Draft {
  readonly bases: string[];
  readonly members: Record<string, Member>;
  readonly statics: Record<string, Member>;
  readonly constructors: (readonly Shape[])[];
  readonly events: Record<string, boolean>;
}

/** What the nodes that are looked at have; absent where a node is of another kind. */
interface Parts {
  readonly kind: SyntaxKind;
  readonly name?: Node & { readonly text?: string };
  readonly body?: Node;
  readonly statements?: NodeArray<Node>;
  readonly members?: NodeArray<Node>;
  readonly modifiers?: NodeArray<Node>;
  readonly heritageClauses?: NodeArray<Node>;
  readonly types?: NodeArray<Node>;
  readonly parameters?: NodeArray<Node>;
  readonly dotDotDotToken?: Node;
  readonly type?: Node;
  readonly typeName?: Node & { readonly text?: string };
  readonly typeArguments?: NodeArray<Node>;
  readonly elementType?: Node;
  readonly literal?: Node & { readonly text?: string };
  readonly expression?: Node & { readonly text?: string };
  readonly jsDoc?: readonly Node[];
}

const partsOf = (node: Node): Parts => node as Node & Parts;

function typesOf(file: SourceFile): Record<string, TypeSurface> {
  const types: Record<string, Draft> = {};
  const text = file.text;
  const visit = (node: Node): void => {
    const { kind, name, body, statements, members } = partsOf(node);
    if (kind === SyntaxKind.ModuleDeclaration && body !== undefined) visit(body);
    for (const statement of statements ?? []) visit(statement);
    if (kind !== SyntaxKind.ClassDeclaration && kind !== SyntaxKind.InterfaceDeclaration) return;
    const typeName = name?.text;
    if (typeName === undefined || members === undefined) return;
    const draft: Draft = types[typeName] ?? {
      bases: [],
      members: {},
      statics: {},
      constructors: [],
      events: {},
    };
    types[typeName] = draft;
    for (const clause of partsOf(node).heritageClauses ?? []) {
      for (const base of partsOf(clause).types ?? []) {
        const baseName = partsOf(base).expression?.text;
        if (baseName !== undefined) draft.bases.push(baseName);
      }
    }
    for (const member of members) addMember(draft, member, text);
  };
  visit(file);
  return types;
}

function addMember(draft: Draft, node: Node, text: string): void {
  const { kind, name, parameters, type, modifiers } = partsOf(node);
  const isDeprecated = /@deprecated/.test(
    text.slice(node.pos, node.end).match(/^\s*\/\*\*[\s\S]*?\*\//)?.[0] ?? '',
  );
  if (kind === SyntaxKind.Constructor) {
    draft.constructors.push(shapesOf(parameters));
    return;
  }
  const memberName = name?.text;
  if (memberName === undefined) return;
  const isStatic = [...(modifiers ?? [])].some((each) => each.kind === SyntaxKind.StaticKeyword);
  const place = isStatic ? draft.statics : draft.members;
  const isMethod = kind === SyntaxKind.MethodDeclaration || kind === SyntaxKind.MethodSignature;
  if (isMethod && eventMethods.has(memberName)) {
    const event = eventOf(parameters);
    // Only one of the ways to listen has the mark.
    if (event !== null) draft.events[event] = (draft.events[event] ?? false) || isDeprecated;
  }
  const before = place[memberName];
  const shape = type === undefined ? open : shapeOf(type);
  const calls = isMethod ? [...(before?.calls ?? []), shapesOf(parameters)] : null;
  place[memberName] = { isDeprecated: isDeprecated && (before?.isDeprecated ?? true), shape, calls };
}

function eventOf(parameters: NodeArray<Node> | undefined): string | null {
  const [first] = parameters ?? [];
  const type = first === undefined ? undefined : partsOf(first).type;
  return (type === undefined ? undefined : partsOf(type).literal?.text) ?? null;
}

const shapesOf = (parameters: NodeArray<Node> | undefined): Shape[] =>
  [...(parameters ?? [])].map((parameter) => {
    const { type, dotDotDotToken } = partsOf(parameter);
    const shape = type === undefined ? open : shapeOf(type);
    return dotDotDotToken === undefined ? shape : { ...shape, isRest: true };
  });

const open: Shape = { refs: [], texts: [], members: null, isOpen: true };

function shapeOf(node: Node): Shape {
  const { kind, types, type, typeName, typeArguments, elementType, literal, members } = partsOf(node);
  switch (kind) {
    case SyntaxKind.UnionType:
    case SyntaxKind.IntersectionType:
      return together([...(types ?? [])].map(shapeOf));
    case SyntaxKind.ParenthesizedType:
      return type === undefined ? open : shapeOf(type);
    case SyntaxKind.ArrayType:
      return elementType === undefined ? open : shapeOf(elementType);
    case SyntaxKind.TypeReference: {
      const inner = [...(typeArguments ?? [])].map(shapeOf);
      // `Promise<X>`, `Event<X>`, `Record<…>`: only what is inside can be Electron’s.
      if (inner.length > 0)
        return { ...together(inner), isOpen: typeName?.text !== 'Array' || together(inner).isOpen };
      return {
        refs: typeName?.text === undefined ? [] : [typeName.text],
        texts: [],
        members: null,
        isOpen: false,
      };
    }
    case SyntaxKind.LiteralType:
      return literal?.text === undefined || literal.kind !== SyntaxKind.StringLiteral
        ? { ...open, isOpen: false }
        : { refs: [], texts: [literal.text], members: null, isOpen: false };
    case SyntaxKind.TypeLiteral: {
      const draft: Draft = { bases: [], members: {}, statics: {}, constructors: [], events: {} };
      for (const member of members ?? []) addMember(draft, member, '');
      return { refs: [], texts: [], members: draft.members, isOpen: false };
    }
    default:
      return open;
  }
}

function together(shapes: readonly Shape[]): Shape {
  const membered = shapes.flatMap(({ members }) => (members === null ? [] : [members]));
  return {
    refs: shapes.flatMap(({ refs }) => refs),
    texts: shapes.flatMap(({ texts }) => texts),
    members: membered.length === 0 ? null : Object.assign({}, ...membered),
    isOpen: shapes.some(({ isOpen }) => isOpen),
  };
}

/** The surface in a file, for the double’s process; made anew for each version of Electron. */
export function surfaceFile(): string {
  const file = path.join(root, 'out', 'test', `electron-surface-${electronVersion()}-3.json`);
  try {
    readFileSync(file);
    return file;
  } catch {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(readSurface()));
    return file;
  }
}
