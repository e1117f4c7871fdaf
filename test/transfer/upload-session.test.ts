import { describe, expect, test } from 'vitest';
import type { Clock, SessionReport } from '../../app/engine/environment.ts';
import { silentLog } from '../../app/log.ts';
import type { SessionFile, UploadStep } from '../../app/manifest/session-table.ts';
import type { TransferContext } from '../../app/transfer/transfer-context.ts';
import { TransferMeter } from '../../app/transfer/transfer-meter.ts';
import { UploadSession } from '../../app/transfer/upload-session.ts';
import { ViNetworkError, ViUploadError } from '../../app/vi/index.ts';
import { localFile, memoryManifest } from '../manifest/temp-manifest.ts';

/** A session in the manifest, a service that is told what to answer, and a clock that only moves when somebody sleeps. */
function setup(steps: Record<string, UploadStep>) {
  const { manifest, mirror } = memoryManifest();
  const abort = new AbortController();
  const clock: Clock & { at: number } = {
    at: 0,
    now: () => clock.at,
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
  const service = {
    isOnline: true,
    report: { state: 'running', finished: null, progress: null, errors: new Map() } as SessionReport | null,
    onSend: async (_name: string): Promise<void> => undefined,
    onLookRemotely: () => undefined as unknown,
  };
  const context = {
    environment: { clock, random: { fraction: () => 0.5 } },
    remote: {
      session: async () => service.report,
      send: async (target: { url: string }) => {
        const name = target.url.slice('http://x/'.length);
        sent.push(name);
        await service.onSend(name);
      },
    },
    manifest,
    mirror,
    signal: abort.signal,
    log: silentLog,
    upload: new TransferMeter(clock),
    download: new TransferMeter(clock),
    report: {
      changed: () => undefined,
      activity: () => undefined,
      lookLocally: (path: string) => looked.push(path),
      lookRemotely: () => service.onLookRemotely(),
      planAgain: () => undefined,
      serviceFailed: () => {
        service.isOnline = false;
      },
      isOnline: () => service.isOnline,
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
      target: JSON.stringify({ url: `http://x/${name}` }),
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

describe('a session', () => {
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
    other.service.isOnline = false;
    setTimeout(() => {
      other.service.isOnline = true;
    }, 20);
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
    const { run, sent, service, end } = setup({ 'a.png': 'announced' });
    service.onSend = async () => {
      if (sent.length === 1) {
        setTimeout(() => {
          service.isOnline = true;
        }, 30);
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
