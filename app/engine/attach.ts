import path from 'node:path';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { probeFoldsCase } from '../observe/case-probe.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { checkRoot, ownFolder, writeMarker } from '../observe/root-guard.ts';
import { EngineError } from './engine-error.ts';
import type { DatasetAddress, Environment } from './environment.ts';

export interface AttachOptions extends DatasetAddress {
  /** Absolute path. */
  readonly folder: string;
  readonly sandbox: boolean;
  /** The first sync need not wait for a person's go. */
  readonly go: boolean;
}

/**
 * The record of the mirror of a folder and a dataset: the one from before, or a new one.
 *
 * @throws EngineError when a folder that was never mirrored is not there, can't be written to, or lies in or around another mirror's
 */
export async function attachMirror(
  { disk, random, clock }: Pick<Environment, 'disk' | 'random' | 'clock'>,
  manifest: Manifest,
  { folder, go, ...service }: AttachOptions,
): Promise<MirrorRecord> {
  const { mirrors } = manifest;
  const { organizationId, datasetId } = service;
  const root = (await disk.realPath(path.resolve(folder))) ?? path.resolve(folder);
  const known = mirrors.find(root, organizationId, datasetId);
  if (known !== null) {
    mirrors.setService(known.id, service);
    if (go && known.approvedAt === null) mirrors.approve(known.id, clock.now());
    return mirrors.get(known.id);
  }
  const problem = await checkRoot(disk, root, null);
  if (problem !== null) throw new EngineError(problem);
  const other = mirrors.all().find((each) => isNested(each.folder, root));
  if (other !== undefined) throw nestedFolder(root, other.folder);
  const mirrorId = random.id();
  const foldsCase = await prepareFolder({ disk, random }, root, mirrorId);
  const now = clock.now();
  return mirrors.insert({
    ...service,
    mirrorId,
    folder: root,
    foldsCase,
    createdAt: now,
    approvedAt: go ? now : null,
  });
}

/** Whether one of two folders is the other, or lies in it. */
function isNested(a: string, b: string): boolean {
  const contains = (outer: string, inner: string) => {
    const back = path.relative(outer, inner);
    return back === '' || (back !== '..' && !back.startsWith(`..${path.sep}`) && !path.isAbsolute(back));
  };
  return contains(a, b) || contains(b, a);
}

/** Makes the mirror's own folder inside the mirrored one. Returns whether the disk takes `A` and `a` for one name. */
async function prepareFolder(
  { disk, random }: Pick<Environment, 'disk' | 'random'>,
  root: string,
  mirrorId: string,
): Promise<boolean> {
  for (const own of [ownFolder, `${ownFolder}/tmp`]) {
    const place = await disk.look(path.join(root, own));
    // Through a link it would be made somewhere else.
    if (place.kind !== 'folder' && place.kind !== 'missing' && place.kind !== 'unreadable')
      throw ownFolderBlocked(root, own);
  }
  try {
    await writeMarker(disk, root, mirrorId);
    return await probeFoldsCase(disk, root, random);
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw new EngineError(
      {
        code: 'folder-not-writable',
        facts: { folder: root, code },
        title: 'The folder can’t be written to',
        detail: `Vi Sync can’t make its own folder in “${root}” (${code}).`,
        suggestion: 'Check the permissions of the folder, and that its disk is not full or read-only.',
      },
      { cause: error },
    );
  }
}

function ownFolderBlocked(root: string, own: string): EngineError {
  return new EngineError({
    code: 'own-folder-blocked',
    facts: { own, folder: root },
    title: 'Vi Sync’s own folder can’t be made',
    detail: `Vi Sync keeps unfinished and replaced files in “${own}” of “${root}”, which is a file or a link there.`,
    suggestion: 'Move it away, or choose another folder.',
  });
}

function nestedFolder(root: string, other: string): EngineError {
  return new EngineError({
    code: 'folder-mirrored',
    facts: { case: 'mirror', folder: root, other },
    title: 'Mirrored already',
    detail: `“${root}” is, contains, or lies in “${other}”, which is mirrored already. Each file belongs to one mirror.`,
    suggestion: 'Choose a folder apart from it, or remove the other mirror first.',
  });
}
