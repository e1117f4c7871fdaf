import type { z } from 'zod';
import { accountCalls } from './accounts.ts';
import { appSettingsCalls, appSettingsSchema } from './app-settings.ts';
import { datasetCalls } from './datasets.ts';
import { engineCalls } from './engine-calls.ts';
import { type EngineEvents, engineEvents } from './engine-events.ts';
import { folderCalls } from './folders.ts';
import { nothing } from './paging.ts';
import { pullCalls, pullSchema } from './pulls.ts';

/** Every call that the workspace answers: what a front end needs beside the engine. */
export const workspaceCalls = {
  ...accountCalls,
  ...datasetCalls,
  ...pullCalls,
  ...folderCalls,
  ...appSettingsCalls,
} as const;

/** Every call: its arguments and its answer. */
export const calls = { ...engineCalls, ...workspaceCalls } as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type EngineCallName = keyof typeof engineCalls;
export type WorkspaceCallName = keyof typeof workspaceCalls;
/** What a caller passes: fields with a default may be left out. */
export type CallArgs<N extends CallName> = z.input<Calls[N]['args']>;
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>;

export const workspaceEvents = {
  /** A pull has begun, moved or ended. */
  pullChanged: pullSchema,
  /** Which organizations can be worked with has changed: ask again. */
  accountsChanged: nothing,
  appSettingsChanged: appSettingsSchema,
} as const;

/** Every event. At most 10 of each are sent a second for one mirror; the last state always arrives. */
export const events = { ...engineEvents, ...workspaceEvents } as const;
export type Events = typeof events;
export type EventName = keyof Events;
export type EngineEventName = keyof EngineEvents;
export type EventPayload<N extends EventName> = z.output<Events[N]>;
