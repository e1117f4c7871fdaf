import { hostileMutations } from './hostile-mutations.ts';
import { observeMutations } from './observe-mutations.ts';
import { pullMutations } from './pull-mutations.ts';

/** A promise of the design, broken on purpose. */
export interface Mutation {
  /** Which promise it breaks, and how. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file just once. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail. */
  readonly tests: readonly string[];
}

/** Each promise of the design, broken in the places where it is kept. */
export const mutations: readonly Mutation[] = [
  {
    name: 'no byte lost: a download does not look again at what it replaces',
    file: 'app/transfer/safe-files.ts',
    find: "if (!(await this.#isAsExpected(target, expected))) return { kind: 'changed' };",
    replace: '',
    tests: ['test/transfer/safe-files.test.ts'],
  },
  {
    name: 'no byte lost: a file that was written to between the look and the move is taken for the old one',
    file: 'app/transfer/safe-files.ts',
    find: 'isSameButMoved(moved.stamp, expected.stamp)',
    replace: 'true',
    tests: ['test/transfer/safe-files.test.ts'],
  },
  {
    name: 'no byte lost: what a download replaces is not put into the trash',
    file: 'app/transfer/safe-files.ts',
    find: "trashed = (await this.#moveToTrash(relative, expected, 'replaced-by-download'))?.id ?? null;",
    replace: 'await this.#disk.remove(target); trashed = -1;',
    tests: ['test/transfer/safe-files.test.ts'],
  },
  {
    name: 'no byte lost: a file is put in place over whatever has come there meanwhile',
    file: 'app/engine/real-disk.ts',
    find: "    if (code === 'EEXIST') return false;",
    replace: "    if (code === 'EEXIST') {\n      await fs.rename(from, to);\n      return true;\n    }",
    tests: ['test/transfer/safe-files.test.ts'],
  },
  {
    name: 'no byte lost: a file counts that did not hold still while it was read',
    file: 'app/observe/hash-worker.ts',
    find: 'if (!isSameStamp(before, after) || hash.size !== after.size)',
    replace: 'if (hash.size !== after.size)',
    tests: ['test/observe/local-scan.test.ts', 'test/observe/hash-pool.test.ts'],
  },
  {
    name: 'no byte lost: many deletions at once are carried out without a question',
    file: 'app/plan/guards.ts',
    find: 'if (count < leastEmptied) return false;',
    replace: 'if (count >= 0) return false;',
    tests: ['test/plan/plan.test.ts', 'test/engine/answers.test.ts'],
  },
  {
    name: 'no annotation lost: an overwrite does not ask for the annotations of that moment',
    file: 'app/transfer/uploads.ts',
    find: "return annotations !== 'none' || asset.annotations === 0;",
    replace: 'return true;',
    tests: ['test/engine/holds.test.ts'],
  },
  {
    name: 'no annotation lost: an answer is not bound to the number of annotations',
    file: 'app/plan/answers.ts',
    find: "remote.annotations ?? '?'",
    replace: "'?'",
    tests: ['test/plan/plan.test.ts', 'test/engine/answers.test.ts'],
  },
  {
    name: 'no annotation lost: a file is sent without another look at what a person has agreed to',
    file: 'app/transfer/upload-session.ts',
    find: '|| !(await this.#isAgreed(file))',
    replace: '',
    tests: ['test/engine/answers.test.ts'],
  },
  {
    name: 'no annotation lost: an asset is deleted without a look at its annotations',
    file: 'app/transfer/changes.ts',
    find: '|| agreedOf(asset) !== agreedAnnotations',
    replace: '',
    tests: ['test/transfer', 'test/engine/answers.test.ts'],
  },
  {
    name: 'no annotation lost: nobody is asked before annotated assets are overwritten',
    file: 'app/manifest/setting-table.ts',
    find: "const defaultSettings: Settings = {\n  retentionMode: 'ask',",
    replace: "const defaultSettings: Settings = {\n  retentionMode: 'RemoveLinkedResource',",
    tests: ['test/engine/holds.test.ts'],
  },
  {
    name: 'no quota in vain: a renamed file is uploaded again',
    file: 'app/plan/plan.ts',
    find: 'of followRenames(manifest, mirror, isObserved)',
    replace: 'of followRenames(manifest, -1, isObserved)',
    tests: ['test/plan/plan.test.ts', 'test/engine/sync.test.ts'],
  },
  {
    name: 'no quota in vain: a file that keeps changing is announced as it was a moment ago',
    file: 'app/transfer/uploads.ts',
    find: 'this.#copies.isRestless(local.key) ? await this.#copies.take(local) : null',
    replace: 'this.#copies.isRestless(local.key) ? null : null',
    tests: ['test/transfer/upload-copies.test.ts'],
  },
  {
    name: 'no quota in vain: an edit goes to an asset by the name that it no longer has',
    file: 'app/plan/plan-writer.ts',
    find: 'filename: remote.filename,\n      replaces: remote,',
    replace: 'filename: local.remoteName,\n      replaces: remote,',
    tests: ['test/plan/plan.test.ts'],
  },
  {
    name: 'no quota in vain: a copy is uploaded',
    file: 'app/plan/claims.ts',
    find: "if (this.#duplicates === 'upload') return null;",
    replace: 'if (sha256 !== null) return null;',
    tests: ['test/plan/plan.test.ts', 'test/engine/sync.test.ts'],
  },
  {
    name: 'no quota in vain: a restart forgets what was spent of the session budget',
    file: 'app/transfer/session-budget.ts',
    find: "this.#manifest.spends.add(organizationId, { at: now, kind: isReserve ? 'reserve' : 'regular' });",
    replace: '',
    tests: ['test/transfer/session-budget.test.ts', 'test/engine/unpublished.test.ts'],
  },
  {
    name: 'no quota in vain: a session in flight is forgotten by a restart',
    file: 'app/transfer/uploads.ts',
    find: 'if (files.length > 0) this.#run(record, files);\n',
    replace: 'if (files.length > 0) manifest.sessions.delete(record.id);\n',
    tests: ['test/engine/restart.test.ts'],
  },
  {
    name: 'no quota in vain: what may have arrived before a pause is sent again without a look',
    file: 'app/transfer/upload-session.ts',
    find: 'this.#unsure.has(file.filename) || pass.mayHaveMoved(file.size)',
    replace: 'false',
    tests: ['test/transfer/upload-session.test.ts'],
  },
  {
    name: 'no quota in vain: a clock that is set ahead ends the wait for a listing',
    file: 'app/transfer/upload-outcome.ts',
    find: 'waitedMs: now - since',
    replace: 'waitedMs: environment.clock.now() - (session.finishedAt ?? 0)',
    tests: ['test/transfer/upload-outcome.test.ts'],
  },
  {
    name: 'no byte lost: an upload that a kill has interrupted, and that never shows, counts as deleted there',
    file: 'app/transfer/upload-outcome.ts',
    find: "file.step === 'sent' || seen.session.serviceFinished !== null",
    replace: 'true',
    tests: ['test/transfer/upload-outcome.test.ts'],
  },
  {
    name: 'it stays out of the way: a pause lets go on what is on its way',
    file: 'app/transfer/mirror-gate.ts',
    find: 'for (const pass of this.#passes) pass.pause();',
    replace: '{}',
    tests: ['test/transfer/transfer-gate.test.ts', 'test/engine/pause.test.ts'],
  },
  {
    name: 'it stays out of the way: every mirror asks a service that is gone',
    file: 'app/engine/outage.ts',
    find: 'if (this.#trying !== null && this.#trying !== asker) return Number.POSITIVE_INFINITY;',
    replace: '',
    tests: ['test/engine/outage.test.ts'],
  },
  {
    name: 'killed anywhere, it resumes: what a kill has left is not put in order',
    file: 'app/engine/recovery.ts',
    find: 'await files.recover();',
    replace: '',
    tests: ['test/engine/restart.test.ts'],
  },
  {
    name: 'disk and service are the truth: what a listing misses counts as deleted without a question',
    file: 'app/observe/remote-poll.ts',
    find: "if (answer === 'gone') gone.push(assetId);",
    replace: "gone.push(assetId);\n      if (answer === 'gone') continue;",
    tests: ['test/observe/remote-poll.test.ts'],
  },
  {
    name: 'a direction is not kept: push mirrors write to the disk, pull mirrors to the service',
    file: 'app/plan/decide.ts',
    find: "  switch (direction) {\n    case 'two-way':",
    replace: "  switch ('two-way' as typeof direction) {\n    case 'two-way':",
    tests: ['test/plan/decide.test.ts', 'test/engine/mirrors.test.ts'],
  },
  {
    name: 'a first sync does not wait for its go',
    file: 'app/engine/mirror-loop.ts',
    find: 'return approvedAt !== null && !isPaused && !this.#looksOnly;',
    replace: 'return !isPaused && !this.#looksOnly;',
    tests: ['test/engine/mirrors.test.ts'],
  },
  {
    name: 'the secret stays put: it is written into the log',
    file: 'app/redact.ts',
    find: 'export function redactSecrets(text: string): string {',
    replace: 'export function redactSecrets(text: string): string {\n  if (text.length > 0) return text;',
    tests: ['test/redact.test.ts', 'test/log.test.ts'],
  },
  {
    name: 'no quota in vain: a rebuild does not wait for what was on its way',
    file: 'app/manifest/rebuild.ts',
    find: 'markSpendsUnknown(database, lastWrite(files, now), areSpendsWhole);',
    replace: 'void areSpendsWhole;',
    tests: ['test/engine/damage.test.ts'],
  },
  {
    name: 'disk and service are the truth: what a rebuild has not seen passes for deleted',
    file: 'app/manifest/rebuild.ts',
    find: "table === 'synced' ? placeholderWriter(target) : undefined",
    replace: 'undefined',
    tests: ['test/engine/damage.test.ts'],
  },
  {
    name: 'disk and service are the truth: an empty folder without the mark of its mirror is believed',
    file: 'app/observe/root-guard.ts',
    find: 'return emptyRoot(root);',
    replace: 'return null;',
    tests: ['test/engine/damage.test.ts', 'test/transfer/safe-files.test.ts'],
  },
  {
    name: 'no byte lost: what was in the trash is not found again',
    file: 'app/transfer/safe-files.ts',
    find: 'await this.#adopt?.();',
    replace: '',
    tests: ['test/transfer/safe-files.test.ts'],
  },
  {
    name: 'killed anywhere, it resumes: a rebuilt manifest that waits for its place is forgotten',
    file: 'app/manifest/manifest.ts',
    find: 'const finished = finishRebuild(files);',
    replace: 'const finished = null;',
    tests: ['test/manifest/kill.test.ts'],
  },
  {
    name: 'killed anywhere, it resumes: answers and settings are kept once only',
    file: 'app/manifest/kept-copy.ts',
    find: 'for (const table of tables) followChanges(database, table);',
    replace: '',
    tests: ['test/manifest/kept-copy.test.ts'],
  },
  {
    name: 'it stays out of the way: all that was known of a removed mirror goes at once',
    file: 'app/engine/clearing.ts',
    find: 'const rowsAtOnce = 250;',
    replace: 'const rowsAtOnce = 1e9;',
    tests: ['test/manifest/removed-mirrors.test.ts'],
  },
  {
    name: 'killed anywhere, it resumes: what is left of a removed mirror stays for good',
    file: 'app/engine/running-mirrors.ts',
    find: 'this.#clearing.begin();\n  }\n',
    replace: '}\n',
    tests: ['test/manifest/removed-mirrors.test.ts'],
  },
  {
    name: 'no byte lost: an asset whose file another was moved over comes back as a file whose changes go nowhere',
    file: 'app/plan/claims.ts',
    find: 'return isAtItsPath(base)',
    replace: "return base.key !== ''",
    tests: ['test/engine/answers.test.ts'],
  },
  ...hostileMutations,
  ...observeMutations,
  ...pullMutations,
];
