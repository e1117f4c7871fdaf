import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { explainIgnore } from '../../app/observe/explain-ignore.ts';
import { IgnoreFile } from '../../app/observe/ignore-file.ts';
import { IgnoreTree } from '../../app/observe/ignore-tree.ts';
import { scanWorld } from './scan-world.ts';

function treeOf(files: Readonly<Record<string, string>>, foldsCase = false): IgnoreTree {
  const tree = new IgnoreTree(foldsCase);
  for (const [folder, text] of Object.entries(files)) {
    const reading = IgnoreFile.parse(folder, text, foldsCase);
    if (!reading.ok) throw new Error(reading.problem.detail);
    tree.set(folder, reading.file);
  }
  return tree;
}

describe('all rules together', () => {
  test.for([
    ['a.png', false],
    ['.a.png', true],
    ['x/.cache/a.png', true],
    ['x/a.png.part', true],
    ['x.download/a.png', true],
    ['__MACOSX/a.png', true],
    ['~$a.png', true],
    ['.vi-sync/trash/1/a.png', true],
    ['.VI-SYNC/a.png', true],
    ['x/.visyncignore', true],
  ] as const)('without rule files, %s is left out: %s', ([path, expected]) => {
    expect(treeOf({}).isIgnored(path, false)).toBe(expected);
  });

  test('our own rules come last, and yet the mirror’s own folder stays out', () => {
    const tree = treeOf({ '': '!.*\n!*.part', deep: '.kept/' });
    expect(tree.isIgnored('.a.png', false)).toBe(false);
    expect(tree.isIgnored('x.part/.b.png', false)).toBe(false);
    expect(tree.isIgnored('deep/.kept/a.png', false)).toBe(true);
    expect(tree.isIgnored('x.tmp/a.png', false)).toBe(true);
    expect(tree.isIgnored('.vi-sync/a.png', false)).toBe(true);
    expect(tree.isIgnored('deep/.Vi-Sync/a.png', false)).toBe(true);
    expect(tree.explain('.a.png', false)).toEqual({
      ignored: false,
      at: '.a.png',
      rule: { kind: 'file', file: '.visyncignore', line: 1, pattern: '!.*' },
    });
  });

  test('answers stay right after more questions than are remembered, and when rules change', () => {
    const tree = treeOf({ '': '*7.png\n!*77.png\n' });
    const isRight = (index: number) => {
      const name = `folder${index % 50}/p${index}.png`;
      const expected = String(index).endsWith('7') && !String(index).endsWith('77');
      return tree.isIgnored(name, false) === expected;
    };
    const wrong = Array.from({ length: 25_000 }, (_, index) => index).filter((index) => !isRight(index));
    expect(wrong).toEqual([]);
    const changed = IgnoreFile.parse('', 'folder1/', false);
    if (changed.ok) tree.set('', changed.file);
    expect(tree.isIgnored('folder1/p1.png', false)).toBe(true);
    expect(tree.isIgnored('folder2/p7.png', false)).toBe(false);
    tree.set('', null);
    expect(tree.isBare).toBe(true);
    expect(tree.isIgnored('folder1/p1.png', false)).toBe(false);
  });

  test('no pattern that is taken holds the engine up', () => {
    const patterns = [
      '*a*a*a*a*a*a*a*a*a*b',
      '*[ab]*[ab]*[ab]*[ab]*c',
      'a/**/a/**/a/**/b',
      '**/a*/**/*a/**/b',
      '*?a*?a*?a*?c',
    ];
    const tree = treeOf({ '': patterns.join('\n') });
    const start = performance.now();
    for (const path of [`${'a'.repeat(250)}`, `${'a/'.repeat(120)}x`, `${'aa/'.repeat(80)}x`]) {
      for (let index = 0; index < 5; index++) tree.isIgnored(`${path}${index}`, false);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('case counts or not, as the disk has it', () => {
    expect(treeOf({ Sub: '*.PNG' }).isIgnored('sub/a.png', false)).toBe(false);
    expect(treeOf({ Sub: '*.PNG' }, true).isIgnored('sub/a.png', false)).toBe(true);
  });
});

describe('a path is explained', () => {
  test('by the rule that decides: of a file, of our own, or none', async () => {
    const { disk, root, write, at } = await scanWorld();
    await write('.visyncignore', '# ours\nraw/\n*.bmp\r\n!keep.bmp\n');
    await write('train/.visyncignore', '\n!*.bmp\nraw2\n');
    await fs.mkdir(at('train/raw2'));
    await write('raw/.visyncignore', '!a.png');
    const explain = async (path: string) => {
      const answer = await explainIgnore(disk, root, path);
      if (!answer.ok) throw new Error(answer.problem.detail);
      const { ignored, rule, file, line, words } = answer.explanation;
      return { ignored, rule, file, line, words };
    };
    expect(await explain('raw/x/a.png')).toEqual({
      ignored: true,
      rule: 'raw/',
      file: '.visyncignore',
      line: 2,
      words: 'the rule “raw/” in “.visyncignore”, line 2, leaves out “raw”',
    });
    expect(await explain('a.bmp')).toMatchObject({ ignored: true, rule: '*.bmp', line: 3 });
    expect(await explain('keep.bmp')).toMatchObject({
      ignored: false,
      rule: '!keep.bmp',
      line: 4,
      words: 'the rule “!keep.bmp” in “.visyncignore”, line 4, takes back “keep.bmp”',
    });
    expect(await explain('train/a.bmp')).toMatchObject({
      ignored: false,
      file: 'train/.visyncignore',
      line: 2,
    });
    expect(await explain('train/raw2')).toMatchObject({ ignored: true, line: 3 });
    // What is not there is a file, unless it is asked about as a folder.
    expect(await explain('raw')).toMatchObject({ ignored: true, line: 2 });
    expect(await explain('train/raw')).toMatchObject({ ignored: false });
    expect(await explain('train/raw/')).toMatchObject({ ignored: true, line: 2 });
    expect(await explain('a.png')).toEqual({
      ignored: false,
      rule: null,
      file: null,
      line: null,
      words: 'no rule speaks of it',
    });
    expect(await explain('x/.thumbs/a.png')).toEqual({
      ignored: true,
      rule: 'names that begin with a dot',
      file: null,
      line: null,
      words: 'the built-in rule for names that begin with a dot leaves out “x/.thumbs”',
    });
  });

  test('or it can’t be, and that is said', async () => {
    const { disk, root, write } = await scanWorld();
    await write('sub/.visyncignore', Buffer.from([0xff]));
    expect(await explainIgnore(disk, root, 'sub/a.png')).toMatchObject({
      ok: false,
      problem: { code: 'ignore-rules-unknown' },
    });
    expect(await explainIgnore(disk, root, 'a.png')).toMatchObject({ ok: true });
  });
});
