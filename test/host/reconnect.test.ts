import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Host, startHost } from '../../app/host/host.ts';
import { doubleMirrorId, EngineDouble, row } from './engine-double.ts';
import { type Front, openFront } from './front-fixture.ts';
import { type HostFixture, hostFixture } from './host-fixture.ts';

describe('a page whose host restarts', () => {
  let fixture: HostFixture;
  let front: Front;
  let second: Host | undefined;
  afterEach(async () => {
    front.engine.close();
    await second?.close();
    await fixture.close();
  });

  /** Ends the host and starts another one over the same renderer and port. */
  async function restart(sessionKey: Uint8Array, engine: EngineDouble): Promise<void> {
    const { port } = fixture.host;
    await fixture.host.close();
    await front.until('lost');
    second = await startHost({ app: engine, rendererDir: `${fixture.dir}/renderer`, port, sessionKey });
  }

  it('comes back by itself where the session key is kept, to what is so now, and gets events again', async () => {
    const sessionKey = randomBytes(32);
    fixture = await hostFixture({ sessionKey });
    front = await openFront(fixture);
    const seen: number[] = [];
    front.engine.on('mirrorChanged', (status) => seen.push(status.fileTotal));
    const engine = new EngineDouble([row('new.jpg')]);
    await restart(sessionKey, engine);
    await front.until('open');
    expect((await front.engine.call('status', {})).mirrors[0]?.fileTotal).toBe(1);
    expect((await front.engine.call('files', { mirrorId: doubleMirrorId })).items[0]?.path).toBe('new.jpg');
    const event = new Promise<void>((resolve) => {
      front.engine.on('mirrorChanged', () => resolve());
    });
    engine.changed();
    await event;
    expect(seen).toEqual([1]);
  });

  it('is told that its session ended where the key is another', async () => {
    fixture = await hostFixture();
    front = await openFront(fixture);
    await restart(randomBytes(32), new EngineDouble());
    await front.until('signed-out');
    expect(front.engine.connection.get()).toBe('signed-out');
  });

  it('tries at once when asked to', async () => {
    const sessionKey = randomBytes(32);
    fixture = await hostFixture({ sessionKey });
    front = await openFront(fixture);
    await restart(sessionKey, new EngineDouble());
    front.engine.reconnect();
    front.engine.reconnect();
    await front.until('open');
    expect((await front.engine.call('status', {})).mirrors).toHaveLength(1);
  });
});
