import { setMaxListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Clock, SessionReport, TransferOptions } from '../../app/engine/environment.ts';
import { silentLog } from '../../app/log.ts';
import type { SessionFile, UploadStep } from '../../app/manifest/session-table.ts';
import type { TransferContext } from '../../app/transfer/transfer-context.ts';
import { TransferGate } from '../../app/transfer/transfer-gate.ts';
import { TransferMeter } from '../../app/transfer/transfer-meter.ts';
import { UploadSession } from '../../app/transfer/upload-session.ts';
import { ViNetworkError, ViResponseError, ViServerError, ViUploadError } from '../../app/vi/index.ts';
import { localFile, memoryManifest, remoteFile } from '../manifest/temp-manifest.ts';

/** A session in the manifest, a service that is told what to answer, and a clock that only moves when somebody sleeps. */
function setup(steps: Record<string, UploadStep>, { expiry }: { expiry?: number } = {}) {
  const { manifest, mirror } = memoryManifest();
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const clock: Clock & { at: number } = {
    at: 0,
    now: () => Math.floor(clock.at),
    monotonic: () => clock.at,
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      // In small steps, so that whoever is woken meanwhile sees the time of its wake.
      for (let slept = 0; slept < ms && !signal?.aborted; slept += 50) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.at += Math.min(50, ms - slept);
      }
    },
  };
  const sent: string[] = [];
  const looked: string[] = [];
  const gates = new TransferGate(clock);
  const gate = gates.open('m', abort.signal, () => undefined);
  const service = {
    report: { state: 'running', finished: null, progress: null, errors: new Map() } as SessionReport | null,
    onSend: async (_name: string, _options: TransferOptions): Promise<void> => undefined,
    onLookRemotely: () => undefined as unknown,
    onServiceFailed: (): unknown => gate.setOnline(false),
    failure: null as Error | null,
    onListed: async (): Promise<void> => undefined,
  };
  const context = {
    environment: { clock, random: { fraction: () => 0.5 } },
    remote: {
      session: async () => {
        if (service.failure !== null) throw service.failure;
        return service.report;
      },
      send: async (target: { url: string }, _file: unknown, options: TransferOptions) => {
        const name = target.url.slice('http://x/'.length);
        sent.push(name);
        await service.onSend(name, options);
      },
    },
    manifest,
    mirror,
    signal: abort.signal,
    log: silentLog,
    gate,
    upload: new TransferMeter(clock),
    download: new TransferMeter(clock),
    proofs: { of: () => null, isProof: () => false },
    report: {
      changed: () => undefined,
      activity: () => undefined,
      lookLocally: (path: string) => looked.push(path),
      lookRemotely: () => service.onLookRemotely(),
      untilListed: () => service.onListed(),
      planAgain: () => undefined,
      serviceFailed: () => service.onServiceFailed(),
      isUrgent: () => false,
    },
  } as unknown as TransferContext;
  const id = manifest.sessions.insert({
    mirror: mirror.id,
    sessionId: 's',
    annotations: 'KeepLinkedResource',
    createdAt: 0,
    serviceCreated: 0,
  });
  for (const [name, step] of Object.entries(steps)) {
    const local = localFile(`x/${name}`, name);
    const file: SessionFile = {
      session: id,
      filename: name,
      key: local.key,
      path: local.path,
      size: 100,
      sha256: local.content?.sha256 ?? '',
      crc32c: 1,
      identity: local.stamp,
      step,
      target: JSON.stringify({ url: `http://x/${name}`, expiry }),
      replaces: null,
      replacesAsset: null,
      agreedAnnotations: null,
    };
    manifest.sessions.insertFile(mirror.id, file);
  }
  const [record] = manifest.sessions.all(mirror.id);
  if (record === undefined) throw new Error('no session');
  const files = () =>
    Object.fromEntries(manifest.sessions.files(id).map(({ filename, step }) => [filename, step]));
  return {
    manifest,
    mirror: mirror.id,
    id,
    clock,
    service,
    gate,
    gates,
    sent,
    looked,
    abort,
    files,
    end: (state: 'finished' | 'failed', errors: Record<string, string> = {}) => {
      service.report = { state, finished: 1, progress: null, errors: new Map(Object.entries(errors)) };
    },
    failure: (name: string) => {
      const { sha256 } = localFile(name, name).content ?? { sha256: '' };
      return manifest.failures.get(mirror.id, `f:x/${name}`, `${sha256} ${name}`);
    },
    run: () => new UploadSession(context, record, manifest.sessions.files(id)).run(),
  };
}

