import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Connections } from '../accounts/connections.ts';
import type { AppSettings, CallResult, EngineApi, MirrorStatus } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { redactSecrets } from '../redact.ts';
import { version } from '../vi/version.ts';
import { anonymousLog, withoutNames } from './anonymous-log.ts';
import { WorkspaceError } from './workspace-error.ts';

export interface DiagnosticsOptions {
  readonly engine: EngineApi;
  readonly connections: Connections;
  readonly dataDir: string;
  readonly logFile: string | null;
  readonly appSettings: AppSettings;
  readonly pulls: CallResult<'pulls'> | Promise<CallResult<'pulls'>>;
  readonly signal: AbortSignal;
}

/** So much of the end of each log is taken. Bytes. */
const mostLogBytes = 512 * 1024;

/**
 * Writes what helps to find a fault into a file of the data folder: versions, settings, counts and logs, and nothing that tells what
 * anything is called or lets anybody act in another's name.
 *
 * @throws WorkspaceError when it can't be written
 */
export async function writeDiagnostics(options: DiagnosticsOptions): Promise<CallResult<'diagnostics'>> {
  const { engine, dataDir, logFile, connections, signal } = options;
  const [{ mirrors }, settings, usage, pulls, accounts] = await Promise.all([
    engine.call('status', {}),
    engine.call('settings', {}),
    engine.call('usage', {}),
    options.pulls,
    connections.keys.all(signal),
  ]);
  const { proxy, extraCaFile, ...appSettings } = options.appSettings;
  const names = namesOf(mirrors, pulls.items, [
    dataDir,
    ...(extraCaFile === null ? [] : [extraCaFile]),
    ...accounts.keys.map(({ organizationId }) => organizationId),
  ]);
  const facts = {
    madeAt: new Date().toISOString(),
    versions: {
      viSync: version,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      system: os.release(),
    },
    memory: { total: os.totalmem(), used: process.memoryUsage().rss, cores: os.availableParallelism() },
    settings,
    appSettings: { ...appSettings, hasProxy: proxy !== null, hasExtraCaFile: extraCaFile !== null },
    accounts: {
      keys: accounts.keys.map(({ source }) => source),
      keychainProblem: accounts.keychainProblem?.code ?? null,
      environmentProblem: accounts.environmentProblem?.code ?? null,
    },
    mirrors: mirrors.map(mirrorFacts),
    usage: usage.organizations.map(({ endpoint: _endpoint, organizationId: _id, ...numbers }) => numbers),
    pulls: pulls.items.map(
      ({ state, phase, isFrozen, filesDone, filesTotal, bytesDone, bytesTotal, problem }) => ({
        state,
        phase,
        isFrozen,
        filesDone,
        filesTotal,
        bytesDone,
        bytesTotal,
        problem: problem?.code ?? null,
      }),
    ),
    logs: logFile === null ? {} : await logsBeside(logFile, names),
  };
  const text = redactSecrets(`${JSON.stringify(facts, null, 2)}\n`);
  const file = path.join(dataDir, `diagnostics-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  try {
    await fs.writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw new WorkspaceError(
      {
        code: 'diagnostics-not-written',
        facts: { folder: dataDir, code },
        title: 'The diagnostics could not be written',
        detail: `They could not be written to “${dataDir}” (${code}).`,
        suggestion: 'Check the permissions of the folder, and that its disk is not full.',
      },
      { cause: error },
    );
  }
  return { file, bytes: Buffer.byteLength(text) };
}

function mirrorFacts(mirror: MirrorStatus, index: number) {
  const { sandbox, phase, isApproved, isPaused, settings, problem, counts, fileTotal, upload, download } =
    mirror;
  const { nextSessionAt, retryAt, lastScanAt, lastListingAt } = mirror;
  return {
    mirror: index + 1,
    sandbox,
    phase,
    isApproved,
    isPaused,
    settings,
    problem: problem?.code ?? null,
    counts,
    fileTotal,
    upload,
    download,
    nextSessionAt,
    retryAt,
    lastScanAt,
    lastListingAt,
  };
}

type Place = Pick<MirrorStatus, 'folder' | 'datasetId' | 'datasetName' | 'organizationId' | 'endpoint'>;

/** Everything that is known to be a name, for what the shape of a log line does not give away. */
function namesOf(mirrors: readonly Place[], pulls: readonly Place[], more: readonly string[]): string[] {
  const places = [...mirrors, ...pulls];
  const texts = places.flatMap(({ folder, datasetId, datasetName, organizationId, endpoint }) => [
    ...folder.split(/[\\/]/),
    datasetId,
    datasetName,
    organizationId,
    URL.canParse(endpoint) ? new URL(endpoint).host : endpoint,
  ]);
  return [
    ...texts,
    ...more.flatMap((text) => text.split(/[\\/]/)),
    ...os.homedir().split(/[\\/]/),
    os.userInfo().username,
    os.hostname(),
  ];
}

/** The ends of all logs in the folder of this one, by kind, without names. */
async function logsBeside(logFile: string, names: readonly string[]): Promise<Record<string, string[]>> {
  const folder = path.dirname(logFile);
  const logs: Record<string, string[]> = {};
  for (const name of (await namesIn(folder)).filter((each) => /^[\w-]+(\.\d+)?\.log$/.test(each)).sort()) {
    const lines = (await endOf(path.join(folder, name))).split('\n').filter((line) => line !== '');
    logs[name] = lines.map((line) => withoutNames(anonymousLog(line), names));
  }
  return logs;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function endOf(file: string): Promise<string> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - mostLogBytes);
    const buffer = Buffer.alloc(Math.min(size, mostLogBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    // The first line may be cut.
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}
