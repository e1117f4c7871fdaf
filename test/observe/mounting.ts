import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../manifest/temp-manifest.ts';

/** Mounts an empty disk of its own at a folder. Gone when the test is finished, if not before. */
export function mountDisk(folder: string): void {
  run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder]);
  });
}

/** Shows a folder at another place as well. */
export function bindFolder(from: string, to: string): void {
  run('mount', ['--bind', from, to]);
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', to]);
  });
}

export function unmountDisk(folder: string): void {
  run('umount', [folder]);
}

function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

/** Whether disks can be mounted here. Where they can't, says loudly that `what` has not been tested. */
export async function canMount(what: string): Promise<boolean> {
  const folder = await temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  if (mounted.status === 0) {
    spawnSync('umount', [folder]);
    return true;
  }
  console.warn(`\n!!! NOT TESTED on this machine, where nobody may mount a disk: ${what}\n`);
  return false;
}
