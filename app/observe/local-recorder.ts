import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { Disk, FileReading } from '../engine/environment.ts';
import type { KnownFile } from '../manifest/local-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { type FileStamp, isSameFile, isSameStamp, type LocalFile } from '../manifest/observations.ts';
import { identityKey, isTwinKey, remoteNameOf, twinKey } from '../manifest/path-key.ts';
import { FolderNames } from './folder-names.ts';
import { ruleFileName } from './ignore-rules.ts';

/** Code of the problem of files that are to be tried again. */
export const unreadableCode = 'unreadable';

export interface SeenFile {
  readonly kind: 'seen';
  readonly file: LocalFile;
  /** When the look began, as observations are counted. */
  readonly since: number;
}

/** What came of looking at a file that differs from what the manifest knows. */
export type LookOutcome =
  | SeenFile
  /** It did not hold still: look again soon. */
  | { readonly kind: 'restless' }
  /** It is not there any more. */
  | { readonly kind: 'missing' };

/** Reads files that differ and writes what it saw into the manifest. */
export class LocalRecorder {
  readonly #disk: Disk;
  readonly #manifest: Manifest;
  readonly #mirror: MirrorRecord;
  /** Of folders where two spellings have met. */
  readonly #names: FolderNames;

  constructor(disk: Disk, manifest: Manifest, mirror: MirrorRecord) {
    this.#disk = disk;
    this.#manifest = manifest;
    this.#mirror = mirror;
    this.#names = new FolderNames(disk, mirror.folder);
  }

