import path from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { SessionReport } from '../engine/environment.ts';
import { Wake } from '../engine/wake.ts';
import { fileItem } from '../manifest/entry-table.ts';
import type { SessionFile, SessionRecord } from '../manifest/session-table.ts';
import { versionText } from '../plan/content.ts';
import { agreedOf, uploadFingerprint } from '../plan/operation.ts';
import { type Contents, ViUploadError } from '../vi/index.ts';
import { noteOutdated, recordFailure, type TransferContext } from './transfer-context.ts';
import { type FailedTransfer, failedIngestion, failedTransfer } from './transfer-failure.ts';

/** Files sent at once. */
const sendsAtOnce = 16;
/** How long a file that a kill has interrupted may still turn up at the service before it is sent again. Milliseconds. */
const graceMs = 5000;
const graceStepMs = 1000;
/** Longest a session is waited for. The signed URLs are long dead by then. Milliseconds. */
const longestMs = 60 * 60_000;
/** How often a file is tried within a session, and the first wait before another try; doubled each time. Milliseconds. */
const mostTries = 4;
const retryMs = 800;
const firstPollMs = 100;
const slowestPollMs = 2000;
/** Between two listings while a long session runs, so that its files show as they are done. Milliseconds. */
const listingMs = 5000;

const targetSchema = z.object({
  url: z.string(),
  expiry: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  method: z.string().optional(),
});

/** What a file's signed URL is kept as in the manifest. */
export function targetText(target: Contents): string {
  return JSON.stringify(target);
}

function targetFrom(text: string): Contents {
  const { url, expiry, headers, method } = targetSchema.parse(JSON.parse(text));
  return { url, expiry, headers, method };
}

/** Sends the files of one ingestion session that the manifest knows, and follows it to its end; also one that a kill has interrupted. */
export class UploadSession {
  readonly #context: TransferContext;
  readonly #record: SessionRecord;
  readonly #open: Map<string, SessionFile>;
  readonly #wake: Wake;
  /** Bytes of files that have not been begun, by filename. */
  readonly #unsent: Map<string, number>;
  #toSend: number;
  /** The service takes nothing more in this session. */
  #isOver = false;

