import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sampleManifest } from '../../app/sandbox/sample/sample-manifest.ts';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import { ViClient } from '../../app/vi/index.ts';
import { runCli, startCli } from '../cli/run-cli.ts';
import { fixturePath } from '../fixtures/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

const demoSchema = z.object({
  folder: z.string(),
  files: z.number(),
  uploaded: z.number(),
  downloaded: z.number(),
  assets: z.number(),
  equal: z.number(),
  open: z.number(),
  problems: z.array(z.object({ path: z.string(), title: z.string(), suggestion: z.string() })),
});
const startSchema = z.object({ url: z.string(), folder: z.string(), endpoint: z.string() });

async function imagesIn(place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('.vi-sync') && !entry.name.startsWith('.'),
    )
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

describe('vi-sync demo', () => {
  test('mirrors the sample once, and its counts are those of the folder', async () => {
    const run = await runCli(['demo', '--keep', path.join(folder, 'demo'), '--json']);
    expect(run.stderr).not.toContain('Error');
    expect(run.exitCode).toBe(0);
    const counts = demoSchema.parse(JSON.parse(run.stdout));
    const leftOut = sampleManifest.files.filter((file) => file.problem !== null || file.warning !== null);
    expect(counts.problems.map((problem) => problem.path).sort()).toEqual(
      leftOut.map((file) => file.path).sort(),
    );
    expect(counts.uploaded).toBe(sampleManifest.total - leftOut.length);
    expect(counts.downloaded).toBe(sampleManifest.assets.length);
    expect(counts.files).toBe((await imagesIn(counts.folder)).length);
    expect(counts.assets).toBe(counts.files - leftOut.length);
    expect(counts.equal).toBe(counts.assets);
    expect(counts.open).toBe(0);
    expect(await imagesIn(counts.folder)).toEqual(
      [...sampleManifest.files, ...sampleManifest.assets].map((file) => file.path).sort(),
    );
  });

  test('a second demo in the same folder transfers nothing', async () => {
    const place = path.join(folder, 'demo');
    await runCli(['demo', '--keep', place]);
    const again = await runCli(['demo', '--keep', place]);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(/\b0 files uploaded/);
    expect(again.stdout).toMatch(/\b0 files downloaded/);
  });
});

/** What a process prints until it makes a JSON document. */
async function firstDocument(stream: Readable): Promise<unknown> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.trimEnd().endsWith('}')) return JSON.parse(text);
  }
  throw new Error(`The process ended after “${text}”.`);
}

describe('vi-sync start', () => {
  test('shows the page, uploads an image dropped into the folder within 5 s, ends cleanly with Ctrl-C', async () => {
    const child = startCli(['start', '--playground', folder, '--json']);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
      const app = startSchema.parse(await firstDocument(child.stdout));
      const page = await fetch(app.url, { redirect: 'manual' });
      expect(page.status).toBe(303);
      await copyFile(fixturePath('good/scene.png'), path.join(app.folder, 'val', 'dropped.png'));
      await sleep(5000);
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toBe(0);

    // Nothing of the app runs any more: what the sandbox has now, it had by then.
    const sandbox = await startSandbox({ dataDir: path.join(folder, 'sandbox') });
    const { endpoint, organizationId, secretKey } = sandbox;
    const client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
    try {
      const names: string[] = [];
      for await (const asset of client.assets.list({ datasetId: 'sample' }).allItems())
        names.push(asset.filename);
      expect(names).toContain('dropped.png');
    } finally {
      await client.close();
      await sandbox.close();
    }
  });
});
