import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CallArgs, CallResult, EngineApi, EngineCallName, MirrorStatus } from '../../app/contract.ts';
import { autostartEntry, autostartFile, setAutostart } from '../../app/desktop/autostart-entry.ts';
import { BatteryRest } from '../../app/desktop/battery-rest.ts';
import { keepWindow, readKeptWindow } from '../../app/desktop/kept-window.ts';
import { RestartDelay } from '../../app/desktop/restart-delay.ts';
import { textPort } from '../../app/desktop/text-port.ts';
import { hasTray } from '../../app/desktop/tray-presence.ts';
import { windowPlace } from '../../app/desktop/window-place.ts';
import { mirrorStatus } from './mirror-status.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('the window’s place', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };

  test('is in the middle at first, and where it was from then on', () => {
    expect(windowPlace(null, [screen]).bounds).toEqual({ x: 370, y: 130, width: 1180, height: 780 });
    const kept = { bounds: { x: 20, y: 30, width: 800, height: 600 }, isMaximized: true };
    expect(windowPlace(kept, [screen])).toEqual(kept);
  });

  test.each([
    ['of a screen that is gone', { x: 2500, y: 100, width: 800, height: 600 }],
    ['above every screen', { x: 100, y: -500, width: 800, height: 600 }],
    ['all but outside', { x: 1900, y: 100, width: 800, height: 600 }],
  ])('%s is the middle of one that is there', (_what, bounds) => {
    expect(windowPlace({ bounds, isMaximized: false }, [screen]).bounds).toMatchObject({ x: 370, y: 130 });
  });

  test('is never larger than its screen, nor too small to use', () => {
    const kept = { bounds: { x: 0, y: 0, width: 4000, height: 10 }, isMaximized: false };
    expect(windowPlace(kept, [screen]).bounds).toEqual({ x: 0, y: 0, width: 1920, height: 480 });
    expect(windowPlace(null, [{ x: 0, y: 0, width: 800, height: 500 }]).bounds).toEqual({
      x: 0,
      y: 0,
      width: 800,
      height: 500,
    });
  });

  test('is kept in a file; one that is damaged is as none', async () => {
    const folder = await temporaryFolder();
    expect(readKeptWindow(folder)).toEqual({ place: null, theme: 'system' });
    const kept = {
      place: { bounds: { x: 1, y: 2, width: 700, height: 600 }, isMaximized: false },
      theme: 'dark',
    } as const;
    keepWindow(folder, kept);
    expect(readKeptWindow(folder)).toEqual(kept);
    await fs.writeFile(path.join(folder, 'window.json'), '{"place": {"bounds": 7}, "theme": "dark"}');
    expect(readKeptWindow(folder)).toEqual({ place: null, theme: 'dark' });
    await fs.writeFile(path.join(folder, 'window.json'), '{');
    expect(readKeptWindow(folder)).toEqual({ place: null, theme: 'system' });
  });
});

describe('an engine that ends again and again', () => {
  test('is waited for twice as long each time, up to a minute, and at once again after it ran for long', () => {
    const delay = new RestartDelay();
    const waits = Array.from({ length: 9 }, () => delay.next(10));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(delay.next(60_000)).toBe(500);
    delay.reset();
    expect(delay.failures).toBe(0);
  });
});

