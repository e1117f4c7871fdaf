import { describe, expect, test } from 'vitest';
import { pullSchema } from '../../app/contract.ts';
import { appMenu, trayMenu } from '../../app/desktop/menus.ts';
import { mirrorNotice, pullNotice } from '../../app/desktop/notices.ts';
import { moods, shellState } from '../../app/desktop/shell-state.ts';
import { spokenWords } from '../../app/desktop/speech.ts';
import { shellWords } from '../../app/desktop/words.ts';
import { folderMissing } from '../host/scene-problems.ts';
import { menuLabels } from './menu-labels.ts';
import { mirrorStatus, moving } from './mirror-status.ts';

const words = shellWords('en', []);
const formatCount = (n: number): string => String(n);
const spoken = spokenWords('en', formatCount);
const german = { words: shellWords('de', []), spoken: spokenWords('de', formatCount) };
const problem = {
  code: 'gone',
  title: 'The folder is gone',
  detail: 'It is not there.',
  suggestion: 'Look.',
};

describe('what the tray says of all mirrors together', () => {
  test.each([
    ['starting', null],
    ['empty', []],
    ['in-sync', [mirrorStatus()]],
    ['syncing', [mirrorStatus(), mirrorStatus({ phase: 'scanning' })]],
    ['offline', [mirrorStatus({ phase: 'syncing' }), mirrorStatus({ phase: 'offline', problem })]],
    ['paused', [mirrorStatus(), mirrorStatus({ phase: 'paused', isPaused: true })]],
    ['attention', [mirrorStatus({ phase: 'syncing', counts: { held: 1 } })]],
    ['attention', [mirrorStatus({ phase: 'offline' }), mirrorStatus({ phase: 'attention', problem })]],
    ['attention', [mirrorStatus({ phase: 'preview', isApproved: false })]],
  ] as const)('%s', (mood, mirrors) => {
    expect(shellState(mirrors).mood).toBe(mood);
  });

  test('progress is of the bytes of those that sync, and of nothing else', () => {
    expect(shellState([mirrorStatus({ upload: moving(50, 100) })]).progress).toBeNull();
    const active = mirrorStatus({ phase: 'syncing', upload: moving(50, 100), download: moving(50, 300) });
    expect(shellState([active, mirrorStatus()])).toMatchObject({
      progress: 0.25,
      moving: { done: 2, total: 8 },
    });
  });

  test('each has words in both languages', () => {
    for (const language of ['en', 'de']) {
      const { moods: said } = shellWords(language, []);
      expect(moods.map((mood) => said[mood]).every((text) => text.length > 0)).toBe(true);
      expect(Object.keys(said).sort()).toEqual([...moods].sort());
    }
    expect(shellWords(null, ['fr-FR', 'de-AT', 'en'])).toBe(shellWords('de', []));
    expect(shellWords(null, ['fr-FR'])).toBe(shellWords('en', []));
  });
});

describe('the tray’s menu', () => {
  const facts = (
    mirrors: ReturnType<typeof mirrorStatus>[],
    recent: { path: string | null; message: string }[] = [],
  ) => ({
    state: shellState(mirrors),
    mirrors,
    recent: recent.map((each, id) => ({ id, at: 1, mirrorId: 'one', kind: 'uploaded' as const, ...each })),
    words,
    spoken,
    formatCount,
    update: null,
  });

  test('begins with “Open”, tells how things are, and leads to what waits', () => {
    const lines = trayMenu(facts([mirrorStatus({ counts: { held: 3 } })]));
    expect(menuLabels(lines)).toEqual([
      'Open Vi Sync',
      '—',
      '(3 images wait for your answer)',
      'Pictures && more',
      '—',
      'Pause all',
      'Sync now',
      'Recent activity > (Nothing yet)',
      '—',
      'Settings…',
      'Quit Vi Sync',
    ]);
    expect(lines[3]).toMatchObject({ action: { type: 'show', address: '#/waiting/one' } });
  });

  test('offers to resume when all is paused, and nothing that needs a mirror without one', () => {
    expect(menuLabels(trayMenu(facts([mirrorStatus({ phase: 'paused', isPaused: true })])))).toContain(
      'Resume all',
    );
    const disabled = trayMenu(facts([])).filter((line) => line.kind === 'action' && !line.isEnabled);
    expect(disabled).toMatchObject([{ label: 'Pause all' }, { label: 'Sync now' }]);
  });

  test('offers a restart once a new version is there', () => {
    const labels = menuLabels(trayMenu({ ...facts([]), update: '1.2.3' }));
    expect(labels.slice(-2)).toEqual(['Restart to update to 1.2.3', 'Quit Vi Sync']);
    for (const platform of ['darwin', 'linux'] as const)
      expect(menuLabels(appMenu({ words, update: '1.2.3' }, platform)).join('\n')).toContain(
        'Restart to update',
      );
  });

  test('names of anybody’s making can neither break its lines nor make letters of it', () => {
    const hostile = { path: `a/b\n&&${'x'.repeat(200)}`, message: 'uploaded' };
    const lines = trayMenu(facts([mirrorStatus()], [hostile]));
    const recent = lines.find((line) => line.kind === 'menu');
    const [first] = recent?.kind === 'menu' ? recent.lines : [];
    const label = first?.kind === 'action' ? first.label : '';
    expect(label).toMatch(/^b &&&&x+…$/);
    expect(label.length).toBeLessThanOrEqual(60);
  });
});

