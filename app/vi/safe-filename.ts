/**
 * The name that an asset's file gets on the disk. See the table in its doc comment once built.
 */
export function safeFilename(filename: string): string {
  return encodeURIComponent(filename);
}
