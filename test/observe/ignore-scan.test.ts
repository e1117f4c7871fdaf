import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { mostRuleBytes } from '../../app/observe/ignore-file.ts';
import { picture } from '../engine/pictures.ts';
import { type ScanWorld, scanWorld } from './scan-world.ts';

async function fill(world: ScanWorld, ...names: string[]): Promise<void> {
  for (const [index, name] of names.entries()) await world.write(name, picture(index, 500));
}

describe('rule files', () => {
  test('leave out files and folders, at first sight and in every folder', async () => {
    const world = await scanWorld();
    await fill(
      world,
      'a.png',
      'raw/b.png',
      'raw/deep/c.png',
      'train/d.png',
      'train/e_raw.png',
      'train/x/f_raw.png',
    );
    await world.write('.visyncignore', 'raw/\n');
    await world.write('train/.visyncignore', '*_raw.png\n!/x/f_raw.png\n');
    expect(await world.scan()).toMatchObject({ problem: null, changed: 3, gone: 0 });
    expect(world.known()).toEqual(['a.png', 'train/d.png', 'train/x/f_raw.png']);
    expect(world.reads.sort()).toEqual(['a.png', 'train/d.png', 'train/x/f_raw.png']);
    expect(world.unobserved.why('raw/deep/c.png')).toMatchObject({
      kind: 'ignored',
      answer: { at: 'raw', rule: { kind: 'file', file: '.visyncignore', line: 1, pattern: 'raw/' } },
    });
    expect(world.unobserved.why('train/e_raw.png')).toMatchObject({
      answer: { rule: { file: 'train/.visyncignore', line: 1 } },
    });
    expect(world.unobserved.why('train/x/f_raw.png')).toBeNull();
  });

  test('a rule that comes takes files out of sight, which is no deletion; one that goes brings them back', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'sub/b.png', 'sub/c.png');
    await world.scan();
    await world.write('.visyncignore', 'b.png');
    expect(await world.hint('.visyncignore')).toMatchObject({ gone: 0 });
    expect(world.known()).toEqual(['a.png', 'sub/c.png']);
    expect(world.unobserved.why('sub/b.png')).toMatchObject({ kind: 'ignored' });
    // A scan of everything sees it just so.
    expect(await world.scan()).toMatchObject({ changed: 0, gone: 0 });
    await world.write('.visyncignore', '# nothing');
    expect(await world.hint('.visyncignore')).toMatchObject({ changed: 1 });
    expect(world.known()).toEqual(['a.png', 'sub/b.png', 'sub/c.png']);
    expect(world.unobserved.why('sub/b.png')).toBeNull();
  });

  test('a rule file that vanishes is believed to be gone only at the second look', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'b.png');
    await world.write('.visyncignore', 'b.png');
    await world.scan();
    await fs.rm(world.at('.visyncignore'));
    const first = await world.scan();
    expect(first).toMatchObject({ changed: 0, restless: ['.visyncignore'] });
    expect(world.known()).toEqual(['a.png']);
    expect(await world.hint(...first.restless)).toMatchObject({ changed: 1, restless: [] });
    expect(world.known()).toEqual(['a.png', 'b.png']);
  });

  test('a rule file that is just being written changes nothing, or hides its folder when there was none', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'sub/b.png');
    await world.write('sub/.visyncignore', '');
    const first = await world.scan(60_000);
    expect([...first.restless].sort()).toEqual(['a.png', 'sub/.visyncignore']);
    expect(world.unobserved.why('sub/b.png')).toMatchObject({
      kind: 'hidden',
      why: { kind: 'rules-not-yet' },
    });
    expect(world.unobserved.hidden).toEqual([]);
    await world.write('sub/.visyncignore', 'b.png');
    await world.hint('sub/.visyncignore');
    expect(world.unobserved.why('sub/b.png')).toMatchObject({ kind: 'ignored' });
    // Emptied by an editor, which has not written it yet: the old rules hold.
    await world.write('sub/.visyncignore', '');
    expect((await world.scan(60_000)).restless).toContain('sub/.visyncignore');
    expect(world.unobserved.why('sub/b.png')).toMatchObject({ kind: 'ignored' });
  });

  test.for([
    ['too large', '#'.repeat(mostRuleBytes + 1), /more than 64 KiB/],
    ['no text', Buffer.from([0x61, 0xff, 0xfe, 0x0a]), /no text/],
    ['with a NUL', 'a.png\n\0b', /line 2 is no text/],
    ['too long a line', `a\n${'b'.repeat(1001)}`, /line 2 is longer than 1000 characters/],
    ['too many stars', 'a/**/b/**/c/**/d/**/e', /line 1 has more than 3/],
    ['too many rules', 'a\n'.repeat(2001), /more than 2000 rules/],
  ] as const)(
    'one that is %s: its folder is left alone, nothing in it is gone or new',
    async ([, text, words]) => {
      const world = await scanWorld();
      await fill(world, 'a.png', 'sub/b.png', 'sub/deep/c.png');
      await world.scan();
      await world.write('sub/.visyncignore', text);
      await fs.rm(world.at('sub/b.png'));
      await fill(world, 'sub/new.png', 'sub/deep/new.png');
      for (const look of [
        world.scan,
        () => world.hint('sub/.visyncignore', 'sub/b.png', 'sub/new.png', 'sub/deep'),
      ]) {
        expect(await look()).toMatchObject({ problem: null, changed: 0, gone: 0, unreadable: ['sub'] });
        expect(world.known()).toEqual(['a.png', 'sub/b.png', 'sub/deep/c.png']);
      }
      const [hidden] = world.unobserved.hidden;
      expect(hidden).toMatchObject({ folder: 'sub', why: { problem: { code: 'ignore-rules-unknown' } } });
      expect(hidden?.why.kind === 'rules' && hidden.why.problem.detail).toMatch(words);
      // As soon as it is right, everything goes on.
      await world.write('sub/.visyncignore', 'deep/');
      expect(await world.hint('sub')).toMatchObject({ changed: 1, gone: 1 });
      expect(world.known()).toEqual(['a.png', 'sub/new.png']);
      expect(world.unobserved.hidden).toEqual([]);
    },
  );

  test('one that the system does not let us read is tried again, even when it has not changed', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'sub/b.png');
    await world.write('sub/.visyncignore', 'b.png');
    world.faults.readText = async () => ({ kind: 'unreadable', code: 'EACCES' });
    expect(await world.scan()).toMatchObject({ changed: 1, unreadable: ['sub'] });
    expect(world.unobserved.why('sub/b.png')).toMatchObject({ kind: 'hidden', folder: 'sub' });
    delete world.faults.readText;
    expect(await world.hint('sub')).toMatchObject({ changed: 0, unreadable: [] });
    expect(world.unobserved.why('sub/b.png')).toMatchObject({ kind: 'ignored' });
  });

  test('a link, or a folder, of its name is no rule file, and is not followed', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'one/b.png', 'two/c.png');
    await world.write('rules', '*');
    await fs.symlink(world.at('rules'), world.at('one/.visyncignore'));
    await fs.mkdir(world.at('two/.visyncignore'));
    expect(await world.scan()).toMatchObject({ changed: 1, unreadable: ['one', 'two'] });
    expect(world.known()).toEqual(['a.png']);
    await fs.rm(world.at('one/.visyncignore'));
    await fs.rmdir(world.at('two/.visyncignore'));
    await world.scan();
    expect(await world.scan()).toMatchObject({ unreadable: [] });
    expect(world.known()).toEqual(['a.png', 'one/b.png', 'two/c.png']);
  });

  test('what our own rules leave out can be taken back, but Vi Sync’s own folder can’t', async () => {
    const world = await scanWorld();
    await fill(
      world,
      '.hidden.png',
      '.album/a.png',
      'session.part/b.png',
      '.vi-sync/tmp/c.png',
      '.other/d.png',
    );
    await world.write('.visyncignore', '!.hidden.png\n!.album\n!*.part/\n!.vi-sync\n!.vi-sync/**\n');
    await world.scan();
    expect(world.known()).toEqual(['.album/a.png', '.hidden.png', 'session.part/b.png']);
    expect(world.unobserved.why('.vi-sync/tmp/c.png')).toMatchObject({
      answer: { at: '.vi-sync', rule: { kind: 'built-in' } },
    });
    await world.write('.visyncignore', '');
    expect(await world.scan()).toMatchObject({ gone: 0 });
    expect(world.known()).toEqual([]);
    expect(world.unobserved.why('.album/a.png')).toMatchObject({
      answer: { at: '.album', rule: { kind: 'built-in', name: 'names that begin with a dot' } },
    });
  });

  test('hints in new folders find the rules that came with them', async () => {
    const world = await scanWorld();
    await fill(world, 'new/a.png', 'new/deep/b.png', 'new/deep/c.png');
    await world.write('new/.visyncignore', 'b.png');
    // The hint of the file comes first, and nothing of the folder is known yet.
    await world.hint('new/deep/b.png', 'new/deep/c.png', 'new');
    expect(world.known()).toEqual(['new/a.png', 'new/deep/c.png']);
    await world.write('new/.visyncignore', 'c.png');
    // The change of the rules itself is not hinted at all.
    await world.hint('new/deep/c.png');
    expect(world.known()).toEqual(['new/a.png', 'new/deep/b.png']);
  });

  test('rules are compared as the disk compares names', async () => {
    const folding = await scanWorld({ foldsCase: true });
    await fill(folding, 'RAW/a.png', 'gru\u0308n/b.png');
    await folding.write('.visyncignore', 'raw/\ngr\u00fcn/\n');
    await folding.scan();
    expect(folding.known()).toEqual([]);
    const strict = await scanWorld();
    await fill(strict, 'RAW/a.png', 'gru\u0308n/b.png');
    await strict.write('.visyncignore', 'raw/\ngr\u00fcn/\n');
    await strict.scan();
    expect(strict.known()).toEqual(['RAW/a.png']);
  });

  test('the rules of a folder that is gone are forgotten with it', async () => {
    const world = await scanWorld();
    await fill(world, 'a.png', 'sub/b.png', 'sub/c.png');
    await world.write('sub/.visyncignore', 'b.png');
    await world.scan();
    await fs.rm(world.at('sub'), { recursive: true });
    expect(await world.hint('sub')).toMatchObject({ gone: 1 });
    expect(world.unobserved.why('sub/b.png')).toBeNull();
    await fill(world, 'sub/b.png');
    await world.hint('sub');
    expect(world.known()).toEqual(['a.png', 'sub/b.png']);
  });
});
