import { defaultBudgetLimit } from '../../app/transfer/session-budget.ts';
import type { Answers } from './answers.ts';
import type { Editor } from './editor.ts';
import { type Dataset, everythingThere, fateOf, repeatsOf } from './judge.ts';
import type { Ledger } from './ledger.ts';
import type { ServiceDoors } from './service-door.ts';
import type { Side } from './side.ts';
import type { ThirdHand } from './third-hand.ts';

/** One computer with its person. */
export interface Station {
  readonly side: Side;
  readonly editor: Editor;
  readonly answers: Answers;
  readonly mirrorId: string;
  /** What the mirror was told, as options. */
  readonly told: string;
}

export interface Case {
  readonly stations: readonly Station[];
  readonly third: ThirdHand;
  readonly doors: ServiceDoors;
  readonly dataset: Dataset;
  readonly ledger: Ledger;
  /** The session budget was as wide as one likes. */
  readonly isQuick: boolean;
}

export interface Verdict {
  /** Promises that are broken. */
  readonly broken: readonly string[];
  readonly lines: readonly string[];
}

/** So long before its deletion an annotation may have come too late for the last look at the asset. Milliseconds. */
const unseenMs = 1000;

/** What is left of all that people have made, and what it has cost. */
export async function verdictOn(given: Case): Promise<Verdict> {
  const { ledger, doors, dataset, stations } = given;
  const sides = stations.map(({ side }) => side);
  const there = await everythingThere(sides, dataset);
  const fates = new Map<string, number>();
  const broken: string[] = [];
  const explained: string[] = [];
  for (const version of ledger.versions()) {
    const fate = there.has(version.sha256) ? null : fateOf(version, ledger, doors);
    const kind = fate?.kind ?? 'found';
    fates.set(kind, (fates.get(kind) ?? 0) + 1);
    const text = `${version.sha256.slice(0, 8)} of ${version.by} at ${version.place} (${Math.round(version.at)}): ${fate?.why}`;
    if (kind === 'lost') broken.push(`a version is lost: ${text}`);
    else if (kind === 'unseen' || kind === 'blind-deed') explained.push(`${kind}: ${text}`);
  }
  const repeats = repeatsOf(doors, ledger);
  broken.push(...repeats.inVain, ...lostAnnotations(given), ...wrongRequests(given));
  const contents = new Set(doors.puts.map(({ sha256 }) => sha256)).size;
  return {
    broken,
    lines: [
      ...stations.flatMap((station) => stationLines(station, doors)),
      `dataset: ${countsText(given.third.counts)}`,
      `versions: ${countsText(fates)}; ${ledger.blindDeeds.length} blind deeds`,
      ...explained.map((text) => `   ${text}`),
      `uploads: ${doors.puts.length} of ${contents} contents; again: ${countsText(repeats.counts)}`,
    ],
  };
}

function lostAnnotations({ stations, third, doors, dataset }: Case): string[] {
  const broken: string[] = [];
  const left = new Map([...dataset.values()].map(({ assetId, annotations }) => [assetId, annotations]));
  const allowed = new Set(stations.flatMap(({ answers }) => [...answers.deleted]));
  for (const [assetId, { count, at }] of third.annotated) {
    if ((left.get(assetId) ?? 0) >= count || allowed.has(assetId)) continue;
    const deletion = doors.deletions.find(({ asset }) => asset?.assetId === assetId);
    if (deletion !== undefined && at > deletion.begin - unseenMs) continue;
    broken.push(
      `${count} annotations are lost of ${assetId}, which has ${left.get(assetId) ?? 'gone'}: ${JSON.stringify(deletion)}`,
    );
  }
  const dropping = doors.sessions.filter(
    ({ by, retention }) => by !== 'third' && retention.startsWith('Remove'),
  );
  if (dropping.length > 0) broken.push(`${dropping.length} sessions were to drop annotations`);
  return broken;
}

function wrongRequests({ doors, isQuick }: Case): string[] {
  const broken = doors.refusals
    .filter(({ by, status }) => by !== 'third' && (status === 429 || status >= 500))
    .map(({ by, what, status }) => `${by} was answered ${status} to ${what}`);
  if (isQuick) return broken;
  const { sessions, windowMs } = defaultBudgetLimit;
  for (const hand of ['a', 'b'] as const) {
    const at = doors.sessions.filter(({ by }) => by === hand).map((session) => session.at);
    const most = Math.max(
      0,
      ...at.map((from) => at.filter((each) => each >= from && each < from + windowMs).length),
    );
    if (most > sessions) broken.push(`${hand} has begun ${most} sessions within 10 minutes`);
  }
  return broken;
}

function stationLines({ side, editor, answers, told }: Station, doors: ServiceDoors): string[] {
  const own = (list: readonly { readonly by: string }[]) => list.filter(({ by }) => by === side.hand).length;
  return [
    `${side.hand} (${told}): ${countsText(editor.counts)}`,
    `   ${side.kills} kills, ${own(doors.sessions)} sessions, ${own(doors.puts)} uploads, ${own(doors.fetches)} downloads, ${own(doors.deletions)} assets deleted`,
    `   answers: ${countsText(answers.counts)}`,
  ];
}

function countsText(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'none';
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}
