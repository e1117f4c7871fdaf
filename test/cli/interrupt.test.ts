import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CliOptions } from './run-cli.ts';
import { runInTerminal } from './terminal.ts';
import { makeDataset, makePictures, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ switches: { sessionBudget: null } });
  await makePictures(path.join(world.folder, 'pictures'), 40, { bytes: 20_000 });
});
afterAll(async () => {
  await world.end();
});

// Windows has no signals that one process could send to another; there Ctrl-C only comes from the console itself.
describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  /** Every file takes a half a second or more, however small it is: there is time to interrupt between the first and the last. */
  function slow(route: 'upload' | 'download'): void {
    world.sandbox.faults = [{ kind: 'delay', route, ms: 500 }];
  }

  /** Signals a process once the sandbox has seen so many more requests of a kind. */
  function after(
    route: 'upload' | 'download',
    count: number,
    signals: readonly NodeJS.Signals[],
  ): CliOptions['onStart'] {
    const before = world.sandbox.requests[route];
    return async (child) => {
      while (child.exitCode === null && world.sandbox.requests[route] < before + count) await setTimeout(20);
      for (const signal of signals) {
        child.kill(signal);
        await setTimeout(30);
      }
    };
  }

  test('in the middle of an upload says what is done, and a repetition does the rest', async () => {
    world.sandbox.createDataset({ name: 'Half', datasetId: 'half' });
    slow('upload');
    const { exitCode, stdout, stderr } = await world.cli(['upload', 'half', 'pictures'], {
      onStart: after('upload', 20, ['SIGINT']),
    });
    world.sandbox.faults = [];
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    const done = Number(/Interrupted: (\d+) of 40 files uploaded/u.exec(stderr)?.[1]);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(40);
    expect(stderr).toContain('What to do: Repeat the command');

    const again = await world.json<{ totalSucceeded: number; totalAlreadyThere: number }>([
      'upload',
      'half',
      'pictures',
    ]);
    expect(again).toMatchObject({ exitCode: 0, document: { totalFiles: 40, totalFailed: 0 } });
    const { totalSucceeded, totalAlreadyThere } = again.document;
    expect(totalSucceeded + totalAlreadyThere).toBe(40);
    expect(totalAlreadyThere).toBeGreaterThan(0);
  });

  test('in the middle of a download leaves whole files only, and with --json says so in a document', async () => {
    const source = await makeDataset(world, 'down', 60, { bytes: 20_000 });
    slow('download');
    const { exitCode, document } = await world.json<{
      error: { code: string };
      filesDone: number;
      filesTotal: number;
    }>(['download', 'down', 'target'], { onStart: after('download', 40, ['SIGINT']) });
    world.sandbox.faults = [];
    expect(exitCode).toBe(130);
    expect(document.error.code).toBe('interrupted');
    expect(document.filesDone).toBeGreaterThan(0);
    expect(document.filesDone).toBeLessThan(60);

    const target = path.join(world.folder, 'target', 'down');
    const files = await readdir(target);
    expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(document.filesDone);
    for (const file of files) {
      expect(await readFile(path.join(target, file))).toEqual(await readFile(path.join(source, file)));
    }
    expect(await world.json(['download', 'down', 'target'])).toMatchObject({
      exitCode: 0,
      document: { totalFailed: 0, totalKept: 0, totalSkipped: files.length },
    });
  });

  test('SIGTERM ends it in order as well, with its own exit code', async () => {
    world.sandbox.createDataset({ name: 'Term', datasetId: 'term' });
    slow('upload');
    const { exitCode, stderr } = await world.cli(['upload', 'term', 'pictures'], {
      onStart: after('upload', 20, ['SIGTERM']),
    });
    world.sandbox.faults = [];
    expect(exitCode).toBe(143);
    expect(stderr).toMatch(/Interrupted: \d+ of 40 files uploaded/u);
  });

  test('a second one ends at once what does not end by itself', async () => {
    const url = new URL('../../app/cli/interruption.ts', import.meta.url).href;
    const script = `
      const { catchInterruptions } = await import(${JSON.stringify(url)});
      const signal = catchInterruptions({ onFirst: (name) => console.log(name), onSecond: () => console.log('second') });
      signal.addEventListener('abort', () => console.log(signal.reason.message));
      setInterval(() => undefined, 1000);
      console.log('ready');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let stdout = '';
    const lines = ['ready', 'Ended by SIGINT.'];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      // Each signal is sent when the one before has had its effect: two at once would count as one.
      if (lines[0] !== undefined && stdout.includes(lines[0])) {
        lines.shift();
        child.kill('SIGINT');
      }
    });
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect({ exitCode, stdout }).toEqual({
      exitCode: 130,
      stdout: 'ready\nSIGINT\nEnded by SIGINT.\nsecond\n',
    });
  });

  test('twice ends an upload with the same exit code', async () => {
    world.sandbox.createDataset({ name: 'Twice', datasetId: 'twice' });
    slow('upload');
    const { exitCode } = await world.cli(['upload', 'twice', 'pictures'], {
      onStart: after('upload', 20, ['SIGINT', 'SIGINT']),
    });
    world.sandbox.faults = [];
    expect(exitCode).toBe(130);
  });

  test('typed in a terminal takes the bar away and gives the cursor back', async () => {
    world.sandbox.createDataset({ name: 'Typed', datasetId: 'typed' });
    slow('upload');
    const { exitCode, screen } = await runInTerminal(['upload', 'typed', 'pictures'], {
      env: world.env,
      cwd: world.folder,
      steps: [{ when: /Uploading .+ [1-9]\d* of 40 files/u, type: '\x03' }],
    });
    world.sandbox.faults = [];
    expect(exitCode).toBe(130);
    expect(screen).toMatch(/Interrupted: \d+ of 40 files uploaded/u);
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
  });
});
