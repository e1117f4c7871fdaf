import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import path from 'node:path';

/** What git says of a path: ignored or not, and the rule that it names. */
export interface GitAnswer {
  readonly ignored: boolean;
  /** `folder/.gitignore:3`; null: no rule speaks of it. */
  readonly rule: string | null;
}

/** A real repository in an empty folder: its rules are its own, not those of whoever runs the tests. */
export async function makeRepository(root: string): Promise<void> {
  await fs.mkdir(root, { recursive: true });
  git(root, ['init', '--quiet']);
  await fs.rm(path.join(root, '.git/info/exclude'), { force: true });
}

/** Asks git about paths, relative to the repository, in one go. Folders end in `/` and are made; files are made empty. */
export async function askGit(root: string, paths: readonly string[]): Promise<GitAnswer[]> {
  for (const each of paths) {
    const place = path.join(root, each);
    await fs.mkdir(each.endsWith('/') ? place : path.dirname(place), { recursive: true });
    if (!each.endsWith('/')) await fs.writeFile(place, '');
  }
  const asked = paths.map((each) => each.replace(/\/$/, ''));
  const answer = git(
    root,
    ['check-ignore', '-z', '-v', '-n', '--no-index', '--stdin'],
    `${asked.join('\0')}\0`,
  );
  const fields = answer.split('\0');
  return asked.map((each, index) => {
    const [file = '', line = '', pattern = '', of = ''] = fields.slice(4 * index, 4 * index + 4);
    if (of !== each) throw new Error(`git has answered about “${of}” instead of “${each}”`);
    return {
      ignored: pattern !== '' && !pattern.startsWith('!'),
      rule: file === '' ? null : `${file}:${line}`,
    };
  });
}

function git(root: string, args: string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(
    'git',
    ['-c', 'core.excludesFile=', '-c', 'core.ignoreCase=false', ...args],
    {
      cwd: root,
      input,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env.PATH,
        HOME: root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CEILING_DIRECTORIES: path.dirname(root),
      },
    },
  );
  if (error !== undefined) throw error;
  // 1: nothing is ignored.
  if (status !== 0 && status !== 1) throw new Error(`git ${args[0]} failed: ${stderr}`);
  return stdout;
}
