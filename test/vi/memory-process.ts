import { downloadContents, hashFile, putContents } from '../../app/vi/index.ts';

/**
 * Moves one file in a process of its own: `node memory-process.ts hash|put|get URL FILE SIZE`. Prints by how many bytes its
 * memory has grown at most, beyond what the same work on a small file takes.
 */
const [work, url = '', file = '', size = ''] = process.argv.slice(2);

async function run(suffix: string, bytes: number): Promise<void> {
  const contents = { url: `${url}/${bytes}` };
  if (work === 'hash') await hashFile(file + suffix);
  else if (work === 'put')
    await putContents(contents, {
      path: file + suffix,
      size: bytes,
      crc32c: (await hashFile(file + suffix)).crc32c,
    });
  else await downloadContents(contents, file + suffix, { expectedSize: bytes });
}

/** Highest resident memory so far, in bytes. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

await run('.small', 1_000_000);
const before = peak();
await run('', Number(size));
process.stdout.write(JSON.stringify({ growth: peak() - before }));
