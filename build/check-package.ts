// Looks at a packaged app: `node build/check-package.ts dist/linux-unpacked`. Prints what is in it and what is wrong with it, and ends with 1
// where anything is.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { z } from 'zod';
import { nativeFormat } from './native-format.ts';
import { PackedApp } from './packed-app.ts';

/** Most that the app's own part of a download may weigh, in bytes before compression; Electron comes on top. */
export const budget = { archive: 17_000_000, unpacked: 24_000_000 } as const;

/** What the app can't run without. */
const needed = [
  'package.json',
  'LICENSE',
  'out/main/main.js',
  'out/main/preload.cjs',
  'out/main/icons/app.png',
  'out/renderer/index.html',
  'out/app/cli/vi-sync.js',
  'out/app/desktop/engine-process.js',
  'out/app/desktop/keychain-process.js',
  'out/app/observe/hash-worker.js',
  'out/app/image/thumbnail-worker.js',
];

/** Native parts, each of which must be there once. */
const nativeParts = [
  /^node_modules\/better-sqlite3\/.*\.node$/,
  /^node_modules\/keytar\/.*\.node$/,
  /^node_modules\/@node-rs\/crc32-.*\.node$/,
  /^node_modules\/@img\/sharp-(?!libvips).*\.node$/,
  /^node_modules\/@img\/sharp-.*\/libvips-cpp[.-][^/]*$/,
];

const allowedPlaces = /^(package\.json|LICENSE|out\/(app|main|renderer)\/.+|node_modules\/.+)$/;
const unwanted =
  /\.(map|ts|mts|cts|tsx|c|cc|cpp|h|hpp|gyp|pdb|log)$|(^|\/)(\.env|\.git|\.github|\.DS_Store|package-lock\.json)/;

const fuses = new Map([
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
]);
const fuseStates = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) };

/** Everything that is wrong with a packaged app; empty when nothing is. */
export async function faultsOf(app: PackedApp, cpu: 'x64' | 'arm64'): Promise<string[]> {
  return [
    ...faultsOfNames(app),
    ...faultsOfNativeParts(app, cpu),
    ...faultsOfImports(app),
    ...faultsOfSize(app),
    ...(await faultsOfFuses(app)),
  ];
}

function faultsOfNames(app: PackedApp): string[] {
  const names = new Set(app.files.map(({ name }) => name));
  const developers = Object.keys(manifest(readFileSync(path.join(root, 'package.json'))).devDependencies);
  return [
    ...needed.filter((name) => !names.has(name)).map((name) => `${name} is missing`),
    ...[...names]
      .filter((name) => !allowedPlaces.test(name))
      .map((name) => `${name} has no place in the app`),
    ...[...names].filter((name) => unwanted.test(name)).map((name) => `${name} is of no use in the app`),
    ...developers
      .filter((name) => names.has(`node_modules/${name}/package.json`))
      .map((name) => `${name} is for development alone`),
    ...app.files
      .filter(({ isHashed }) => !isHashed)
      .map(({ name }) => `${name} has no hash, so that its integrity can’t be checked`),
  ];
}

function faultsOfNativeParts(app: PackedApp, cpu: 'x64' | 'arm64'): string[] {
  const faults: string[] = [];
  for (const file of app.files) {
    const format = nativeFormat(app.read(file.name));
    if (format === null) {
      if (file.isUnpacked && !/\/lib\/[^/]+\.(js|json)$/.test(file.name))
        faults.push(`${file.name} is outside of the archive for no reason`);
      continue;
    }
    if (!file.isUnpacked) faults.push(`${file.name} can’t be loaded from within the archive`);
    if (format.platform !== app.platform || (format.cpu !== null && format.cpu !== cpu))
      faults.push(`${file.name} is for ${format.platform} on ${format.cpu}`);
  }
  for (const part of nativeParts) {
    const count = app.files.filter(({ name }) => part.test(name)).length;
    if (count !== 1) faults.push(`${part.source} is there ${count} times`);
  }
  return faults;
}

