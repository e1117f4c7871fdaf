import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';

const folder = path.resolve(import.meta.dirname, '../../app/sandbox/sample/pictures');

/** Answers the addresses of previews with pictures of the sample folder, of the size that is asked for. The number in a name chooses the picture, so that both
 * sides of a file have the same one, in other colours. */
export async function servePictures(context: BrowserContext | Page): Promise<void> {
  const names = readdirSync(folder).filter((file) => /\d\.jpg$/.test(file));
  const drawn = new Map<string, Promise<Buffer>>();
  await context.route('**/preview/**', async (route) => {
    const url = new URL(route.request().url());
    const size = Math.min(1280, Number(url.searchParams.get('size')));
    const what =
      url.searchParams.get('path') ?? url.searchParams.get('asset') ?? url.searchParams.get('id') ?? '';
    const number = Number(/\d+(?=\D*$)/.exec(what)?.[0] ?? 0);
    const name = names[number % names.length] ?? '';
    const key = `${name} ${size} ${url.pathname}`;
    const picture = drawn.get(key) ?? draw(name, size, url.pathname.endsWith('asset'));
    drawn.set(key, picture);
    await route.fulfill({ contentType: 'image/png', body: await picture });
  });
}

function draw(name: string, size: number, isAsset: boolean): Promise<Buffer> {
  const picture = sharp(path.join(folder, name)).resize(size, size, { fit: 'inside' });
  return (isAsset ? picture.modulate({ brightness: 1.1, hue: 25 }) : picture).png().toBuffer();
}
