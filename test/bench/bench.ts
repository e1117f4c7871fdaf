// `npm run bench`: each piece of work beside its yardstick, in one run. `npm run bench -- sandbox` runs one of them.
import os from 'node:os';
import { benchClient } from './client.bench.ts';
import { benchEngine } from './engine.bench.ts';
import { benchManifest } from './manifest.bench.ts';
import { benchObserve } from './observe.bench.ts';
import type { BenchResult } from './result.ts';
import { benchSandbox } from './sandbox.bench.ts';

const benches: ReadonlyMap<string, () => Promise<BenchResult[]>> = new Map([
  ['sandbox', benchSandbox],
  ['client', benchClient],
  ['observe', benchObserve],
  ['engine', benchEngine],
  ['manifest', benchManifest],
]);

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !benches.has(name));
if (unknown.length > 0) {
  process.stderr.write(
    `No bench is named ${unknown.join(', ')}. There are: ${[...benches.keys()].join(', ')}.\n`,
  );
  process.exit(2);
}

const processors = os.cpus();
process.stdout.write(
  `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ` +
    `${os.type()} ${os.release()}, Node ${process.version}\n\n`,
);
process.stdout.write('| work | ours | yardstick | ratio | target | met |\n|---|---|---|---|---|---|\n');
let missed = 0;
for (const [name, bench] of benches) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const { work, ours, yardstick, ratio, target, met } of await bench()) {
    if (!met) missed += 1;
    process.stdout.write(
      `| ${work} | ${ours} | ${yardstick} | ${Number.isNaN(ratio) ? '–' : ratio.toFixed(2)} | ${target} | ${met ? 'yes' : 'no'} |\n`,
    );
  }
}
if (missed > 0) process.stdout.write(`\n${missed} of the targets missed.\n`);
