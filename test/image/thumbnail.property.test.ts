import fs from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeThumbnail, ThumbnailError } from '../../app/image/thumbnail.ts';
import { fixturePath, goodFixtures } from '../fixtures/index.ts';
import { tempFolder } from './temp-folder.ts';

describe('a damaged picture', () => {
  it.each(goodFixtures)('like $file gives a thumbnail or a reason, and harms nothing', async ({ file }) => {
    const folder = await tempFolder();
    const bytes = await fs.readFile(fixturePath(file));
    const changed = path.join(folder, path.basename(file));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        await fs.writeFile(changed, copy);
        const result = await makeThumbnail(changed, { maxSize: 32 }).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(ThumbnailError);
        else expect(result).toMatchObject({ mime: 'image/webp' });
      }),
      { numRuns: 60 },
    );
    // The codecs still work.
    await expect(makeThumbnail(fixturePath(file), { maxSize: 32 })).resolves.toMatchObject({ width: 32 });
  });
});
