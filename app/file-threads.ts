/** Flushing a file waits for the disk; with Node's four threads, all else that is done with files waits behind four flushes. */
const threads = '16';

/** Has file operations run on more threads. Before the first of them: later it has no effect. What a person has set counts. */
export function allowMoreFileThreads(): void {
  process.env.UV_THREADPOOL_SIZE ??= threads;
}
