import path from 'node:path';
import type { Clock, Disk, FolderListing } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { folderOf } from '../manifest/path-key.ts';
import { ruleFileIn, rulesAreOutOfSight, rulesUnknown } from './ignore-file.ts';
import { MountGuard } from './mount-guard.ts';
import { lookForRules } from './rule-files.ts';
import type { HiddenReason, Unobserved } from './unobserved.ts';

export interface FolderGateOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly unobserved: Unobserved;
  /** How long a file must have been left alone to count. Milliseconds. */
  readonly quietMs: number;
}

/** How a scan comes to stand before a folder. */
export type Standing =
  | { readonly kind: 'open'; readonly device: bigint; readonly parentDevice: bigint }
  /** It can't be looked at now: what is known in it stays. */
  | { readonly kind: 'shut' }
  /** A rule leaves it out, or it is or lies behind a link: nothing is known in it. */
  | { readonly kind: 'left-out' }
  /** There is no such folder. */
  | { readonly kind: 'gone' };

/**
 * Lets one scan into folders, or not: those whose disk has been taken away, whose rules can't be told, that are left out by a rule or lie
 * behind a link are not entered, and {@link Unobserved} says so.
 */
export class FolderGate {
  /** Folders that have become visible, or have got other rules: all of what lies below them has to be looked at. */
  readonly renewed = new Set<string>();
  /** Folders that this scan could not look at. */
  readonly hidden: string[] = [];
  /** Rule files that did not hold still. */
  readonly restless: string[] = [];
  readonly #options: FolderGateOptions;
  readonly #mounts: MountGuard;
  readonly #standings = new Map<string, Promise<Standing>>();

  constructor(options: FolderGateOptions) {
    this.#options = options;
    this.#mounts = new MountGuard(options.disk, options.manifest, options.mirror);
  }

  /** Disks that are mounted below the mirror's folder. */
  get mounts(): ReadonlySet<string> {
    return this.#mounts.mounts;
  }

  /** Comes to a folder from the top down, where no listing has shown the way. */
  approach(folder: string): Promise<Standing> {
    let standing = this.#standings.get(folder);
    if (standing === undefined) {
      standing = this.#approach(folder);
      this.#standings.set(folder, standing);
    }
    return standing;
  }

  /**
   * Enters a folder that is certainly one.
   *
   * @param isListed whether its listing has been seen: only that says that a folder which could not be read can be
   */
  async enter(
    folder: string,
    seen: { device: bigint; parentDevice: bigint; ruleFile: FolderListing['ruleFile'] },
    isListed: boolean,
  ): Promise<'open' | 'shut'> {
    const { disk, clock, mirror, unobserved, quietMs } = this.#options;
    if (folder !== '') {
      const before = this.#mounts.mounts.size;
      const state = await this.#mounts.judge(folder, seen.device, seen.parentDevice);
      if (state === 'unmounted' || state === 'covered') return this.hide(folder, { kind: state });
      // What is watched there is not what lies there now.
      if (this.#mounts.mounts.size !== before) unobserved.placesChanged();
    }
    const { ruleFiles } = unobserved;
    const moment = { now: clock.now(), quietMs };
    const rules = await ruleFiles.update(disk, mirror.folder, folder, seen.ruleFile, moment);
    switch (rules.kind) {
      case 'unknown':
        return this.hide(folder, { kind: 'rules', problem: rules.problem });
      case 'not-yet':
        this.restless.push(ruleFileIn(folder));
        return this.hide(folder, { kind: 'rules-not-yet' });
      case 'changed':
        unobserved.placesChanged();
        this.renewed.add(folder);
        break;
      case 'same':
        if (rules.isRestless) this.restless.push(ruleFileIn(folder));
    }
    const hidden = unobserved.hiddenAt(folder);
    if (hidden !== null) {
      if (hidden.kind === 'unreadable' && !isListed) return 'shut';
      unobserved.show(folder);
      this.renewed.add(folder);
    }
    return 'open';
  }

  /** Notes that a folder can't be looked at. */
  hide(folder: string, why: HiddenReason): 'shut' {
    this.#options.unobserved.hide(folder, why);
    this.hidden.push(folder);
    return 'shut';
  }

  /** Whether the disk of a folder has been taken away since it was entered. */
  async isTakenAway(mount: string): Promise<boolean> {
    const { disk, mirror } = this.#options;
    const place = await disk.look(path.join(mirror.folder, mount));
    const parent = await disk.look(path.join(mirror.folder, folderOf(mount)));
    // Whoever removes the folder itself means it.
    if (place.kind === 'missing' && parent.kind === 'folder') return false;
    return place.kind !== 'folder' || parent.kind !== 'folder' || place.device === parent.device;
  }

  async #approach(folder: string): Promise<Standing> {
    const { disk, mirror, unobserved } = this.#options;
    let parentDevice = 0n;
    if (folder !== '') {
      const above = await this.approach(folderOf(folder));
      if (above.kind !== 'open') return above;
      parentDevice = above.device;
    }
    const place = await disk.look(path.join(mirror.folder, folder));
    switch (place.kind) {
      case 'folder':
        break;
      case 'link':
        unobserved.setLink(folder, true);
        return { kind: 'left-out' };
      case 'unreadable':
        return { kind: this.hide(folder, { kind: 'unreadable', code: place.code }) };
      default:
        return { kind: 'gone' };
    }
    if (folder !== '') {
      unobserved.setLink(folder, false);
      if (unobserved.ruleFiles.tree.isIgnoredItself(folder, true)) return { kind: 'left-out' };
    }
    const found = await lookForRules(disk, mirror.folder, folder);
    if (found.kind === 'unreadable') {
      const problem = rulesUnknown(folder, rulesAreOutOfSight(found.code));
      return { kind: this.hide(folder, { kind: 'rules', problem }) };
    }
    const seen = { device: place.device, parentDevice, ruleFile: found.ruleFile };
    const entry = await this.enter(folder, seen, false);
    return entry === 'shut' ? { kind: 'shut' } : { kind: 'open', device: place.device, parentDevice };
  }
}
