// Draws the icons that the desktop app shows while it runs, into out/main/icons: `node build/draw-icons.mjs`. One mark for all, and a
// sign beside it for what is going on.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { ico } from './icon-files.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'out', 'main', 'icons');

/** Colour of the sign, and its shape in a square of 12 by 12; null: no sign. */
const moods = {
  starting: { colour: '#8a93a3', sign: '<circle cx="6" cy="6" r="2.2" fill="#fff"/>' },
  empty: null,
  'in-sync': { colour: '#1f9d55', sign: '<path d="M3.2 6.2 5.2 8.2 8.8 4.2"/>' },
  syncing: { colour: '#2f6fed', sign: '<path d="M6 8.8V3.4M3.6 5.6 6 3.2l2.4 2.4"/>' },
  paused: { colour: '#6b7585', sign: '<path d="M4.5 3.6v4.8M7.5 3.6v4.8"/>' },
  attention: { colour: '#d97706', sign: '<path d="M6 3v3.6M6 8.9v.1"/>' },
  offline: { colour: '#8a93a3', sign: '<path d="M3.6 3.6l4.8 4.8M8.4 3.6 3.6 8.4"/>' },
};

const arrows = '<path d="M8 13.5h13.5L17 9"/><path d="M24 18.5H10.5L15 23"/>';
const stroke = 'fill="none" stroke-linecap="round" stroke-linejoin="round"';

function badge(mood) {
  if (mood === null) return '';
  return `<g transform="translate(17.5 17.5) scale(1.2)"><circle cx="6" cy="6" r="6" fill="${mood.colour}" stroke="#fff" stroke-width="1"/><g ${stroke} stroke="#fff" stroke-width="1.6">${mood.sign}</g></g>`;
}

const coloured = (mood) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2557d6"/><g ${stroke} stroke="#fff" stroke-width="3">${arrows}</g>${badge(mood)}</svg>`;

/** macOS paints what is not transparent in the colour of its bar: the sign is cut out of its circle. */
const template = (mood) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><defs><mask id="m"><rect width="32" height="32" fill="#fff"/>${
    mood === null
      ? ''
      : `<g transform="translate(17.5 17.5) scale(1.2)"><circle cx="6" cy="6" r="7" fill="#000"/><circle cx="6" cy="6" r="5.4" fill="#fff"/><g ${stroke} stroke="#000" stroke-width="1.7">${mood.sign.replace('fill="#fff"', 'fill="#000"')}</g></g>`
  }</mask></defs><g mask="url(#m)"><g ${stroke} stroke="#000" stroke-width="3.2">${arrows}</g>${mood === null ? '' : '<circle cx="24.7" cy="24.7" r="6.5" fill="#000"/>'}</g></svg>`;

const png = (svg, size) =>
  sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png()
    .toBuffer();

mkdirSync(out, { recursive: true });
const write = (name, bytes) => writeFileSync(path.join(out, name), bytes);
for (const [name, mood] of Object.entries(moods)) {
  const sizes = await Promise.all(
    [16, 24, 32, 48].map(async (size) => ({ size, bytes: await png(coloured(mood), size) })),
  );
  write(`tray-${name}.ico`, ico(sizes));
  // Panels of Linux desktops are about 24 pixels high; `@2x` is for those of twice the density.
  write(`tray-${name}.png`, await png(coloured(mood), 24));
  write(`tray-${name}@2x.png`, await png(coloured(mood), 48));
  write(`tray-${name}Template.png`, await png(template(mood), 18));
  write(`tray-${name}Template@2x.png`, await png(template(mood), 36));
}
const { attention } = moods;
write(
  'overlay-attention.png',
  await png(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 12"><circle cx="6" cy="6" r="6" fill="${attention.colour}"/><g ${stroke} stroke="#fff" stroke-width="1.6">${attention.sign}</g></svg>`,
    32,
  ),
);
write('app.png', await png(readFileSync(path.join(root, 'renderer', 'icon.svg'), 'utf8'), 256));
