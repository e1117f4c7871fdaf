import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { allContents, goodContents } from './contents.ts';
import { withPeople } from './generate-people.ts';
import { diskKinds, type History, type Step } from './history.ts';

const paths = [
  'a.png',
  'b.png',
  'c.png',
  'A.png',
  'sub/a.png',
  'sub/d.png',
  'Sub/d.png',
  'deep/er/e.png',
  '\u00e9.png',
  'e\u0301.png',
  'wrong.jpg',
];
/** None of the mirror's business. */
const strangers = ['notes.txt', '.hidden.png', 'b.png.part', '.git/a.png'];
const folders = ['sub', 'Sub', 'deep', 'deep/er', 'moved'];
const names = ['a.png', 'b.png', 'c.png', 'd.png', 'A.png', 'w.png', '\u00e9.png', 'CON.png', 'we?ird.png'];

const second = 1000;
const minute = 60 * second;

/** Seeds that begin with this are those of the same histories without it, in which people have a say too. */
export const peoplePrefix = 'people ';

/** A history of a seed. */
export function generate(seed: string): History {
  if (seed.startsWith(peoplePrefix)) {
    return { ...withPeople(generate(seed.slice(peoplePrefix.length))), seed };
  }
  const random = new SeededRandom(`history ${seed}`);
  const steps = random.whole(3, 40);
  const isCalm = random.chance(0.35);
  const machines = random.chance(0.6) ? 1 : 2;
  // Of its own, so that all else of a seed is as it was before there was such a size.
  const planSize = new SeededRandom(`plan size ${seed}`).pick([1, 2, 5000]);
  return {
    seed,
    machines: Array.from({ length: machines }, () => ({
      disk: random.weighted(diskKinds.map((kind, index) => [index === 0 ? 4 : 1, kind])),
      tickNs: random.chance(0.2) ? 4_000_000 : 1,
      planSize,
    })),
    switches: switchesFor(random),
    networkTrouble: isCalm || random.chance(0.5) ? 0 : random.pick([0.02, 0.1, 0.3]),
    diskTrouble: isCalm || random.chance(0.7) ? 0 : random.pick([0.005, 0.02]),
    hintTrouble: random.chance(0.6) ? 0 : random.pick([0.1, 0.5]),
    before: Array.from({ length: random.whole(0, 8) }, () => ({ ...edit(random, machines), thenMs: 0 })),
    steps: Array.from({ length: steps }, () => ({
      ...(random.chance(isCalm ? 0.1 : 0.25) ? trouble(random, machines) : edit(random, machines)),
      thenMs: pauseAfter(random),
    })),
  };
}

function pauseAfter(random: SeededRandom): number {
  return Math.round(
    random.weighted([
      [35, random.fraction() * 50],
      [35, random.fraction() * 3 * second],
      [22, random.fraction() * 90 * second],
      [3, random.fraction() * 15 * minute],
    ]),
  );
}

function switchesFor(random: SeededRandom): Partial<SandboxSwitches> {
  const switches: Partial<SandboxSwitches> = {};
  if (random.chance(0.25)) switches.overwrittenAssetId = 'new';
  if (random.chance(0.15)) switches.existingFilename = 'EALREADY';
  if (random.chance(0.3)) switches.identicalBytes = 'overwrite';
  if (random.chance(0.4)) switches.hashAlgorithm = random.pick(['md5', 'sha1', 'crc32c', 'none']);
  if (random.chance(0.3)) switches.listingDelayMs = random.pick([500, 3000, 8000]);
  if (random.chance(0.3)) switches.fileProcessingMs = random.pick([50, 1000, 4000]);
  if (random.chance(0.2)) switches.sessionMinimumMs = random.pick([1000, 10_000]);
  if (random.chance(0.3)) switches.finishOrder = random.pick(['listed', 'reversed', 'shuffled']);
  if (random.chance(0.2)) switches.failAfterAllWithErrors = 'FailedReach';
  if (random.chance(0.2)) switches.retryAfter = 'absent';
  if (random.chance(0.15)) switches.urlLifetimeMs = random.pick([2000, 30_000]);
  if (random.chance(0.2)) switches.clockOffsetMs = random.pick([-10 * minute, -40 * second, 3 * minute]);
  return switches;
}

type Plain<S> = S extends unknown ? Omit<S, 'thenMs'> : never;

function edit(random: SeededRandom, machines: number): Plain<Step> {
  const m = random.whole(0, machines - 1);
  const path = random.chance(0.05) ? random.pick(strangers) : random.pick(paths);
  const other = random.pick(paths);
  const content = random.chance(0.06)
    ? random.whole(goodContents, allContents - 1)
    : random.whole(0, goodContents - 1);
  const name = random.pick(names);
  return random.weighted<Plain<Step>>([
    [28, { do: 'write', m, path, content, how: random.pick(['whole', 'whole', 'slow', 'atomic']) }],
    [3, { do: 'touch', m, path }],
    [9, { do: 'delete', m, path }],
    [10, { do: 'rename', m, from: path, to: other }],
    [4, { do: 'swap', m, from: path, to: other }],
    [5, { do: 'copy', m, from: path, to: other }],
    [4, { do: 'rename', m, from: random.pick(folders), to: random.pick(folders) }],
    [2, { do: 'delete-folder', m, path: random.pick(folders) }],
    [14, { do: 'web-put', name, content, path: random.chance(0.3) ? random.pick(paths) : null }],
    [6, { do: 'web-delete', name }],
    [6, { do: 'web-annotate', name, count: random.whole(0, 3) }],
    [2, { do: 'web-rename', from: name, to: random.pick(names) }],
    [5, { do: 'sync-now', m }],
    [4, { do: 'wait' }],
  ]);
}

function trouble(random: SeededRandom, machines: number): Plain<Step> {
  const m = random.whole(0, machines - 1);
  const downMs = Math.round(random.skewed(5 * minute));
  const times = random.whole(1, 4);
  return random.weighted<Plain<Step>>([
    [30, { do: 'kill', m, after: Math.floor(random.skewed(400)), at: 'wait', downMs }],
    [10, { do: 'kill', m, after: random.whole(1, 40), at: 'commit', downMs }],
    [8, { do: 'restart', m, downMs }],
    [8, { do: 'offline', m, forMs: Math.round(random.skewed(10 * minute)) }],
    [
      12,
      {
        do: 'service-fault',
        m,
        kind: random.pick(['network', 'timeout', 'server', 'rate-limit', 'cut-listing', 'stale', 'truncate']),
        when: random.pick(['before', 'after']),
        skip: random.whole(0, 12),
        times,
      },
    ],
    [
      8,
      {
        do: 'disk-fault',
        m,
        code: random.pick(['EIO', 'EACCES', 'ENOSPC', 'EBUSY']),
        path: random.pick(['', '.vi-sync', 'a.png', 'sub']),
        times,
      },
    ],
    [
      4,
      { do: 'refuse', name: random.pick(names), code: random.pick(['EUNKNOWN', 'ECORRUPT']), forMs: downMs },
    ],
    [6, { do: 'unmount', m, leaves: random.pick(['nothing', 'empty']), forMs: downMs }],
    [6, { do: 'clock', m, ms: random.pick([-1, 1]) * Math.round(random.skewed(26 * 60 * minute)) }],
    [2, { do: 'watch-fails', m }],
  ]);
}
