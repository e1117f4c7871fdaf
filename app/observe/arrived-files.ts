import type { FileIdentity } from '../manifest/observations.ts';

/** Of so many files it is remembered where they have come. */
const most = 10_000;

/** Where files were found that hints have led to: one that is missing at another place has come there. */
export class ArrivedFiles {
  /** Identity → path, the latest last. */
  readonly #paths = new Map<string, string>();

  note(file: FileIdentity, path: string): void {
    if (file.birthtimeNs <= 0n) return;
    const identity = identityOf(file);
    this.#paths.delete(identity);
    this.#paths.set(identity, path);
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > most && oldest !== undefined) this.#paths.delete(oldest);
  }

  /** Whether this very file was found at another path than this. */
  isElsewhere(file: FileIdentity, path: string): boolean {
    const found = this.#paths.get(identityOf(file));
    return found !== undefined && found !== path;
  }
}

function identityOf({ inode, birthtimeNs }: FileIdentity): string {
  return `${inode} ${birthtimeNs}`;
}
