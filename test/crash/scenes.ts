import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Answer, MirrorSettingsChange } from '../../app/contract.ts';
import type { RouteName } from '../../app/sandbox/faults.ts';
import { picture } from '../engine/pictures.ts';
import type { World, WorldFolder } from '../engine/world.ts';
import type { Dice } from './dice.ts';

/** What must be so, whatever is killed when. */
export interface Expectation {
  /** Contents that must be in the folder, the dataset or the trash at every moment. */
  readonly versions: readonly Buffer[];
  /** Filename → annotations that an asset must have at every moment. */
  readonly annotations: ReadonlyMap<string, number>;
  /** What the folder holds in the end: path → content. */
  readonly folder: ReadonlyMap<string, Buffer>;
  /** What the dataset holds in the end: filename → content and annotations. */
  readonly dataset: ReadonlyMap<string, { readonly content: Buffer; readonly annotations: number }>;
  /** Paths that wait for an answer in the end. */
  readonly held: readonly string[];
  /** Files that are to be uploaded: each once, but for those that were on their way when a kill came. */
  readonly uploads: number;
}

export interface CountedRequests {
  readonly route: RouteName;
  readonly count: number;
}

/** A story that is interrupted. */
export interface Scene {
  readonly name: string;
  /** Requests whose count can tell when to kill, and how many of them come when nothing interrupts. */
  readonly requests: readonly [CountedRequests, ...CountedRequests[]];
  /** About how many calls of the disk and the service an engine makes when nothing interrupts it. */
  readonly calls: number;
  /** The person wants everything looked at at once: a count of assets that disagrees is not waited with. */
  readonly isImpatient?: boolean;
  readonly settings?: MirrorSettingsChange;
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly restores?: boolean;
  /** Brings folder and dataset to where the story begins. */
  readonly prepare: (world: World, folder: WorldFolder, dice: Dice) => Promise<Expectation>;
}

type Files = Map<string, Buffer>;

/** Pictures by path, in three folders; some are large enough to be caught on their way. */
function makeFiles(dice: Dice, count: number, prefix: string): Files {
  const files: Files = new Map();
  for (let index = 0; index < count; index++) {
    const size = index % 8 === 0 ? 900_000 : dice.whole(300, 6000);
    files.set(`${prefix}${index % 3}/${prefix}-${index}.png`, newPicture(dice, size));
  }
  return files;
}

function newPicture(dice: Dice, size = dice.whole(300, 6000)): Buffer {
  return picture(dice.whole(1, 2 ** 31), size);
}

async function write(folder: WorldFolder, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [relative, content] of files) await folder.write(relative, content);
}

async function put(world: World, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [relative, content] of files) {
    await world.putAsset(path.posix.basename(relative), content, { viSyncPath: relative });
  }
}

/** Deletes the assets of these files as somebody else would. */
async function deleteAssets(world: World, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const client = world.client();
  const { datasetId } = world;
  const names = new Set([...files.keys()].map((relative) => path.posix.basename(relative)));
  const list = client.assets.list({ datasetId, pagination: { pageSize: 1000 } });
  for await (const { assetId, filename } of list.allItems())
    if (names.has(filename)) await client.assets.delete({ datasetId, assetId });
}

function asDataset(files: ReadonlyMap<string, Buffer>, annotations: ReadonlyMap<string, number> = new Map()) {
  return new Map(
    [...files].map(([relative, content]) => {
      const filename = path.posix.basename(relative);
      return [filename, { content, annotations: annotations.get(filename) ?? 0 }] as const;
    }),
  );
}

/** Both sides have these files, and the manifest knows it. No engine runs any more when this is done. */
async function inSync(
  world: World,
  folder: WorldFolder,
  files: Files,
  settings: MirrorSettingsChange = {},
): Promise<void> {
  await write(folder, files);
  await put(world, files);
  await settle(world, folder, settings);
}

async function settle(world: World, folder: WorldFolder, settings: MirrorSettingsChange = {}): Promise<void> {
  const mirror = await world.mirror(folder, 'data', {}, { settings });
  const status = await mirror.sync();
  if (status.phase !== 'in-sync') throw new Error(`not in sync: ${JSON.stringify(status)}`);
  await mirror.engine.close();
}

const nothing = { annotations: new Map(), held: [], uploads: 0 } as const;

const upload: Scene = {
  name: 'upload',
  requests: [
    { route: 'upload', count: 24 },
    { route: 'sessions.create', count: 1 },
    { route: 'sessions.get', count: 1 },
    { route: 'assets.list', count: 4 },
  ],
  calls: 110,
  async prepare(_world, folder, dice) {
    const files = makeFiles(dice, 24, 'up');
    await write(folder, files);
    return {
      ...nothing,
      versions: [...files.values()],
      folder: files,
      dataset: asDataset(files),
      uploads: files.size,
    };
  },
};

