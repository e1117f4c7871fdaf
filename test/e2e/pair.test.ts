import { expect, test } from 'vitest';
import { playPair } from '../soak/pair.ts';

/** The short form of `npm run soak:pair`. */
test('two watches keep two folders and one dataset in step, whoever changes what, and though they are killed', async () => {
  const said: string[] = [];
  const options = { seed: 'short', ms: 7000, isQuick: true, say: (text: string) => void said.push(text) };
  const { lines, broken } = await playPair(options);
  expect(broken, [...said, ...lines].join('\n')).toEqual([]);
  expect(lines.join('\n')).toMatch(/[1-9] kills/u);
}, 240_000);
