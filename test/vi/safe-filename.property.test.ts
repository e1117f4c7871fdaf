import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, posix, resolve, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assetFilename, type NameRules, nameKey, safeFilename } from '../../app/vi/index.ts';

/** Names made of what is dangerous, and of anything else. */
const filename = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '/',
        '\\',
        '..',
        '.',
        ' ',
        '%',
        '%2F',
        '%u',
        'd800',
        '2',
        'F',
        '\0',
        '\n',
        ':',
        'con',
        'NUL',
        'a',
        '.png',
        '\ud83d',
        '\ude00',
        'é',
        'e\u0301',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

const rules: fc.Arbitrary<NameRules> = fc.record({
  forbidsPunctuation: fc.boolean(),
  foldsCase: fc.boolean(),
  foldsNormalForm: fc.boolean(),
});

test('a file name is one step below its folder, on any platform, and gives its asset back', () => {
  fc.assert(
    fc.property(filename, rules, (name, how) => {
      const safe = safeFilename(name, how);
      if (!safe.ok) {
        expect(name === '' || Buffer.byteLength(name) > 60).toBe(true);
        return;
      }
      expect(assetFilename(safe.name)).toBe(name);
      expect(safe.name).not.toMatch(/[/\\]|^\.{1,2}$|[. ]$/);
      expect([...safe.name].every((character) => (character.codePointAt(0) ?? 0) >= 0x20)).toBe(true);
      expect(safe.name.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(safe.name)).toBeLessThanOrEqual(255);
      for (const system of [posix, win32]) {
        const folder = system === posix ? '/save/ds' : 'X:\\save\\ds';
        if (system === win32 && !how.forbidsPunctuation) continue;
        expect(system.dirname(system.resolve(folder, safe.name))).toBe(folder);
      }
      expect(safeFilename(safe.name, how).ok && basename(resolve('/save', safe.name))).toBe(safe.name);
    }),
    { numRuns: 5000 },
  );
});

test('two assets never get one file name', () => {
  fc.assert(
    fc.property(filename, filename, rules, (one, other, how) => {
      fc.pre(one !== other);
      const [a, b] = [safeFilename(one, how), safeFilename(other, how)];
      if (a.ok && b.ok) expect(a.name).not.toBe(b.name);
    }),
    { numRuns: 5000 },
  );
});

test('a real disk stores every file name as it is, in the folder, and names of different keys side by side', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(filename, { maxLength: 8 }), async (names) => {
        const how = { forbidsPunctuation: true, foldsCase: true, foldsNormalForm: true };
        const files = new Map<string, string>();
        for (const name of names) {
          const safe = safeFilename(name, how);
          if (safe.ok && !files.has(nameKey(safe.name, how))) files.set(nameKey(safe.name, how), safe.name);
        }
        const place = await mkdtemp(join(folder, 'case-'));
        for (const name of files.values()) await writeFile(join(place, name), name, { flag: 'wx' });
        const found = (await readdir(place)).map((name) => name.normalize('NFC')).sort();
        expect(found).toEqual([...files.values()].map((name) => name.normalize('NFC')).sort());
      }),
      { numRuns: 150 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