/** Packages that our code, or a package of it, imports and that are not there. */
function faultsOfImports(app: PackedApp): string[] {
  const packages = new Set(
    app.files
      .filter(({ name }) => name.endsWith('/package.json'))
      .map(({ name }) => path.posix.dirname(name)),
  );
  const isThere = (name: string, from: string): boolean => {
    for (let folder = from; ; folder = path.posix.dirname(folder)) {
      if (packages.has(path.posix.join(folder, 'node_modules', name))) return true;
      if (folder === '.') return false;
    }
  };
  const wanted = app.files.flatMap(({ name }): [from: string, package_: string][] => {
    if (/^out\/(app|main)\/.*\.c?js$/.test(name)) {
      return importsOf(app.read(name).toString('utf8')).map((imported) => ['.', imported]);
    }
    if (!/(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(name)) return [];
    const folder = path.posix.dirname(name);
    return Object.keys(manifest(app.read(name)).dependencies).map((each) => [folder, each]);
  });
  return wanted
    .filter(([from, name]) => !isThere(name, from))
    .map(([from, name]) => `${name} is missing, for ${from === '.' ? 'the app' : from}`);
}

/** Names of packages in compiled code. */
function importsOf(code: string): string[] {
  const found = code.matchAll(
    /^(?:import|export)\s[^;'"]*?from\s*["']([^"'.][^"']*)["']|\bimport\(\s*["']([^"'.][^"']*)["']\s*\)/gm,
  );
  return [...found]
    .map(([, fixed, loaded]) => fixed ?? loaded ?? '')
    .filter((name) => name !== 'electron' && !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

function faultsOfSize(app: PackedApp): string[] {
  const { archive, unpacked } = sizeOf(app);
  return [
    ...(archive > budget.archive ? [`the archive has ${archive} bytes, more than ${budget.archive}`] : []),
    ...(unpacked > budget.unpacked ? [`beside it are ${unpacked} bytes, more than ${budget.unpacked}`] : []),
  ];
}

async function faultsOfFuses(app: PackedApp): Promise<string[]> {
  const wire = await getCurrentFuseWire(app.program);
  return [...fuses].flatMap(([fuse, isOn]) =>
    Number(wire[fuse]) === (isOn ? fuseStates.on : fuseStates.off)
      ? []
      : [`the fuse ${FuseV1Options[fuse]} is not ${isOn ? 'on' : 'off'}`],
  );
}

/** Bytes in the archive and beside it. */
export function sizeOf(app: PackedApp): { archive: number; unpacked: number } {
  const sum = (isUnpacked: boolean): number =>
    app.files.filter((file) => file.isUnpacked === isUnpacked).reduce((total, { bytes }) => total + bytes, 0);
  return { archive: sum(false), unpacked: sum(true) };
}

/** The parts of the app by their weight, as lines of text. */
export function listing(app: PackedApp): string {
  const groups = new Map<string, { files: number; bytes: number }>();
  for (const { name, bytes } of app.files) {
    const [group = name] = /^(node_modules\/(@[^/]+\/)?[^/]+|out\/[^/]+|[^/]+)/.exec(name) ?? [];
    const seen = groups.get(group) ?? { files: 0, bytes: 0 };
    groups.set(group, { files: seen.files + 1, bytes: seen.bytes + bytes });
  }
  const lines = [...groups].sort(([, a], [, b]) => b.bytes - a.bytes);
  return lines
    .map(
      ([group, { files, bytes }]) =>
        `${String(Math.ceil(bytes / 1000)).padStart(7)} kB ${String(files).padStart(5)}  ${group}`,
    )
    .join('\n');
}

const packageSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

function manifest(bytes: Buffer): z.infer<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(bytes.toString('utf8')));
}

const root = path.resolve(import.meta.dirname, '..');

if (import.meta.main) {
  const [folder = ''] = process.argv.slice(2);
  const app = new PackedApp(folder);
  const { archive, unpacked } = sizeOf(app);
  const faults = await faultsOf(app, folder.includes('arm64') ? 'arm64' : 'x64');
  process.stdout.write(
    `${listing(app)}\n\n${app.files.length} files: ${archive} bytes in the archive, ${unpacked} beside it\n`,
  );
  for (const fault of faults) process.stdout.write(`✗ ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
