import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine } from '../../app/engine.ts';
import { allowMoreFileThreads } from '../../app/file-threads.ts';
import { giveMemoryBackAtRest } from '../../app/host/rest-memory.ts';
import { ViClient } from '../../app/vi/index.ts';
import { benchEngineOptions } from './engine-options.ts';

/**
 * An engine in a process of its own: mirrors a folder until nothing is left to do and prints how long that took and the peak of its memory;
 * then rests for as long as it is told to, and prints what that has cost.
 */
allowMoreFileThreads();
const options = benchEngineOptions.parse(JSON.parse(process.argv[2] ?? '{}'));
const client = new ViClient({ ...options, env: {} });
const begin = performance.now();
const engine = await createEngine({
  dataDir: options.dataDir,
  sessionBudget: { sessions: 10_000, windowMs: 1000 },
  connect: ({ datasetId }) => viRemote(client, datasetId),
});
giveMemoryBackAtRest(engine);
const mirrorId = await engine.addMirror({ ...options, go: true });
const { counts, phase } = await engine.settled(mirrorId);
const report = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`);
report({
  ms: performance.now() - begin,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  inSync: counts['in-sync'],
  phase,
});
if (options.restMs > 0) {
  // What was begun before is over by then, and what came in just before has been listed once more.
  await new Promise((resolve) => setTimeout(resolve, 75_000));
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, options.restMs));
  const { user, system } = process.cpuUsage(before);
  report({ cpuMs: (user + system) / 1000, bytes: process.memoryUsage.rss() });
}
await engine.close();
await client.close();