/** Lets everybody else go on so many times. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('a session', () => {
  test('that is picked up later sends nothing before a listing has shown what others have uploaded meanwhile', async () => {
    const { run, sent, clock, service, end, manifest, mirror, files } = setup({
      'a.png': 'announced',
      'b.png': 'announced',
    });
    clock.at = 60_000;
    const listed = Promise.withResolvers<void>();
    service.onListed = () => listed.promise;
    service.onSend = async () => end('finished');
    const running = run();
    await clock.sleep(3000);
    expect(sent).toEqual([]);
    manifest.remote.put(mirror, remoteFile('a.png', 'theirs'));
    listed.resolve();
    await running;
    expect(sent).toEqual(['b.png']);
    expect(files()).not.toHaveProperty('a.png');
  });

  test('sends each file once and is followed to its end', async () => {
    const { run, sent, files, end, service, manifest, mirror } = setup({
      'a.png': 'announced',
      'b.png': 'announced',
    });
    service.onSend = async () => {
      if (sent.length === 2) end('finished');
    };
    await run();
    expect(sent.sort()).toEqual(['a.png', 'b.png']);
    // Whether they are there, a listing will say.
    expect(files()).toEqual({ 'a.png': 'sent', 'b.png': 'sent' });
    expect(manifest.sessions.all(mirror)).toMatchObject([
      { finishedAt: expect.any(Number), serviceFinished: 1 },
    ]);
  });

  test.for([new ViResponseError('garbage'), new ViServerError('always')])(
    'of which the service, which answers everything else, says nothing but %s is over after some minutes',
    async (failure) => {
      const { run, service, clock, manifest, mirror, files } = setup({ 'a.png': 'announced' });
      service.failure = failure;
      service.onServiceFailed = () => undefined;
      await run();
      expect(files()).toEqual({ 'a.png': 'sent' });
      expect(manifest.sessions.all(mirror)).toMatchObject([{ finishedAt: expect.any(Number) }]);
      expect(clock.at).toBeGreaterThan(3 * 60_000);
      expect(clock.at).toBeLessThan(4 * 60_000);
    },
  );

  test('picked up after a kill: what was sent is not sent again, what was not begun is', async () => {
    const { run, sent, service, end } = setup({ 'done.png': 'sent', 'new.png': 'announced' });
    service.onSend = async () => end('finished');
    await run();
    expect(sent).toEqual(['new.png']);
  });

  test('picked up after a kill: a file that was on its way is given time to turn up', async () => {
    const { run, sent, service, manifest, id, end, clock } = setup({ 'a.png': 'sending' });
    service.onLookRemotely = () => {
      if (clock.at < 2000) return;
      manifest.sessions.closeFile(id, 'a.png');
      end('finished');
    };
    await run();
    expect(sent).toEqual([]);
  });

  test('… and is sent again if it does not', async () => {
    const { run, sent, service, end, clock } = setup({ 'a.png': 'sending' });
    let sentAt = 0;
    service.onSend = async () => {
      sentAt = clock.at;
      end('finished');
    };
    await run();
    expect(sent).toEqual(['a.png']);
    expect(sentAt).toBeGreaterThanOrEqual(5000);
  });

  test('that is over when it is picked up sends nothing; what it never got is free for the next one', async () => {
    const { run, sent, files, service } = setup({ 'a.png': 'sending', 'b.png': 'sent' });
    service.report = null;
    await run();
    expect(sent).toEqual([]);
    expect(files()).toEqual({ 'a.png': 'sending', 'b.png': 'sent' });
    const other = setup({ 'c.png': 'announced' });
    other.end('failed');
    other.gate.setOnline(false);
    setTimeout(() => other.gate.setOnline(true), 20);
    await other.run();
    expect(other.files()).toEqual({});
  });

  test('tells of files that the service refuses; others are not concerned', async () => {
    const { run, files, service, end, failure, sent } = setup({ 'a.png': 'announced', 'b.png': 'announced' });
    service.onSend = async () => {
      if (sent.length === 2) end('finished', { 'a.png': 'ECORRUPT', 'of-nobody.png': 'EUNKNOWN' });
    };
    await run();
    expect(files()).toEqual({ 'b.png': 'sent' });
    expect(failure('a.png')).toMatchObject({ problem: { code: 'ECORRUPT' }, tries: 1 });
  });

  test('a file that has changed meanwhile is looked at anew, and is no failure', async () => {
    const { run, files, service, failure, looked } = setup({ 'a.png': 'announced' });
    service.onSend = async () => {
      throw new ViUploadError('changed', { code: 'FileChanged' });
    };
    await run();
    expect(files()).toEqual({});
    expect(looked).toEqual(['x/a.png']);
    expect(failure('a.png')).toBeNull();
  });

  test('a URL that is too old is a failure that is tried again soon, in another session', async () => {
    const { run, files, service, failure, clock } = setup({ 'a.png': 'announced' });
    service.onSend = async () => {
      throw new ViUploadError('too old', { isExpired: true });
    };
    await run();
    expect(files()).toEqual({});
    expect(failure('a.png')?.nextAt).toBeLessThanOrEqual(clock.at + 1000);
  });

  test('waits while the service is gone, and sends again when it is back', async () => {
    const { run, sent, service, end, gate } = setup({ 'a.png': 'announced' });
    service.onSend = async () => {
      if (sent.length === 1) {
        setTimeout(() => gate.setOnline(true), 30);
        throw new ViNetworkError('gone');
      }
      end('finished');
    };
    await run();
    expect(sent).toEqual(['a.png', 'a.png']);
  });

  test('ends at once when it is closed, and leaves everything to be picked up', async () => {
    const { run, service, files, abort } = setup({ 'a.png': 'announced', 'b.png': 'sent' });
    service.onSend = async () => {
      abort.abort();
      throw new Error('aborted');
    };
    await run();
    expect(files()).toEqual({ 'a.png': 'sending', 'b.png': 'sent' });
  });
});

describe('a session that is paused', () => {
  /** A transfer that stands still until it is ended. */
  const until = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  test('sends what was on its way once more, and counts no failure and no try', async () => {
    const { run, sent, service, files, failure, gate, gates, end } = setup({ 'a.png': 'announced' });
    const steps: unknown[] = [];
    service.onSend = async (_name, { pace, signal }) => {
      if (sent.length === 9) {
        setTimeout(() => gate.setOnline(true), 5);
        // One failure that counts: it is the first one.
        throw new ViNetworkError('gone');
      }
      if (sent.length > 9) {
        end('finished');
        return;
      }
      // Ten of its hundred bytes are gone; then the pause comes.
      await pace?.(10, signal);
      setImmediate(() => {
        gates.setPaused('m', true);
        setTimeout(() => {
          steps.push(files());
          gates.setPaused('m', false);
        }, 5);
      });
      await until(signal);
    };
    await run();
    expect(steps).toEqual(Array(8).fill({ 'a.png': 'announced' }));
    expect(sent).toEqual(Array(10).fill('a.png'));
    expect(files()).toEqual({ 'a.png': 'sent' });
    expect(failure('a.png')).toBeNull();
  });

  test('does not send again what has arrived all the same', async () => {
    const { run, sent, service, files, gates, manifest, id, end } = setup({ 'a.png': 'announced' });
    service.onSend = async (_name, { pace, signal }) => {
      await pace?.(100, signal);
      setImmediate(() => {
        gates.setPaused('m', true);
        setTimeout(() => gates.setPaused('m', false), 5);
      });
      await until(signal);
    };
    const steps: unknown[] = [];
    service.onLookRemotely = () => {
      steps.push(files()['a.png']);
      manifest.sessions.closeFile(id, 'a.png');
      end('finished');
    };
    await run();
    expect(steps[0]).toBe('sending');
    expect(sent).toEqual(['a.png']);
  });

  test('… and does when listings do not show it', async () => {
    const { run, sent, service, gates, end, clock } = setup({ 'a.png': 'announced' });
    let sentAt = 0;
    service.onSend = async (_name, { pace, signal }) => {
      sentAt = clock.at;
      if (sent.length > 1) {
        end('finished');
        return;
      }
      await pace?.(100, signal);
      setImmediate(() => {
        gates.setPaused('m', true);
        setTimeout(() => gates.setPaused('m', false), 5);
      });
      await until(signal);
    };
    await run();
    expect(sent).toEqual(['a.png', 'a.png']);
    expect(sentAt).toBeGreaterThanOrEqual(5000);
  });

  test('until its URLs are dead gives its files back, as if they had never been announced', async () => {
    const { run, sent, service, files, failure, gates } = setup({
      'a.png': 'announced',
      'b.png': 'announced',
    });
    gates.setPaused('m', true);
    service.onSend = async () => {
      throw new ViUploadError('too old', { isExpired: true });
    };
    const before: string[][] = [];
    setTimeout(() => {
      before.push([...sent]);
      gates.setPaused('m', false);
    }, 20);
    await run();
    expect(before).toEqual([[]]);
    expect(sent).toHaveLength(2);
    expect(files()).toEqual({});
    expect([failure('a.png'), failure('b.png')]).toEqual([null, null]);
  });

  test('is told by the service that a file has come too late: it is planned anew', async () => {
    const { run, sent, files, failure, gates, end } = setup({ 'a.png': 'announced', 'b.png': 'sent' });
    gates.setPaused('m', true);
    end('finished', { 'a.png': 'ETIMEOUT', 'b.png': 'ETIMEOUT' });
    setTimeout(() => gates.setPaused('m', false), 20);
    await run();
    expect(sent).toEqual([]);
    expect(files()).toEqual({});
    expect(failure('a.png')).toBeNull();
    // This one was sent: whatever the service says of it is no pause's fault.
    expect(failure('b.png')).toMatchObject({ problem: { code: 'ETIMEOUT' } });
  });

  test('does not ask for what nobody works on, and follows what was sent before', async () => {
    const { run, service, gates, files, manifest, id, abort } = setup({
      'a.png': 'announced',
      'b.png': 'sent',
    });
    gates.setPaused('m', true);
    let asked = 0;
    Object.defineProperty(service, 'report', {
      get: () => {
        asked += 1;
        if (asked === 5) {
          manifest.sessions.closeFile(id, 'b.png');
          // Whoever would go on asking has its turn many times until then.
          void turns(200).then(() => abort.abort());
        }
        return { state: 'running', finished: null, progress: null, errors: new Map() };
      },
    });
    await run();
    expect(files()).toEqual({ 'a.png': 'announced' });
    expect(asked).toBeGreaterThanOrEqual(5);
    expect(asked).toBeLessThan(8);
  });
});

test('a file whose turn comes when its URL is dead is not sent, by the time that has passed and not by the clock', async () => {
  const late = setup({ 'a.png': 'announced' }, { expiry: 15 * 60_000 });
  late.clock.at = 15 * 60_000 + 1;
  late.end('finished');
  await late.run();
  expect(late.sent).toEqual([]);
  expect(late.files()).toEqual({});
  expect(late.failure('a.png')).toBeNull();
  const soon = setup({ 'a.png': 'announced' }, { expiry: 1 });
  soon.clock.at = 50_000;
  soon.service.onSend = async () => soon.end('finished');
  await soon.run();
  expect(soon.sent).toEqual(['a.png']);
});
