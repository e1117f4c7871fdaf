import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realDisk } from '../../app/engine/real-disk.ts';
import { openDatabase } from '../../app/manifest/database.ts';
import { manifestOn } from '../../app/manifest/manifest.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { Observing } from './observing.ts';
import { picture } from './pictures.ts';

/** An observer, as somebody who may not look into one of its folders. Prints what it goes through. */
const root = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
await mkdir(path.join(root, 'open'));
await mkdir(path.join(root, 'shut/deep'), { recursive: true });
await writeFile(path.join(root, 'shut/a.png'), picture(1, 500));
await chmod(path.join(root, 'shut'), 0o000);
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
const observing = new Observing({ disk, manifest, mirror, timing: { rewatchMs: 100 } });
const { observer } = observing;
await observing.until(() => observer.isProven && !observer.isPending, 'the scan');
console.log(observer.problem?.code, /\(EACCES\)/.test(observer.problem?.detail ?? '') ? 'EACCES' : '');
await writeFile(path.join(root, 'open/b.png'), picture(2, 500));
await observing.until(() => isKnown('open/b.png'), 'the file beside it');
console.log('found beside it');
await chmod(path.join(root, 'shut'), 0o755);
observer.hint('shut');
await observing.until(() => isKnown('shut/a.png') && observer.problem === null, 'the open folder');
console.log('open');
await observing.until(() => !observer.isPending, 'quiet');
await writeFile(path.join(root, 'shut/deep/c.png'), picture(3, 500));
await observing.until(() => isKnown('shut/deep/c.png'), 'the file in it');
console.log('found in it');
await observing.close();
await disk.close();
manifest.close();
await rm(root, { recursive: true });
