import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { leafCommands } from './cli-reference.ts';

const root = path.resolve(import.meta.dirname, '../..');
const guide = path.join(root, 'docs', 'guide');

async function pages(): Promise<{ page: string; text: string }[]> {
  const names = (await fs.readdir(guide)).map((name) => `docs/guide/${name}`);
  return Promise.all(
    [...names, 'docs/architecture.md', 'SECURITY.md'].map(async (page) => ({
      page,
      text: await fs.readFile(path.join(root, page), 'utf8'),
    })),
  );
}

/** What a page has a person type: commands of Vi Sync in blocks and between backquotes. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/```(?:sh|ini)\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.replace(/```.*?```/gs, '').matchAll(/`(vi-sync [^`]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...blocks, ...inline].flatMap((line) =>
    [...line.matchAll(/(?:^|\s)(vi-sync (?!-)[a-z][^|>&;'"]*(?:'[^']*'[^|>&;'"]*)?)/g)].map(([, code = '']) =>
      code.trim(),
    ),
  );
}

test('every command and option in the guide is one that there is', async () => {
  const commands = leafCommands();
  let seen = 0;
  for (const { page, text } of await pages()) {
    for (const line of commandsIn(text)) {
      const found = commands
        .filter(({ name }) => line === name || line.startsWith(`${name} `))
        .sort((a, b) => b.name.length - a.name.length)[0];
      expect(found, `${page}: ${line}`).toBeDefined();
      const known = new Set(['--json', '--verbose', '--help']);
      for (const { long } of found?.command.options ?? []) if (typeof long === 'string') known.add(long);
      for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(known, `${page}: ${line}`).toContain(option);
      seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(30);
});

test('every link of the guide leads somewhere, and to a heading that is there', async () => {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  for (const { page, text } of await pages()) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? path.join(root, page) : path.resolve(root, path.dirname(page), file);
      const linked = await fs.readFile(place, 'utf8').catch(() => null);
      expect(linked, `${page}: ${target}`).not.toBeNull();
      const headings = [...(linked ?? '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
      if (anchor !== undefined) expect(headings, `${page}: ${target}`).toContain(anchor);
    }
  }
});
