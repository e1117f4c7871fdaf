import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from '../app/log.ts';

const key = `dtvi_${'k'.repeat(98)}`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function entries(name = 'test'): Promise<string[]> {
  const text = await readFile(path.join(folder, 'logs', `${name}.log`), 'utf8');
  return text.split(os.EOL).filter((line) => line !== '');
}

describe('openLog', () => {
  test('writes one line an entry, with time, level, part, message and details', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test' });
    log.info('started', { files: 3 });
    log.scope('engine').scope('scan').warn('100 % slow %s');
    const [first, second, ...rest] = await entries();
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info started \{"files":3\}$/u);
    expect(second).toMatch(/ warn \(engine\/scan\) 100 % slow %s$/u);
    expect(rest).toEqual([]);
  });

  test('works wherever the program was started', async () => {
    const url = new URL('../app/log.ts', import.meta.url).href;
    const script = `const { openLog } = await import(${JSON.stringify(url)}); openLog({ folder: 'logs', name: 'test' }).info('x')`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(await entries()).toHaveLength(1);
  });

  test('leaves out what is below its level', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test', level: 'warn' });
    log.info('no');
    log.debug('no');
    log.error('yes');
    expect(await entries()).toHaveLength(1);
  });

  test('writes no secret, wherever it stands: message, details, errors and their causes', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test' });
    const cause = new Error(`refused ${key}`);
    const error = new Error(`failed at https://example.com/x?Signature=s3cr3t`, { cause });
    log.error(`with ${key}`, {
      error,
      headers: { authorization: `Bearer ${key}`, nested: [{ url: 'https://h.example/?sig=s3cr3t' }] },
    });
    const text = (await entries()).join('\n');
    expect(text).toContain('refused [secret key]');
    expect(text).not.toContain('dtvi_');
    expect(text).not.toContain('kkkk');
    expect(text).not.toContain('s3cr3t');
  });

  test('keeps an error readable: message, stack, cause and own fields', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test' });
    log.error('failed', {
      error: Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E1' }),
    });
    const line = (await entries())[0] ?? '';
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
      error: { name: 'TypeError', message: 'outer', code: 'E1', cause: { message: 'inner' } },
    });
  });

  test('survives details that JSON has no words for', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test' });
    const circular: Record<string, unknown> = { big: 2n ** 60n };
    circular.self = circular;
    const shared = { a: 1 };
    log.info('odd', { circular, twice: [shared, shared] });
    const line = (await entries())[0] ?? '';
    expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
      circular: { big: '1152921504606846976', self: '[circular]' },
      twice: [{ a: 1 }, { a: 1 }],
    });
  });

  test('a name with line breaks and escapes forges no entry', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test' });
    log.info('file a\n2026-01-01T00:00:00Z error forged\r\x1b[2J.jpg');
    expect(await entries()).toHaveLength(1);
    expect((await entries())[0]).toContain('file a\\n2026-01-01T00:00:00Z error forged\\x0d\\x1b[2J.jpg');
  });

  test('sets full files aside and keeps so many', async () => {
    const log = openLog({ folder: path.join(folder, 'logs'), name: 'test', maxSize: 2000, keep: 2 });
    for (let number = 0; number < 200; number += 1) log.info(`entry ${number}`);
    const files = (await readdir(path.join(folder, 'logs'))).sort();
    expect(files).toEqual(['test.1.log', 'test.2.log', 'test.log']);
    for (const file of files) {
      expect((await stat(path.join(folder, 'logs', file))).size).toBeLessThan(2200);
    }
    // Nothing is lost at the seams: the newest entries follow each other.
    const kept = [...(await entries('test.2')), ...(await entries('test.1')), ...(await entries())];
    const numbers = kept.map((line) => Number(/entry (\d+)/u.exec(line)?.[1]));
    expect(numbers.at(-1)).toBe(199);
    expect(numbers).toEqual(numbers.map((_, index) => 200 - numbers.length + index));
  });

  test.runIf(process.platform !== 'win32')('is readable by its owner only', async () => {
    openLog({ folder: path.join(folder, 'logs'), name: 'test' }).info('x');
    expect((await stat(path.join(folder, 'logs', 'test.log'))).mode & 0o077).toBe(0);
  });

  test('hands every line on, redacted, when asked to', () => {
    const lines: string[] = [];
    const log = openLog({ folder, name: 'test', level: 'debug', onLine: (line) => lines.push(line) });
    log.debug(`key ${key}`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/debug key \[secret key\]$/u);
  });

  test('a log that can not be written stops nobody', async () => {
    const file = path.join(folder, 'in-the-way');
    await writeFile(file, 'a file where the folder should be');
    const lines: string[] = [];
    const log = openLog({ folder: file, name: 'test', onLine: (line) => lines.push(line) });
    log.info('one');
    log.info('two');
    expect(lines).toHaveLength(2);
    expect(await readFile(file, 'utf8')).toBe('a file where the folder should be');
  });
});
