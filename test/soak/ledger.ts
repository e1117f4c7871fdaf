import { createHash } from 'node:crypto';
import { picture } from '../engine/pictures.ts';

/** Whoever has a hand in a dataset: the two folders' people and engines, and somebody else at the service. */
export type Hand = 'a' | 'b' | 'third';

export interface Version {
  readonly sha256: string;
  readonly by: Hand;
  /** Path in the folder, or name of the asset. */
  readonly place: string;
  /** By `performance.now()`. */
  readonly at: number;
}

/** A moment in which a person has written over, or deleted, something that nobody can name: the engine was at the same place. */
export interface BlindDeed {
  readonly by: Hand;
  readonly path: string;
  readonly at: number;
}

/** Every version that a person has made, and what people have given up since. All contents differ. */
export class Ledger {
  readonly #versions = new Map<string, Version>();
  readonly #givenUp = new Map<string, { readonly by: Hand; readonly why: string }[]>();
  readonly #copied = new Set<string>();
  readonly blindDeeds: BlindDeed[] = [];
  #next: number;

  /** @param first number of the first content */
  constructor(first: number) {
    this.#next = first;
  }

  /** A picture that nobody has had before, of about so many bytes. */
  newContent(bytes: number): Buffer {
    this.#next += 1;
    return picture(this.#next, bytes);
  }

  /** It is there, whole. */
  wrote(sha256: string, by: Hand, place: string): void {
    this.#versions.set(sha256, { sha256, by, place, at: performance.now() });
  }

  giveUp(sha256: string, by: Hand, why: string): void {
    this.#givenUp.set(sha256, [...(this.#givenUp.get(sha256) ?? []), { by, why }]);
  }

  /** There is a second one of it in this folder, and that is meant. */
  copied(sha256: string, by: Hand): void {
    this.#copied.add(`${by} ${sha256}`);
  }

  isCopied(sha256: string, by: Hand): boolean {
    return this.#copied.has(`${by} ${sha256}`);
  }

  versions(): readonly Version[] {
    return [...this.#versions.values()];
  }

  /** Who has given a version up, and how; none: it must be somewhere. */
  givenUp(sha256: string): readonly { readonly by: Hand; readonly why: string }[] {
    return this.#givenUp.get(sha256) ?? [];
  }
}

export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
