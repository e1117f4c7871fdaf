// Draws the icons of the installed app from renderer/icon.svg into out/icons: `node build/draw-app-icons.mjs`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { icns, icnsSizes, ico } from './icon-files.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'out', 'icons');
const source = readFileSync(path.join(root, 'renderer', 'icon.svg'), 'utf8');
/** Units of the drawing, which fills its square. */
const side = 32;

/** macOS leaves room around an icon: the mark takes 824 of 1,024 parts. */
const withMargin = source.replace(`viewBox="0 0 ${side} ${side}"`, () => {
  const whole = (side * 1024) / 824;
  const margin = (whole - side) / 2;
  return `viewBox="${-margin} ${-margin} ${whole} ${whole}"`;
});
if (withMargin === source) throw new Error(`renderer/icon.svg is not drawn in a square of ${side} units.`);

const png = (svg, size) =>
  sharp(Buffer.from(svg), { density: (72 * size) / side })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();
const all = (svg, sizes) => Promise.all(sizes.map(async (size) => ({ size, bytes: await png(svg, size) })));

mkdirSync(path.join(out, 'linux'), { recursive: true });
for (const { size, bytes } of await all(source, [16, 24, 32, 48, 64, 128, 256, 512]))
  writeFileSync(path.join(out, 'linux', `${size}x${size}.png`), bytes);
writeFileSync(path.join(out, 'icon.ico'), ico(await all(source, [16, 24, 32, 48, 64, 128, 256])));
const pictures = new Map((await all(withMargin, icnsSizes)).map(({ size, bytes }) => [size, bytes]));
writeFileSync(path.join(out, 'icon.icns'), icns(pictures));
