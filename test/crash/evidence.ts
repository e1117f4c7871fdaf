import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { World, WorldFolder } from '../engine/world.ts';
import type { Settled } from './crash-messages.ts';
import type { Expectation } from './scenes.ts';

/** A promise is broken. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** A link in the folder that leads out of it: the one thing there that is shown as a problem. */
export const linkName = 'link';

/** What lies where, all of it by content. */
interface Evidence {
  /** Path → hash, of the mirrored folder without Vi Sync's own. */
  readonly folder: ReadonlyMap<string, string>;
  /** Absolute path → hash, of `.vi-sync/trash`. */
  readonly trash: ReadonlyMap<string, string>;
  /** Filename → hash and annotations. */
  readonly dataset: ReadonlyMap<string, { readonly hash: string; readonly annotations: number }>;
}

/** At any moment, even while nothing has been put in order yet: no version is lost, and no annotation. */
export async function expectNothingLost(
  world: World,
  folder: WorldFolder,
  expectation: Expectation,
): Promise<void> {
  const { folder: files, trash, dataset } = await gather(world, folder);
  const there = new Set([
    ...files.values(),
    ...trash.values(),
    ...[...dataset.values()].map(({ hash }) => hash),
  ]);
  const lost = expectation.versions.filter((content) => !there.has(hashOf(content)));
  if (lost.length > 0) throw new BrokenPromise(`(a) ${lost.length} versions are nowhere`);
  for (const [filename, annotations] of expectation.annotations) {
    const found = dataset.get(filename)?.annotations ?? 0;
    if (found < annotations)
      throw new BrokenPromise(`(b) “${filename}” has ${found} of its ${annotations} annotations`);
  }
}

/** How long the service may take with a file whose last byte it has just been sent. Milliseconds. */
const arrivalMs = 250;

/** How many of these uploads, which a kill has broken off, have not arrived: only they may be sent again. */
export async function countUnarrived(
  world: World,
  begun: readonly { filename: string; sha256: string }[],
): Promise<number> {
  const { listingDelayMs, fileProcessingMs } = world.sandbox.switches;
  const deadline = performance.now() + arrivalMs + listingDelayMs + 16 * fileProcessingMs;
  for (;;) {
    if (begun.length === 0) return 0;
    const assets = await world.assets();
    const missing = begun.filter(({ filename, sha256 }) => {
      const asset = assets.get(filename);
      return asset === undefined || hashOf(asset.content) !== sha256;
    });
    if (missing.length === 0 || performance.now() > deadline) return missing.length;
  }
}

/** After the last engine has come to its end: both sides are as they must be, and nothing was sent twice. */
export async function expectConverged(
  world: World,
  folder: WorldFolder,
  expectation: Expectation,
  settled: Settled,
  sent: { readonly uploads: number; readonly mostUploads: number },
): Promise<void> {
  const seen = await gather(world, folder);
  expectSame('the folder', expectation.folder, seen.folder, (content) => hashOf(content));
  const dataset = new Map(
    [...seen.dataset].map(([name, { hash, annotations }]) => [name, `${hash} ${annotations}`]),
  );
  expectSame(
    'the dataset',
    expectation.dataset,
    dataset,
    ({ content, annotations }) => `${hashOf(content)} ${annotations}`,
  );
  const held = settled.holds.map((hold) => hold.path).sort();
  if (JSON.stringify(held) !== JSON.stringify([...expectation.held].sort())) {
    throw new BrokenPromise(`(d) held are ${JSON.stringify(settled.holds)}`);
  }
  const problems = settled.files.filter(({ state }) => state === 'problem').map((file) => file.path);
  if (settled.status.phase !== 'attention' || problems.join() !== linkName)
    throw new BrokenPromise(`(d) the phase is ${settled.status.phase}: ${problemsOf(settled)}`);

  if (sent.uploads > sent.mostUploads)
    throw new BrokenPromise(`(c) ${sent.uploads} uploads, ${sent.mostUploads} at most`);
  const annotations = [...seen.dataset.values()].reduce((sum, asset) => sum + asset.annotations, 0);
  const rows = 5 * seen.dataset.size + annotations;
  if (world.sandbox.dataRows().used !== rows)
    throw new BrokenPromise(`(c) ${world.sandbox.dataRows().used} data rows instead of ${rows}`);

  await expectOwnFolderInOrder(folder, settled);
}