const download: Scene = {
  name: 'download',
  requests: [
    { route: 'download', count: 24 },
    { route: 'assets.get', count: 24 },
    { route: 'assets.list', count: 1 },
  ],
  calls: 360,
  async prepare(world, _folder, dice) {
    const files = makeFiles(dice, 24, 'down');
    await put(world, files);
    return { ...nothing, versions: [...files.values()], folder: files, dataset: asDataset(files) };
  },
};

/** Paths of a story whose answers are written down before its contents are thrown. */
const paths = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}${index % 3}/${name}-${index}.png`);

const edited = paths('edit', 15);
/** What a person says to an edit of an annotated image: by its number, `undefined` says nothing. */
const editAnswers: readonly (Answer | undefined)[] = [
  { kind: 'keep-mine', annotations: 'KeepLinkedResource' },
  { kind: 'keep-mine', annotations: 'RemoveLinkedResource' },
  undefined,
  { kind: 'keep-theirs' },
  { kind: 'skip' },
];

const overwrite: Scene = {
  name: 'overwrite',
  requests: [
    { route: 'upload', count: 11 },
    { route: 'sessions.create', count: 4 },
    { route: 'assets.get', count: 34 },
    { route: 'sessions.get', count: 6 },
  ],
  calls: 195,
  answers: Object.fromEntries(
    edited.flatMap((relative, index) => {
      const answer = editAnswers[index % editAnswers.length];
      return answer === undefined ? [] : [[relative, answer]];
    }),
  ),
  async prepare(world, folder, dice) {
    const plain = makeFiles(dice, 5, 'plain');
    const files: Files = new Map(edited.map((relative) => [relative, newPicture(dice)]));
    await inSync(world, folder, new Map([...files, ...plain]));
    const mine: Files = new Map([...files.keys()].map((relative) => [relative, newPicture(dice)]));
    const plainMine: Files = new Map([...plain.keys()].map((relative) => [relative, newPicture(dice)]));
    for (const [index, relative] of edited.entries()) {
      world.sandbox.annotate(world.datasetId, path.posix.basename(relative), { cat: index + 1 });
    }
    await write(folder, mine);
    await write(folder, plainMine);

    const versions = [...mine.values(), ...plainMine.values()];
    const annotations = new Map<string, number>();
    const inFolder = new Map([...mine, ...plainMine]);
    const dataset = asDataset(plainMine);
    const held: string[] = [];
    let uploads = plain.size;
    for (const [index, relative] of edited.entries()) {
      const answer = editAnswers[index % editAnswers.length];
      const filename = path.posix.basename(relative);
      const [old, own] = [files.get(relative), mine.get(relative)];
      if (old === undefined || own === undefined) throw new Error('no such file');
      const removes = answer?.annotations === 'RemoveLinkedResource';
      const count = index + 1;
      if (!removes) annotations.set(filename, count);
      const isMine = answer?.kind === 'keep-mine';
      if (isMine) uploads += 1;
      else versions.push(old);
      if (answer?.kind === 'keep-theirs') inFolder.set(relative, old);
      if (answer === undefined) held.push(relative);
      dataset.set(filename, { content: isMine ? own : old, annotations: removes ? 0 : count });
    }
    return { versions, annotations, folder: inFolder, dataset, held, uploads };
  },
};

const replace: Scene = {
  name: 'replace',
  requests: [
    { route: 'download', count: 20 },
    { route: 'assets.get', count: 20 },
    { route: 'assets.list', count: 2 },
  ],
  calls: 380,
  async prepare(world, folder, dice) {
    const files = makeFiles(dice, 20, 'swap');
    await inSync(world, folder, files);
    const theirs: Files = new Map([...files.keys()].map((relative) => [relative, newPicture(dice)]));
    await put(world, theirs);
    return {
      ...nothing,
      versions: [...files.values(), ...theirs.values()],
      folder: theirs,
      dataset: asDataset(theirs),
    };
  },
};

const deletion: Scene = {
  name: 'deletion',
  requests: [
    { route: 'assets.delete', count: 8 },
    { route: 'assets.get', count: 8 },
    { route: 'assets.list', count: 5 },
  ],
  calls: 150,
  isImpatient: true,
  settings: { deletePolicy: 'propagate' },
  async prepare(world, folder, dice) {
    const kept = makeFiles(dice, 10, 'stay');
    const goneThere = makeFiles(dice, 9, 'there');
    const goneHere = makeFiles(dice, 8, 'here');
    const annotated = makeFiles(dice, 3, 'marked');
    await inSync(
      world,
      folder,
      new Map([...kept, ...goneThere, ...goneHere, ...annotated]),
      deletion.settings,
    );
    const marks = new Map([...annotated.keys()].map((relative) => [path.posix.basename(relative), 3]));
    for (const [filename, count] of marks) world.sandbox.annotate(world.datasetId, filename, { dog: count });
    await deleteAssets(world, goneThere);
    for (const relative of [...goneHere.keys(), ...annotated.keys()])
      await fs.rm(path.join(folder.root, relative));
    return {
      // What is deleted here is deleted there: that is what the mirror has been told.
      versions: [...kept.values(), ...goneThere.values(), ...annotated.values()],
      annotations: marks,
      folder: kept,
      dataset: asDataset(new Map([...kept, ...annotated]), marks),
      held: [...annotated.keys()],
      uploads: 0,
    };
  },
};

const twins = paths('both', 9);

const keepBoth: Scene = {
  name: 'keep-both',
  requests: [
    { route: 'upload', count: 9 },
    { route: 'download', count: 9 },
    { route: 'assets.get', count: 18 },
    { route: 'sessions.create', count: 2 },
  ],
  calls: 390,
  answers: Object.fromEntries(twins.map((relative) => [relative, { kind: 'keep-both' }])),
  async prepare(world, folder, dice) {
    const files: Files = new Map(twins.map((relative) => [relative, newPicture(dice)]));
    await inSync(world, folder, files);
    const mine: Files = new Map(twins.map((relative) => [relative, newPicture(dice)]));
    const theirs: Files = new Map(twins.map((relative) => [relative, newPicture(dice)]));
    await write(folder, mine);
    await put(world, theirs);
    const marks = new Map(
      twins.map((relative, index) => [path.posix.basename(relative), index % 3 === 0 ? 4 : 0]),
    );
    for (const [filename, count] of marks)
      if (count > 0) world.sandbox.annotate(world.datasetId, filename, { cat: count });
    const aside: Files = new Map(
      [...mine].map(([relative, content]) => [relative.replace('.png', '-mine.png'), content]),
    );
    return {
      ...nothing,
      versions: [...mine.values(), ...theirs.values()],
      annotations: marks,
      folder: new Map([...theirs, ...aside]),
      dataset: asDataset(new Map([...theirs, ...aside]), marks),
      uploads: mine.size,
    };
  },
};

const scan: Scene = {
  name: 'scan',
  requests: [
    { route: 'assets.list', count: 1 },
    { route: 'datasets.get', count: 2 },
  ],
  calls: 305,
  async prepare(world, folder, dice) {
    const files: Files = new Map(
      Array.from({ length: 120 }, (_, index) => [
        `scan/${index % 10}/${index % 7}/s-${index}.png`,
        newPicture(dice, 400),
      ]),
    );
    await write(folder, files);
    await put(world, files);
    return { ...nothing, versions: [...files.values()], folder: files, dataset: asDataset(files) };
  },
};

const restore: Scene = {
  name: 'restore',
  requests: [
    { route: 'upload', count: 12 },
    { route: 'sessions.create', count: 1 },
    { route: 'assets.list', count: 4 },
  ],
  calls: 130,
  isImpatient: true,
  restores: true,
  async prepare(world, folder, dice) {
    const files = makeFiles(dice, 12, 'back');
    const kept = makeFiles(dice, 4, 'stay');
    await inSync(world, folder, new Map([...files, ...kept]));
    await deleteAssets(world, files);
    await settle(world, folder);
    const all = new Map([...files, ...kept]);
    return {
      ...nothing,
      versions: [...all.values()],
      folder: all,
      dataset: asDataset(all),
      uploads: files.size,
    };
  },
};

const rename: Scene = {
  name: 'rename',
  requests: [
    { route: 'assets.list', count: 1 },
    { route: 'datasets.get', count: 2 },
  ],
  calls: 25,
  async prepare(world, folder, dice) {
    const files = makeFiles(dice, 18, 'name');
    await inSync(world, folder, files);
    const moved: Files = new Map();
    for (const [index, [relative, content]] of [...files].entries()) {
      const place = index % 2 === 0 ? `else/where/${index}.png` : relative;
      if (place !== relative) {
        await fs.mkdir(path.join(folder.root, 'else/where'), { recursive: true });
        await fs.rename(path.join(folder.root, relative), path.join(folder.root, place));
      }
      moved.set(place, content);
    }
    return { ...nothing, versions: [...files.values()], folder: moved, dataset: asDataset(files) };
  },
};

/** Every story, with about how many of a hundred kills it gets. */
export const scenes: readonly { readonly scene: Scene; readonly share: number }[] = [
  { scene: upload, share: 18 },
  { scene: download, share: 14 },
  { scene: overwrite, share: 18 },
  { scene: replace, share: 12 },
  { scene: deletion, share: 12 },
  { scene: keepBoth, share: 12 },
  { scene: scan, share: 5 },
  { scene: restore, share: 5 },
  { scene: rename, share: 4 },
];
