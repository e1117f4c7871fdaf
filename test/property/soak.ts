import { parseArgs } from 'node:util';
import { generate, peoplePrefix } from './generate.ts';
import { runHistory } from './run-history.ts';

/**
 * `npm run test:soak -- --seeds 2000 [--from 1] [--people]`: runs histories, and names those in which a promise is broken. With `--people` the
 * same ones in which people have a say too.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    show: { type: 'string', default: '3' },
    people: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const count = Number(values.seeds);
const failing = new Map<string, string[]>();
const started = performance.now();
let virtualMs = 0;
let uploads = 0;
for (let index = 0; index < count; index++) {
  const seed = `${values.people ? peoplePrefix : ''}${from + index}`;
  const outcome = await runHistory(generate(seed));
  virtualMs += outcome.ms;
  uploads += outcome.uploads;
  for (const rule of new Set(outcome.violations.map((violation) => violation.rule))) {
    failing.set(rule, [...(failing.get(rule) ?? []), seed]);
  }
  if (outcome.violations.length > 0) {
    const shown = outcome.violations.slice(0, Number(values.show));
    for (const { rule, at, what } of shown) process.stdout.write(`seed ${seed}: ${rule} at ${at}: ${what}\n`);
  }
  if ((index + 1) % 100 === 0) {
    process.stdout.write(`${index + 1} of ${count}, ${seconds(performance.now() - started)}\n`);
  }
}
const hours = Math.round(virtualMs / 3_600_000);
process.stdout.write(
  `\n${count} histories, ${hours} hours of their time, ${uploads} uploads, in ${seconds(performance.now() - started)}\n`,
);
for (const [rule, seeds] of failing)
  process.stdout.write(`${rule}: ${seeds.length} (${seeds.slice(0, 20).join(' ')})\n`);
if (failing.size === 0) process.stdout.write('no promise was broken\n');
process.exitCode = failing.size === 0 ? 0 : 1;

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