  /** What the manifest knows of the file of this path, as the disk spells it. */
  known(relative: string): KnownFile | null {
    const key = identityKey(relative, this.#mirror.foldsCase);
    const plain = this.#manifest.local.known(this.#mirror.id, key);
    if (plain === null || plain.path === relative) return plain;
    return this.#manifest.local.known(this.#mirror.id, twinKey(key, relative));
  }

  /** Reads a file whose stamp differs from the known one, unless it is a known file at a new path. */
  async look(
    relative: string,
    stamp: FileStamp,
    { signal, rereads = false }: { readonly signal: AbortSignal; readonly rereads?: boolean },
  ): Promise<LookOutcome> {
    const since = this.#manifest.local.nextObservation();
    const key = await this.#keyOf(relative);
    if (key === null) return { kind: 'restless' };
    const moved = rereads ? null : this.#movedFrom(stamp);
    if (moved !== null) {
      const file = { ...moved, key, path: relative, remoteName: remoteNameOf(relative), stamp };
      return { kind: 'seen', file, since };
    }
    const place = path.join(this.#mirror.folder, relative);
    const outcome = await this.#disk.readFile(place, signal, stamp.size);
    switch (outcome.kind) {
      case 'missing':
        return outcome;
      case 'moving':
        return { kind: 'restless' };
      case 'unreadable':
        return {
          kind: 'seen',
          file: unreadFile(key, relative, stamp, unreadableProblem(relative, outcome.code)),
          since,
        };
      case 'read': {
        const file = fileFrom(key, relative, outcome);
        const problem = this.#isRotten(file) ? rotten(relative) : file.problem;
        return { kind: 'seen', file: { ...file, problem }, since };
      }
    }
  }

  /** A link: it is there, and nobody looks behind it. */
  async link(relative: string, stamp: FileStamp): Promise<LookOutcome> {
    const since = this.#manifest.local.nextObservation();
    const key = await this.#keyOf(relative);
    if (key === null) return { kind: 'restless' };
    return { kind: 'seen', file: unreadFile(key, relative, stamp, linkProblem(relative)), since };
  }

  /** A file that has not held still for so long that a person should know. */
  async beingWritten(relative: string, stamp: FileStamp): Promise<LookOutcome> {
    const since = this.#manifest.local.nextObservation();
    const key = await this.#keyOf(relative);
    if (key === null) return { kind: 'restless' };
    return { kind: 'seen', file: unreadFile(key, relative, stamp, beingWrittenProblem(relative)), since };
  }

  /** Other bytes under the stamp of those that were read before: nobody has written them. */
  #isRotten({ key, stamp, content }: LocalFile): boolean {
    const known = this.#manifest.local.get(this.#mirror.id, key);
    if (known === null || known.content === null || !isSameStamp(known.stamp, stamp)) return false;
    return known.content.sha256 !== content?.sha256 || known.problem?.code === rottenCode;
  }

  /** Writes down what was seen. False when something newer has been recorded meanwhile: then it must be looked at again. */
  record({ file, since }: SeenFile): boolean {
    const { local } = this.#manifest;
    const known = local.known(this.#mirror.id, file.key);
    if (known !== null && known.observed > since) return false;
    local.put(this.#mirror.id, file, local.nextObservation());
    // It was known by the other key as long as another file had this one.
    const twin = twinKey(file.key, file.path);
    if (!isTwinKey(file.key) && local.known(this.#mirror.id, twin) !== null) this.#takeKey(twin, file.key);
    return true;
  }

  /** A file that a scan did not find. Kept if something has been recorded about its key since `observed`. */
  recordGone(known: KnownFile, observed: number): boolean {
    const now = this.#manifest.local.known(this.#mirror.id, known.key);
    if (now === null || now.path !== known.path || now.observed > observed) return false;
    this.#manifest.local.delete(this.#mirror.id, known.key);
    const twin = this.#manifest.local.twinOf(this.#mirror.id, known.key);
    if (twin !== null) this.#takeKey(twin.key, known.key);
    return true;
  }

  /** The key of a twin is for the time while two files have the same one: alone it goes by the plain key, and its base with it. */
  #takeKey(twin: string, key: string): void {
    const { local, synced } = this.#manifest;
    const file = local.get(this.#mirror.id, twin);
    if (file !== null && local.known(this.#mirror.id, key) === null) {
      local.put(this.#mirror.id, { ...file, key }, local.nextObservation());
    }
    local.delete(this.#mirror.id, twin);
    const base = synced.get(this.#mirror.id, twin);
    if (base === null || synced.get(this.#mirror.id, key) !== null) return;
    synced.move(this.#mirror.id, twin, { key, path: base.path, ...base.local });
  }

  /**
   * Its identity key, or one of its own when another file of equal spelling lies beside it on a disk that tells them apart; null when
   * nobody can tell now.
   */
  async #keyOf(relative: string): Promise<string | null> {
    const key = identityKey(relative, this.#mirror.foldsCase);
    const other = this.#manifest.local.known(this.#mirror.id, key);
    if (other === null || other.path === relative) return key;
    const areBothThere = await this.#areBothThere(other.path, relative);
    if (areBothThere === null) return null;
    return areBothThere ? twinKey(key, relative) : key;
  }

  /**
   * Whether two spellings are two entries of a folder. Only the folder's names tell: the disk may find one file by both, and two entries
   * may be one file (hard links).
   */
  async #areBothThere(one: string, other: string): Promise<boolean | null> {
    const [ones, others] = [one.split('/'), other.split('/')];
    const depth = ones.findIndex((part, index) => part !== others[index]);
    const names = await this.#names.in(ones.slice(0, depth).join('/'));
    return names === null ? null : names.has(ones[depth] ?? '') && names.has(others[depth] ?? '');
  }

  /** The same file under the path where it was last seen: a folder that was moved is not read again. */
  #movedFrom(stamp: FileStamp): LocalFile | null {
    const synced = this.#manifest.synced.byIdentity(this.#mirror.id, stamp);
    const known = synced === null ? null : this.#manifest.local.get(this.#mirror.id, synced.key);
    if (known === null || known.content === null || isTwinKey(known.key)) return null;
    return isSameFile(known.stamp, stamp) && isSameStamp(known.stamp, stamp) ? known : null;
  }
}

function fileFrom(key: string, relative: string, { stamp, hash, inspection }: FileReading): LocalFile {
  return {
    key,
    path: relative,
    remoteName: remoteNameOf(relative),
    stamp,
    content: { sha256: hash.sha256, crc32c: hash.crc32c, otherHash: null },
    mime: inspection.mime ?? null,
    width: inspection.ok ? inspection.width : null,
    height: inspection.ok ? inspection.height : null,
    // A mislabelled image is not uploaded either: under its name it would be announced as something that it is not.
    problem: inspection.ok ? inspection.warning : inspection.problem,
  };
}

const rottenCode = 'content-rotten';

function rotten(relative: string): Problem {
  return {
    code: rottenCode,
    facts: { path: relative },
    title: 'Changed without being written to',
    detail: `“${relative}” has other bytes than when it was last read, though nobody has saved it since: its disk may be failing. It is not uploaded.`,
    suggestion:
      'Delete it to have the dataset’s version again, and check the disk. If you have changed it yourself, save it once more.',
  };
}

/** A file whose content nobody knows, and why. */
function unreadFile(key: string, relative: string, stamp: FileStamp, problem: Problem): LocalFile {
  return {
    key,
    path: relative,
    remoteName: remoteNameOf(relative),
    stamp,
    content: null,
    mime: null,
    width: null,
    height: null,
    problem,
  };
}

function unreadableProblem(relative: string, code: string): Problem {
  return {
    code: unreadableCode,
    facts: { case: 'system', path: relative, code },
    title: 'Can’t be read',
    detail: `The system does not let Vi Sync read “${relative}” (${code}).`,
    suggestion: 'Check its permissions, and that no other program holds it. It is tried again by itself.',
  };
}

function linkProblem(relative: string): Problem {
  return {
    code: 'link',
    facts: { path: relative, ruleFile: ruleFileName },
    title: 'Is a link',
    detail: `“${relative}” is a link. Links are not followed: what it leads to is not mirrored.`,
    suggestion: `Put the file or folder itself here to mirror it, or leave it out by a rule in “${ruleFileName}”.`,
  };
}

function beingWrittenProblem(relative: string): Problem {
  return {
    code: 'being-written',
    facts: { path: relative, ruleFile: ruleFileName },
    title: 'Being written',
    detail: `“${relative}” has not held still for minutes: a program is writing it. It counts as soon as it is left alone.`,
    suggestion: `Nothing needs to be done. If it never ends, leave it out by a rule in “${ruleFileName}”.`,
  };
}
