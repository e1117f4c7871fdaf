import type { Answer, Hold, MirrorSettingsChange } from '../../app/contract.ts';
import { isMirroredPath } from '../../app/observe/ignore-rules.ts';
import type { ServiceEvent, StoredAsset } from '../world/fake-service.ts';
import type { SentContent } from '../world/fake-sessions.ts';
import type { FakeWorld } from '../world/fake-world.ts';
import { hashOf } from '../world/file-facts.ts';
import type { Machine } from '../world/machine.ts';
import type { ServiceCall } from '../world/service-faults.ts';
import type { VolumeEvent } from '../world/volume.ts';
import { nameOfContent } from './contents.ts';
import { Said } from './said.ts';
import type { Rule, Violation } from './violation.ts';

/** How long before an upload somebody else's version may have come without a chance for the engine to see it. Milliseconds. */
const unseenMs = 6000;
/** Longest that a stale listing lags behind. Milliseconds. */
const staleMs = 8000;
/** An engine that was shown an asset so long before it began to send knew of it. Milliseconds. */
const knownMs = 3000;
/** What has happened so long before a deletion came too late for the engine's last look. Milliseconds. */
const lastLookMs = 3000;
/** What is on its way when a mirror is paused, and comes to its end. Milliseconds. */
const endingMs = 5000;

/** Calls that transfer something, or change the dataset. */
const working: ReadonlySet<ServiceCall> = new Set([
  'openSession',
  'send',
  'fetch',
  'locate',
  'locatePage',
  'delete',
]);
const writing: ReadonlySet<ServiceCall> = new Set(['openSession', 'send', 'delete']);

interface Knowledge {
  /** Name → content that the engine was last shown under it, and when. */
  readonly shown: Map<string, { sha256: string; at: number }>;
  /** Name → when the last upload of it was begun. */
  readonly sending: Map<string, number>;
  /** Uploads whose good end the engine was told: "name content". */
  readonly confirmed: Set<string>;
  /** Content that a person has written over or deleted here → when last. */
  readonly givenUp: Map<string, number>;
  readonly said: Said;
}

/** Watches a world from beside it, and knows exactly which contents there are. Every promise that is broken is written down. */
export class ContentModel {
  readonly violations: Violation[] = [];
  readonly #world: FakeWorld;
  readonly #knowledge = new Map<string, Knowledge>();
  /** Blob → when it came, and when somebody on the web has brought its content anew. */
  readonly #came = new Map<string, { at: number; broughtAt: number }>();
  /** Name → when the number of its annotations last changed by somebody else's hand. */
  readonly #annotated = new Map<string, number>();
  /** Asset and time of change → the contents that it had then, as SHA-256. */
  readonly #versions = new Map<string, Set<string>>();

