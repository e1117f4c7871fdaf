import * as fs from 'node:fs/promises';
import path from 'node:path';
import asar from '@electron/asar';

/** Marks the fuses in Electron's program (see `@electron/fuses`); after it come a version, their number, and the state of each. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * A folder that packs as an unpacked Electron for Linux does: the files that electron-builder moves, deletes or changes, with an own
 * `default_app.asar` (its archives are hashed) and a program that has nothing but fuses, all as Electron ships them.
 */
export async function makeStubDistribution(folder: string): Promise<void> {
  const files = {
    electron: Buffer.concat([
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]),
      Buffer.alloc(4096),
      Buffer.from(fuseSentinel),
      Buffer.from([1, 9]),
      Buffer.from('101100011'),
      Buffer.alloc(4096),
    ]),
    'chrome-sandbox': 'stub',
    'libffmpeg.so': 'stub',
    'resources.pak': 'stub',
    'icudtl.dat': 'stub',
    version: '45.0.0',
    LICENSE: 'stub',
    'LICENSES.chromium.html': 'stub',
    'locales/de.pak': 'stub',
    'locales/en-US.pak': 'stub',
    'locales/fr.pak': 'stub',
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content, { mode: name === 'electron' ? 0o755 : 0o644 });
  }
  const defaultApp = path.join(folder, 'default-app');
  await fs.mkdir(defaultApp);
  await fs.writeFile(path.join(defaultApp, 'main.js'), '');
  await asar.createPackage(defaultApp, path.join(folder, 'resources', 'default_app.asar'));
  await fs.rm(defaultApp, { recursive: true });
}