describe('the tray', () => {
  const saying = (answers: Record<string, string | null>) => async (program: string) =>
    answers[program] ?? null;

  test.each([
    ['darwin', {}, {}, true],
    ['win32', {}, {}, true],
    ['linux', {}, { busctl: 'b true\n' }, true],
    ['linux', { XDG_CURRENT_DESKTOP: 'KDE' }, { busctl: 'b false\n' }, false],
    ['linux', {}, { gdbus: '(true,)\n' }, true],
    ['linux', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' }, {}, false],
    ['linux', { XDG_CURRENT_DESKTOP: 'XFCE' }, {}, true],
    ['linux', {}, {}, false],
  ] as const)('on %s, %o, where the bus says %o: %s', async (platform, env, answers, is) => {
    expect(await hasTray(platform, env, saying(answers))).toBe(is);
  });
});

describe('starting at login on Linux', () => {
  test('is a file that runs the program hidden, whatever its path', async () => {
    expect(autostartEntry(['/opt/Vi Sync/100% "$x`\\', '--hidden'])).toContain(
      'Exec="/opt/Vi Sync/100%% \\\\"\\\\$x\\\\`\\\\\\\\" "--hidden"\n',
    );
    const folder = await temporaryFolder();
    const file = autostartFile({ XDG_CONFIG_HOME: folder }, '/home/ada');
    expect(file).toBe(path.join(folder, 'autostart', 'vi-sync.desktop'));
    expect(autostartFile({ XDG_CONFIG_HOME: 'relative' }, '/home/ada')).toBe(
      path.join('/home/ada', '.config', 'autostart', 'vi-sync.desktop'),
    );
    await setAutostart(file, ['/usr/bin/vi-sync', '--hidden']);
    expect(await fs.readFile(file, 'utf8')).toContain('Exec="/usr/bin/vi-sync" "--hidden"');
    await setAutostart(file, null);
    await setAutostart(file, null);
    await expect(fs.access(file)).rejects.toThrow();
  });
});

/** Mirrors that can be paused and resumed, and nothing else. */
class PausableMirrors implements EngineApi {
  readonly mirrors = new Map<string, MirrorStatus>();
  failsAt: EngineCallName | null = null;

  constructor(...paused: readonly (readonly [string, boolean])[]) {
    for (const [mirrorId, isPaused] of paused)
      this.mirrors.set(mirrorId, mirrorStatus({ mirrorId, isPaused }));
  }

  get paused(): string[] {
    return [...this.mirrors.values()].filter(({ isPaused }) => isPaused).map(({ mirrorId }) => mirrorId);
  }

  async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    if (name === this.failsAt) throw new Error('The engine has ended.');
    if (name === 'status') return { mirrors: [...this.mirrors.values()] } as CallResult<N>;
    const { mirrorId } = args as CallArgs<'pause'>;
    const mirror = this.mirrors.get(mirrorId ?? '');
    if (mirror !== undefined) this.mirrors.set(mirror.mirrorId, { ...mirror, isPaused: name === 'pause' });
    return {} as CallResult<N>;
  }

  on(): () => void {
    return () => undefined;
  }
}

describe('on battery', () => {
  test('mirrors rest, and those alone go on afterwards that were not paused before', async () => {
    const rest = new BatteryRest(await temporaryFolder());
    const engine = new PausableMirrors(['a', false], ['b', true]);
    await rest.follow(engine, true);
    await rest.follow(engine, true);
    expect(engine.paused).toEqual(['a', 'b']);
    await rest.follow(engine, false);
    expect(engine.paused).toEqual(['b']);
    // What a person pauses on mains power stays paused.
    await engine.call('pause', { mirrorId: 'a' });
    await rest.follow(engine, false);
    expect(engine.paused).toEqual(['a', 'b']);
  });

  test('a crash in between leaves no mirror at rest for good', async () => {
    const folder = await temporaryFolder();
    const engine = new PausableMirrors(['a', false], ['b', false]);
    await new BatteryRest(folder).follow(engine, true);
    // Another start, on mains power.
    const next = new BatteryRest(folder);
    engine.failsAt = 'resume';
    await expect(next.follow(engine, false)).rejects.toThrow('The engine has ended.');
    engine.failsAt = null;
    await next.follow(engine, false);
    expect(engine.paused).toEqual([]);
  });

  test('a mirror that a person has resumed is left alone', async () => {
    const rest = new BatteryRest(await temporaryFolder());
    const engine = new PausableMirrors(['a', false]);
    await rest.follow(engine, true);
    await engine.call('resume', { mirrorId: 'a' });
    await rest.follow(engine, true);
    expect(engine.paused).toEqual([]);
  });
});

describe('a port of texts', () => {
  const pair = (longest?: number) => {
    const sent: string[] = [];
    const hungUp: string[] = [];
    const port = textPort({ send: (text) => sent.push(text), hangUp: (why) => hungUp.push(why) }, longest);
    const got: unknown[] = [];
    port.onMessage((message) => got.push(message));
    let closes = 0;
    port.onClose(() => {
      closes += 1;
    });
    return { port, sent, hungUp, got, closes: () => closes };
  };

  test('carries JSON both ways, until it is closed', () => {
    const { port, sent, got, hungUp, closes } = pair();
    port.post({ a: [1] });
    port.receive('{"b":2}');
    expect([sent, got]).toEqual([['{"a":[1]}'], [{ b: 2 }]]);
    port.close('done');
    port.close('done');
    port.receive('{"b":3}');
    expect([hungUp, closes(), got.length]).toEqual([['done'], 1, 1]);
    expect(() => port.post({})).toThrow('closed');
  });

  test('ends at a text that is no JSON, or too long', () => {
    for (const text of ['{', 'undefined', `"${'x'.repeat(50)}"`]) {
      const { port, got, hungUp } = pair(20);
      port.receive(text);
      expect([got, hungUp.length]).toEqual([[], 1]);
    }
  });

  test('does not hang up where the other side has gone', () => {
    const { port, hungUp, closes } = pair();
    port.ended();
    expect([hungUp, closes()]).toEqual([[], 1]);
  });
});
