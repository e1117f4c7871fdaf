import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { IgnoreFile } from '../../app/observe/ignore-file.ts';
import { IgnoreTree } from '../../app/observe/ignore-tree.ts';
import { askGit, type GitAnswer, makeRepository } from './git-repository.ts';

interface Case {
  readonly name: string;
  /** The text of a rule file; or of several, by folder. */
  readonly rules: string | Readonly<Record<string, string>>;
  /** Folders end in `/`. */
  readonly paths: readonly string[];
}

const c = (name: string, rules: Case['rules'], ...paths: string[]): Case => ({ name, rules, paths });

/** Every case is asked of us and of git. */
const cases: readonly Case[] = [
  c('a name anywhere', 'a.jpg', 'a.jpg', 'sub/a.jpg', 'sub/deep/a.jpg', 'ba.jpg', 'a.jpgx', 'a.jpg.png'),
  c('a name of a folder too', 'train', 'train/', 'train/a.jpg', 'sub/train/b/c.jpg', 'trains/a.jpg'),
  c('a folder only', 'train/', 'train/', 'train/a.jpg', 'sub/train', 'sub2/train/a.jpg'),
  c('from the rule file’s folder on', '/a.jpg', 'a.jpg', 'sub/a.jpg'),
  c('a folder from there on', '/train/', 'train/a.jpg', 'sub/train/a.jpg'),
  c('a path with a slash inside is anchored', 'train/a.jpg', 'train/a.jpg', 'sub/train/a.jpg'),
  c('a path that ends in a slash', 'train/raw/', 'train/raw/', 'train/raw/a.jpg', 'sub/train/raw/a.jpg'),
  c('an extension', '*.png', 'a.png', 'sub/b.png', 'a.jpg', 'png', 'x.png/', 'x.png/a.jpg'),
  c('a star holds no slash', 'train/*.png', 'train/a.png', 'train/sub/a.png', 'a.png'),
  c(
    'a star in the middle',
    'IMG_*_raw.jpg',
    'IMG_1_raw.jpg',
    'IMG__raw.jpg',
    'IMG_raw.jpg',
    'IMG_1_raw.jpg.png',
  ),
  c('several stars', '*a*b*c.jpg', 'abc.jpg', 'xaybzc.jpg', 'acb.jpg', 'aabbcc.jpg', 'abac.jpg'),
  c(
    'stars with fixed pieces that repeat',
    'f*o/*/*',
    'foo/b/c.jpg',
    'fo/b/c.jpg',
    'foxo/b/c.jpg',
    'foo/b.jpg',
  ),
  c('a star alone', '*', 'a.jpg', 'sub/', 'sub/a.jpg'),
  c('a star below the folder', '/*', 'a.jpg', 'sub/a.jpg'),
  c('everything in a folder', 'train/*', 'train/', 'train/a.jpg', 'train/sub/b.jpg'),
  c('a question mark', 'a?.jpg', 'ab.jpg', 'a.jpg', 'abc.jpg', 'a/b.jpg'),
  c('question marks and stars', '?*x.jpg', 'x.jpg', 'ax.jpg', 'abx.jpg'),
  c('a class', '[ab].jpg', 'a.jpg', 'b.jpg', 'c.jpg', 'ab.jpg'),
  c('a range', 'img[0-9].jpg', 'img0.jpg', 'img9.jpg', 'img10.jpg', 'imga.jpg'),
  c('a negated class', '[!a].jpg', 'a.jpg', 'b.jpg', '!.jpg'),
  c('a negated class, the other way', '[^a-c].jpg', 'a.jpg', 'd.jpg', '^.jpg'),
  c('a bracket in a class', '[]a].jpg', '].jpg', 'a.jpg', 'b.jpg'),
  c('a dash in a class', '[a-].jpg', 'a.jpg', '-.jpg', 'b.jpg'),
  c('a class of characters by name', '[[:digit:]]*.jpg', '1.jpg', '12.jpg', 'a1.jpg'),
  c('a class of a name that there is not', '[[:nothing:]].jpg', 'n.jpg', 'a.jpg'),
  c('a class that does not end', 'a[b.jpg', 'a[b.jpg', 'ab.jpg'),
  c('a range the wrong way round', '[c-a].jpg', 'a.jpg', 'b.jpg', 'c.jpg'),
  c('a class holds no slash', 'a[/]b.jpg', 'a/b.jpg', 'ab.jpg'),
  c('two stars in front', '**/a.jpg', 'a.jpg', 'sub/a.jpg', 'x/y/a.jpg', 'ba.jpg'),
  c('two stars in front of a folder', '**/raw/', 'raw/a.jpg', 'x/raw/a.jpg', 'x/y/raw/', 'rawx/a.jpg'),
  c('two stars behind', 'train/**', 'train/', 'train/a.jpg', 'train/x/y.jpg', 'sub/train/a.jpg'),
  c('two stars in the middle', 'a/**/z.jpg', 'a/z.jpg', 'a/b/z.jpg', 'a/b/c/z.jpg', 'x/a/z.jpg', 'az.jpg'),
  c('two stars on both sides', '**/raw/**', 'raw/a.jpg', 'x/raw/y/z.jpg', 'raw/', 'x/raws/a.jpg'),
  c('two stars in a name are one', 'a**b.jpg', 'ab.jpg', 'axxb.jpg', 'a/b.jpg'),
  c('two stars behind, of a folder', 'a/**/', 'a/', 'a/b/', 'a/b/c.jpg', 'a/d.jpg'),
  c('a comment', '# a.jpg\n#b.jpg', 'a.jpg', '# a.jpg', '#b.jpg'),
  c('a number sign that is meant', '\\#a.jpg', '#a.jpg', 'a.jpg', '\\#a.jpg'),
  c('an exclamation mark that is meant', '\\!a.jpg', '!a.jpg', 'a.jpg'),
  c('an escaped star', 'a\\*.jpg', 'a*.jpg', 'ab.jpg'),
  c('an escaped question mark', 'a\\?.jpg', 'a?.jpg', 'ab.jpg'),
  c('an escaped bracket', 'a\\[b].jpg', 'a[b].jpg', 'ab.jpg'),
  c('an escaped letter', '\\a\\.jpg', 'a.jpg', 'xjpg'),
  c('a backslash at the end', 'a.jpg\\', 'a.jpg', 'a.jpg\\'),
  c('a backslash that is meant', 'a\\\\b.jpg', 'a\\b.jpg', 'ab.jpg'),
  c('spaces at the end do not count', 'a.jpg   ', 'a.jpg', 'a.jpg   '),
  c('a space at the end that is meant', 'a\\ ', 'a ', 'a', 'a  '),
  c('spaces inside and in front', ' a b.jpg', ' a b.jpg', 'a b.jpg'),
  c('a tab at the end', 'a.jpg\t', 'a.jpg', 'a.jpg\t'),
  c('lines of Windows', 'a.jpg\r\n*.png\r\n', 'a.jpg', 'b.png', 'c.jpg'),
  c('the last line without an end', 'x\na.jpg', 'a.jpg', 'x'),
  c('a byte order mark', '\uFEFFa.jpg\nb.jpg', 'a.jpg', 'b.jpg'),
  c('empty lines', '\n\n \na.jpg\n\n', 'a.jpg', ' ', 'b.jpg'),
  c('taken back', '*.jpg\n!keep.jpg', 'a.jpg', 'keep.jpg', 'sub/keep.jpg'),
  c('the last rule decides', '!a.jpg\na.jpg', 'a.jpg'),
  c('taken back and left out again', '*.jpg\n!a*.jpg\nab.jpg', 'b.jpg', 'a.jpg', 'ab.jpg'),
  c('not out of a folder that is left out', 'train/\n!train/keep.jpg', 'train/keep.jpg', 'train/a.jpg'),
  c(
    'out of a folder whose content is left out',
    'train/*\n!train/keep.jpg',
    'train/keep.jpg',
    'train/a.jpg',
    'train/x/keep.jpg',
  ),
  c('a folder taken back, with all in it', '/*\n!/train/', 'train/', 'train/a.jpg', 'test/a.jpg', 'b.jpg'),
  c('down to one folder', '/*\n!/a\n/a/*\n!/a/b', 'a/b/x.jpg', 'a/c.jpg', 'd.jpg', 'a/d/x.jpg'),
  c('everything but images', '*\n!*/\n!*.jpg', 'a.jpg', 'a.txt', 'sub/', 'sub/b.jpg', 'sub/b.txt'),
  c('two exclamation marks', '!!a.jpg', 'a.jpg', '!a.jpg'),
  c('an exclamation mark alone', '!\na.jpg', 'a.jpg', '!'),
  c('a slash alone', '/\na.jpg', 'a.jpg', 'b/'),
  c('case counts', 'A.JPG', 'A.JPG', 'a.jpg'),
  c('letters of all kinds', 'größe/*\n日本*.png', 'größe/a.jpg', 'grösse/a.jpg', '日本1.png', '日.png'),
  c('an emoji', '🦄.png', '🦄.png', 'a.png'),
  c(
    'braces and other signs mean themselves',
    '{a,b}.jpg\n(c).jpg\na+.jpg\n^d$.jpg\ne|f.jpg',
    '{a,b}.jpg',
    'a.jpg',
    '(c).jpg',
    'c.jpg',
    'a+.jpg',
    'aa.jpg',
    '^d$.jpg',
    'd.jpg',
    'e|f.jpg',
    'e',
  ),
  c('a dot means itself', 'a.b', 'a.b', 'axb'),
  c(
    'a name of the language',
    '__proto__\nconstructor',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty/a.jpg',
  ),
  c(
    'deeper rules override',
    { '': '*.png', sub: '!*.png' },
    'a.png',
    'sub/a.png',
    'sub/x/a.png',
    'other/a.png',
  ),
  c('deeper rules add', { '': '*.png', sub: 'a.jpg' }, 'a.jpg', 'sub/a.jpg', 'sub/b.png', 'sub/x/a.jpg'),
  c('anchored in its own folder', { sub: '/a.jpg' }, 'a.jpg', 'sub/a.jpg', 'sub/x/a.jpg'),
  c('a path relative to its own folder', { 'x/y': 'z/*.jpg' }, 'x/y/z/a.jpg', 'z/a.jpg', 'x/z/a.jpg'),
  c(
    'rules in a folder that is left out count for nothing',
    { '': 'sub/', sub: '!a.jpg' },
    'sub/a.jpg',
    'sub/',
  ),
  c(
    'a folder that a deeper file takes back',
    { '': 'a/b/c', a: '!b/c' },
    'a/b/c/',
    'a/b/c/d.jpg',
    'a/b/d.jpg',
  ),
  c(
    'a folder taken back, and its own rule again',
    { '': '/sub/x/\n*.raw', sub: '!x/' },
    'sub/x/a.jpg',
    'sub/x/b.raw',
    'sub/x/',
    'x/',
  ),
  c(
    'a rule that fits the folder and what is in it',
    { '': 'foo', a: '!/foo/' },
    'a/foo/',
    'a/foo/foo',
    'a/foo/b.jpg',
    'foo/foo',
  ),
  c(
    'three files, one above the other',
    { '': '*.jpg', a: '!*.jpg', 'a/b': '*.jpg' },
    'x.jpg',
    'a/x.jpg',
    'a/b/x.jpg',
    'a/b/c/x.jpg',
  ),
  c(
    'signs in the names of folders above',
    { '': '[x]*/y/z/\n', '[x]*/y': '!z/' },
    '[x]*/y/z/a.jpg',
    'x/y/z/a.jpg',
  ),
  c(
    'not by a deeper file, if the folder is left out',
    { '': '/sub/*\n', 'sub/x': '!a.jpg' },
    'sub/x/a.jpg',
    'sub/b.jpg',
  ),
];

