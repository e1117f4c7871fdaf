/** What the system's loader reads a file as. `cpu` null: for several, or for one that is none of ours. */
export interface NativeFormat {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly cpu: 'x64' | 'arm64' | null;
}

/** Machine numbers of ELF, Mach-O and PE. */
const cpus = {
  elf: new Map([
    [0x3e, 'x64'],
    [0xb7, 'arm64'],
  ]),
  macho: new Map([
    [0x01000007, 'x64'],
    [0x0100000c, 'arm64'],
  ]),
  pe: new Map([
    [0x8664, 'x64'],
    [0xaa64, 'arm64'],
  ]),
} as const satisfies Record<string, ReadonlyMap<number, NativeFormat['cpu']>>;

/** The kind of machine code in a file, by its first bytes and never by its name; null: it is none. */
export function nativeFormat(bytes: Buffer): NativeFormat | null {
  if (bytes.length < 64) return null;
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) return { platform: 'linux', cpu: cpus.elf.get(bytes.readUInt16LE(18)) ?? null };
  if (magic === 0xcffaedfe) return { platform: 'darwin', cpu: cpus.macho.get(bytes.readUInt32LE(4)) ?? null };
  // Several in one; a Java class begins so too, but counts more than a few parts.
  if (magic === 0xcafebabe && bytes.readUInt32BE(4) < 20) return { platform: 'darwin', cpu: null };
  if (bytes.toString('latin1', 0, 2) === 'MZ') {
    const header = bytes.readUInt32LE(60);
    if (header + 6 > bytes.length || bytes.toString('latin1', header, header + 4) !== 'PE\0\0') return null;
    return { platform: 'win32', cpu: cpus.pe.get(bytes.readUInt16LE(header + 4)) ?? null };
  }
  return null;
}
