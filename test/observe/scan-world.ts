import * as fs from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock, Disk } from '../../app/engine/environment.ts';
import { realClock } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import type { Manifest } from '../../app/manifest/manifest.ts';
import { scanAll, scanPaths } from '../../app/observe/local-scan.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import type { ScanOptions, ScanResult } from '../../app/observe/scan-options.ts';
import { Unobserved } from '../../app/observe/unobserved.ts';
import { addMirror, memoryManifest, temporaryFolder } from '../manifest/temp-manifest.ts';

/** A folder, a manifest, and scans of the one into the other. */
export interface ScanWorld {
  readonly root: string;
  readonly manifest: Manifest;
  /** Number of the mirror. */
  readonly mirror: number;
  readonly mirrorId: string;
  readonly disk: Disk;
  /** What the scans are given instead of the disk's own answers. */
  readonly faults: Partial<Disk>;
  /** Files that were read, relative to the root. */
  readonly reads: string[];
  unobserved: Unobserved;
  at(relative: string): string;
  write(relative: string, content: Uint8Array | string): Promise<void>;
  options(quietMs: number): ScanOptions;
  scan(quietMs?: number): Promise<ScanResult>;
  hint(...hints: string[]): Promise<ScanResult>;
  /** Paths of what is known, sorted. */
  known(): string[];
  /** Code of the problem of each file that has one, by path. */
  problems(): Record<string, string>;
}

export interface ScanWorldOptions {
  readonly foldsCase?: boolean;
  readonly clock?: Clock;
  /** Another disk in place of the real one. */
  readonly disk?: (root: string, real: Disk) => Disk;
  readonly isLongRestless?: (path: string) => boolean;
}

export async function scanWorld(options: ScanWorldOptions = {}): Promise<ScanWorld> {
  const root = await temporaryFolder();
  const { manifest } = memoryManifest();
  const foldsCase = options.foldsCase ?? false;
  const record = { ...addMirror(manifest, root, foldsCase), mirrorId: 'm' };
  const real = realDisk({ threads: 1 });
  onTestFinished(() => real.close());
  const disk = options.disk?.(root, real) ?? real;
  await writeMarker(disk, root, record.mirrorId);
  const reads: string[] = [];
  const faults: Partial<Disk> = {};
  const watched: Disk = {
    ...disk,
    readFolder: (folder) => (faults.readFolder ?? disk.readFolder)(folder),
    look: (file) => (faults.look ?? disk.look)(file),
    readText: (file, most) => (faults.readText ?? disk.readText)(file, most),
    readFile: (file, signal) => {
      reads.push(path.relative(root, file));
      return (faults.readFile ?? disk.readFile)(file, signal);
    },
  };
  const files = () =>
    manifest.local.folders(record.id).flatMap((folder) => manifest.local.knownInFolder(record.id, folder));
  const world: ScanWorld = {
    root,
    manifest,
    mirror: record.id,
    mirrorId: record.mirrorId,
    disk,
    faults,
    reads,
    unobserved: new Unobserved(foldsCase),
    at: (relative) => path.join(root, relative),
    async write(relative, content) {
      await fs.mkdir(path.dirname(path.join(root, relative)), { recursive: true });
      await fs.writeFile(path.join(root, relative), content);
    },
    options: (quietMs) => scanOptions(quietMs),
    scan: (quietMs = 0) => scanAll(scanOptions(quietMs)),
    hint: (...hints) => scanPaths(hints, scanOptions(0)),
    known: () =>
      files()
        .map((file) => file.path)
        .sort(),
    problems: () =>
      Object.fromEntries(
        files().flatMap((file) => {
          const code = manifest.local.get(record.id, file.key)?.problem?.code;
          return code === undefined ? [] : [[file.path, code]];
        }),
      ),
  };
  const scanOptions = (quietMs: number) => ({
    disk: watched,
    clock: options.clock ?? realClock,
    manifest,
    mirror: record,
    unobserved: world.unobserved,
    quietMs,
    signal: new AbortController().signal,
    ...(options.isLongRestless === undefined ? {} : { isLongRestless: options.isLongRestless }),
  });
  return world;
}