  constructor(world: FakeWorld) {
    this.#world = world;
    for (const machine of world.machines) this.#watch(machine);
    world.service.listen((event) => this.#serviceChanged(event));
    world.sessions.onSent = (sent) => this.#arrived(sent);
  }

  /** A person tells a mirror something. */
  told(machine: Machine, settings: MirrorSettingsChange): void {
    this.#known(machine.name).said.told(this.#world.clock.steady, settings);
  }

  paused(machine: Machine, isPaused: boolean): void {
    this.#known(machine.name).said.paused(this.#world.clock.steady, isPaused);
  }

  /** A person has a file put back from the trash: that is written whatever the mirror's direction. */
  restoring(machine: Machine): void {
    this.#known(machine.name).said.restoring(this.#world.clock.steady);
  }

  /** A person answers a hold as they were shown it. Returns what takes that back: the answer was refused. */
  said(machine: Machine, hold: Hold, answer: Answer): () => void {
    const { remote } = hold;
    const contents = this.#versions.get(`${remote?.assetId} ${remote?.changedAt}`) ?? new Set();
    return this.#known(machine.name).said.answered(hold, answer, contents);
  }

  /** The power of a computer has gone. @param before contents that were on its disk just before */
  powerCut(machine: Machine, before: readonly Buffer[]): void {
    for (const content of before) {
      if (!this.#hasCopy(hashOf(content).sha256)) {
        this.broken('version-lost', `${machine.name} had not flushed ${nameOfContent(content)}`);
      }
    }
  }

  broken(rule: Rule, what: string): void {
    this.violations.push({ rule, at: Math.round(this.#world.clock.steady), what });
  }

  #watch(machine: Machine): void {
    const knowledge: Knowledge = {
      shown: new Map(),
      sending: new Map(),
      confirmed: new Set(),
      givenUp: new Map(),
      said: new Said(),
    };
    knowledge.said.told(Number.NEGATIVE_INFINITY, machine.told);
    this.#knowledge.set(machine.name, knowledge);
    machine.volume.listen((event) => this.#diskChanged(machine, event));
    const { clock } = this.#world;
    machine.remote.witness = {
      asked: (call) => this.#asked(machine, call),
      told: (assets) => {
        for (const { filename, content } of assets) {
          knowledge.shown.set(filename, { sha256: hashOf(content).sha256, at: clock.steady });
        }
      },
      sending: (filename) => knowledge.sending.set(filename, clock.steady),
      confirmed: (filename, content) => {
        const { life } = machine;
        // Whoever dies in this moment has not heard it.
        clock.after(0, () => {
          if (machine.isRunning && machine.life === life) knowledge.confirmed.add(keyOf(filename, content));
        });
      },
    };
  }

  #asked({ name }: Machine, call: ServiceCall): void {
    const { said } = this.#known(name);
    const at = this.#world.clock.steady;
    if (working.has(call) && said.pausedMs(at) > endingMs) this.broken('not-paused', `${name} asks ${call}`);
    if (writing.has(call) && !said.mayBe(at, 'two-way', 'push'))
      this.broken('wrong-way', `${name} asks ${call}`);
  }

  #diskChanged(machine: Machine, event: VolumeEvent): void {
    const relative = event.path.startsWith(`${machine.root}/`)
      ? event.path.slice(machine.root.length + 1)
      : null;
    if (event.kind === 'destroyed') {
      this.#destroyed(machine, event, relative);
    } else if (event.actor === 'engine' && !isOurs(relative)) {
      this.broken('stranger-touched', `${machine.name}: ${event.path}`);
    } else if (event.actor === 'engine' && relative !== null && !relative.startsWith('.vi-sync')) {
      const { said } = this.#known(machine.name);
      const at = this.#world.clock.steady;
      if (!said.mayBe(at, 'two-way', 'pull') && !said.isRestoring(at)) {
        this.broken('wrong-way', `${machine.name} touches ${relative}`);
      }
    }
  }

  #destroyed(
    machine: Machine,
    { actor, content, path }: VolumeEvent & { kind: 'destroyed' },
    relative: string | null,
  ): void {
    if (actor === 'person') {
      this.#known(machine.name).givenUp.set(hashOf(content).sha256, this.#world.clock.steady);
      return;
    }
    if (relative !== null && isScratch(relative)) return;
    this.broken('file-destroyed', `${machine.name}: ${path} with ${nameOfContent(content)}`);
  }

  #serviceChanged(event: ServiceEvent): void {
    const { asset, actor } = event;
    const { steady } = this.#world.clock;
    const by = actor.kind === 'web' ? 'web' : actor.machine;
    if (event.kind === 'put') {
      const isNew = event.before === null || !event.before.content.equals(asset.content);
      const broughtBefore = isNew ? undefined : this.#came.get(event.before?.blobId ?? '')?.broughtAt;
      const broughtAt = isNew && by === 'web' ? steady : (broughtBefore ?? Number.NEGATIVE_INFINITY);
      this.#came.set(asset.blobId, { at: steady, broughtAt });
      this.#remember(asset);
      if (by === 'web') return;
      if (event.dropped > 0 && event.before !== null) this.#dropped(by, event.before, event.dropped);
      if (event.before !== null) this.#replaced(by, event.before, asset);
    } else if (event.kind === 'changed') {
      this.#annotated.set(asset.filename, steady);
      this.#remember(asset);
    } else if (by !== 'web') {
      this.#deleted(by, asset);
    }
  }