/** Nothing unfinished is left behind, and what lies in the trash can be found by whoever looks for it. */
async function expectOwnFolderInOrder(folder: WorldFolder, settled: Settled): Promise<void> {
  const own = path.join(folder.root, '.vi-sync');
  for (const name of await fs.readdir(own)) {
    if (!/^(mirror-[0-9a-f-]{36}\.json|tmp|trash)$/.test(name))
      throw new BrokenPromise(`(f) “.vi-sync/${name}” was left behind`);
  }
  const temporary = await filesBelow(path.join(own, 'tmp'));
  if (temporary.length > 0) throw new BrokenPromise(`(f) left in .vi-sync/tmp: ${temporary.join(', ')}`);
  const inTrash = (await filesBelow(path.join(own, 'trash'))).sort();
  if (JSON.stringify(inTrash) !== JSON.stringify([...settled.trash].sort())) {
    throw new BrokenPromise(
      `(a) the trash holds ${JSON.stringify(inTrash)}, and the manifest knows ${JSON.stringify(settled.trash)}`,
    );
  }
}

/** What lies around the mirrored folder: names, contents and times. Nothing of it is ever to change. */
export async function surroundings(world: World, folder: WorldFolder): Promise<string> {
  const mine = [path.join(world.dir, 'sandbox'), path.join(world.dir, 'data'), folder.root];
  const lines: string[] = [];
  const visit = async (place: string): Promise<void> => {
    if (mine.includes(place)) return;
    const stats = await fs.lstat(place);
    const what = stats.isFile() ? `${hashOf(await fs.readFile(place))} ${stats.mtimeMs}` : 'folder';
    lines.push(`${path.relative(world.dir, place)} ${what}`);
    if (!stats.isDirectory()) return;
    for (const name of (await fs.readdir(place)).sort()) await visit(path.join(place, name));
  };
  for (const name of (await fs.readdir(world.dir)).sort()) await visit(path.join(world.dir, name));
  return lines.join('\n');
}

async function gather(world: World, folder: WorldFolder): Promise<Evidence> {
  const files = new Map<string, string>();
  for (const relative of await folder.list()) files.set(relative, hashOf(await folder.read(relative)));
  const trash = new Map<string, string>();
  for (const file of await filesBelow(path.join(folder.root, '.vi-sync/trash')))
    trash.set(file, hashOf(await fs.readFile(file)));
  const dataset = new Map(
    [...(await world.assets())].map(([filename, { content, annotations }]) => [
      filename,
      { hash: hashOf(content), annotations },
    ]),
  );
  return { folder: files, trash, dataset };
}

/** Absolute paths of all files below a folder; none when it is not there. */
async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function expectSame<T>(
  what: string,
  expected: ReadonlyMap<string, T>,
  found: ReadonlyMap<string, string>,
  text: (value: T) => string,
): void {
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const foreign = [...found.keys()].filter((name) => !expected.has(name));
  const wrong = [...expected].filter(([name, value]) => found.has(name) && found.get(name) !== text(value));
  if (missing.length + foreign.length + wrong.length === 0) return;
  throw new BrokenPromise(
    `(d) ${what}: missing ${JSON.stringify(missing)}, not expected ${JSON.stringify(foreign)}, other than expected ${JSON.stringify(wrong.map(([name]) => name))}`,
  );
}

function problemsOf({ status, files }: Settled): string {
  const odd = files.filter(({ state }) => state !== 'in-sync');
  return JSON.stringify({ problem: status.problem, counts: status.counts, odd });
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
