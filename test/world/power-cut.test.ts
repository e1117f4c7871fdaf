import { describe, expect, test } from 'vitest';
import { Volume } from './volume.ts';

function volume(): Volume {
  return new Volume({ foldsCase: false, forms: 'exact', now: () => 1, tickNs: 1, reusesInodes: true });
}

/** Every file and its content. */
function seen(disk: Volume): Record<string, string> {
  return Object.fromEntries([...disk.files()].map(({ path, node }) => [path, node.content.toString()]));
}

describe('a power cut', () => {
  test('takes away what an engine has done since the last flush, the newest first', () => {
    const disk = volume();
    disk.write('/a', Buffer.from('one'));
    disk.as('engine', () => disk.write('/b', Buffer.from('two')));
    disk.sync();
    disk.as('engine', () => disk.rename('/a', '/trash'));
    disk.as('engine', () => disk.link('/b', '/a'));
    disk.as('engine', () => disk.remove('/b'));
    expect(disk.unsynced).toBe(3);
    disk.cutPower(2);
    expect(seen(disk)).toEqual({ '/trash': 'one', '/b': 'two' });
    // What was not lost is on the disk.
    expect(disk.unsynced).toBe(0);
  });

  test('puts back what was replaced, and gives no inode to two files', () => {
    const disk = volume();
    disk.write('/a', Buffer.from('one'));
    disk.write('/b', Buffer.from('two'));
    disk.as('engine', () => disk.rename('/b', '/a'));
    disk.as('engine', () => disk.write('/c', Buffer.from('three')));
    disk.as('engine', () => disk.write('/a', Buffer.from('four')));
    disk.cutPower(disk.unsynced);
    expect(seen(disk)).toEqual({ '/a': 'one', '/b': 'two' });
    disk.write('/d', Buffer.from('five'));
    const inodes = [...disk.files()].map(({ node }) => node.inode);
    expect(new Set(inodes).size).toBe(3);
  });

  test('takes nothing of what a person does, and nothing that was done before it', () => {
    const disk = volume();
    disk.as('engine', () => disk.write('/a', Buffer.from('one')));
    disk.write('/b', Buffer.from('two'));
    disk.cutPower(disk.unsynced);
    expect(seen(disk)).toEqual({ '/a': 'one', '/b': 'two' });
  });
});