  #remember({ assetId, contentsLastUpdated, content }: StoredAsset): void {
    const version = `${assetId} ${contentsLastUpdated}`;
    const contents = this.#versions.get(version) ?? new Set();
    this.#versions.set(version, contents.add(hashOf(content).sha256));
  }

  /** Annotations have gone with an engine's upload. */
  #dropped(by: string, before: StoredAsset, dropped: number): void {
    const { said, sending } = this.#known(by);
    const { clock, service } = this.#world;
    if (said.may(clock.steady, ({ retentionMode }) => retentionMode === 'RemoveLinkedResource')) return;
    if (said.annotationsToGo(before).includes(dropped)) return;
    // They are counted just before the file is sent, and the service takes its time.
    const counted = (sending.get(before.filename) ?? 0) - unseenMs - service.switches.listingDelayMs;
    if (said.mayGo(before) && (this.#annotated.get(before.filename) ?? 0) > counted) return;
    this.broken('annotation-lost', `${by} dropped ${dropped} of ${before.filename} with an upload`);
  }

  /** Whether a person has given up the content of this asset here, and nobody has brought it into the dataset since. */
  #isGivenUp(by: string, { blobId, content }: StoredAsset): boolean {
    const at = this.#known(by).givenUp.get(hashOf(content).sha256);
    return at !== undefined && at >= (this.#came.get(blobId)?.broughtAt ?? Number.NEGATIVE_INFINITY);
  }

  #deleted(by: string, asset: StoredAsset): void {
    const { said } = this.#known(by);
    const { clock, service } = this.#world;
    const looked = clock.steady - lastLookMs - service.switches.listingDelayMs;
    const isTooLate = (this.#annotated.get(asset.filename) ?? 0) > looked;
    const isAnswered = said.mayGo(asset);
    const isMeant =
      this.#isGivenUp(by, asset) &&
      said.may(clock.steady, ({ deletePolicy }) => deletePolicy === 'propagate');
    const agreed = isAnswered ? said.annotationsToGo(asset) : [0];
    if (asset.annotations > 0 && !isTooLate && !agreed.includes(asset.annotations)) {
      this.broken(
        'annotation-lost',
        `${by} dropped ${asset.annotations} of ${asset.filename} with the asset`,
      );
    }
    if (isAnswered || isMeant || (this.#came.get(asset.blobId)?.at ?? 0) > looked) return;
    this.broken('version-lost', `${by} deleted the asset ${asset.filename}`);
  }

  /** An engine's upload has taken the place of another version. */
  #replaced(by: string, before: StoredAsset, asset: StoredAsset): void {
    const { sha256 } = hashOf(before.content);
    if (this.#hasCopy(sha256)) return;
    const knowledge = this.#known(by);
    if (this.#isGivenUp(by, before) || knowledge.said.mayGo(before)) return;
    const came = this.#came.get(before.blobId);
    const sending = knowledge.sending.get(asset.filename) ?? 0;
    const { listingDelayMs } = this.#world.service.switches;
    // The service can't be asked to overwrite one version and no other: what came in this time could not be seen.
    if (came !== undefined && came.at > sending - unseenMs - staleMs - listingDelayMs) return;
    this.broken(
      'version-lost',
      `${by} uploaded over ${asset.filename} with ${nameOfContent(before.content)}`,
    );
  }

  /** Whether a content is anywhere but in a temporary file. */
  #hasCopy(sha256: string): boolean {
    const { service, machines } = this.#world;
    if (service.assets().some(({ content }) => hashOf(content).sha256 === sha256)) return true;
    return machines.some(({ volume, root }) => {
      for (const { path, node } of volume.files()) {
        if (path.startsWith(`${root}/`) && isScratch(path.slice(root.length + 1))) continue;
        if (hashOf(node.content).sha256 === sha256) return true;
      }
      return false;
    });
  }

  /** The bytes of an upload have come whole. */
  #arrived({ actor, filename, content }: SentContent): void {
    if (actor.kind === 'web') return;
    const { service, sessions } = this.#world;
    const knowledge = this.#known(actor.machine);
    const { sha256 } = hashOf(content);
    const what = `${actor.machine} sent ${nameOfContent(content)} as ${filename}`;
    const begun = knowledge.sending.get(filename) ?? 0;
    const there = service.current(filename);
    const shown = knowledge.shown.get(filename);
    const isThere = there?.content.equals(content) === true;
    const isTold = shown !== undefined && shown.sha256 === sha256 && shown.at < begun;
    const canTell = ['sha256', 'md5', 'sha1'].includes(service.switches.hashAlgorithm);
    const isPending = sessions.sent.some(
      (sent) =>
        sent.actor.kind === 'engine' &&
        sent.actor.machine === actor.machine &&
        sent.filename === filename &&
        sent.content.equals(content) &&
        sent.outcome === undefined,
    );
    if (isThere && isTold && canTell) this.broken('sent-in-vain', `${what}, which it had been shown`);
    else if ((isThere || isPending) && knowledge.confirmed.has(keyOf(filename, content))) {
      this.broken('sent-in-vain', `${what} twice`);
    }
    if (there !== undefined || service.switches.hashAlgorithm !== 'sha256') return;
    if (knowledge.said.wantedTwice.has(sha256)) return;
    if (knowledge.said.may(this.#world.clock.steady, ({ duplicates }) => duplicates === 'upload')) return;
    const twin = service.shown().find((asset) => asset.content.equals(content));
    const twinShown = twin === undefined ? undefined : knowledge.shown.get(twin.filename);
    if (twin === undefined || twinShown === undefined) return;
    const came = this.#came.get(twin.blobId)?.at ?? 0;
    if (twinShown.sha256 === sha256 && twinShown.at < begun - knownMs && came < begun - knownMs) {
      this.broken('duplicate-made', `${what}, which it knew as ${twin.filename}`);
    }
  }

  #known(machine: string): Knowledge {
    const knowledge = this.#knowledge.get(machine);
    if (knowledge === undefined) throw new Error(`no machine ${machine}`);
    return knowledge;
  }
}

function keyOf(filename: string, content: Buffer): string {
  return `${filename} ${hashOf(content).sha256}`;
}

/** Whether an engine may touch a path at all. */
function isOurs(relative: string | null): boolean {
  if (relative === null) return false;
  if (relative === '.vi-sync' || relative.startsWith('.vi-sync/')) return true;
  // A file of the mirror, or a folder for one.
  return isMirroredPath(relative) || isMirroredPath(`${relative}/a.png`);
}

/** Engine's own files, other than the trash: whatever they hold is also elsewhere. */
function isScratch(relative: string): boolean {
  return relative.startsWith('.vi-sync/') && !relative.startsWith('.vi-sync/trash/');
}
