import { downloadContents, hashFile, putContents, ViClient } from '../../app/vi/index.ts';
import { organizationId, secretKey } from './wire-server.ts';

/**
 * Does work in a process of its own, and prints how much memory that took at most, in bytes:
 *
 * - `node memory-process.ts hash|put|get URL FILE SIZE` moves one file, and prints `growth`, beyond what the same work on a
 *   small file takes;
 * - `node memory-process.ts upload|download URL FOLDER` moves all files of a folder or dataset, and prints `peak`.
 */
const [work = '', url = '', file = '', size = ''] = process.argv.slice(2);

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

async function moveAll(): Promise<number> {
  const client = new ViClient({ endpoint: url, organizationId, secretKey, env: {} });
  // As the command line does: who is told of progress and can interrupt costs memory too.
  const options = { datasetId: 'ds', onProgress: () => undefined, signal: new AbortController().signal };
  const { totalFailed } =
    work === 'upload'
      ? await client.assets.upload({ ...options, paths: file })
      : await client.assets.download({ ...options, saveDir: file });
  await client.close();
  return totalFailed;
}

if (work === 'upload' || work === 'download') {
  const failed = await moveAll();
  process.stdout.write(JSON.stringify({ peak: peak(), failed }));
} else {
  await run('.small', 1_000_000);
  const before = peak();
  await run('', Number(size));
  process.stdout.write(JSON.stringify({ growth: peak() - before }));
}
