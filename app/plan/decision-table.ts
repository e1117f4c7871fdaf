import type { Direction } from '../contract.ts';
import type { ContentMatch } from './content.ts';
import { decideSituation } from './decide.ts';
import type { Decision, Policy } from './decision.ts';
import type { LocalSide, RemoteSide, Situation } from './situation.ts';

const localSides: readonly LocalSide[] = [
  'absent',
  'new',
  'unchanged',
  'changed',
  'broken',
  'unreadable',
  'unobserved',
];
const remoteSides: readonly RemoteSide[] = ['absent', 'new', 'unchanged', 'changed'];
const contentMatches: readonly ContentMatch[] = ['same', 'different', 'unknown'];

/** Every situation that three trees can be in. Without a base nothing is changed or unchanged, with one nothing is new. */
export function everySituation(): Situation[] {
  const situations: Situation[] = [];
  for (const base of [false, true]) {
    for (const local of localSides) {
      for (const remote of remoteSides) {
        if (base ? local === 'new' || remote === 'new' : isRelative(local) || isRelative(remote)) continue;
        if (!base && local === 'absent' && remote === 'absent') continue;
        const isKnown = local !== 'absent' && local !== 'unreadable' && local !== 'unobserved';
        const isBoth = isKnown && remote !== 'absent';
        for (const contents of contentMatches) {
          if (!isBoth && contents !== 'unknown') continue;
          for (const annotated of remote === 'absent' ? [false] : [false, true]) {
            situations.push({ local, remote, base, contents, annotated });
          }
        }
      }
    }
  }
  return situations;
}

function isRelative(side: LocalSide | RemoteSide): boolean {
  return side === 'changed' || side === 'unchanged';
}

/** Every policy of a direction that changes a decision about a single file. */
export function everyPolicy(direction: Direction): Policy[] {
  return (['keep', 'ask', 'propagate'] as const).flatMap((deletePolicy) =>
    (['ask', 'KeepLinkedResource', 'RemoveLinkedResource'] as const).map(
      (retentionMode): Policy => ({ direction, deletePolicy, retentionMode, duplicates: 'leave' }),
    ),
  );
}

export function decisionText(decision: Decision): string {
  switch (decision.kind) {
    case 'hold':
      return `hold: ${decision.reason}`;
    case 'leave':
      return `leave: ${decision.reason}`;
    case 'download':
      return decision.replace ? 'download, the old version to the trash' : 'download';
    case 'overwrite':
      return decision.annotations === 'none' ? 'overwrite' : `overwrite, ${decision.annotations}`;
    default:
      return decision.kind;
  }
}

interface TableRow {
  readonly local: string;
  readonly remote: string;
  readonly base: string;
  readonly contents: string;
  readonly annotated: string;
  readonly policy: string;
  readonly decision: string;
}

/** The decision table of a direction in Markdown, made by asking {@link decideSituation} about everything. */
export function decisionTableMarkdown(direction: Direction): string {
  const columns = ['local', 'remote', 'base', 'contents', 'annotated', 'policy', 'decision'] as const;
  const lines = tableRows(direction).map((row) => `| ${columns.map((column) => row[column]).join(' | ')} |`);
  return [`| ${columns.join(' | ')} |`, `|${'---|'.repeat(columns.length)}`, ...lines].join('\n');
}

/** One row for each decision: what a decision does not depend on is left open (`any`). */
function tableRows(direction: Direction): TableRow[] {
  const places = new Map<string, Situation[]>();
  for (const situation of everySituation()) {
    const place = `${situation.local} ${situation.remote} ${situation.base}`;
    places.set(place, [...(places.get(place) ?? []), situation]);
  }
  return [...places.values()].flatMap((situations) => rowsOfPlace(situations, direction));
}

/** The rows for one combination of sides: a fact is named only where another one would make another decision. */
function rowsOfPlace(situations: readonly Situation[], direction: Direction): TableRow[] {
  const cases = situations.flatMap((situation) =>
    everyPolicy(direction).map((policy) => ({
      facts: {
        contents: String(situation.contents),
        annotated: situation.annotated ? 'yes' : 'no',
        deletePolicy: `delete policy ${policy.deletePolicy}`,
        retentionMode: `retention mode ${policy.retentionMode}`,
      },
      situation,
      decision: decisionText(decideSituation(situation, policy)),
    })),
  );
  const factNames = ['contents', 'annotated', 'deletePolicy', 'retentionMode'] as const;
  const rows = new Map<string, TableRow>();
  for (const { facts, situation, decision } of cases) {
    const told = (name: (typeof factNames)[number]) => {
      const matters = cases.some(
        (other) =>
          other.decision !== decision &&
          factNames.every((fact) => (fact === name) !== (other.facts[fact] === facts[fact])),
      );
      return matters ? facts[name] : 'any';
    };
    const policy = [told('deletePolicy'), told('retentionMode')].filter((text) => text !== 'any').join(', ');
    const row: TableRow = {
      local: situation.local,
      remote: situation.remote,
      base: situation.base ? 'yes' : 'no',
      contents:
        situation.local === 'absent' || situation.local === 'unobserved' || situation.remote === 'absent'
          ? '–'
          : told('contents'),
      annotated: situation.remote === 'absent' ? '–' : told('annotated'),
      policy: policy === '' ? 'any' : policy,
      decision,
    };
    rows.set(JSON.stringify(row), row);
  }
  return [...rows.values()];
}
