/** Blocks that texts are packed into, in bytes. */
const blockSize = 256 * 1024;
const headerSize = 4;

/**
 * A list of texts that only grows, packed as bytes outside of the JavaScript heap: names of a million files take some 40 MB
 * and no time of the garbage collector. Any text comes back as it was, halves of surrogate pairs too.
 */
export class PackedTexts implements Iterable<string> {
  readonly #blocks: Buffer[] = [];
  /** Where each text begins: the number of its block times the block size, and the place in it. */
  #starts = new Float64Array(16);
  #length = 0;
  #used = blockSize;

  get length(): number {
    return this.#length;
  }

  /** Appends a text and returns its index. */
  add(text: string): number {
    // UTF-8 has no way to write half of a pair.
    const encoding = text.isWellFormed() ? 'utf8' : 'utf16le';
    const size = Buffer.byteLength(text, encoding);
    const { block, start } = this.#room(headerSize + size);
    block.writeUInt32LE(size * 2 + (encoding === 'utf8' ? 0 : 1), start);
    block.write(text, start + headerSize, encoding);
    if (this.#length === this.#starts.length) this.#starts = grown(this.#starts);
    this.#starts[this.#length] = (this.#blocks.length - 1) * blockSize + start;
    return this.#length++;
  }

  /** @throws RangeError for an index that no text has */
  at(index: number): string {
    const place = index < this.#length ? this.#starts[index] : undefined;
    const block = place === undefined ? undefined : this.#blocks[Math.floor(place / blockSize)];
    if (place === undefined || block === undefined) throw new RangeError(`There is no text ${index}.`);
    const start = place % blockSize;
    const header = block.readUInt32LE(start);
    const encoding = header % 2 === 0 ? 'utf8' : 'utf16le';
    return block.toString(encoding, start + headerSize, start + headerSize + Math.floor(header / 2));
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (let index = 0; index < this.#length; index++) yield this.at(index);
  }

  #room(size: number): { readonly block: Buffer; readonly start: number } {
    let block = this.#blocks.at(-1);
    if (block === undefined || this.#used + size > block.length) {
      // A text that is larger than a block gets one of its own.
      block = Buffer.allocUnsafeSlow(Math.max(blockSize, size));
      this.#blocks.push(block);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += size;
    return { block, start };
  }
}

/** Finds the entries of a list by their keys, in 16 bytes or so for each; the keys themselves stay in the list. */
export class KeyIndex {
  readonly #keyAt: (index: number) => string;
  /** Pairs of a key's hash and its entry's index + 1, 0 where there is none. */
  #slots = new Int32Array(32);
  #count = 0;

  /** @param keyAt the key of an entry; asked for only where hashes are equal */
  constructor(keyAt: (index: number) => string) {
    this.#keyAt = keyAt;
  }

  /** The entry that has this key. */
  find(key: string): number | undefined {
    const index = this.#slots[this.#slotOf(key, hashOf(key)) + 1];
    return index === undefined || index === 0 ? undefined : index - 1;
  }

  /** Adds an entry, unless there is one of this key: then returns that one. */
  add(key: string, index: number): number | undefined {
    const hash = hashOf(key);
    const slot = this.#slotOf(key, hash);
    const found = this.#slots[slot + 1];
    if (found !== undefined && found !== 0) return found - 1;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = index + 1;
    this.#count++;
    // Half of the places stay free, so that searches stay short.
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return undefined;
  }

  /** Where a key's entry is, or is to be. */
  #slotOf(key: string, hash: number): number {
    for (let slot = this.#firstSlot(hash); ; slot = this.#after(slot)) {
      const index = this.#slots[slot + 1] ?? 0;
      if (index === 0 || (this.#slots[slot] === hash && this.#keyAt(index - 1) === key)) return slot;
    }
  }

  #firstSlot(hash: number): number {
    return ((hash >>> 0) * 2) % this.#slots.length;
  }

  #after(slot: number): number {
    return (slot + 2) % this.#slots.length;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [hash = 0, index = 0] = old.subarray(at, at + 2);
      if (index === 0) continue;
      let slot = this.#firstSlot(hash);
      while (this.#slots[slot + 1] !== 0) slot = this.#after(slot);
      this.#slots[slot] = hash;
      this.#slots[slot + 1] = index;
    }
  }
}

/** A set of texts that only grows, packed like {@link PackedTexts}. */
export class PackedSet {
  readonly #texts = new PackedTexts();
  readonly #index = new KeyIndex((index) => this.#texts.at(index));

  add(text: string): void {
    if (this.#index.add(text, this.#texts.length) === undefined) this.#texts.add(text);
  }

  has(text: string): boolean {
    return this.#index.find(text) !== undefined;
  }
}

/** A typed array of twice the length with the same beginning. */
export function grown<T extends Float64Array | Uint32Array | Uint8Array>(array: T): T;
export function grown(
  array: Float64Array | Uint32Array | Uint8Array,
): Float64Array | Uint32Array | Uint8Array {
  if (array instanceof Float64Array) {
    const more = new Float64Array(array.length * 2);
    more.set(array);
    return more;
  }
  if (array instanceof Uint32Array) {
    const more = new Uint32Array(array.length * 2);
    more.set(array);
    return more;
  }
  const more = new Uint8Array(array.length * 2);
  more.set(array);
  return more;
}

/** FNV-1a, mixed once more: names that differ in their last digit only should not lie side by side. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
