import * as fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { mirrorStatusSchema, receiptRowSchema } from '../../app/contract.ts';
import { filesBelow, mirroredFiles } from './editor.ts';
import { type Hand, hashOf, type Ledger, type Version } from './ledger.ts';
import type { Put, ServiceDoors } from './service-door.ts';
import type { Side } from './side.ts';

/** filename → what the dataset has. */
export type Dataset = ReadonlyMap<string, { sha256: string; assetId: string; annotations: number }>;

const verifiedSchema = z.object({ items: z.array(receiptRowSchema), mirror: mirrorStatusSchema });
export type Verified = z.output<typeof verifiedSchema>;

/** `vi-sync verify`, read. */
export function verifiedOf(document: unknown): Verified {
  return verifiedSchema.parse(document);
}

/**
 * Where a folder is not what the dataset is; none: every file has its asset, every asset its file, with the same bytes.
 *
 * @param given names that people have given to files: a new version takes them along, to the other side as well
 */
export function differences(
  side: Side,
  given: ReadonlySet<string>,
  { items, mirror }: Verified,
  dataset: Dataset,
): string[] {
  const wrong: string[] = [];
  const say = (what: string) => wrong.push(`${side.hand}: ${what}`);
  if (mirror.phase !== 'in-sync') say(`the phase is ${mirror.phase}: ${JSON.stringify(mirror.counts)}`);
  const files = mirroredFiles(side.root);
  const rows = new Map(items.map((row) => [row.path, row]));
  const filenames = new Map([...dataset].map(([filename, { assetId }]) => [assetId, filename]));
  const seen = new Set<string>();
  for (const relative of files) {
    const sha256 = hashOf(fs.readFileSync(path.join(side.root, relative)));
    const row = rows.get(relative);
    const filename = filenames.get(row?.assetId ?? '');
    if (row === undefined || filename === undefined) {
      say(`“${relative}” has ${row === undefined ? 'no row' : `no asset: ${row.state}`}`);
      continue;
    }
    seen.add(filename);
    const asset = dataset.get(filename);
    if (row.state !== 'in-sync' || row.proof === 'none') say(`“${relative}” is ${row.state}, ${row.proof}`);
    if (asset?.sha256 !== sha256) say(`“${relative}” and its asset “${filename}” differ`);
    if (row.sha256 !== sha256) say(`the receipt says another hash of “${relative}”`);
    if (!isNameExplained(relative, filename, given))
      say(`“${relative}” is the asset “${filename}”, and nobody has renamed it`);
  }
  for (const row of items) if (!files.includes(row.path)) say(`“${row.path}” is ${row.state}, and not there`);
  for (const filename of dataset.keys()) if (!seen.has(filename)) say(`the asset “${filename}” has no file`);
  const unfinished = path.join(side.root, '.vi-sync/tmp');
  const left = fs.existsSync(unfinished) ? fs.readdirSync(unfinished) : [];
  if (left.length > 0) say(`left in .vi-sync/tmp: ${left.join(', ')}`);
  return wrong;
}

/** A file is called as its asset; but for what a person has renamed, and for names that were made up where one was taken. */
function isNameExplained(relative: string, filename: string, given: ReadonlySet<string>): boolean {
  const name = path.posix.basename(relative);
  if (given.has(name)) return true;
  const plain = (text: string) => text.normalize('NFC').replace(/(-mine|-back|-\d+)+(?=\.png$)/u, '');
  const [file, asset] = [plain(name), plain(filename)];
  return file === asset || asset.endsWith(`-${file}`) || file.endsWith(`-${asset}`) || given.has(file);
}

/** Everything that can be found of what people have written: in the folders, in their trash, in the dataset. */
export async function everythingThere(sides: readonly Side[], dataset: Dataset): Promise<Set<string>> {
  const found = new Set([...dataset.values()].map(({ sha256 }) => sha256));
  for (const { root } of sides) {
    const trash = path.join(root, '.vi-sync/trash');
    const inTrash = fs.existsSync(trash) ? filesBelow(trash).map((each) => path.join(trash, each)) : [];
    const inFolder = filesBelow(root).map((each) => path.join(root, each));
    for (const file of [...inFolder, ...inTrash]) found.add(hashOf(await fsp.readFile(file)));
  }
  return found;
}

/** Why a version that is nowhere to be found may be so. */
export type Fate =
  | { readonly kind: 'given-up'; readonly why: string }
  /** Somebody uploaded over it, or deleted it, who could not have seen it: the service can't be told to replace one version alone. */
  | { readonly kind: 'unseen'; readonly why: string }
  | { readonly kind: 'blind-deed'; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string };

