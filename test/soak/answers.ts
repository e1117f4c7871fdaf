import { z } from 'zod';
import { holdSchema } from '../../app/contract.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import type { Ledger } from './ledger.ts';
import type { Side } from './side.ts';

const listSchema = z.object({ items: z.array(holdSchema) });
type Hold = z.output<typeof holdSchema>;

/** What a person keeps. */
type Keep = 'mine' | 'theirs' | 'both';
/** `any`: now this, now that. */
export type Rule = Keep | 'any';

/** What a command may say when either side has changed since it was asked. */
const overtaken = [
  'changed-meanwhile',
  'no-hold',
  'answer-not-allowed',
  'annotations-undecided',
  'engine-lost',
];

/** Answers what waits on one side, with `vi-sync conflicts resolve`. */
export class Answers {
  readonly #side: Side;
  readonly #mirrorId: string;
  readonly #random: SeededRandom;
  readonly #ledger: Ledger;
  /** reason → how many were answered. */
  readonly counts = new Map<string, number>();
  /** Assets that a person has said may be deleted. */
  readonly deleted = new Set<string>();

  constructor(side: Side, mirrorId: string, random: SeededRandom, ledger: Ledger) {
    this.#side = side;
    this.#mirrorId = mirrorId;
    this.#random = random;
    this.#ledger = ledger;
  }

  /** Answers what waits of one reason, all of it; or one of those that could be decided otherwise. */
  async some(): Promise<void> {
    const holds = await this.list();
    const waiting = holds.filter(({ isOptional }) => !isOptional);
    const keep = this.#random.pick(['mine', 'theirs', 'both', 'both', 'skip'] as const);
    if (waiting.length > 0) {
      const { reason } = this.#random.pick(waiting);
      await this.#all(reason, waiting, keep);
    } else if (holds.length > 0) {
      await this.#one(this.#random.pick(holds), keep);
    }
  }

  /**
   * Answers everything by one rule, also what is left alone without an answer.
   *
   * @returns how many there were
   */
  async everything(rule: Rule): Promise<number> {
    const holds = await this.list();
    const keep = () => (rule === 'any' ? this.#random.pick(['mine', 'theirs', 'both'] as const) : rule);
    const waiting = holds.filter(({ isOptional }) => !isOptional);
    for (const reason of new Set(waiting.map((hold) => hold.reason)))
      await this.#all(reason, waiting, keep());
    for (const hold of holds.filter(({ isOptional }) => isOptional)) await this.#one(hold, keep());
    return holds.length;
  }

  async list(): Promise<Hold[]> {
    const document = await this.#side.tryCli([], 'conflicts', 'list', this.#mirrorId, '--optional');
    return document === null ? [] : listSchema.parse(document).items;
  }

  async #all(reason: Hold['reason'], waiting: readonly Hold[], wish: Keep | 'skip'): Promise<void> {
    const holds = waiting.filter((hold) => hold.reason === reason);
    const [first] = holds;
    if (first === undefined) return;
    const keep = possible(first, wish);
    this.#note(holds, keep);
    await this.#side.tryCli(
      overtaken,
      'conflicts',
      'resolve',
      this.#mirrorId,
      '--all',
      reason,
      ...['--keep', keep],
      ...(keep === 'mine' ? ['--annotations', 'keep'] : []),
      '--yes',
    );
  }

  async #one(hold: Hold, wish: Keep | 'skip'): Promise<void> {
    const keep = possible(hold, wish);
    this.#note([hold], keep);
    await this.#side.tryCli(
      overtaken,
      'conflicts',
      'resolve',
      this.#mirrorId,
      nameOf(hold),
      ...['--keep', keep],
      ...(keep === 'mine' ? ['--annotations', 'keep'] : []),
      '--yes',
    );
  }

  /** The dataset's version goes when the folder's is kept. Written down before it is said, for the deed may be quick. */
  #note(holds: readonly Hold[], keep: Keep | 'skip'): void {
    for (const { reason, local, remote, path } of holds) {
      this.counts.set(`${reason}: ${keep}`, (this.counts.get(`${reason}: ${keep}`) ?? 0) + 1);
      if (keep !== 'mine' || remote === null) continue;
      if (remote.sha256 !== null) {
        this.#ledger.giveUp(remote.sha256, this.#side.hand, `answered ${reason} of ${path} with mine`);
      }
      if (local === null) this.deleted.add(remote.assetId);
    }
  }
}

function possible({ answers }: Hold, wish: Keep | 'skip'): Keep | 'skip' {
  const allows = (keep: Keep | 'skip') => answers.includes(keep === 'skip' ? 'skip' : `keep-${keep}`);
  if (allows(wish)) return wish;
  return (['both', 'theirs', 'mine'] as const).find(allows) ?? 'skip';
}

/** How a hold is named on a command line: its item, unless that has a character that no argument can have. */
function nameOf({ item, remote }: Hold): string {
  return item.includes('\u0000') && remote !== null ? `a:${remote.assetId}` : item;
}