  constructor(context: TransferContext, record: SessionRecord, files: readonly SessionFile[]) {
    this.#context = context;
    this.#record = record;
    this.#open = new Map(files.map((file) => [file.filename, file]));
    const toSend = files.filter(({ step }) => step !== 'sent');
    this.#unsent = new Map(toSend.map(({ filename, size }) => [filename, size]));
    this.#toSend = toSend.length;
    this.#wake = new Wake(context.environment.clock);
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

  async run(): Promise<void> {
    if (this.#record.finishedAt !== null) return;
    await Promise.all([this.#sendAll(), this.#follow()]);
  }

  async #sendAll(): Promise<void> {
    const limit = pLimit(sendsAtOnce);
    const files = [...this.#open.values()];
    const interrupted = files.filter(({ step }) => step === 'sending');
    const isLate = this.#waitFor(interrupted);
    const fresh = files.filter(({ step }) => step === 'announced');
    await Promise.all(fresh.map((file) => limit(() => this.#send(file))));
    await isLate;
    await Promise.all(interrupted.map((file) => limit(() => this.#send(file))));
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
    const { environment, manifest, mirror, remote, report, signal, upload } = this.#context;
    const item = fileItem(file.key);
    this.#unsent.delete(file.filename);
    try {
      for (let tries = 1; ; tries++) {
        if (!(await this.#untilOnline()) || this.#isOver) return;
        if (tries > 1) await this.#lookAgain(tries);
        if (!this.#isOpen(file)) return;
        if (this.#isTaken(file) || !(await this.#isAgreed(file))) {
          this.#abandon(file);
          return;
        }
        upload.begin(item, file.size);
        let isSent = false;
        try {
          manifest.transaction(() => {
            manifest.sessions.setStep(file.session, file.filename, 'sending');
            manifest.entries.setState(mirror.id, item, 'uploading', null, environment.clock.now());
          });
          report.changed();
          const source = {
            path: path.join(mirror.folder, file.path),
            size: file.size,
            crc32c: file.crc32c,
          };
          await remote.send(targetFrom(file.target), source, {
            onBytes: (bytes) => upload.move(item, bytes),
            signal,
          });
          isSent = true;
          manifest.transaction(() => {
            // A listing may have shown it before the answer came.
            if (!this.#isOpen(file)) return;
            manifest.sessions.setStep(file.session, file.filename, 'sent');
            manifest.entries.setState(mirror.id, item, 'processing', null, environment.clock.now());
          });
          report.changed();
          return;
        } catch (error) {
          if (signal.aborted) return;
          if (!this.#mayTryAgain(file, error, tries)) return;
        } finally {
          upload.end(item, isSent);
        }
      }
    } finally {
      this.#toSend -= 1;
    }
  }

  /** Before another try: waits a little, and for a listing that says whether somebody else has been there meanwhile. */
  async #lookAgain(tries: number): Promise<void> {
    const { environment, report, signal } = this.#context;
    report.lookRemotely();
    const wait = retryMs * 2 ** (tries - 2) * (0.5 + environment.random.fraction() / 2);
    await environment.clock.sleep(wait, signal);
  }

  /** Whether somebody has uploaded another asset of this name, or version of it, since the session was made: it is not to be overwritten. */
  #isTaken(file: SessionFile): boolean {
    const { manifest, mirror } = this.#context;
    const there = manifest.remote.byFilename(mirror.id, file.filename);
    return there !== null && versionText(there) !== file.replaces && there.sha256 !== file.sha256;
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

  /** Whether a file that could not be sent is to be sent again within this session. */
  #mayTryAgain(file: SessionFile, error: unknown, tries: number): boolean {
    const { log, report } = this.#context;
    const code = error instanceof ViUploadError ? error.code : '';
    const failed = failedTransfer(error, file.path);
    log.warn('A file could not be sent', { path: file.path, tries, error });
    if (failed.isService) {
      report.serviceFailed(error);
      if (tries < mostTries) return true;
    }
    if (code === 'FileChanged' || failed.problem.code === 'FileNotFound') {
      // No failure: there is another version now, or none, and a look will tell.
      this.#abandon(file);
      report.lookLocally(file.path);
    } else {
      this.#fail(file, failed, 'us');
      // An address may refuse bytes because it has them already, from a try whose answer was lost.
      report.lookRemotely();
    }
    return false;
  }

  async #untilOnline(): Promise<boolean> {
    const { environment, report, signal } = this.#context;
    while (!report.isOnline() && !signal.aborted) await environment.clock.sleep(500, signal);
    return !signal.aborted;
  }

  /** Asks how the session goes until it is over, or until every file of it is known to be done. */
  async #follow(): Promise<void> {
    const { environment, report, signal, manifest } = this.#context;
    const { clock } = environment;
    const start = clock.monotonic();
    let lastListing = start;
    let delay = firstPollMs;
    while (!signal.aborted) {
      await this.#wake.sleep(this.isSending ? slowestPollMs : delay, signal);
      if (!this.isSending) delay = Math.min(slowestPollMs, delay * 1.5);
      if (!(await this.#untilOnline())) return;
      this.#dropResolved();
      const answer = await this.#ask();
      const isDone = !this.isSending && (this.#open.size === 0 || this.#isThrough(answer));
      if (isDone || answer === 'over' || clock.monotonic() - start > longestMs) {
        this.#finish(typeof answer === 'object' ? answer : null);
        return;
      }
      if (typeof answer === 'object' && answer.state !== 'running') {
        this.#finish(answer);
        return;
      }
      if (clock.monotonic() - lastListing >= listingMs) {
        lastListing = clock.monotonic();
        if (manifest.sessions.files(this.#record.id).some(({ step }) => step === 'sent')) {
          report.lookRemotely();
        }
      }
    }
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
