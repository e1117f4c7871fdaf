import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { createEngine } from '../../app/engine.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { defaultPolicy } from '../../app/plan/decision.ts';
import { makePlan } from '../../app/plan/plan.ts';
import { fillManifest } from './fill-manifest.ts';

/** One piece of the manifest bench, in a process of its own, so that its memory is its own. Prints what it found as a line of JSON. */
const [piece, dataDir = '', rows = '0', differing = '0'] = process.argv.slice(2);

function print(found: Record<string, number>): void {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...found, peakBytes })}\n`);
}

/** Half of the differences are changes of files, half of assets; spread over the whole. */
function fill(): void {
  fillManifest(dataDir, Number(rows));
  const manifest = openManifest(dataDir);
  const every = Math.floor(Number(rows) / Number(differing));
  manifest.transaction(() => {
    let index = 0;
    for (const folder of manifest.local.folders(1)) {
      for (const { key } of manifest.local.knownInFolder(1, folder)) {
        index += 1;
        if (index % every !== 0) continue;
        const local = manifest.local.get(1, key);
        const base = manifest.synced.get(1, key);
        const remote = base === null ? null : manifest.remote.get(1, base.assetId);
        if (local?.content == null || remote === null) throw new Error(`${key} is not in sync`);
        const sha256 = index.toString(16).padStart(64, '0');
        if (index % (2 * every) === 0) {
          const content = { ...local.content, sha256 };
          manifest.local.put(1, { ...local, content }, manifest.local.nextObservation());
        } else {
          const hash = { algorithm: 'sha256', contents: sha256 };
          manifest.remote.put(1, { ...remote, hash, sha256, contentsLastUpdated: 3_000_000 + index });
        }
      }
    }
  });
  manifest.close();
}

/** What everything that follows costs at least: one pass over the three trees for the rows that differ. */
function join(): void {
  const database = new Sqlite(path.join(dataDir, 'manifest.db'), { readonly: true });
  database.pragma('cache_size = -32768');
  const start = performance.now();
  let found = 0;
  const differ = database.prepare(`
    SELECT s.*, l.*, r.* FROM synced s
    LEFT JOIN local l ON l.mirror = s.mirror AND l.key = s.key
    LEFT JOIN remote r ON r.mirror = s.mirror AND r.asset_id = s.asset_id
    WHERE s.mirror = 1 AND (l.key IS NULL OR r.asset_id IS NULL OR l.sha256 IS NOT s.sha256
      OR r.contents_updated IS NOT s.contents_updated OR r.hash IS NOT s.hash OR r.size IS NOT s.remote_size)`);
  for (const _ of differ.iterate()) found += 1;
  print({ ms: performance.now() - start, found });
  database.close();
}

/** The whole check that a start makes, which believes no mark, and the plan; then the plan that follows a hint, of the marked rows alone. */
async function plan(): Promise<void> {
  const manifest = openManifest(dataDir);
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const make = async () => {
    const { upload, download } = await makePlan({
      manifest,
      mirror: 1,
      policy: defaultPolicy,
      now: Date.now(),
      isBusy: () => false,
      isUrgent: () => false,
      whyUnobserved: () => null,
      onActivity: () => undefined,
      pause,
    });
    return upload.files + download.files;
  };
  const start = performance.now();
  await manifest.differences.unsettleDiffering(1, pause);
  const found = await make();
  const ms = performance.now() - start;
  const again = performance.now();
  await make();
  print({ ms, found, againMs: performance.now() - again });
  manifest.close();
}

async function start(): Promise<void> {
  const connect = () => {
    throw new Error('nothing is mirrored here');
  };
  const begin = performance.now();
  const engine = await createEngine({ dataDir, connect });
  const { mirrors } = await engine.call('status', {});
  print({ ms: performance.now() - begin, found: mirrors[0]?.fileTotal ?? 0 });
  await engine.close();
}

switch (piece) {
  case 'fill':
    fill();
    break;
  case 'join':
    join();
    break;
  case 'plan':
    await plan();
    break;
  case 'start':
    await start();
    break;
  default:
    throw new Error(`no piece of the bench is named ${piece}`);
}
