import { createHash } from 'node:crypto';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';
import type { DigestAnswer, DigestRequest } from './digest-worker.ts';

/** What the bytes of a file say about it. `sha256` in lower-case hex, `crc32c` signed (as the wire has it). */
export interface ContentDigest {
  readonly sha256: string;
  readonly crc32c: number;
}

/** Digests content that is in memory. */
export function digestChunks(chunks: readonly Uint8Array[]): ContentDigest {
  const sha256 = createHash('sha256');
  let crc = 0;
  for (const chunk of chunks) {
    sha256.update(chunk);
    crc = crc32c(chunk, crc);
  }
  return { sha256: sha256.digest('hex'), crc32c: crc | 0 };
}

/** The digests of one file that comes in blocks. */
export interface DigestJob {
  /** Digests `length` bytes of the block; `taken` is called when the block may be written over. */
  update(block: SharedArrayBuffer, length: number, taken: () => void): void;
  end(): Promise<ContentDigest>;
  /** The rest won't come: frees what the file holds. Only when all of its blocks are taken. */
  abandon(): void;
}

interface OpenJob {
  readonly taken: (() => void)[];
  readonly done: (digest: ContentDigest) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A thread that digests large uploads while the main one reads sockets: a core's SHA-256 is about as fast as the loopback
 * network, so doing both on one core would halve the speed. Started by its first job.
 */
export class DigestThread {
  #worker: Worker | undefined;
  #lastJob = 0;
  readonly #jobs = new Map<number, OpenJob>();

  begin(): DigestJob {
    const worker = this.#start();
    const job = ++this.#lastJob;
    const { promise, resolve, reject } = Promise.withResolvers<ContentDigest>();
    // A file that is abandoned never awaits its digest.
    promise.catch(() => undefined);
    const open: OpenJob = { taken: [], done: resolve, fail: reject };
    this.#jobs.set(job, open);
    const send = (request: DigestRequest) => worker.postMessage(request);
    return {
      update: (block, length, taken) => {
        if (!this.#jobs.has(job)) {
          taken();
          return;
        }
        open.taken.push(taken);
        send({ kind: 'block', job, block, length });
      },
      end: () => {
        send({ kind: 'end', job });
        return promise;
      },
      abandon: () => {
        if (this.#jobs.delete(job)) send({ kind: 'forget', job });
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // The compiled package has .js files: the extension of this very file tells.
    const file = new URL(`./digest-worker${path.extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file);
    worker.unref();
    worker.on('message', (answer: DigestAnswer) => this.#answered(answer));
    worker.on('error', (error) => {
      this.#worker = undefined;
      const failed = [...this.#jobs.values()];
      this.#jobs.clear();
      for (const job of failed) {
        job.fail(new Error('The thread that digests uploads has failed.', { cause: error }));
        // Their blocks go back, so that whoever waits for one wakes up and sees the failure.
        for (const taken of job.taken) taken();
      }
    });
    this.#worker = worker;
    return worker;
  }

  #answered(answer: DigestAnswer): void {
    const job = this.#jobs.get(answer.job);
    if (job === undefined) return;
    if (answer.kind === 'taken') {
      job.taken.shift()?.();
    } else {
      this.#jobs.delete(answer.job);
      job.done({ sha256: answer.sha256, crc32c: answer.crc32c | 0 });
    }
  }
}
