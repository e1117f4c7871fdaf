import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inspectImage } from '../../app/image/inspect.ts';
import { makeThumbnail } from '../../app/image/thumbnail.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { tempFolder } from './temp-folder.ts';

it('writes as many distinct good pictures as asked for', async () => {
  const folder = await tempFolder();
  const names = await makeManyImages(folder, { count: 200 });
  expect(names).toHaveLength(200);
  expect((await fs.readdir(folder)).sort()).toEqual(names);
  const contents = new Set<string>();
  for (const name of names) {
    const file = path.join(folder, name);
    expect(await inspectImage(file), name).toMatchObject({ ok: true, warning: null });
    contents.add((await fs.readFile(file)).toString('latin1'));
  }
  expect(contents.size).toBe(200);
});

it('makes them as large as asked for, and decodable', async () => {
  const folder = await tempFolder();
  const names = await makeManyImages(folder, { count: 2, bytesEach: 200_000, prefix: 'big' });
  for (const name of names) {
    const file = path.join(folder, name);
    const { size } = await fs.stat(file);
    expect(Math.abs(size - 200_000), name).toBeLessThan(2000);
    expect(await inspectImage(file)).toMatchObject({ ok: true });
    await expect(makeThumbnail(file, { maxSize: 64 })).resolves.toMatchObject({ mime: 'image/webp' });
  }
});
