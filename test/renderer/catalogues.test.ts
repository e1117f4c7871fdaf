import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { de } from '../../renderer/text/de/index.ts';
import { en } from '../../renderer/text/en/index.ts';
import { languageFor } from '../../renderer/text/format.ts';

const renderer = path.resolve(import.meta.dirname, '../../renderer');
const code = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^text[\\/](en|de)/.test(file))
  .map((file) => readFileSync(path.join(renderer, file), 'utf8'))
  .join('\n');

/** Problems and activities are the engine's in English: `problem-words.test.ts` looks at those of the catalogues. */
const ofProblems = new Set(['problems', 'happenings']);

/** Every text of a catalogue by its path; functions called with numbers and words in every place. */
function words(catalogue: object, prefix = ''): [string, string][] {
  return Object.entries(catalogue)
    .filter(([key]) => prefix !== '' || !ofProblems.has(key))
    .flatMap(([key, value]): [string, string][] => {
      const path = `${prefix}${key}`;
      if (typeof value === 'string') return [[path, value]];
      if (typeof value === 'function')
        return [[path, String(Reflect.apply(value, undefined, argumentsFor(path)))]];
      return words(value, `${path}.`);
    });
}

const argumentsFor = (path: string): readonly unknown[] =>
  path.endsWith('namesAndMore')
    ? [['a', 'b'], '3']
    : path.endsWith('needAttention')
      ? [2, '2', 3, '3']
      : [2, '2', '2', '2'];

describe('the catalogues', () => {
  it('have the same texts', () => {
    const paths = (catalogue: object) =>
      words(catalogue)
        .map(([path]) => path)
        .sort();
    expect(paths(de)).toEqual(paths(en));
  });

  it('say something everywhere, and nothing in the other language by mistake', () => {
    const english = new Map(words(en));
    const alike = words(de).filter(([path, word]) => word === english.get(path) && /\s/.test(word));
    expect(words(de).filter(([, word]) => word.trim() === '' || /undefined|\[object/.test(word))).toEqual([]);
    // Names and pairs, which both languages write alike.
    const allowed =
      /^(language|appName|frame\.app|mirrorOf|none|perSecond|bytes|stateWithPart|setup\.accountOf|waiting\.pictureOf|datasets\.deleteAsset|pulls\.of)/;
    expect(alike.filter(([path]) => !allowed.test(path))).toEqual([]);
  });

  it('hold no text that nobody shows', () => {
    const unused = Object.entries(en).flatMap(([screen, value]) => {
      const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [screen];
      // Tables by state or kind are read with an index.
      return /^(phase|state|column|activity|problems|happenings)/.test(screen)
        ? []
        : keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(code));
    });
    expect(unused).toEqual([]);
  });
});

describe('the language of a setting', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
  ])('“%s” is %s', (setting, language) => {
    expect(languageFor(setting)).toBe(language);
  });
});