describe('the rules are those of git', () => {
  const answers = new Map<Case, GitAnswer[]>();
  let root = '';

  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
    return () => fs.rm(root, { recursive: true, force: true });
  });

  test('git answers', async () => {
    await makeRepository(root);
    for (const [index, { rules }] of cases.entries()) {
      for (const [folder, text] of Object.entries(byFolder(rules))) {
        const place = path.join(root, `case${index}`, folder);
        await fs.mkdir(place, { recursive: true });
        await fs.writeFile(path.join(place, '.gitignore'), text);
      }
    }
    const asked = cases.flatMap(({ paths }, index) => paths.map((each) => `case${index}/${each}`));
    const answered = await askGit(root, asked);
    for (const each of cases) answers.set(each, answered.splice(0, each.paths.length));
    expect(cases.length).toBeGreaterThanOrEqual(50);
    // Each case but those about what never fits has paths of both kinds, or it would show little.
    const isMixed = (each: GitAnswer[]) => each.some(({ ignored }) => ignored);
    expect([...answers.values()].filter(isMixed).length).toBeGreaterThan(cases.length - 10);
  });

  test.for(cases)('$name', (each) => {
    const index = cases.indexOf(each);
    const tree = new IgnoreTree(false);
    for (const [folder, text] of Object.entries(byFolder(each.rules))) {
      const place = [`case${index}`, folder].filter((part) => part !== '').join('/');
      const reading = IgnoreFile.parse(place, text, false);
      if (!reading.ok) throw new Error(reading.problem.detail);
      tree.set(place, reading.file);
    }
    const ours = each.paths.map((asked) => {
      const relative = `case${index}/${asked.replace(/\/$/, '')}`;
      const isFolder = asked.endsWith('/');
      const { ignored, rule } = tree.explain(relative, isFolder);
      expect(tree.isIgnored(relative, isFolder)).toBe(ignored);
      const named =
        rule?.kind === 'file' ? `${rule.file.replace(/visyncignore$/, 'gitignore')}:${rule.line}` : null;
      return { asked, ignored, rule: named };
    });
    const gits = answers.get(each)?.map((answer, at) => ({ asked: each.paths[at], ...answer }));
    expect(ours).toEqual(gits);
  });
});

function byFolder(rules: Case['rules']): Readonly<Record<string, string>> {
  return typeof rules === 'string' ? { '': rules } : rules;
}
