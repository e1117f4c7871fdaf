import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const packageSchema = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const lock = z.object({ packages: z.record(z.string(), packageSchema) }).parse(read('package-lock.json'));
const manifest = z.object({ allowScripts: z.record(z.string(), z.boolean()) }).parse(read('package.json'));
const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('package-lock.json', () => {
  test('holds the packages of every platform, so that `npm ci` works on all of them', () => {
    const locked = new Set(Object.keys(lock.packages).map(nameOf));
    const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !locked.has(name))
        .map((name) => `${name} (of ${nameOf(place)})`),
    );
    expect(missing).toEqual([]);
  });

  test('names no registry, so that everyone installs from their own', () => {
    const resolved = Object.values(lock.packages).filter((entry) => entry.resolved !== undefined);
    expect(resolved).toEqual([]);
  });

  test('has no package with an install script that nobody approved or refused', () => {
    const withScript = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([place]) => nameOf(place));
    expect(withScript).toContain('node');
    expect(withScript.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
  });
});
