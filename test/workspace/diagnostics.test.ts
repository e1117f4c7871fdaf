import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { anonymousLog, withoutNames } from '../../app/workspace/anonymous-log.ts';
import { picture } from '../engine/pictures.ts';
import { refusalOf, workspaceWorld } from './workspace-world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const at = '2026-11-27T10:00:00.000Z';

test.each([
  [
    'info (engine) A scan has ended {"ms":12,"folder":"/home/ada/secret"}',
    'info (engine) A scan has ended {"ms":12}',
  ],
  [
    'warn (mirror) A file could not be sent {"path":"x/Geheim.jpg","tries":2}',
    'warn (mirror) A file could not be sent {"tries":2}',
  ],
  [
    'error (host) The call “files” failed (internal): no /home/ada/x',
    'error (host) The call “…” failed (internal): …',
  ],
  ["warn ENOENT, open '/home/Ada Lovelace/secret plans/a.png'", 'warn ENOENT, open “…”'],
  ['info Made /home/Ada Lovelace/secret plans', 'info Made …'],
  ['info Skipped holiday.jpg today', 'info Skipped … today'],
  ['info Windows C:\\Users\\Ada Lovelace\\plans', 'info Windows …'],
  ['error no form at all', 'error no form at all'],
])('%s', (line, wanted) => {
  expect(anonymousLog(`${at} ${line}`)).toBe(`${at} ${wanted}`);
});

test('a line of another form is left out, and so is what a stack says', () => {
  expect(anonymousLog('    /home/ada/geheim.jpg')).toBe('…');
  const stack =
    'Error: no “geheim.jpg”\n    at read (file:///home/ada/vi-sync/app/engine/x.ts:3:5)\n    at node:fs:1:1';
  const error = { name: 'ViError', message: 'geheim.jpg', code: 'ENOENT', path: 'geheim.jpg', stack };
  const line = anonymousLog(`${at} error Failed ${JSON.stringify({ error })}`);
  expect(line).not.toMatch(/geheim|ada/);
  expect(line).toContain('read x.ts:3:5');
  expect(line).toContain('"code":"ENOENT"');
  expect(withoutNames('the ACME-Shelves dataset', ['acme-shelves', 'a'])).toBe('the … dataset');
});

test('diagnostics help to find a fault, and tell nothing of what anything is called', async () => {
  const secretNames = ['Zirkusdirektor', 'Nashornparade', 'warzenschwein', 'Quastenflosser'];
  const { app, sandbox, place, dir, dataDir, logFile, folder, connections } = await workspaceWorld({
    hasSandbox: true,
  });
  const { datasetId } = sandbox.createDataset({ name: 'Nashornparade', datasetId: 'Nashornparade-1' });
  const root = await folder('Zirkusdirektor');
  await fs.writeFile(path.join(root, 'warzenschwein.png'), picture(1));
  await fs.writeFile(path.join(root, 'Quastenflosser.png'), 'no picture');
  const { mirrorId } = await app.call('addMirror', { ...place, datasetId, folder: root, go: true });
  await app.call('settled', { mirrorId });
  connections.keys.keepForSession({
    ...place,
    organizationId: 'Nashornparade-org',
    secretKey: `dtvi_${'k'.repeat(98)}`,
  });
  await refusalOf(app.call('folders', { path: path.join(root, 'Quastenflosser.png') }));
  await fs.mkdir(path.dirname(logFile), { recursive: true });
  await fs.appendFile(
    logFile,
    [
      `${at} warn (mirror) A file could not be sent {"path":"warzenschwein.png","error":{"message":"Nashornparade","stack":"x Zirkusdirektor"}}`,
      `${at} error (host) The call “file” failed: ${root}`,
      `${at} info Bearer ${sandbox.secretKey} https://storage.example.com/x?signature=geheim Zirkusdirektor`,
      `Zirkusdirektor on a line of its own`,
      '',
    ].join('\n'),
  );
  const { file, bytes } = await app.call('diagnostics', {});
  expect(path.dirname(file)).toBe(dataDir);
  const text = await fs.readFile(file, 'utf8');
  expect(Buffer.byteLength(text)).toBe(bytes);
  for (const name of [
    ...secretNames,
    dir,
    sandbox.secretKey,
    'dtvi_',
    place.organizationId,
    'signature=geheim',
    mirrorId,
  ])
    expect(text.toLowerCase(), name).not.toContain(name.toLowerCase());
  const facts = JSON.parse(text);
  expect(facts).toMatchObject({
    versions: { node: process.version },
    settings: { uploadsAtOnce: 16 },
    accounts: { keys: ['sandbox', 'session'] },
    mirrors: [{ mirror: 1, counts: { 'in-sync': 1, problem: 1 }, fileTotal: 2 }],
    usage: [{ dataRows: 5 }],
  });
  expect(facts.logs['app.log'].length).toBeGreaterThan(3);
  expect(facts.logs['app.log'].join('\n')).toContain('A file could not be sent');
  if (process.platform !== 'win32') expect((await fs.stat(file)).mode & 0o077).toBe(0);
});

test('diagnostics that can’t be written are refused in words', async () => {
  const { app, dataDir, dir } = await workspaceWorld();
  await fs.rename(dataDir, path.join(dir, 'moved'));
  await fs.writeFile(dataDir, '');
  expect((await refusalOf(app.call('diagnostics', {}))).code).toBe('diagnostics-not-written');
  await fs.rm(dataDir);
  await fs.rename(path.join(dir, 'moved'), dataDir);
});
