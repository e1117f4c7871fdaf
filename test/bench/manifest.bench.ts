import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BenchParts, BenchResult } from './result.ts';

const ROWS = 1_000_000;
const DIFFERING = 1000;
const ROUNDS = 3;
const PLAN_TARGET = 1.5;
const MEMORY_TARGET = 300e6;
const START_TARGET_MS = 2000;

const found = z.object({
  ms: z.number().default(0),
  againMs: z.number().default(0),
  found: z.number(),
  peakBytes: z.number(),
});

/**
 * A mirror of a million files that are in sync, but for a thousand.
 *
 * Plan: ours has in it the check of every row against its marks, which a start and a day begin with, the decisions, and what is written of
 * them; the yardstick is one SQL join of the three trees that yields the rows that differ. Each runs in a process of its own, in turns.
 *
 * Start: from the start of the process (Node, the program, its modules) until the engine has answered the call `status`.
 */
async function* benchMillion(): AsyncGenerator<BenchResult> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    await run('fill', folder, ROWS, DIFFERING);
    const joins: number[] = [];
    const plans: number[] = [];
    const again: number[] = [];
    const starts: number[] = [];
    const engines: number[] = [];
    let peak = 0;
    // One round more: the first brings the file into memory.
    for (let round = 0; round <= ROUNDS; round++) {
      const join = found.parse(await run('join', folder));
      const plan = found.parse(await run('plan', folder));
      const from = performance.now();
      const start = found.parse(await run('start', folder));
      const startMs = performance.now() - from;
      if (join.found !== DIFFERING || start.found !== ROWS)
        throw new Error('The bench does not measure what it should.');
      peak = Math.max(peak, plan.peakBytes);
      if (round === 0) continue;
      joins.push(join.ms);
      plans.push(plan.ms);
      again.push(plan.againMs);
      starts.push(startMs);
      engines.push(start.ms);
    }
    const ratio = median(plans) / median(joins);
    yield* [
      {
        work: `manifest: check and plan ${count(ROWS)} rows of each tree, ${count(DIFFERING)} differing`,
        ours: `${seconds(median(plans))}; when only marked rows are looked at ${Math.round(median(again))} ms`,
        yardstick: `the bare SQL join: ${seconds(median(joins))}`,
        ratio,
        target: `≤ ${PLAN_TARGET} × its time`,
        met: ratio <= PLAN_TARGET,
      },
      {
        work: 'manifest: peak memory of that',
        ours: `${Math.round(peak / 1e6)} MB`,
        yardstick: 'the target',
        ratio: peak / MEMORY_TARGET,
        target: `< ${MEMORY_TARGET / 1e6} MB`,
        met: peak < MEMORY_TARGET,
      },
      {
        work: `manifest: start on ${count(ROWS)} rows until the status answers`,
        ours: `${seconds(median(starts))}, of which ${Math.round(median(engines))} ms after the program was loaded`,
        yardstick: 'the target',
        ratio: median(starts) / START_TARGET_MS,
        target: `≤ ${START_TARGET_MS / 1000} s`,
        met: median(starts) <= START_TARGET_MS,
      },
    ];
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Runs a piece to its end. Its time is that of the process, unless it says otherwise. */
async function run(piece: string, ...args: (string | number)[]): Promise<unknown> {
  const script = fileURLToPath(new URL('./manifest-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, piece, ...args.map(String)]);
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

export const manifestBench: BenchParts = new Map([['million', benchMillion]]);
