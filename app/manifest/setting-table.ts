import type { Statement } from 'better-sqlite3';
import {
  type MirrorSettings,
  type MirrorSettingsChange,
  mirrorSettingsSchema,
  type Settings,
  type SettingsChange,
  settingsSchema,
} from '../contract.ts';
import type { Database } from './database.ts';

/** Scope of what holds for all mirrors; a mirror's own scope is its ID. */
const all = '';

const defaultSettings: Settings = {
  retentionMode: 'ask',
  uploadLimit: null,
  downloadLimit: null,
  limitSchedule: null,
  uploadsAtOnce: 16,
  downloadsAtOnce: 16,
  trashDays: null,
};

const defaultMirrorSettings: MirrorSettings = {
  direction: 'two-way',
  deletePolicy: 'keep',
  retentionMode: null,
  duplicates: 'leave',
};

/** What the app and its mirrors have been told. What has never been said has its default. */
export class SettingTable {
  readonly #read: Statement<[string], { name: string; value: string }>;
  readonly #put: Statement<[string, string, string]>;
  readonly #delete: Statement<[string]>;

  constructor(database: Database) {
    this.#read = database.prepare('SELECT name, value FROM setting WHERE scope = ?');
    this.#put = database.prepare(
      'INSERT INTO setting (scope, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    this.#delete = database.prepare('DELETE FROM setting WHERE scope = ?');
  }

  get(): Settings {
    return settingsSchema.parse({ ...defaultSettings, ...this.#values(all) });
  }

  change(settings: SettingsChange): void {
    this.#store(all, settings);
  }

  ofMirror(mirrorId: string): MirrorSettings {
    return mirrorSettingsSchema.parse({ ...defaultMirrorSettings, ...this.#values(mirrorId) });
  }

  changeMirror(mirrorId: string, settings: MirrorSettingsChange): void {
    this.#store(mirrorId, settings);
  }

  forgetMirror(mirrorId: string): void {
    this.#delete.run(mirrorId);
  }

  #values(scope: string): Record<string, unknown> {
    return Object.fromEntries(this.#read.all(scope).map(({ name, value }) => [name, JSON.parse(value)]));
  }

  #store(scope: string, settings: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(settings)) {
      if (value !== undefined) this.#put.run(scope, name, JSON.stringify(value));
    }
  }
}
