import type { EntryHold } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { allowedAnswers, type BoundAnswer, needsRetention, type Sides } from './answers.ts';
import type { Policy } from './decision.ts';

/** What people have answered, for one plan. Void answers are forgotten as they are met. */
export class GivenAnswers {
  readonly #manifest: Manifest;
  readonly #mirror: number;
  readonly #policy: Policy;
  readonly #byItem: Map<string, BoundAnswer>;

  constructor(manifest: Manifest, mirror: number, policy: Policy) {
    this.#manifest = manifest;
    this.#mirror = mirror;
    this.#policy = policy;
    this.#byItem = manifest.answers.all(mirror);
  }

  /** The answer to a hold, if it was given for just this, and can be carried out. */
  of(item: string, sides: Sides, { reason, fingerprint }: EntryHold): BoundAnswer | null {
    const answer = this.#byItem.get(item);
    if (answer === undefined) return null;
    const isValid =
      answer.fingerprint === fingerprint &&
      allowedAnswers(reason, sides, this.#policy).includes(answer.kind) &&
      (answer.kind !== 'keep-mine' || !needsRetention(sides) || answer.annotations !== undefined);
    if (isValid) return answer;
    this.drop(item);
    return null;
  }

  /** It is void, or done. */
  drop(item: string): void {
    if (this.#byItem.delete(item)) this.#manifest.answers.delete(this.#mirror, item);
  }
}