describe('the tray in German', () => {
  test('tells what happened lately in German', () => {
    const told = { code: 'uploaded', facts: { name: 'a.jpg' } };
    const activity = { id: 1, at: 1, mirrorId: 'one', kind: 'uploaded', path: 'x/a.jpg' } as const;
    const recent = [{ ...activity, message: 'Uploaded “a.jpg”.', told }];
    const lines = trayMenu({
      state: shellState([]),
      mirrors: [],
      recent,
      formatCount,
      update: null,
      ...german,
    });
    expect(menuLabels(lines).join('\n')).toContain('a.jpg: „a.jpg“ hochgeladen.');
  });
});

describe('the menu of the app', () => {
  test.each(['darwin', 'linux', 'win32'] as const)('has copying, settings and quitting on %s', (platform) => {
    const flat = menuLabels(appMenu({ words, update: null }, platform)).join('\n');
    for (const part of ['[copy]', '[paste]', 'Settings…', 'Quit Vi Sync', 'Documentation'])
      expect(flat).toContain(part);
    expect(flat.includes('[hideOthers]')).toBe(platform === 'darwin');
    expect(flat).not.toMatch(/devtools|reload/i);
  });
});

describe('a notification', () => {
  const wanted = { holds: true, finished: true, problems: true };
  const facts = { wanted, words, spoken, formatCount };

  test('is not sent of what was so already', () => {
    const held = mirrorStatus({ counts: { held: 4 }, problem });
    expect(mirrorNotice(held, held, facts)).toBeNull();
    expect(mirrorNotice(held, mirrorStatus({ counts: { held: 3 }, problem }), facts)).toBeNull();
  });

  test('leads to what it tells of', () => {
    expect(mirrorNotice(mirrorStatus(), mirrorStatus({ counts: { held: 2 } }), facts)).toMatchObject({
      title: '2 images wait for your answer',
      address: '#/waiting/one',
    });
    expect(mirrorNotice(mirrorStatus(), mirrorStatus({ problem }), facts)).toMatchObject({
      title: 'Pictures & more: The folder is gone',
      address: '#/mirror/one',
    });
    const before = mirrorStatus({ phase: 'syncing', upload: moving(9, 10, 5, 6) });
    expect(mirrorNotice(before, mirrorStatus({ upload: moving(10, 10, 6, 6) }), facts)).toMatchObject({
      text: '6 images were transferred.',
    });
  });

  test('speaks of problems in the language of the window', async () => {
    const missing = await folderMissing('/media/card');
    const notice = mirrorNotice(mirrorStatus(), mirrorStatus({ problem: missing }), { ...facts, ...german });
    expect(notice).toMatchObject({
      title: 'Pictures & more: Der Ordner ist nicht da',
      text: '„/media/card“ ist nicht zu finden. Im Datensatz wurde nichts geändert.',
    });
    // What no catalogue knows is said as the engine says it.
    const unknown = mirrorNotice(mirrorStatus(), mirrorStatus({ problem }), { ...facts, ...german });
    expect(unknown?.text).toBe('It is not there.');
  });

  test('of a round that moved nothing, or that nobody wants to hear of, is not sent', () => {
    expect(mirrorNotice(mirrorStatus({ phase: 'syncing' }), mirrorStatus(), facts)).toBeNull();
    const silent = { ...facts, wanted: { holds: false, finished: false, problems: false } };
    expect(mirrorNotice(mirrorStatus(), mirrorStatus({ counts: { held: 2 }, problem }), silent)).toBeNull();
  });

  test('tells of the end of a pull', () => {
    const pull = pullSchema.parse({
      endpoint: 'https://api.vi.datature.com',
      organizationId: 'northwind',
      pullId: 'p',
      datasetId: 'd',
      datasetName: 'Shelves',
      folder: '/p',
      metadataQuery: null,
      isFrozen: false,
      state: 'running',
      phase: 'fetching',
      filesDone: 3,
      filesTotal: 3,
      bytesDone: 1,
      bytesTotal: 1,
      bytesPerSecond: 0,
      startedAt: 1,
      endedAt: null,
      problem: null,
      result: null,
    });
    expect(pullNotice(pull, { ...pull, state: 'done' }, facts)?.title).toBe('“Shelves” has been pulled');
    expect(pullNotice(pull, { ...pull, state: 'failed', problem }, facts)?.text).toBe('It is not there.');
    expect(pullNotice(pull, { ...pull, state: 'stopped' }, facts)).toBeNull();
    expect(pullNotice(null, { ...pull, state: 'done' }, facts)).toBeNull();
  });
});
