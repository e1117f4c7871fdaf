import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../e2e/browser.ts';
import { rendererDir } from '../e2e/page-fixture.ts';
import { doubleMirrorId } from '../host/engine-double.ts';
import { showBareList } from './bare-list.ts';
import type { BenchParts, BenchResult } from './result.ts';

const ROWS = 100_000;
const ROUNDS = 5;
/** Of one round of scrolling. */
const SCROLL_MS = 4000;
/** Pixels that a frame moves by: about 90 rows a second. */
const STEP = 48;
const FRAMES_TARGET = 0.95;
const KEYSTROKE_TARGET_MS = 100;
const HEAP_TARGET = 150e6;
const SCRIPT_TARGET = 350_000;
const viewport = { width: 1280, height: 800 };

/** The page of a mirror of 100,000 files while a transfer runs, in a Chromium without a window, which draws with the processor. */
async function* benchTable(): AsyncGenerator<BenchResult> {
  const browser = await openBrowser();
  try {
    yield* await withHost((url) => measure(browser, url));
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, url: string): Promise<readonly BenchResult[]> {
  const ours = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage();
  await ours.goto(`${url}#/mirror/${doubleMirrorId}`);
  await ours.locator('[role=grid] [aria-busy=false]').first().waitFor();
  const scripts = await scriptBytes(ours);
  const bare = await (await browser.newContext({ viewport })).newPage();
  await bare.evaluate(showBareList, ROWS);

  const frames: { ours: number; yardstick: number }[] = [];
  let heap = 0;
  // One round more: the first only warms up. A page behind another one draws nothing, so each comes to the front for its turn.
  for (let round = 0; round <= ROUNDS; round++) {
    await bare.bringToFront();
    const yardstick = await smoothFrames(bare, '#list');
    await ours.bringToFront();
    const share = await smoothFrames(ours, '[role=grid]');
    heap = Math.max(heap, await heapBytes(ours));
    if (round > 0) frames.push({ ours: share, yardstick });
  }
  const answers = await keystrokes(ours);
  heap = Math.max(heap, await heapBytes(ours));
  const smooth = {
    ours: median(frames.map((each) => each.ours)),
    bare: median(frames.map((each) => each.yardstick)),
  };
  const slowest = answers.at(Math.ceil(answers.length * 0.95) - 1) ?? Number.NaN;
  return [
    {
      work: `renderer: scroll a table of ${ROWS.toLocaleString('en-US')} files while a transfer runs, frames in time`,
      ours: percent(smooth.ours),
      yardstick: `a bare list of as many rows: ${percent(smooth.bare)}`,
      ratio: smooth.ours / smooth.bare,
      target: `≥ ${percent(FRAMES_TARGET)}`,
      met: smooth.ours >= FRAMES_TARGET,
    },
    {
      work: `renderer: from a keystroke in its filter to the answer on screen, ${answers.length} keystrokes`,
      ours: `median ${median(answers).toFixed(0)} ms, 95 % ${slowest.toFixed(0)} ms`,
      yardstick: 'the target',
      ratio: slowest / KEYSTROKE_TARGET_MS,
      target: `95 % ≤ ${KEYSTROKE_TARGET_MS} ms`,
      met: slowest <= KEYSTROKE_TARGET_MS,
    },
    {
      work: 'renderer: the largest JS heap of that',
      ours: `${(heap / 1e6).toFixed(0)} MB`,
      yardstick: 'the target',
      ratio: heap / HEAP_TARGET,
      target: `< ${HEAP_TARGET / 1e6} MB`,
      met: heap < HEAP_TARGET,
    },
    {
      work: 'renderer: scripts that the page begins with, compressed',
      ours: `${(scripts / 1000).toFixed(0)} kB`,
      yardstick: 'the target',
      ratio: scripts / SCRIPT_TARGET,
      target: `< ${SCRIPT_TARGET / 1000} kB`,
      met: scripts < SCRIPT_TARGET,
    },
  ];
}

/** Runs a host in a process of its own for as long as `use` takes. */
async function withHost<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const script = fileURLToPath(new URL('./renderer-host.ts', import.meta.url));
  const host: ChildProcess = spawn(process.execPath, [script, dataDir, String(ROWS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    if (host.stdout === null) throw new Error('The host has no output.');
    const [url]: unknown[] = await once(readline.createInterface({ input: host.stdout }), 'line');
    return await use(String(url));
  } finally {
    host.kill();
    if (host.exitCode === null && host.signalCode === null) await once(host, 'exit');
    await fs.rm(dataDir, { recursive: true, force: true });
  }
}

/**
 * Scrolls an element by the same step with every frame, and answers the share of frames that came in time. A screen of 60 Hz gives each
 * 16.7 ms; one that takes longer is missed, and the next comes after 33 ms. Half an interval more is the clock's own unrest, and no missed frame.
 */
function smoothFrames(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    ({ selector, ms, step }) =>
      new Promise<number>((resolve, reject) => {
        const element = document.querySelector(selector);
        if (element === null) return reject(new Error(`There is no ${selector}.`));
        const begin = performance.now();
        let before = begin;
        let inTime = 0;
        let due = 0;
        const frame = (now: number): void => {
          const intervals = Math.max(1, Math.round((now - before) / (1000 / 60)));
          due += intervals;
          if (intervals === 1) inTime += 1;
          before = now;
          element.scrollTop += step;
          if (now - begin < ms) requestAnimationFrame(frame);
          else resolve(inTime / due);
        };
        requestAnimationFrame((now) => {
          before = now;
          requestAnimationFrame(frame);
        });
      }),
    { selector, ms: SCROLL_MS, step: STEP },
  );
}

/** Types digits into the filter and takes them out again, each of which leaves another number of files. Milliseconds, the shortest first. */
async function keystrokes(page: Page): Promise<readonly number[]> {
  await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo(0, 0));
  const field = page.getByRole('textbox', { name: 'Search files' });
  await field.focus();
  const times: number[] = [];
  for (const number of ['473', '916', '258', '731', '884', '647', '529', '365']) {
    for (const key of [...number, 'Backspace', 'Backspace', 'Backspace']) {
      // Listening must have begun before the key comes: keys take another way into the page.
      await page.evaluate(listenForAnswer);
      await page.keyboard.press(key);
      times.push(await page.evaluate((): Promise<number> => Reflect.get(window, 'answered')));
    }
  }
  return times.toSorted((a, b) => a - b);
}

/** Runs in the page: puts a promise of the next answer on the window, in milliseconds since the key's event. */
function listenForAnswer(): void {
  const count = (): string | null | undefined =>
    document.querySelector('[role=grid]')?.getAttribute('aria-rowcount');
  const before = count();
  const answered = new Promise<number>((resolve, reject) => {
    let from = Number.NaN;
    window.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        from = timeStamp;
      },
      { once: true, capture: true },
    );
    const deadline = performance.now() + 30_000;
    const look = (): void => {
      const now = count();
      if (performance.now() > deadline) reject(new Error('The table does not answer.'));
      else if (now === undefined || now === before) requestAnimationFrame(look);
      // What is in the page in one frame is on screen with the next.
      else requestAnimationFrame(() => resolve(performance.now() - from));
    };
    requestAnimationFrame(look);
  });
  Reflect.set(window, 'answered', answered);
}

/** What lives on the heap after everything that nobody needs is thrown away. */
async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

async function scriptBytes(page: Page): Promise<number> {
  const names = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((name) => name.endsWith('.js')),
  );
  return names.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(rendererDir, name))).length, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export const rendererBench: BenchParts = new Map([['table', benchTable]]);
