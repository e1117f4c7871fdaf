import { describe, expect, it } from 'vitest';
import type { ProblemTexts, Sentence } from '../../app/contract/words/sentence.ts';
import type { Activity, Problem } from '../../app/contract.ts';
import { hiddenProblem } from '../../app/observe/unobserved-words.ts';
import { AssetIngestionError } from '../../app/vi/assets/enums.ts';
import { de } from '../../renderer/text/de/index.ts';
import { en } from '../../renderer/text/en/index.ts';
import { speak } from '../../renderer/text/format.ts';
import { worded, wordsOfActivity } from '../../renderer/text/problem-words.ts';
import { clientCodes, happeningsInSources, problemsInSources } from './problem-sources.ts';

/** What never comes to the window: the terminal's own, the server that stands in for the service, and the pages before the window's. */
const comesToWindow = (file: string): boolean => !/^(cli|sandbox|contract\/words)\//.test(file);

/** Codes of calls that no window makes: `vi-sync upload`, `download` and `assets`, and clients that somebody else writes. */
const ofCommands = new Set([
  'ConfigurationFileInvalid',
  'DuplicateFilename',
  'EmptyFile',
  'EndpointInvalid',
  'FilterMissing',
  'InvalidFileFormat',
  'LinkBroken',
  'NameInvalid',
  'OrganizationIdInvalid',
  'OrganizationIdMissing',
  'OutsideSaveDir',
  'SecretKeyInvalid',
  'SecretKeyMissing',
  'SessionIncomplete',
  'WrongContent',
]);

/** Made by the window itself. */
const ofTheWindow = new Set(['page']);

