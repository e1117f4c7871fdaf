import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '../..');

/** Every import of a folder's sources: the file, and what it imports, relative to the project. */
function importsOf(folder: string): { readonly file: string; readonly imports: string }[] {
  return readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const text = readFileSync(path.join(project, file), 'utf8');
      const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)];
      return specifiers.map(([, specifier = '']) => ({
        file: file.replaceAll('\\', '/'),
        imports: specifier.startsWith('.')
          ? path.join(path.dirname(file), specifier).replaceAll('\\', '/')
          : specifier,
      }));
    });
}

const app = importsOf('app');

describe('the layers of the sources', () => {
  it('are read', () => {
    expect(app.length).toBeGreaterThan(1000);
  });

  it.each([
    // Folder, and what nothing in it imports.
    ['app/', /^(main|renderer)\/|^electron(\/|$)/],
    ['app/contract', /^app\/(?!contract)/],
    ['app/contract/words/', /^(?!app\/contract(\/words\/|\.ts$))/],
    ['app/vi/', /^app\/(?!vi\/|image\/|contract)/],
    ['app/image/', /^app\/(?!image\/|contract)/],
    ['app/plan/', /^app\/(host|workspace|accounts|cli)\//],
    ['app/engine', /^app\/(host|workspace|accounts|cli)\//],
    ['app/accounts/', /^app\/(host|workspace|cli)\//],
    ['app/workspace/', /^app\/(host|cli)\//],
    ['app/host/', /^app\/cli\//],
  ])('%s imports nothing that matches %s', (folder, forbidden) => {
    const wrong = app.filter(({ file, imports }) => file.startsWith(folder) && forbidden.test(imports));
    expect(wrong).toEqual([]);
  });
});
