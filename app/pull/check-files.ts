import type { ExpectedFile } from '../transfer/safe-files.ts';
import { eachLimited } from '../vi/each-limited.ts';
import { hashFile } from '../vi/index.ts';
import { checkFile, type Found } from './check-file.ts';
import { fileProblem } from './file-problem.ts';
import { lockedFile, type PlannedFile } from './planned-file.ts';
import type { PullContext } from './pull-context.ts';

/** A file that has to be fetched. */
export interface FetchJob {
  readonly planned: PlannedFile;
  /** What is in its place: to be replaced, or possibly the same, which only its bytes can tell. Null: nothing is. */
  readonly expected: ExpectedFile | null;
}

/** Files that are read at once: more do not make a disk faster. */
const atOnce = 4;

/**
 * Looks at every file's place. What is there and the same, and what is there and must stay, is settled; the rest is to be fetched.
 *
 * @throws the signal's reason
 */
export async function checkFiles(context: PullContext, planned: readonly PlannedFile[]): Promise<FetchJob[]> {
  const { tally, folder, signal } = context;
  const jobs: FetchJob[] = [];
  await eachLimited(planned, atOnce, async (file) => {
    signal?.throwIfAborted();
    try {
      const job = await jobOf(context, file, await checkFile(folder.tree, file, signal));
      if (job !== null) jobs.push(job);
    } catch (error) {
      signal?.throwIfAborted();
      tally.failed(file, fileProblem(error, folder.tree.absolute(file.path)));
    }
    tally.checked();
  });
  return jobs;
}

async function jobOf(context: PullContext, planned: PlannedFile, found: Found): Promise<FetchJob | null> {
  const { tally, overwrite } = context;
  switch (found.kind) {
    case 'missing':
      return { planned, expected: null };
    case 'unknown':
      return { planned, expected: found.file };
    case 'different':
      if (overwrite) return { planned, expected: found.file };
      await keepFile(context, planned, found.file);
      return null;
    case 'same':
      tally.same(lockedFile(planned, found));
      return null;
    case 'no-file':
    case 'busy':
      tally.conflict(planned, found.kind);
      return null;
  }
}

/** Leaves a file as it is, and finds out whose it is. */
export async function keepFile(
  { folder, tally, signal, pulledBefore }: PullContext,
  planned: PlannedFile,
  { content }: ExpectedFile,
): Promise<void> {
  const before = pulledBefore(planned.path);
  if (before.length === 0) {
    tally.conflict(planned, 'other-file');
    return;
  }
  const sha256 = content?.sha256 ?? (await hashFile(folder.tree.absolute(planned.path), { signal })).sha256;
  tally.conflict(planned, before.includes(sha256) ? 'changed-in-dataset' : 'changed-here');
}
