// Sets how many of the installed apps take a release, in per cent: `node build/rollout.mjs 20 latest.yml latest-linux.yml`. The files are the
// update feeds of the release; electron-updater draws a number for each installation once, and compares.
import { readFileSync, writeFileSync } from 'node:fs';

/** The text of a feed with this percentage in it; with all of them, there is no line. */
export function withPercentage(feed, percentage) {
  const rest = feed.replace(/^stagingPercentage:.*\n?/m, '');
  if (percentage === 100) return rest;
  return `${rest.endsWith('\n') ? rest : `${rest}\n`}stagingPercentage: ${percentage}\n`;
}

if (import.meta.main) {
  const [given = '', ...files] = process.argv.slice(2);
  const percentage = Number(given);
  if (!/^\d+$/.test(given) || percentage < 1 || percentage > 100 || files.length === 0) {
    process.stderr.write('Usage: node build/rollout.mjs <1 to 100> <feed.yml>...\n');
    process.exit(2);
  }
  for (const file of files) {
    writeFileSync(file, withPercentage(readFileSync(file, 'utf8'), percentage));
    process.stdout.write(`${file}: ${percentage} %\n`);
  }
}
