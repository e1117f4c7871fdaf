/**
 * The one description of every call and event between a front end (browser, window, terminal) and the app.
 * Both ends take their types from here; the app's side parses arguments where they enter.
 * `renderer/` imports nothing else from `app/`.
 */
export * from './contract/accounts.ts';
export * from './contract/app-settings.ts';
export * from './contract/bridge.ts';
export * from './contract/calls.ts';
export * from './contract/crossing.ts';
export * from './contract/datasets.ts';
export * from './contract/engine-calls.ts';
export * from './contract/engine-events.ts';
export * from './contract/folders.ts';
export * from './contract/holds.ts';
export * from './contract/problem.ts';
export * from './contract/pulls.ts';
export * from './contract/settings.ts';
export * from './contract/status.ts';
export * from './contract/trash.ts';
