import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Output } from '../../app/cli/output.ts';
import { describeState, startProgress } from '../../app/cli/progress.ts';

const still = { perSecond: 0, remainingMs: () => null };
const state = { activity: 'Uploading', filesDone: 0, filesTotal: 200, bytesDone: 0, bytesTotal: 15_000_000 };

/** A stream that can be read back, in place of stderr. */
function capture(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

describe('describeState', () => {
  test('says files, bytes, rate and time left', () => {
    const rate = { perSecond: 1_200_000, remainingMs: () => 9000 };
    expect(describeState({ ...state, filesDone: 90, bytesDone: 3_100_000 }, rate)).toBe(
      '90 of 200 files · 3.1 MB of 15 MB · 1.2 MB/s · 9 s left',
    );
  });
  test('says no rate before there is one, and no bytes where none are counted', () => {
    expect(describeState(state, still)).toBe('0 of 200 files · 0 B of 15 MB');
    expect(describeState({ ...state, bytesTotal: 0 }, still)).toBe('0 of 200 files');
  });
  test('says no time left while the total still grows', () => {
    const rate = { perSecond: 1000, remainingMs: () => 9000 };
    expect(describeState({ ...state, bytesDone: 1, totalsKnown: false }, rate)).toBe(
      '0 of 200 files so far · 1 B of 15 MB · 1 kB/s',
    );
  });
});

describe('startProgress without a terminal', () => {
  test('prints a line at the beginning, now and then, at each change of activity, and at the end', async () => {
    let ms = 0;
    const { stream, text } = capture();
    const output = new Output({ stdout: process.stdout, stderr: stream, json: false, env: {} });
    const progress = await startProgress(output, () => ms);
    for (; ms < 12_000; ms += 100) progress.update({ ...state, bytesDone: ms * 1000 });
    progress.update({ ...state, activity: 'Processing', filesDone: 3, bytesTotal: 0 });
    progress.update({ ...state, activity: 'Processing', filesDone: 200, bytesTotal: 0 });
    progress.stop();
    const lines = text().trim().split('\n');
    expect(lines).toEqual([
      'Uploading: 0 of 200 files · 0 B of 15 MB',
      'Uploading: 0 of 200 files · 5 MB of 15 MB · 1 MB/s · 10 s left',
      'Uploading: 0 of 200 files · 10 MB of 15 MB · 1 MB/s · 5 s left',
      'Processing: 3 of 200 files',
      'Processing: 200 of 200 files',
    ]);
  });

  test('a stop says nothing twice', async () => {
    const { stream, text } = capture();
    const output = new Output({ stdout: process.stdout, stderr: stream, json: false, env: {} });
    const progress = await startProgress(output);
    progress.update(state);
    progress.stop();
    progress.stop();
    expect(text().trim().split('\n')).toHaveLength(1);
  });
});
