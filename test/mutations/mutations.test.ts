import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mutations } from './mutations.ts';

const root = path.resolve(import.meta.dirname, '../..');

test.for(mutations)('$name: still has its place in the sources', ({ file, find, tests }) => {
  const source = fs.readFileSync(path.join(root, file), 'utf8');
  expect(source.split(find)).toHaveLength(2);
  for (const each of tests) expect(fs.existsSync(path.join(root, each)), each).toBe(true);
});
