import path from 'node:path';
import type { SessionReport } from '../engine/environment.ts';
import { Wake } from '../engine/wake.ts';
import { fileItem } from '../manifest/entry-table.ts';
import type { SessionFile, SessionRecord, UploadStep } from '../manifest/session-table.ts';
import { versionText } from '../plan/content.ts';
import { agreedOf, uploadFingerprint } from '../plan/operation.ts';
import { ViUploadError } from '../vi/index.ts';
import type { Pass } from './mirror-gate.ts';
import { noteOutdated, recordFailure, type TransferContext } from './transfer-context.ts';
import { type FailedTransfer, failedIngestion, failedTransfer } from './transfer-failure.ts';
import { outcomeOf } from './upload-outcome.ts';
import { isDead, targetFrom } from './upload-target.ts';

/** How long a file that a kill has interrupted may still turn up at the service before it is sent again. Milliseconds. */
const graceMs = 5000;
const graceStepMs = 1000;
/** Longest a session is waited for. The signed URLs are long dead by then. Milliseconds. */
const longestMs = 60 * 60_000;
/** How long the service may give no answer about a session, or none that can be understood, while it answers everything else. Milliseconds. */
const deafMs = 3 * 60_000;
/** A session that is not younger was begun by an earlier engine. Milliseconds. */
const freshMs = 5000;
/** How often a file is tried within a session, and the first wait before another try; doubled each time. Milliseconds. */
const mostTries = 4;
const retryMs = 800;
const firstPollMs = 100;
const slowestPollMs = 2000;
/** Between two listings while a long session runs, so that its files show as they are done. Milliseconds. */
const listingMs = 5000;

/** What came of trying to send a file: `interrupted`, by a pause before all of it was sent; `unsure`, by one that may have come too late. */
type Attempt = 'ended' | 'failed' | 'interrupted' | 'unsure';

/** Where the bytes come from. */
export interface SendingFiles {
  /** Filename → absolute path of a copy that is sent instead of the file. */
  readonly sources?: ReadonlyMap<string, string>;
  /** A file has other bytes than were announced. */
  readonly onChanged?: (file: SessionFile) => void;
}

/** Sends the files of one ingestion session that the manifest knows, and follows it to its end; also one that a kill has interrupted. */
export class UploadSession {
  readonly #context: TransferContext;
  readonly #record: SessionRecord;
  readonly #sending: SendingFiles;
  readonly #open: Map<string, SessionFile>;
  readonly #wake: Wake;
  /** Bytes of files that have not been begun, by filename. */
  readonly #unsent: Map<string, number>;
  /** Files that may have arrived without our knowing, by filename. */
  readonly #unsure: Set<string>;
  /** Files whose bytes the service has, by filename. */
  readonly #sent: Set<string>;
  readonly #pauses: number;
  /** Opening of the gate since which the session is known to run; null: it was picked up, and may be over. */
  #heardIn: number | null;
  #hearing: Promise<void> | undefined;
  #toSend: number;
  /** The service takes nothing more in this session. */
  #isOver = false;

  constructor(
    context: TransferContext,
    record: SessionRecord,
    files: readonly SessionFile[],
    sending: SendingFiles = {},
  ) {
    this.#context = context;
    this.#sending = sending;
    this.#record = record;
    this.#open = new Map(files.map((file) => [file.filename, file]));
    const toSend = files.filter(({ step }) => step !== 'sent');
    this.#unsent = new Map(toSend.map(({ filename, size }) => [filename, size]));
    const namesAt = (at: UploadStep) =>
      files.filter(({ step }) => step === at).map(({ filename }) => filename);
    this.#unsure = new Set(namesAt('sending'));
    this.#sent = new Set(namesAt('sent'));
    const { clock } = context.environment;
    const { pauses, isPaused, openings } = context.gate;
    this.#pauses = isPaused ? pauses - 1 : pauses;
    this.#heardIn = Math.abs(clock.now() - record.createdAt) < freshMs ? openings : null;
    this.#toSend = toSend.length;
    this.#wake = new Wake(clock);
  }

  /** True while files are still to be sent; afterwards it only waits for the service. */
  get isSending(): boolean {
    return this.#toSend > 0;
  }

