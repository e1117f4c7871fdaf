import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import asar from '@electron/asar';

/** A file of a packaged app. */
export interface PackedFile {
  /** With slashes, from the archive's root. */
  readonly name: string;
  readonly bytes: number;
  /** Beside the archive instead of in it. */
  readonly isUnpacked: boolean;
  /** The archive has a hash of it, which Electron checks when it reads. */
  readonly isHashed: boolean;
}

/** A packaged app on the disk: what `electron-builder --dir` leaves. */
export class PackedApp {
  readonly archive: string;
  /** Electron's program, or on macOS the app's folder. */
  readonly program: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly files: readonly PackedFile[];

  /** @throws Error when there is no packaged app in the folder */
  constructor(folder: string) {
    const found = programIn(folder);
    if (found === null) throw new Error(`${folder} holds no packaged app.`);
    this.program = found.program;
    this.platform = found.platform;
    this.archive = path.join(found.resources, 'app.asar');
    this.files = list(asar.getRawHeader(this.archive).header, '');
  }

  read(name: string): Buffer {
    const unpacked = path.join(`${this.archive}.unpacked`, name);
    if (this.files.find((file) => file.name === name)?.isUnpacked === true) return readFileSync(unpacked);
    return asar.extractFile(this.archive, path.normalize(name));
  }

  /** Writes the whole app into a folder, as it would look without an archive. */
  extractTo(folder: string): void {
    asar.extractAll(this.archive, folder);
  }
}

function programIn(
  folder: string,
): { program: string; resources: string; platform: PackedApp['platform'] } | null {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const mac = names.find((name) => name.endsWith('.app'));
  if (mac !== undefined) {
    const program = path.join(folder, mac);
    return { program, resources: path.join(program, 'Contents', 'Resources'), platform: 'darwin' };
  }
  const resources = path.join(folder, 'resources');
  const windows = names.find((name) => name === 'Vi Sync.exe');
  if (windows !== undefined) return { program: path.join(folder, windows), resources, platform: 'win32' };
  if (names.includes('vi-sync'))
    return { program: path.join(folder, 'vi-sync'), resources, platform: 'linux' };
  return null;
}

type Entry = ReturnType<typeof asar.getRawHeader>['header'] | ReturnType<typeof asar.statFile>;

function list(entry: Entry, name: string): PackedFile[] {
  if ('files' in entry) {
    return Object.entries(entry.files).flatMap(([part, child]) =>
      list(child, name === '' ? part : `${name}/${part}`),
    );
  }
  // A link would lead out of what is checked.
  if ('link' in entry) throw new Error(`${name} is a link to ${entry.link}.`);
  return [
    {
      name,
      bytes: entry.size,
      isUnpacked: entry.unpacked === true,
      isHashed: entry.integrity?.algorithm === 'SHA256',
    },
  ];
}
