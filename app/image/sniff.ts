import { fileTypeFromBuffer } from 'file-type';

/** Bytes from the start of a file that are enough to tell its type. */
export const SNIFF_BYTES = 4100;

/**
 * The MIME type that the content itself tells, whatever the file is called; undefined when it is no known type
 * (plain text, for one, has no mark to know it by). `head` is the start of the file, best {@link SNIFF_BYTES} bytes
 * of it. Types outside the nine supported formats are told as well: `application/pdf`, `video/mp4`, `image/jxl`.
 */
export async function sniffMime(head: Uint8Array): Promise<string | undefined> {
  const type = await fileTypeFromBuffer(head);
  return type?.mime;
}
