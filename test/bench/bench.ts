// `npm run bench`: each piece of work beside its yardstick, in one run. `npm run bench -- engine` runs one bench,
// `npm run bench -- engine many large` two parts of it. Each line is printed as soon as it has been measured.
import os from 'node:os';
import { allowMoreFileThreads } from '../../app/file-threads.ts';
import { clientBench } from './client.bench.ts';
import { engineBench } from './engine.bench.ts';
import { manifestBench } from './manifest.bench.ts';
import { observeBench } from './observe.bench.ts';
import { rendererBench } from './renderer.bench.ts';
import type { BenchParts } from './result.ts';
import { sandboxBench } from './sandbox.bench.ts';

// As the program itself does; the yardsticks’ clients have them too.
allowMoreFileThreads();

const benches: ReadonlyMap<string, BenchParts> = new Map([
  ['sandbox', sandboxBench],
  ['client', clientBench],
  ['observe', observeBench],
  ['engine', engineBench],
  ['manifest', manifestBench],
  ['renderer', rendererBench],
]);

/** The parts to run, by bench: what the arguments name, or all. */
function choose(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const chosen = new Map<string, string[]>();
  let bench = '';
  for (const name of names) {
    if (benches.has(name)) {
      bench = name;
      chosen.set(bench, chosen.get(bench) ?? []);
    } else if (benches.get(bench)?.has(name)) {
      chosen.get(bench)?.push(name);
    } else {
      const known = [...benches].map(([each, parts]) => `${each} (${[...parts.keys()].join(', ')})`);
      process.stderr.write(
        `No bench, and no part of one, is named ${name}. There are: ${known.join('; ')}.\n`,
      );
      process.exit(2);
    }
  }
  const all = chosen.size === 0 ? [...benches.keys()] : [...chosen.keys()];
  return new Map(all.map((each) => [each, partsOf(each, chosen.get(each) ?? [])]));
}

function partsOf(bench: string, named: readonly string[]): readonly string[] {
  return named.length > 0 ? named : [...(benches.get(bench)?.keys() ?? [])];
}

const chosen = choose(process.argv.slice(2));
const processors = os.cpus();
process.stdout.write(
  `${new Date().toISOString().slice(0, 16)}Z, ${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ` +
    `${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.version}, load ${load()}\n\n`,
);
process.stdout.write(
  '| work | ours | yardstick | ratio | target | met | load |\n|---|---|---|---|---|---|---|\n',
);
let missed = 0;
for (const [name, parts] of chosen) {
  for (const part of parts) {
    const lines = benches.get(name)?.get(part)?.() ?? [];
    for await (const { work, ours, yardstick, ratio, target, met } of lines) {
      if (!met) missed += 1;
      process.stdout.write(
        `| ${work} | ${ours} | ${yardstick} | ${Number.isNaN(ratio) ? '–' : ratio.toFixed(2)} | ${target} | ${met ? 'yes' : 'no'} | ${load()} |\n`,
      );
    }
  }
}
if (missed > 0) process.stdout.write(`\n${missed} of the targets missed.\n`);

/** What the machine has had to do in the last minute, our own work included. */
function load(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}
