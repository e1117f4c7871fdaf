// Prints what CHANGELOG.md says of a version: `node build/release-notes.mjs 1.2.0`. Ends with 1 where it says nothing.
import { readFileSync } from 'node:fs';

/** The section of a version, without its heading; null: there is none, or it is empty. */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const notes = section?.slice(section.indexOf('\n')).trim();
  return notes === undefined || notes === '' ? null : `${notes}\n`;
}

if (import.meta.main) {
  const [version = ''] = process.argv.slice(2);
  const notes = notesOf(readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'), version);
  if (notes === null) {
    process.stderr.write(`CHANGELOG.md says nothing of ${version}.\n`);
    process.exit(1);
  }
  process.stdout.write(notes);
}
