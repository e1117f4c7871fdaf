import type {
  AnnotationFate,
  AnnouncedFile,
  OpenedSession,
  SessionReport,
} from '../../app/engine/environment.ts';
import { ViRateLimitError } from '../../app/vi/index.ts';
import type { FakeService, ServiceActor } from './fake-service.ts';
import { hashOf, inspected } from './file-facts.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface SessionFile {
  readonly position: number;
  readonly announced: AnnouncedFile;
  readonly expiry: number;
  content: Buffer | null;
  /** Order in which the files have come. */
  arrival: number;
  /** `settled`: ingested, or refused with the code. */
  state: 'waiting' | 'arrived' | 'settled';
  code: string | null;
}

interface Session {
  readonly sessionId: string;
  readonly actor: ServiceActor;
  readonly annotations: AnnotationFate;
  readonly created: number;
  readonly deadline: number;
  readonly files: readonly SessionFile[];
  readonly shuffle: readonly number[];
  receiving: number;
  isBusy: boolean;
  finished: number | null;
}

/** What came of bytes that were sent. */
export type Arrival = 'taken' | 'expired' | 'unknown';

/** Every upload whose bytes have come whole. */
export interface SentContent {
  readonly at: number;
  readonly actor: ServiceActor;
  readonly sessionId: string;
  readonly filename: string;
  readonly content: Buffer;
  /** Undefined while the session has not dealt with it; null: it became the asset; else the code that refused it, or `too-late`. */
  outcome: string | null | undefined;
}

/** The ingestion sessions of a service, in memory and in virtual time. */
export class FakeSessions {
  /** Filename → code with which its next uploads fail. */
  readonly refusals = new Map<string, string>();
  /** In the order of their arrival. */
  readonly sent: SentContent[] = [];
  /** Told of each content that has come, before anything is made of it. */
  onSent: (sent: SentContent) => void = () => undefined;
  /** Sessions that were asked for, and those that the budget did not allow. */
  created = 0;
  refused = 0;
  readonly #service: FakeService;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #sessions = new Map<string, Session>();
  #arrivals = 0;

  constructor(service: FakeService, clock: VirtualClock, random: SeededRandom) {
    this.#service = service;
    this.#clock = clock;
    this.#random = random;
  }

  /** @throws ViRateLimitError when the budget is spent */
  open(files: readonly AnnouncedFile[], annotations: AnnotationFate, actor: ServiceActor): OpenedSession {
    this.created += 1;
    this.#spend();
    const now = this.#service.now();
    const sessionId = this.#random.id();
    const deadline = Math.floor(now + this.#service.switches.urlLifetimeMs);
    const session: Session = {
      sessionId,
      actor,
      annotations,
      created: now,
      deadline,
      files: files.map((announced, position) => ({
        position,
        announced,
        expiry: deadline,
        content: null,
        arrival: 0,
        state: 'waiting',
        code: null,
      })),
      shuffle: files.map(() => this.#random.fraction()),
      receiving: 0,
      isBusy: false,
      finished: null,
    };
    this.#sessions.set(sessionId, session);
    this.#clock.after(deadline - now, () => this.#pump(session));
    const targets = session.files.map(
      ({ announced, position }) =>
        [
          announced.filename,
          {
            url: `https://storage.invalid/${sessionId}/${position}`,
            expiry: deadline,
            headers: { 'Content-Type': announced.mime },
            method: 'PUT',
          },
        ] as const,
    );
    return { sessionId, created: now, targets: new Map(targets) };
  }

  report(sessionId: string): SessionReport | null {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return null;
    const settled = session.files.filter(({ state }) => state === 'settled');
    const errors = settled.flatMap(({ announced, code }) =>
      code === null ? [] : [[announced.filename, code] as const],
    );
    const isFailed = errors.length > 0 && this.#service.switches.failAfterAllWithErrors === 'FailedReach';
    return {
      state: session.finished === null ? 'running' : isFailed ? 'failed' : 'finished',
      progress: { total: session.files.length, done: settled.length },
      finished: session.finished,
      errors: new Map(errors),
    };
  }

  /** An upload begins: the session waits for it even past its deadline. Returns what ends it. */
  receiving(url: string): () => void {
    const found = this.#find(url);
    if (found === undefined) return () => undefined;
    found.session.receiving += 1;
    return () => {
      found.session.receiving -= 1;
      this.#pump(found.session);
    };
  }

  /** Name of the asset that a signed URL is for. */
  filenameOf(url: string): string | undefined {
    return this.#find(url)?.file.announced.filename;
  }

  /** Whether a signed URL still takes bytes. */
  check(url: string): Arrival {
    const found = this.#find(url);
    if (found === undefined) return 'unknown';
    return found.file.expiry > this.#service.now() ? 'taken' : 'expired';
  }

  /** All bytes of a file have come. */
  arrive(url: string, content: Buffer): void {
    const found = this.#find(url);
    if (found === undefined) return;
    const { session, file } = found;
    const sent: SentContent = {
      at: this.#clock.steady,
      actor: session.actor,
      sessionId: session.sessionId,
      filename: file.announced.filename,
      content,
      outcome: undefined,
    };
    this.onSent(sent);
    this.sent.push(sent);
    if (file.state === 'settled' || session.finished !== null) {
      // The file's fate is settled: nobody looks at these bytes any more.
      sent.outcome = 'too-late';
      return;
    }
    this.#arrivals += 1;
    file.content = content;
    file.arrival = this.#arrivals;
    file.state = 'arrived';
    this.#pump(session);
  }

  #find(url: string): { session: Session; file: SessionFile } | undefined {
    const [sessionId = '', position = ''] = url.split('/').slice(-2);
    const session = this.#sessions.get(sessionId);
    const file = session?.files[Number(position)];
    return session === undefined || file === undefined ? undefined : { session, file };
  }

  #spend(): void {
    const { sessionBudget, retryAfter } = this.#service.switches;
    if (sessionBudget === null) return;
    const now = this.#service.now();
    const begun = [...this.#sessions.values()]
      .map(({ created }) => created)
      .filter((created) => created > now - sessionBudget.windowMs);
    const blocking = begun[begun.length - sessionBudget.sessions];
    if (blocking === undefined) return;
    this.refused += 1;
    const wait = blocking + sessionBudget.windowMs - now;
    throw new ViRateLimitError('Too many ingestion sessions.', {
      status: 429,
      ...(retryAfter === 'absent' ? {} : { retryAfter: Math.max(1000, Math.ceil(wait / 1000) * 1000) }),
    });
  }

  /** Takes a session a step further, if anything is to be done. */
  #pump(session: Session): void {
    if (session.isBusy || session.finished !== null) return;
    const next = this.#next(session);
    const { fileProcessingMs, sessionMinimumMs } = this.#service.switches;
    if (next !== undefined) {
      session.isBusy = true;
      this.#clock.after(fileProcessingMs, () => void this.#process(session, next));
      return;
    }
    const waiting = session.files.filter(({ state }) => state !== 'settled');
    if (waiting.length > 0 && this.#isPast(session)) {
      for (const file of waiting) this.#settle(session, file, 'ETIMEOUT');
      this.#pump(session);
    } else if (waiting.length === 0) {
      const end = session.created + sessionMinimumMs;
      if (this.#service.now() >= end) session.finished = this.#service.now();
      else this.#clock.after(end - this.#service.now(), () => this.#pump(session));
    }
  }

  #isPast(session: Session): boolean {
    return this.#service.now() >= session.deadline && session.receiving === 0;
  }