const { places, passedOn } = problemsInSources(comesToWindow);
const ofClient = clientCodes((file) => /^(vi|pull|transfer|accounts|workspace)\//.test(file));
const shown = places;

/** What a catalogue says of a code, and of a case of it. */
function textsFor(code: string, kind: string | null): Partial<ProblemTexts> {
  return { ...de.problems[code], ...(kind === null ? {} : de.problems[`${code}:${kind}`]) };
}

const casesOf = (code: string): string[] =>
  Object.keys(de.problems)
    .filter((key) => key.startsWith(`${code}:`))
    .map((key) => key.slice(code.length + 1));

const slotsOf = (sentence: Sentence | undefined): string[] =>
  typeof sentence === 'string' ? [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name) : [];

describe('the problems of the sources', () => {
  it('are found', () => {
    expect(places.length).toBeGreaterThan(90);
    expect(ofClient.size).toBeGreaterThan(30);
    // Where the code comes from elsewhere: from the client's errors, or an argument. Whoever is new here keeps code and facts.
    expect([...new Set(passedOn.map((where) => where.split(':')[0]))].sort()).toEqual([
      'accounts/account-keys.ts',
      'call-error.ts',
      'contract/problem.ts',
      'host/host-error.ts',
      'host/rpc.ts',
      'manifest/database.ts',
      'transfer/transfer-failure.ts',
      'workspace/pull-job.ts',
      'workspace/service-problem.ts',
    ]);
  });

  it.each(shown)('$where ($code) can be said in German', ({ code, cases, hasRunTimeCase, facts }) => {
    const kinds = hasRunTimeCase ? [...cases, ...casesOf(code)] : cases;
    for (const kind of kinds.length === 0 ? [null] : kinds) {
      const texts = textsFor(code, kind);
      expect(Object.keys(texts).sort(), `${code}:${kind}`).toEqual(['detail', 'suggestion', 'title']);
      // Another place may have other cases of the same code, with facts of their own.
      const isOwn = kind === null || cases.includes(kind);
      if (!isOwn) continue;
      for (const name of Object.values(texts).flatMap(slotsOf)) expect(facts, `{${name}}`).toContain(name);
    }
  });

  it.each([...ofClient].filter((code) => !ofCommands.has(code)))(
    '%s of the client can be said in German',
    (code) => {
      const cases = casesOf(code).filter((kind) => !['folder', 'lock', 'compared'].includes(kind));
      for (const kind of [null, ...cases]) {
        expect(Object.keys(textsFor(code, kind)).sort(), `${code}:${kind}`).toEqual([
          'detail',
          'suggestion',
          'title',
        ]);
      }
    },
  );

  it.each(Object.values(AssetIngestionError))('%s of the service can be said in German', (code) => {
    expect(Object.keys(textsFor(code, null)).sort()).toEqual(['detail', 'suggestion', 'title']);
  });

  it('are all that the catalogues speak of', () => {
    const known = new Set<string>([
      ...shown.map(({ code }) => code),
      ...ofClient,
      ...Object.values(AssetIngestionError),
      ...ofTheWindow,
      // Refusals of a call that nobody knows, whose code is an argument.
      'unknown-call',
      'invalid-arguments',
      'unreadable',
      // Why the engine can't start, in a dialog of the desktop app.
      'manifest-unreadable',
    ]);
    for (const catalogue of [de, en]) {
      const codes = Object.keys(catalogue.problems).map((key) => key.split(':')[0] ?? '');
      expect(codes.filter((code) => !known.has(code))).toEqual([]);
    }
    // What English says otherwise, German says at all.
    expect(Object.keys(en.problems).filter((key) => !Object.hasOwn(de.problems, key))).toEqual([]);
  });

  it('about keys send nobody to the command line', () => {
    for (const catalogue of [de, en]) {
      for (const [code, { suggestion }] of Object.entries(catalogue.problems)) {
        expect(String(suggestion), code).not.toMatch(/vi-sync (login|logout)|--\w+/);
      }
    }
    for (const code of ofClient) {
      if (/^(not-logged-in|other-organization|AuthenticationFailed|PermissionDenied)$/.test(code))
        expect(en.problems[code]?.suggestion, code).toContain('Settings → Accounts');
    }
  });
});

describe('what has happened', () => {
  const happenings = happeningsInSources();

  it('is found in the sources', () => {
    expect(new Set(happenings.map(({ code }) => code)).size).toBeGreaterThan(8);
  });

  it.each(happenings)('“$code” of $where can be said in German', ({ code, facts }) => {
    expect(de.happenings).toHaveProperty([code]);
    for (const name of slotsOf(de.happenings[code])) expect(facts, `{${name}}`).toContain(name);
  });

  it('is all that the catalogue speaks of', () => {
    const codes = new Set(happenings.map(({ code }) => code));
    expect(Object.keys(de.happenings).filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe('the words of a problem', () => {
  const english: Problem = hiddenProblem('train', { kind: 'unreadable', code: 'EACCES' });

  it('are those of the window’s language, with the facts in them', async () => {
    await speak('de');
    expect(worded(english)).toMatchObject({
      code: 'folder-unreadable',
      title: 'Ein Ordner lässt sich nicht lesen',
    });
    expect(worded(english).detail).toMatch(/^Das System lässt Vi Sync nicht in „train“ sehen \(EACCES\)\./);
    await speak('en');
    expect(worded(english)).toEqual(english);
  });

  it('are the engine’s own for a code that nobody knows, and for one that is a word of every object', async () => {
    await speak('de');
    for (const code of ['of-tomorrow', 'constructor', '__proto__', 'toString']) {
      const problem = { ...english, code };
      expect(worded(problem)).toEqual(problem);
    }
    await speak('en');
  });

  it('are the engine’s own where a fact is missing, as in what older versions have stored', async () => {
    await speak('de');
    const { facts: _facts, ...stored } = english;
    expect(worded(stored).detail).toBe(stored.detail);
    expect(worded({ ...english, facts: { case: 'part', folder: 'train' } }).detail).toBe(english.detail);
    await speak('en');
  });

  it('point to the settings where the engine points to the command line', () => {
    const suggestion = 'Run vi-sync login --organization org.';
    expect(worded({ ...english, code: 'not-logged-in', suggestion }).suggestion).toContain(
      'Settings → Accounts',
    );
  });

  it('count in the language’s own way', async () => {
    await speak('de');
    const hold = (annotations: number) =>
      worded({ ...english, code: 'deleted-here', facts: { file: 'a.jpg', asset: 'a.jpg', annotations } })
        .detail;
    expect(hold(1)).toMatch(/mit 1 Annotation\.$/);
    expect(hold(1200)).toMatch(/mit 1\.200 Annotationen\.$/);
    expect(hold(0)).toMatch(/noch im Datensatz\.$/);
    await speak('en');
  });
});

describe('the words of an activity', () => {
  const activity: Activity = {
    id: 1,
    at: 0,
    mirrorId: 'm',
    kind: 'uploaded',
    path: 'a.jpg',
    message: 'Uploaded “a.jpg”.',
    told: { code: 'uploaded', facts: { name: 'a.jpg' } },
  };

  it('are those of the window’s language', async () => {
    await speak('de');
    expect(wordsOfActivity(activity)).toBe('„a.jpg“ hochgeladen.');
    const told = { code: 'disk-full', facts: { path: 'a.jpg' } };
    expect(wordsOfActivity({ ...activity, kind: 'error', told })).toMatch(/^Auf dem Laufwerk/);
    expect(wordsOfActivity({ ...activity, kind: 'problem', told })).toMatch(
      /^Das Laufwerk ist voll: Auf dem/,
    );
    await speak('en');
  });

  it('are the engine’s own in English, and where they have been stored without facts', async () => {
    expect(wordsOfActivity(activity)).toBe(activity.message);
    await speak('de');
    const { told: _told, ...stored } = activity;
    expect(wordsOfActivity(stored)).toBe(activity.message);
    await speak('en');
  });
});
