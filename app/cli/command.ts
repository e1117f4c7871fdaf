import type { Command } from '@commander-js/extra-typings';
import type { Log } from '../log.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** What a command works with, whichever it is. */
export interface CommandContext {
  readonly output: Output;
  /** Aborted when the process is asked to end; its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /**
   * Tells how to say what is done so far, should the command be interrupted. Called at that moment: `12 of 200 files are uploaded.`
   */
  describeInterruption(describe: () => InterruptionReport): void;
}

export interface InterruptionReport {
  /** One sentence for a person. */
  readonly detail: string;
  /** What a person does to go on. */
  readonly suggestion: string;
  /** The same as data, for `--json`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a command leaves behind. */
export interface Outcome {
  /** Default: done. */
  readonly exitCode?: ExitCode;
  /** The JSON document of `--json`. Left out by commands that have written it themselves, item by item. */
  readonly document?: unknown;
  /** Prints the result for a person. Not called with `--json`. */
  readonly print?: (output: Output) => void;
}

/** Runs a command: gives it its context, prints its outcome, turns what it throws into words and an exit code. */
export type Run = (name: string, command: (context: CommandContext) => Promise<Outcome>) => Promise<void>;

/** Adds one command, or a group of them, to its parent. All that is heavy is imported when the command runs, not before. */
export type RegisterCommand = (parent: AnyCommand, run: Run) => void;

// biome-ignore lint/suspicious/noExplicitAny: commander's own types use it for "arguments and options of any kind".
export type AnyCommand = Command<any[], any, any>;

/** A command line and what it does. */
export type Example = readonly [commandLine: string, meaning: string];

/** The text that is put below a command's help. */
export function examplesText(examples: readonly Example[]): string {
  const lines = examples.map(([commandLine, meaning]) => `  # ${meaning}\n  $ ${commandLine}`);
  return `\nExample${examples.length === 1 ? '' : 's'}:\n${lines.join('\n\n')}`;
}

/** How every command that speaks to the service can be told where to. The key itself is never an option. */
export const ORGANIZATION_OPTION = [
  '--organization <id>',
  'organization ID, instead of the stored one or DATATURE_VI_ORGANIZATION_ID',
] as const;
export const ENDPOINT_OPTION = [
  '--endpoint <url>',
  'base URL of the API, instead of the stored one or DATATURE_VI_API_ENDPOINT',
] as const;

export interface ConnectionOptions {
  readonly organization?: string | undefined;
  readonly endpoint?: string | undefined;
}
