import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realDisk } from '../../app/engine/real-disk.ts';
import { openDatabase } from '../../app/manifest/database.ts';
import { manifestOn } from '../../app/manifest/manifest.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { Observing } from './observing.ts';
import { picture } from './pictures.ts';

/**
 * An observer under a limit of the system that is too low to watch its folder, in a process of its own: the limit is that of its user
 * namespace. The first argument is the file that sets the limit, the second the limit. Prints what it goes through.
 */
const [, , limit = '', most = ''] = process.argv;
const root = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
for (let index = 0; index < 20; index++) await mkdir(path.join(root, `folder${index}`));
const disk = realDisk({ threads: 1 });
await writeMarker(disk, root, 'm');
const manifest = manifestOn(openDatabase(':memory:'));
const mirror = manifest.mirrors.insert({
  mirrorId: 'm',
  folder: root,
  endpoint: '',
  organizationId: '',
  datasetId: '',
  sandbox: true,
  foldsCase: false,
  createdAt: 0,
  approvedAt: 0,
});
const isKnown = (key: string) => manifest.local.known(mirror.id, key) !== null;
// Scans without a watcher are spaced by how long they take: the thread that lists is up and running.
await disk.readFolder(root);
await writeFile(limit, most);
const observing = new Observing({
  disk,
  manifest,
  mirror,
  timing: { blindScanMs: 200, rewatchMs: 400, scanMs: 1e9 },
});
const { observer } = observing;
await observing.until(() => observer.problem !== null, 'the problem');
console.log(observer.problem?.code, observer.problem?.detail);
// Found by a scan, since nobody watches.
await writeFile(path.join(root, 'folder19/a.png'), picture(1, 500));
await observing.until(() => isKnown('folder19/a.png'), 'the file');
console.log('found by a scan');
await writeFile(limit, '10000');
await observing.until(() => observer.problem === null, 'the end of the problem');
console.log('watched again');
await observing.until(() => !observer.isPending, 'quiet');
await writeFile(path.join(root, 'folder18/b.png'), picture(2, 500));
await observing.until(() => isKnown('folder18/b.png'), 'the hint');
console.log('found by watching');
await observing.close();
await disk.close();
manifest.close();
await rm(root, { recursive: true });
