import { describe, expect, test } from 'vitest';
import type { MirrorStatus } from '../../app/contract.ts';
import { EngineWatch, type Watched } from '../../app/desktop/engine-watch.ts';
import { silentLog } from '../../app/log.ts';
import { AppDouble } from '../host/app-double.ts';
import { doubleMirrorId, row } from '../host/engine-double.ts';

function watching(app: AppDouble) {
  const seen: Watched[] = [];
  const mirrors: [MirrorStatus, MirrorStatus][] = [];
  const pulls: [string | null, string][] = [];
  const watch = new EngineWatch(app, {
    log: silentLog,
    onChange: (watched) => seen.push(watched),
    onMirror: (before, after) => mirrors.push([before, after]),
    onPull: (before, after) => pulls.push([before?.state ?? null, after.state]),
  });
  return { watch, seen, mirrors, pulls };
}

describe('what the shell knows of the app', () => {
  test('is a snapshot at first, and follows its events', async () => {
    const app = new AppDouble([row('a.jpg')]);
    const { watch, seen, mirrors } = watching(app);
    expect(watch.watched).toBeNull();
    await watch.begin();
    expect(seen).toHaveLength(1);
    expect(watch.watched?.mirrors.map(({ mirrorId }) => mirrorId)).toEqual([doubleMirrorId]);

    app.phase = 'offline';
    app.emit('mirrorChanged', app.status());
    expect(mirrors.map(([before, after]) => [before.phase, after.phase])).toEqual([['in-sync', 'offline']]);
    // What waits in one that has just been added is news.
    const { counts } = app.status();
    app.emit('mirrorChanged', { ...app.status(), mirrorId: 'new', counts: { ...counts, held: 2 } });
    expect(mirrors.at(-1)?.map(({ counts }) => counts.held)).toEqual([0, 2]);
    expect(watch.watched?.mirrors).toHaveLength(2);
    app.emit('mirrorRemoved', { mirrorId: doubleMirrorId });
    expect(watch.watched?.mirrors.map(({ mirrorId }) => mirrorId)).toEqual(['new']);
    app.emit('appSettingsChanged', { ...app.appSettings, theme: 'dark' });
    expect(watch.watched?.settings.theme).toBe('dark');
    for (let id = 0; id < 20; id += 1)
      app.emit('activityAdded', {
        id,
        at: id,
        mirrorId: 'new',
        kind: 'uploaded',
        path: 'a.jpg',
        message: `${id}`,
      });
    expect(watch.watched?.recent.map(({ id }) => id)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
  });

  test('takes an event that comes before the snapshot for newer than that, and no news', async () => {
    const app = new AppDouble([row('a.jpg')]);
    const { watch, mirrors } = watching(app);
    const begun = watch.begin();
    app.emit('mirrorChanged', { ...app.status(), phase: 'syncing' });
    await begun;
    expect(watch.watched?.mirrors.map(({ phase }) => phase)).toEqual(['syncing']);
    expect(mirrors).toEqual([]);
  });

  test('ends with the connection', async () => {
    const app = new AppDouble([]);
    const { watch, seen } = watching(app);
    await watch.begin();
    watch.close();
    app.emit('mirrorChanged', app.status());
    expect(seen).toHaveLength(1);
  });
});
