import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = path.resolve(import.meta.dirname, '../../renderer');
const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && file !== 'vite.config.ts')
  .map((file) => ({ file, text: readFileSync(path.join(renderer, file), 'utf8') }));

describe('the renderer', () => {
  it('takes from the app the contract’s types and the words of problems alone, and nothing of Node or Electron', () => {
    expect(sources.length).toBeGreaterThan(20);
    for (const { file, text } of sources) {
      for (const [statement, specifier = ''] of text.matchAll(
        /^(?:import|export)[^'"]*?from ['"]([^'"]+)['"]/gm,
      )) {
        if (specifier.includes('/app/') && !specifier.includes('/app/contract/words/')) {
          expect(specifier, file).toMatch(/\/app\/contract\.ts$/);
          expect(statement, file).toMatch(/^import type/);
        }
        expect(specifier, file).not.toMatch(/^node:|^electron/);
      }
    }
  });

  it('never turns text into markup', () => {
    for (const { file, text } of sources) {
      expect(text, file).not.toMatch(
        /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|\beval\(|new Function/,
      );
    }
  });
});