  /** The file whose turn it is. */
  #next(session: Session): SessionFile | undefined {
    const arrived = session.files.filter(({ state }) => state === 'arrived');
    const { finishOrder } = this.#service.switches;
    const isAllThere = !session.files.some(({ state }) => state === 'waiting');
    if (finishOrder !== 'arrival' && !isAllThere && !this.#isPast(session)) return undefined;
    const rank = (file: SessionFile): number => {
      switch (finishOrder) {
        case 'arrival':
          return file.arrival;
        case 'listed':
          return file.position;
        case 'reversed':
          return -file.position;
        case 'shuffled':
          return session.shuffle[file.position] ?? 0;
      }
    };
    return arrived.sort((a, b) => rank(a) - rank(b))[0];
  }

  async #process(session: Session, file: SessionFile): Promise<void> {
    const { content } = file;
    if (content !== null) {
      const check = await this.#check(file.announced, content);
      // New bytes may have come while the old ones were looked at: then it is their turn next.
      if (file.content === content) {
        this.#settle(
          session,
          file,
          typeof check === 'string' ? check : this.#ingest(session, file, content, check),
        );
      }
    }
    session.isBusy = false;
    this.#pump(session);
  }

  /** Its size in pixels, or the code that refuses it. */
  async #check(file: AnnouncedFile, content: Buffer): Promise<string | { width: number; height: number }> {
    const refusal = this.refusals.get(file.filename);
    if (refusal !== undefined) return refusal;
    const hash = hashOf(content);
    if (hash.size !== file.size) return 'EBADSIZE';
    if (hash.crc32c !== file.crc32c) return 'ECORRUPT';
    const inspection = await this.#clock.hold(inspected(content, file.filename));
    if (inspection.ok) return { width: inspection.width, height: inspection.height };
    switch (inspection.problem.code) {
      case 'empty':
        return 'EBADSIZE';
      case 'truncated':
      case 'unreadable':
        return 'ECORRUPT';
      default:
        return 'EBADMIME';
    }
  }

  #ingest(
    session: Session,
    { announced }: SessionFile,
    content: Buffer,
    size: { width: number; height: number },
  ): string | null {
    const { switches } = this.#service;
    const existing = this.#service.current(announced.filename);
    if (existing === undefined) {
      if (this.#service.dataRowsUsed + 5 > this.#service.dataRowLimit) return 'ENOQUOTA';
    } else if (
      (existing.content.equals(content) ? switches.identicalBytes : switches.existingFilename) === 'EALREADY'
    ) {
      return 'EALREADY';
    }
    const keepsAnnotations = session.annotations === 'KeepLinkedResource';
    this.#service.ingest({ asset: announced, content, size, actor: session.actor, keepsAnnotations });
    return null;
  }

  #settle(session: Session, file: SessionFile, code: string | null): void {
    file.state = 'settled';
    file.code = code;
    for (const sent of this.sent) {
      const isIts = sent.sessionId === session.sessionId && sent.filename === file.announced.filename;
      if (isIts && sent.outcome === undefined) sent.outcome = code;
    }
  }
}
