import { createHash, type Hash, hash } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import type { AssetHash } from './assets/asset.ts';

/** A hash of the service in a form that can be compared with one of ours. */
export interface ComparableHash {
  readonly algorithm: 'sha256' | 'md5' | 'sha1' | 'crc32c';
  /** Lower-case hex. */
  readonly hex: string;
}

const digestBytes = { sha256: 32, sha1: 20, md5: 16, crc32c: 4 } as const;

/**
 * Reads a hash of the service: SHA-256, SHA-1, MD5 or CRC-32C, as hex, base64 or base64url (a CRC also as a decimal
 * number). Undefined when it is none of these: then it says nothing about our copy.
 */
export function comparableHash(hash: AssetHash | undefined): ComparableHash | undefined {
  if (hash === undefined) return undefined;
  const algorithm = algorithmOf(hash.algorithm);
  if (algorithm === undefined) return undefined;
  const text = hash.contents.trim();
  const bytes = digestBytes[algorithm];
  if (text.length === bytes * 2 && /^[0-9a-f]+$/i.test(text)) return { algorithm, hex: text.toLowerCase() };
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    const decoded = Buffer.from(text, 'base64');
    if (decoded.length === bytes) return { algorithm, hex: decoded.toString('hex') };
  }
  if (algorithm === 'crc32c' && /^-?\d{1,10}$/.test(text)) return { algorithm, hex: crcHex(Number(text)) };
  return undefined;
}

/** Whether hashes of this algorithm can be computed here, by whatever spelling of its name. */
export function isComputable(algorithm: string): boolean {
  return algorithmOf(algorithm) !== undefined;
}

function algorithmOf(name: string): ComparableHash['algorithm'] | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain === 'sha256' || plain === 'sha1' || plain === 'md5' || plain === 'crc32c' ? plain : undefined;
}

/** A CRC as the hex of its big-endian bytes. */
export function crcHex(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0');
}

export interface ContentDigest {
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Signed 32-bit integer. */
  readonly crc32c: number;
  /** False when a hash was expected and the content has another one. */
  readonly matches: boolean;
}

/** SHA-256 and CRC-32C of content that is there in one piece: for small files, a good deal quicker than a {@link ContentDigester}. */
export function digestOf(bytes: Uint8Array): Omit<ContentDigest, 'matches'> {
  return { size: bytes.length, sha256: hash('sha256', bytes, 'hex'), crc32c: crc32c(bytes) | 0 };
}

/** Digests content as it comes by: SHA-256, CRC-32C, and what else the expected hash needs. */
export class ContentDigester {
  readonly #expected: ComparableHash | undefined;
  readonly #sha256 = createHash('sha256');
  readonly #other: Hash | undefined;
  #crc = 0;
  #size = 0;

  constructor(expected?: ComparableHash | undefined) {
    this.#expected = expected;
    if (expected?.algorithm === 'md5' || expected?.algorithm === 'sha1')
      this.#other = createHash(expected.algorithm);
  }

  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes);
    this.#other?.update(bytes);
    this.#crc = crc32c(bytes, this.#crc);
    this.#size += bytes.length;
  }

  digest(): ContentDigest {
    const sha256 = this.#sha256.digest('hex');
    const hex = { sha256, crc32c: crcHex(this.#crc), md5: '', sha1: '' };
    if (this.#other !== undefined && this.#expected !== undefined)
      hex[this.#expected.algorithm] = this.#other.digest('hex');
    const matches = this.#expected === undefined || hex[this.#expected.algorithm] === this.#expected.hex;
    return { size: this.#size, sha256, crc32c: this.#crc | 0, matches };
  }
}
