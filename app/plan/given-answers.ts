import type { EntryHold } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { allowedAnswers, type BoundAnswer, needsRetention, type Sides } from './answers.ts';
import type { Policy } from './decision.ts';

/** What people have answered, for one plan. Void answers are forgotten as they are met. */
export class GivenAnswers {
  readonly #manifest: Manifest;
  readonly #mirror: number;
  readonly #policy: Policy;
  #byItem: Map<string, BoundAnswer>;
  #version: number;

  constructor(manifest: Manifest, mirror: number, policy: Policy) {
    this.#manifest = manifest;
    this.#mirror = mirror;
    this.#policy = policy;
    this.#byItem = manifest.answers.all(mirror);
    this.#version = manifest.answers.version;
  }

  /** The answer to a hold, if it was given for just this, and can be carried out. */
  of(item: string, sides: Sides, { reason, fingerprint }: EntryHold): BoundAnswer | null {
    const answer = this.#answers().get(item);
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
    if (this.#answers().delete(item)) this.#manifest.answers.delete(this.#mirror, item);
  }

  #answers(): Map<string, BoundAnswer> {
    const { answers } = this.#manifest;
    if (answers.version !== this.#version) {
      this.#byItem = answers.all(this.#mirror);
      this.#version = answers.version;
    }
    return this.#byItem;
  }
}
