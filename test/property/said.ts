import type { Answer, Direction, Hold, MirrorSettings, MirrorSettingsChange } from '../../app/contract.ts';
import type { StoredAsset } from '../world/fake-service.ts';
import { hashOf } from '../world/file-facts.ts';

/** What an engine has begun before it was told otherwise comes to its end within this. Milliseconds. */
const stillMs = 60_000;

/** A person's word that one version of an asset may go, with so many annotations. */
interface Agreement {
  readonly assetId: string;
  /** Contents that the asset can have had when the person saw it. */
  readonly contents: ReadonlySet<string>;
  readonly annotations: number | null;
  /** Undefined: the asset is to go. */
  readonly fate: Answer['annotations'];
}

const untold: MirrorSettings = {
  direction: 'two-way',
  deletePolicy: 'keep',
  retentionMode: null,
  duplicates: 'leave',
};

/** What a person has said to the app on one computer, and when: whatever an engine gives up must have been said. */
export class Said {
  readonly #settings: { readonly until: number; readonly settings: MirrorSettings }[] = [];
  #now: MirrorSettings = untold;
  readonly #agreements = new Set<Agreement>();
  #pausedSince: number | null = null;
  #restoringAt = Number.NEGATIVE_INFINITY;
  /** Contents that a person wants to have twice. */
  readonly wantedTwice = new Set<string>();

  told(at: number, settings: MirrorSettingsChange): void {
    this.#settings.push({ until: at, settings: this.#now });
    const change = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    this.#now = { ...this.#now, ...change };
  }

  /** Whether a mirror may have acted on settings for which this is true: those of now, or of a moment ago. */
  may(at: number, question: (settings: MirrorSettings) => boolean): boolean {
    return (
      question(this.#now) ||
      this.#settings.some((each) => each.until > at - stillMs && question(each.settings))
    );
  }

  mayBe(at: number, ...directions: readonly Direction[]): boolean {
    return this.may(at, ({ direction }) => directions.includes(direction));
  }

  paused(at: number, isPaused: boolean): void {
    this.#pausedSince = isPaused ? (this.#pausedSince ?? at) : null;
  }

  /** How long it has been paused by now; 0: it is not. */
  pausedMs(at: number): number {
    return this.#pausedSince === null ? 0 : at - this.#pausedSince;
  }

  restoring(at: number): void {
    this.#restoringAt = at;
  }

  isRestoring(at: number): boolean {
    return at - this.#restoringAt < stillMs;
  }

  /**
   * A person answers. Returns what takes the answer back when it is refused.
   *
   * @param contents those that the asset can have had when the person was shown it, as SHA-256
   */
  answered(hold: Hold, answer: Answer, contents: ReadonlySet<string>): () => void {
    const { local, remote } = hold;
    const sha256 = local?.sha256 ?? null;
    // Both stay: what was left alone as a copy, or because it is gone there, becomes an asset.
    if (sha256 !== null && remote === null) this.wantedTwice.add(sha256);
    if (answer.kind !== 'keep-mine' || remote === null) return () => undefined;
    const agreement: Agreement = {
      assetId: remote.assetId,
      contents,
      annotations: remote.annotations,
      fate: local === null ? undefined : answer.annotations,
    };
    this.#agreements.add(agreement);
    return () => this.#agreements.delete(agreement);
  }

  /** Whether a person has said that this version of an asset may be overwritten or deleted. */
  mayGo({ assetId, content }: StoredAsset): boolean {
    const { sha256 } = hashOf(content);
    return [...this.#agreements].some((each) => each.assetId === assetId && each.contents.has(sha256));
  }

  /** The numbers of annotations that a person has agreed to lose with this version of an asset. */
  annotationsToGo({ assetId, content }: StoredAsset): (number | null)[] {
    const { sha256 } = hashOf(content);
    return [...this.#agreements]
      .filter((each) => each.assetId === assetId && each.contents.has(sha256))
      .filter(({ fate }) => fate !== 'KeepLinkedResource')
      .map(({ annotations }) => annotations);
  }
}
