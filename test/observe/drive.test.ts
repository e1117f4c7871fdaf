import os from 'node:os';
import { expect, test } from 'vitest';
import { driveOf, fuseDrive, typeInMounts, windowsDrive } from '../../app/observe/drive.ts';

test('a folder of this computer lies on no network drive, and one that is gone on none at all', async () => {
  expect(await driveOf(os.tmpdir())).toEqual({ isShared: false, name: null });
  expect(await driveOf('/nowhere/at/all')).toEqual({ isShared: false, name: null });
});

test.for([
  ['fuse.sshfs', { isShared: true, name: 'sshfs' }],
  ['fuse.rclone', { isShared: true, name: 'rclone' }],
  [null, { isShared: true, name: 'fuse' }],
  ['fuseblk', { isShared: false, name: null }],
  ['fuse.gocryptfs', { isShared: false, name: null }],
] as const)('of drives that a program serves, %s is %j', ([type, expected]) => {
  expect(fuseDrive(type)).toEqual(expected);
});

test.for([
  ['\\\\server\\share\\photos', true],
  ['\\\\?\\UNC\\server\\share', true],
  ['\\\\?\\C:\\photos', false],
  ['\\\\.\\C:\\photos', false],
  ['C:\\photos', false],
] as const)('on Windows, %s is a network drive: %s', ([folder, expected]) => {
  expect(windowsDrive(folder).isShared).toBe(expected);
});

test('the mount that lies nearest above a folder says of what type it is', () => {
  const mounts = [
    '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    '40 22 0:35 / /mnt/my\\040photos rw - fuse.sshfs me@there:/photos rw',
    '41 40 8:1 / /mnt/my\\040photos/card rw - fuseblk /dev/sdb1 rw',
    '42 22 0:36 / /mnt rw master:2 propagate_from:3 - nfs4 server:/ rw',
    '43 22 0:37 / /mnt/over rw - ext4 /dev/sdc rw',
    '44 43 0:38 / /mnt/over rw - fuse.rclone remote: rw',
    '',
  ].join('\n');
  expect(typeInMounts(mounts, '/home/me')).toBe('ext4');
  expect(typeInMounts(mounts, '/mnt/my photos/2024')).toBe('fuse.sshfs');
  expect(typeInMounts(mounts, '/mnt/my photos/card')).toBe('fuseblk');
  expect(typeInMounts(mounts, '/mnt/my photos2')).toBe('nfs4');
  expect(typeInMounts(mounts, '/mnt/over/x')).toBe('fuse.rclone');
  expect(typeInMounts('', '/x')).toBeNull();
});
