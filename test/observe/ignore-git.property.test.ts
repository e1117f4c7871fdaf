import * as fs from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IgnoreFile } from '../../app/observe/ignore-file.ts';
import { IgnoreTree } from '../../app/observe/ignore-tree.ts';
import { temporaryFolder } from '../manifest/temp-manifest.ts';
import { askGit, makeRepository } from './git-repository.ts';

const name = fc.stringMatching(/^[ab]{1,2}$/);
const part = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 3, arbitrary: fc.stringMatching(/^[ab]{0,1}[*?][ab]{0,1}$/) },
  { weight: 2, arbitrary: fc.constantFrom('*', '**', '[ab]', '[!a]b', '\\a', '?') },
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '!'),
    fc.constantFrom('', '', '/'),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/'),
  )
  .map(([sign, start, parts, end]) => `${sign}${start}${parts.join('/')}${end}`);
const rules = fc.array(pattern, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
const folder = fc.array(name, { maxLength: 2 }).map((parts) => parts.join('/'));
const files = fc.dictionary(folder, rules, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
const paths = fc.uniqueArray(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
  { minLength: 4, maxLength: 12 },
);

test('random rules in several folders mean to us what they mean to git', async () => {
  const top = await temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(files, paths, async (byFolder, paths) => {
      run += 1;
      // A path can't be a file and a folder.
      const folders = [...paths, ...Object.keys(byFolder).map((each) => `${each}/`)];
      const asked = paths.filter((each) => !folders.some((other) => other.startsWith(`${each}/`)));
      const root = path.join(top, `run${run}`);
      await makeRepository(root);
      const tree = new IgnoreTree(false);
      for (const [place, text] of Object.entries(byFolder)) {
        await fs.mkdir(path.join(root, place), { recursive: true });
        await fs.writeFile(path.join(root, place, '.gitignore'), text);
        const reading = IgnoreFile.parse(place, text, false);
        if (!reading.ok) throw new Error(reading.problem.detail);
        tree.set(place, reading.file);
      }
      const gits = await askGit(root, asked);
      const ours = asked.map((each) => tree.explain(each, false));
      expect(ours.map(({ ignored, rule }, at) => ({ path: asked[at], ignored, line: ruleOf(rule) }))).toEqual(
        gits.map(({ ignored, rule }, at) => ({ path: asked[at], ignored, line: rule })),
      );
      await fs.rm(root, { recursive: true });
    }),
    { numRuns: Number(process.env.IGNORE_RUNS ?? 100) },
  );
});

function ruleOf(rule: ReturnType<IgnoreTree['explain']>['rule']): string | null {
  return rule?.kind === 'file' ? `${rule.file.replace('.visyncignore', '.gitignore')}:${rule.line}` : null;
}
