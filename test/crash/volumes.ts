import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Disks of a test's own: small ones that fill up, and ones that are taken away. Only root can, and only on Linux. */

/** Whether disks can be mounted here. Where they can't, says loudly that `what` has not been tested. */
export async function canMount(what: string): Promise<boolean> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  if (mounted.status === 0) spawnSync('umount', [folder]);
  await fs.rmdir(folder);
  if (mounted.status === 0) return true;
  notTested(what, 'nobody may mount a disk');
  return false;
}

export function notTested(what: string, why: string): void {
  process.stderr.write(`\n!!! NOT TESTED on this machine, where ${why}: ${what}\n`);
}

/** Mounts a disk of this size over a folder, which is made; also changes the size of one that is there. */
export async function mountDisk(folder: string, options: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(() => unmountIfThere(folder));
}

export function resizeDisk(folder: string, options: string): void {
  run('mount', ['-o', `remount,${options}`, folder]);
}

/** Shows a folder at another place, as a disk is shown in the folder where it is mounted. */
export async function bindFolder(from: string, to: string): Promise<void> {
  await fs.mkdir(to, { recursive: true });
  run('mount', ['--bind', from, to]);
  onTestFinished(() => unmountIfThere(to));
}

/** Takes a disk away, whoever has files of it open. */
export function takeAway(folder: string): void {
  run('umount', ['--lazy', folder]);
}

function unmountIfThere(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
