import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { printMirror } from '../../app/cli/mirror-words.ts';
import { Output } from '../../app/cli/output.ts';
import type { MirrorStatus } from '../../app/contract.ts';
import { EngineDouble } from '../host/engine-double.ts';

const now = Date.parse('2026-11-27T12:00:00Z');

/** The lines that a person reads about a mirror. */
function linesOf(changes: Partial<MirrorStatus>): string[] {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const output = new Output({ stdout, stderr: new PassThrough(), json: false, env: {} });
  printMirror(output, { ...new EngineDouble().status(), ...changes }, [], now);
  return String(stdout.read()).split('\n');
}

describe('a mirror whose service can’t be reached', () => {
  test('says when it is tried again', () => {
    expect(linesOf({ phase: 'offline', retryAt: now + 26_000 })).toContain('  next try in 26 s');
    // A service that answers with errors is waited for in the same way.
    expect(linesOf({ phase: 'attention', retryAt: now + 90_000 })).toContain('  next try in 1 min 30 s');
  });

  test('says nothing of it while it is tried, and where nobody would try', () => {
    for (const changes of [
      { phase: 'offline', retryAt: null },
      { phase: 'offline', retryAt: now },
      { phase: 'paused', retryAt: now + 26_000 },
      { phase: 'stopped', retryAt: now + 26_000 },
    ] as const)
      expect(linesOf(changes).join('\n')).not.toContain('next try');
  });
});