/** A look that was begun so long before a version came does not count as a chance to see it. Milliseconds. */
const slackMs = 250;
/** How old the last look before an upload may be. Milliseconds. */
const freshMs = 6000;

export function fateOf(version: Version, ledger: Ledger, doors: ServiceDoors): Fate {
  const { sha256, by } = version;
  const given = ledger.givenUp(sha256);
  if (given[0] !== undefined)
    return { kind: 'given-up', why: given.map((each) => `${each.by} ${each.why}`).join('; ') };
  const blind = ledger.blindDeeds.find(
    (deed) =>
      deed.by === by ||
      doors.fetches.some(
        (fetched) => fetched.by === deed.by && fetched.sha256 === sha256 && fetched.end < deed.at,
      ),
  );
  if (blind !== undefined) return { kind: 'blind-deed', why: `${blind.by} at ${blind.path}` };
  const came = doors.puts.findLast((put) => put.sha256 === sha256);
  if (came === undefined) return { kind: 'lost', why: 'it was never uploaded' };
  const next = doors.puts.find((put) => put.filename === came.filename && put.begin > came.begin);
  const deletion = doors.deletions.find(({ asset, end }) => asset?.sha256 === sha256 && end > came.begin);
  const deed =
    deletion !== undefined && (next === undefined || deletion.begin < next.begin)
      ? { what: 'deleted', hand: deletion.by, begin: deletion.begin }
      : { what: 'uploaded over', hand: next?.by, begin: next?.begin ?? 0 };
  if (deed.hand === undefined)
    return { kind: 'lost', why: `it came as ${came.filename}, and nobody replaced it` };
  const shown = doors.shownAt(deed.hand, came.filename, sha256);
  const text = `“${came.filename}” came from ${came.by} at ${Math.round(came.begin)}–${Math.round(came.end)}, ${deed.hand} has ${deed.what} it at ${Math.round(deed.begin)}, and was ${shown === null ? 'never shown it' : `shown it at ${Math.round(shown)}`}`;
  if (deed.hand === 'third') return { kind: 'unseen', why: text };
  const look = lastLook(doors, deed.hand, deed.begin);
  const isFresh = deed.begin - look < freshMs;
  const couldSee = shown !== null ? shown < deed.begin - slackMs : came.end + slackMs < look;
  return couldSee || !isFresh ? { kind: 'lost', why: text } : { kind: 'unseen', why: text };
}

function lastLook(doors: ServiceDoors, hand: Hand, before: number): number {
  return doors.looks.findLast((look) => look.by === hand && look.begin < before)?.begin ?? 0;
}

/** Uploads of contents that had been uploaded before, by why. */
export interface Repeats {
  readonly counts: Map<string, number>;
  /** Those that should not have been. */
  readonly inVain: string[];
}

/** Looks at every upload whose content the dataset had, or has had, already. */
export function repeatsOf(doors: ServiceDoors, ledger: Ledger): Repeats {
  const counts = new Map<string, number>();
  const inVain: string[] = [];
  const seen: Put[] = [];
  for (const put of doors.puts) {
    const before = seen.filter(({ sha256 }) => sha256 === put.sha256);
    seen.push(put);
    if (before.length === 0 || put.by === 'third') continue;
    const why = whyAgain(put, before, ledger);
    counts.set(why, (counts.get(why) ?? 0) + 1);
    if (why.startsWith('in vain')) {
      const times = [...before, put].map(
        ({ by, filename, begin, end }) => `${by} “${filename}” ${Math.round(begin)}–${Math.round(end)}`,
      );
      inVain.push(`${why}: ${put.sha256.slice(0, 8)} ${times.join(', ')}`);
    }
  }
  return { counts, inVain };
}

function whyAgain(put: Put, before: readonly Put[], ledger: Ledger): string {
  const { by, sha256, filename, isThere, knownAs } = put;
  const own = before.filter((each) => each.by === by);
  if (isThere && own.some((each) => each.filename === filename)) return 'in vain: the same again';
  if (isThere) return 'the other has uploaded it at the same time';
  if (ledger.isCopied(sha256, by)) return 'a person has made a copy';
  if (knownAs.length > 0) return `in vain: it was known as ${knownAs.join(', ')}`;
  return own.length > 0 ? 'its asset was gone, or another by then' : 'the other had uploaded it before';
}
