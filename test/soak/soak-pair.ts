// `npm run soak:pair`: two folders and one dataset, edited at random for ten minutes. `-- --minutes 3 --seed x`: shorter, or otherwise.
import { parseArgs } from 'node:util';
import { playPair } from './pair.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    /** As many sessions as one likes, and looks that come more often: more happens. */
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const begun = performance.now();
const { lines, broken } = await playPair({
  seed: values.seed,
  ms: Number(values.minutes) * 60_000,
  isQuick: values.quick,
  keep: values.keep,
  say: (text) =>
    process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${text}\n`),
});
process.stdout.write(`\n${lines.join('\n')}\n`);
for (const each of broken) process.stdout.write(`BROKEN ${each}\n`);
process.stdout.write(broken.length === 0 ? 'all promises were kept\n' : `${broken.length} broken\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
