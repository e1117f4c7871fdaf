import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';

/** What the receiving thread sends: the next block of a file, its end, or that the rest won't come. */
export type DigestRequest =
  | {
      readonly kind: 'block';
      readonly job: number;
      readonly block: SharedArrayBuffer;
      readonly length: number;
    }
  | { readonly kind: 'end'; readonly job: number }
  | { readonly kind: 'forget'; readonly job: number };

/** The block may be written over, or the digests of the whole file. `crc32c` is unsigned. */
export type DigestAnswer =
  | { readonly kind: 'taken'; readonly job: number }
  | { readonly kind: 'done'; readonly job: number; readonly sha256: string; readonly crc32c: number };

const jobs = new Map<number, { readonly sha256: Hash; crc32c: number }>();
const port = parentPort;

port?.on('message', (request: DigestRequest) => {
  if (request.kind === 'forget') {
    jobs.delete(request.job);
    return;
  }
  let job = jobs.get(request.job);
  if (job === undefined) {
    job = { sha256: createHash('sha256'), crc32c: 0 };
    jobs.set(request.job, job);
  }
  if (request.kind === 'block') {
    const bytes = Buffer.from(request.block, 0, request.length);
    job.sha256.update(bytes);
    job.crc32c = crc32c(bytes, job.crc32c);
    port.postMessage({ kind: 'taken', job: request.job } satisfies DigestAnswer);
    return;
  }
  jobs.delete(request.job);
  port.postMessage({
    kind: 'done',
    job: request.job,
    sha256: job.sha256.digest('hex'),
    crc32c: job.crc32c,
  } satisfies DigestAnswer);
});
