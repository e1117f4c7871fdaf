import type { Answer, Hold } from '../../app/contract.ts';
import { mirrorSettingsChangeSchema } from '../../app/contract.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine, type Engine, EngineError, type NewMirrorOptions } from '../../app/engine.ts';
import { ManifestError } from '../../app/manifest/manifest-error.ts';
import { ViClient } from '../../app/vi/index.ts';
import { type FromProcess, processOptionsSchema, toProcessSchema } from './crash-messages.ts';
import { KillSwitch } from './kill-switch.ts';

/** The engine in a process of its own, with a person who answers what it asks; to be killed by a test, or by itself. */
const options = processOptionsSchema.parse(JSON.parse(process.env.VI_SYNC_TEST ?? '{}'));
const killSwitch = new KillSwitch(options.kill);
const client = new ViClient({ ...options, env: {}, retry: { tries: 2, baseMs: 20, capMs: 100 } });

function tell(message: FromProcess): void {
  process.send?.(message);
}

async function open(): Promise<Engine | null> {
  tell({ kind: 'opening' });
  try {
    return await createEngine({
      dataDir: options.dataDir,
      timing: { quietMs: 20, pollMs: options.pollMs },
      sessionBudget: { sessions: 1000, windowMs: 60_000 },
      connect: ({ datasetId }) => killSwitch.wrap(viRemote(client, datasetId)),
      environment: { disk: killSwitch.wrap(realDisk()) },
    });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    tell({ kind: 'refused', ...error.problem });
    return null;
  }
}

/** Adds the mirror; tells why when it can't be. */
async function attach(engine: Engine, mirror: NewMirrorOptions): Promise<string> {
  try {
    return await engine.addMirror(mirror);
  } catch (error) {
    if (error instanceof EngineError) tell({ kind: 'refused', ...error.problem });
    throw error;
  }
}

/** Answers what there is an answer to, until nothing else is asked. */
async function answerAll(engine: Engine, mirrorId: string): Promise<void> {
  for (;;) {
    await engine.settled(mirrorId);
    const { items } = await engine.call('holds', { mirrorId, limit: 500 });
    const asked = items.filter(({ path }) => options.answers[path] !== undefined);
    if (asked.length === 0) return;
    for (const hold of asked) await answerOne(engine, hold, options.answers[hold.path]);
  }
}

async function answerOne(engine: Engine, hold: Hold, answer: Answer | undefined): Promise<void> {
  if (answer === undefined) return;
  const { mirrorId, item, fingerprint } = hold;
  try {
    await engine.call('answer', { mirrorId, item, fingerprint, answer });
  } catch (error) {
    // What it asks about has changed since: it asks again.
    const isPassing =
      error instanceof EngineError && ['no-hold', 'changed-meanwhile'].includes(error.problem.code);
    if (!isPassing) throw error;
  }
}

async function restoreAll(engine: Engine): Promise<void> {
  const { items } = await engine.call('trash', { limit: 500 });
  if (items.length > 0) await engine.call('restore', { ids: items.map(({ id }) => id) });
}

async function report(engine: Engine, mirrorId: string): Promise<void> {
  await answerAll(engine, mirrorId);
  const status = await engine.settled(mirrorId);
  const { items: holds } = await engine.call('holds', { mirrorId, limit: 500 });
  const { items: files } = await engine.call('files', { mirrorId, limit: 500 });
  const { items: trash } = await engine.call('trash', { mirrorId, limit: 500 });
  tell({
    kind: 'settled',
    status,
    holds: holds.map(({ path, reason }) => ({ path, reason })),
    files: files.map(({ path, state, problem }) => ({ path, state, problem })),
    trash: trash.map(({ trashPath }) => trashPath),
    calls: killSwitch.calls,
  });
}

async function obey(engine: Engine, mirrorId: string, order: string): Promise<void> {
  switch (toProcessSchema.parse(order)) {
    case 'sync':
      await engine.call('syncNow', { mirrorId });
      break;
    case 'verify':
      await engine.call('verify', { mirrorId });
      break;
    case 'end':
      await engine.close();
      await client.close();
      process.disconnect();
      return;
  }
  await report(engine, mirrorId);
}

const engine = await open();
if (engine === null) {
  process.disconnect();
} else {
  tell({ kind: 'opened' });
  engine.on('mirrorChanged', (status) => tell({ kind: 'status', status }));
  const settings = mirrorSettingsChangeSchema.parse(options.settings);
  const { folder, datasetId, endpoint, organizationId } = options;
  const place = { folder, datasetId, endpoint, organizationId, sandbox: true };
  const mirrorId = await attach(engine, { ...place, settings, go: true });
  process.on('message', (order) => void obey(engine, mirrorId, String(order)));
  if (options.isImpatient) await engine.call('syncNow', { mirrorId });
  if (options.restores) await restoreAll(engine);
  await report(engine, mirrorId);
}
