import { type ImageInspection, inspectImageBytes } from '../../app/image/inspect.ts';
import { ContentDigester } from '../../app/vi/content-hash.ts';
import type { FileHash } from '../../app/vi/index.ts';

const hashes = new WeakMap<Buffer, FileHash>();
const inspections = new WeakMap<Buffer, Map<string, Promise<ImageInspection>>>();

/** Size and hashes of a content, computed once. */
export function hashOf(content: Buffer): FileHash {
  let hash = hashes.get(content);
  if (hash === undefined) {
    const digester = new ContentDigester();
    digester.update(content);
    const { size, sha256, crc32c } = digester.digest();
    hash = { size, sha256, crc32c };
    hashes.set(content, hash);
  }
  return hash;
}

/** What the engine's own inspection says of a content under a name; asked once. */
export function inspected(content: Buffer, filename: string): Promise<ImageInspection> {
  let byName = inspections.get(content);
  if (byName === undefined) {
    byName = new Map();
    inspections.set(content, byName);
  }
  let inspection = byName.get(filename);
  if (inspection === undefined) {
    inspection = inspectImageBytes(content, filename);
    byName.set(filename, inspection);
  }
  return inspection;
}
