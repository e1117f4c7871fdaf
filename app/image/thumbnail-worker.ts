import { parentPort } from 'node:worker_threads';
import { makeThumbnail, ThumbnailError } from './thumbnail.ts';
import type { ThumbnailAnswer, ThumbnailJob } from './thumbnail-job.ts';

/** A thread that makes thumbnails: decoders that block, and broken pictures, hold up nothing but it. */
if (parentPort !== null) {
  const port = parentPort;
  port.on('message', (job: ThumbnailJob) => {
    void answer(job).then((message) => port.postMessage(message));
  });
}

async function answer({ id, path, maxSize }: ThumbnailJob): Promise<ThumbnailAnswer> {
  try {
    const { bytes, mime, width, height } = await makeThumbnail(path, { maxSize });
    // A copy of its own: a Buffer may be a part of a larger one.
    return { id, kind: 'made', thumbnail: { bytes: Uint8Array.from(bytes), mime, width, height } };
  } catch (error) {
    if (error instanceof ThumbnailError) return { id, kind: 'impossible', problem: error.problem };
    return { id, kind: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}