  /** What is still to be sent and not under way. */
  unsent(): { files: number; bytes: number } {
    const files = [...this.#unsent.values()];
    return { files: files.length, bytes: files.reduce((sum, bytes) => sum + bytes, 0) };
  }

  /** @throws errors that no transfer should have; nothing of it runs any more then, and the manifest knows how far it has come */
  async run(): Promise<void> {
    if (this.#record.finishedAt !== null) return;
    await this.#all([this.#sendAll(), this.#follow()]);
  }

  /** Waits for the end of all. The first that fails is the end of the whole session. */
  async #all(parts: readonly Promise<void>[]): Promise<void> {
    const breakOff = (error: unknown): never => {
      this.#isOver = true;
      this.#wake.wake();
      throw error;
    };
    const ended = await Promise.allSettled(parts.map((part) => part.catch(breakOff)));
    for (const part of ended) if (part.status === 'rejected') throw part.reason;
  }

  async #sendAll(): Promise<void> {
    const files = [...this.#open.values()];
    const interrupted = files.filter(({ step }) => step === 'sending');
    const isLate = this.#waitFor(interrupted);
    const fresh = files.filter(({ step }) => step === 'announced');
    await this.#all(fresh.map((file) => this.#send(file)));
    await isLate;
    await this.#all(interrupted.map((file) => this.#send(file)));
    this.#wake.wake();
  }

  /** A kill has left open whether these have arrived: gives listings a while to show them. */
  async #waitFor(interrupted: readonly SessionFile[]): Promise<void> {
    const { environment, report, signal } = this.#context;
    for (let waited = 0; waited < graceMs && !signal.aborted; waited += graceStepMs) {
      if (!interrupted.some((file) => this.#isOpen(file))) return;
      report.lookRemotely();
      await environment.clock.sleep(graceStepMs, signal);
    }
  }

  async #send(file: SessionFile): Promise<void> {
    const { gate, report } = this.#context;
    try {
      for (let tries = 1; ; ) {
        const pass = await gate.enter('upload', report.isUrgent(file.path));
        if (pass === null) return;
        const attempt = await this.#attempt(file, tries, pass).finally(() => pass.leave());
        if (attempt === 'ended') return;
        if (!(await gate.untilOpen())) return;
        if (attempt === 'unsure') await this.#waitFor([file]);
        if (attempt !== 'failed') continue;
        tries += 1;
        await this.#lookAgain(tries);
      }
    } finally {
      this.#toSend -= 1;
    }
  }

  async #attempt(file: SessionFile, tries: number, pass: Pass): Promise<Attempt> {
    const { environment, manifest, mirror, remote, report, signal, upload } = this.#context;
    const item = fileItem(file.key);
    await this.#makeSure();
    if (pass.isPaused) return 'interrupted';
    this.#unsent.delete(file.filename);
    if (this.#isOver || signal.aborted || !this.#isOpen(file)) return 'ended';
    const target = targetFrom(file.target);
    const isTooLate = isDead(target, this.#record, environment.clock.now());
    if (isTooLate || this.#isTaken(file) || !(await this.#isAgreed(file))) {
      this.#abandon(file);
      return 'ended';
    }
    if (this.#hasArrived(file)) return 'ended';
    if (pass.isPaused) return 'interrupted';
    upload.begin(item, file.size);
    let isSent = false;
    try {
      manifest.transaction(() => {
        manifest.sessions.setStep(file.session, file.filename, 'sending');
        manifest.entries.setState(mirror.id, item, 'uploading', null, environment.clock.now());
      });
      report.changed();
      const copy = this.#sending.sources?.get(file.filename);
      const source = {
        path: copy ?? path.join(mirror.folder, file.path),
        size: file.size,
        crc32c: file.crc32c,
      };
      await remote.send(target, source, {
        onBytes: (bytes) => upload.move(item, bytes),
        signal: pass.signal,
        pace: pass.pace,
      });
      isSent = true;
      this.#sent.add(file.filename);
      manifest.transaction(() => {
        // A listing may have shown it before the answer came.
        if (!this.#isOpen(file)) return;
        manifest.sessions.setStep(file.session, file.filename, 'sent');
        manifest.entries.setState(mirror.id, item, 'processing', null, environment.clock.now());
      });
      report.changed();
      return 'ended';
    } catch (error) {
      if (pass.isPaused) return this.#interrupted(file, pass);
      if (signal.aborted) return 'ended';
      this.#unsure.add(file.filename);
      return this.#mayTryAgain(file, error, tries) ? 'failed' : 'ended';
    } finally {
      upload.end(item, isSent);
    }
  }

  /**
   * After a pause, an outage or a restart: asks once whether the session still takes files, and has everything listed that others have
   * uploaded meanwhile, before any is sent.
   */
  async #makeSure(): Promise<void> {
    while (this.#heardIn !== this.#context.gate.openings && !this.#isOver) {
      this.#hearing ??= this.#hear();
      await this.#hearing;
    }
  }

  async #hear(): Promise<void> {
    const { gate, report } = this.#context;
    const { openings } = gate;
    const [answer] = await Promise.all([this.#ask(), report.untilListed()]);
    this.#heardIn = openings;
    this.#hearing = undefined;
    if (answer === 'over') this.#finish(null);
    else if (answer !== 'unknown' && answer.state !== 'running') this.#finish(answer);
  }

  /** A pause has ended the sending of a file. What can't have arrived whole is as if it had never been begun. */
  #interrupted(file: SessionFile, pass: Pass): Attempt {
    const { environment, manifest, mirror, report } = this.#context;
    if (!this.#isOpen(file)) return 'ended';
    const isUnsure = this.#unsure.has(file.filename) || pass.mayHaveMoved(file.size);
    if (isUnsure) this.#unsure.add(file.filename);
    this.#unsent.set(file.filename, file.size);
    manifest.transaction(() => {
      if (!isUnsure) manifest.sessions.setStep(file.session, file.filename, 'announced');
      manifest.entries.setState(mirror.id, fileItem(file.key), 'waiting', null, environment.clock.now());
    });
    report.changed();
    return isUnsure ? 'unsure' : 'interrupted';
  }

  /** Before another try: waits a little, and until a listing has said whether the bytes have come all the same, or somebody else's. */
  async #lookAgain(tries: number): Promise<void> {
    const { environment, report, signal } = this.#context;
    const wait = retryMs * 2 ** (tries - 2) * (0.5 + environment.random.fraction() / 2);
    await Promise.all([report.untilListed(), environment.clock.sleep(wait, signal)]);
  }

  /** Whether a listing has shown it already, from a try whose answer was lost: whoever looks through listings ends it well. */
  #hasArrived(file: SessionFile): boolean {
    const { manifest, mirror, report, proofs } = this.#context;
    const now = manifest.sessions.file(this.#record.id, file.filename);
    const there = manifest.remote.byFilename(mirror.id, file.filename);
    if (now === null || outcomeOf(this.#record, now, there, proofs).kind !== 'ours') return false;
    manifest.sessions.setStep(file.session, file.filename, 'sent');
    report.lookRemotely();
    return true;
  }

  /** Whether somebody has uploaded another asset of this name, or version of it, since the session was made: it is not to be overwritten. */
  #isTaken(file: SessionFile): boolean {
    const { manifest, mirror, proofs } = this.#context;
    const there = manifest.remote.byFilename(mirror.id, file.filename);
    if (there === null || versionText(there) === file.replaces) return false;
    const own = proofs.of(file);
    const isOwn =
      own !== null && there.hash?.algorithm === own.algorithm && there.hash.contents === own.contents;
    return there.sha256 !== file.sha256 && !isOwn;
  }

  /**
   * Whether an asset with annotations still is what a person has agreed to have overwritten: asked for each file just before it is sent,
   * for a session takes its time, and a kill may have come in between.
   */
  async #isAgreed(file: SessionFile): Promise<boolean> {
    const { remote, signal, report } = this.#context;
    if (file.replacesAsset === null || file.agreedAnnotations === null) return true;
    try {
      const asset = await remote.get(file.replacesAsset, signal);
      if (
        asset !== null &&
        versionText(asset) === file.replaces &&
        agreedOf(asset) === file.agreedAnnotations
      )
        return true;
      noteOutdated(this.#context, asset);
    } catch (error) {
      if (!signal.aborted) report.serviceFailed(error);
    }
    return false;
  }

  /** True when a pause may be the reason that a file was not sent in time. */
  get #wasPaused(): boolean {
    return this.#context.gate.pauses > this.#pauses;
  }

  /** Whether a file that could not be sent is to be sent again within this session. */
  #mayTryAgain(file: SessionFile, error: unknown, tries: number): boolean {
    const { log, report } = this.#context;
    const code = error instanceof ViUploadError ? error.code : '';
    if (error instanceof ViUploadError && error.isExpired && this.#wasPaused) {
      this.#abandon(file);
      return false;
    }
    const failed = failedTransfer(error, file.path);
    log.warn('A file could not be sent', { path: file.path, tries, error });
    if (failed.isService) {
      report.serviceFailed(error);
      if (tries < mostTries) return true;
    }
    if (code === 'FileChanged' || failed.problem.code === 'FileNotFound') {
      // No failure: there is another version now, or none, and a look will tell.
      this.#abandon(file);
      this.#sending.onChanged?.(file);
      report.lookLocally(file.path);
    } else {
      this.#fail(file, failed, 'us');
      // An address may refuse bytes because it has them already, from a try whose answer was lost.
      report.lookRemotely();
    }
    return false;
  }

  /** Asks how the session goes until it is over, or until every file of it is known to be done. */
  async #follow(): Promise<void> {
    const { environment, gate, report, signal } = this.#context;
    const { clock } = environment;
    const start = clock.monotonic();
    let lastListing = start;
    let delay = firstPollMs;
    let heardAt = start;
    let opening = gate.openings;
    while (!signal.aborted && !this.#isOver) {
      await this.#wake.sleep(this.isSending ? slowestPollMs : delay, signal);
      if (!this.isSending) delay = Math.min(slowestPollMs, delay * 1.5);
      // During a pause only what has been sent already is waited for.
      if (!(await (this.#isAnySent() ? gate.untilOnline() : gate.untilOpen()))) return;
      this.#dropResolved();
      const answer = await this.#ask();
      // What was no answer while the service was away does not count.
      if (answer !== 'unknown' || gate.openings !== opening) heardAt = clock.monotonic();
      opening = gate.openings;
      const isDeaf = !this.isSending && clock.monotonic() - heardAt > deafMs;
      const isDone = !this.isSending && (this.#open.size === 0 || this.#isThrough(answer));
      if (isDone || isDeaf || answer === 'over' || clock.monotonic() - start > longestMs) {
        this.#finish(typeof answer === 'object' ? answer : null);
        return;
      }
      if (typeof answer === 'object' && answer.state !== 'running') {
        this.#finish(answer);
        return;
      }
      if (clock.monotonic() - lastListing >= listingMs) {
        lastListing = clock.monotonic();
        if (this.#isAnySent()) report.lookRemotely();
      }
    }
  }

  #isAnySent(): boolean {
    return [...this.#open.keys()].some((filename) => this.#sent.has(filename));
  }

  /** Whether the service is done with all that it has been sent. For what was abandoned it waits on, until the URLs are dead. */
  #isThrough(answer: SessionReport | 'over' | 'unknown'): boolean {
    if (typeof answer !== 'object' || answer.progress === null) return false;
    const { total, done } = answer.progress;
    return total > 0 && done >= total - this.#context.manifest.sessions.abandoned(this.#record.id);
  }

  /** How the session goes; `over` when the service does not know it any more. */
  async #ask(): Promise<SessionReport | 'over' | 'unknown'> {
    const { remote, report, signal } = this.#context;
    try {
      const session = await remote.session(this.#record.sessionId, signal);
      for (const [filename, code] of session?.errors ?? []) this.#refused(filename, code);
      return session ?? 'over';
    } catch (error) {
      if (!signal.aborted) report.serviceFailed(error);
      return 'unknown';
    }
  }

  /** The service does nothing more in this session. What it has made of the files that it did not refuse, a listing tells. */
  #finish(session: SessionReport | null): void {
    const { environment, manifest, report } = this.#context;
    if (this.#isOver) return;
    this.#isOver = true;
    manifest.transaction(() => {
      manifest.sessions.finish(this.#record.id, environment.clock.now(), session?.finished ?? null);
      for (const file of manifest.sessions.files(this.#record.id)) {
        // Not begun: it can't be there, and the next session takes it along.
        if (file.step === 'announced') this.#close(file);
      }
    });
    this.#open.clear();
    report.lookRemotely();
    report.planAgain();
  }

  #refused(filename: string, code: string): void {
    const file = this.#open.get(filename);
    if (file === undefined || !this.#isOpen(file)) return;
    if (code === 'ETIMEOUT' && this.#wasPaused && !this.#sent.has(filename)) {
      // It came to no address in time because we did not send it. The next plan takes it up.
      this.#close(file);
      this.#context.report.planAgain();
      return;
    }
    // Whatever has the name there already may be just what we wanted to bring: the next plan knows.
    const isQuiet = code === 'EALREADY';
    this.#fail(file, failedIngestion(file.path, code), 'service', isQuiet);
    if (isQuiet) this.#context.report.lookRemotely();
  }

  #fail(file: SessionFile, failed: FailedTransfer, by: 'us' | 'service', isQuiet = false): void {
    if (!this.#isOpen(file)) return;
    if (by === 'service') this.#close(file);
    else this.#abandon(file);
    const item = fileItem(file.key);
    const fingerprint = uploadFingerprint(file.sha256, file.filename);
    recordFailure(this.#context, { item, fingerprint, path: file.path, isQuiet }, failed);
    this.#context.report.planAgain();
  }

  /** It is not sent any more, for no fault of its own: the next plan sees what is to become of it. */
  #abandon(file: SessionFile): void {
    this.#open.delete(file.filename);
    this.#context.manifest.sessions.setStep(file.session, file.filename, 'abandoned');
    this.#context.report.planAgain();
  }

  #close(file: SessionFile): void {
    this.#open.delete(file.filename);
    this.#context.manifest.sessions.closeFile(file.session, file.filename);
  }

  /** Listings close files behind our back. */
  #dropResolved(): void {
    const open = new Set(
      this.#context.manifest.sessions.files(this.#record.id).map(({ filename }) => filename),
    );
    for (const filename of this.#open.keys()) {
      if (!open.has(filename)) this.#open.delete(filename);
    }
  }

  #isOpen(file: SessionFile): boolean {
    return this.#context.manifest.sessions.isFileOpen(file.session, file.filename);
  }
}
