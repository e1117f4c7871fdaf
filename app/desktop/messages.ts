import { z } from 'zod';
import { problemSchema } from '../contract.ts';
import { keychainAnswerSchema, keychainRequestSchema } from '../keychain-messages.ts';

export { type KeychainRequest, keychainAnswerSchema } from '../keychain-messages.ts';

/** Number of a connection between a front end and the engine's process. */
const port = z.number().int().nonnegative();
const id = z.number().int().nonnegative();

/** What the engine's process is to run, and where it keeps what. All paths are absolute. */
export const engineStartSchema = z.object({
  /** Folder of the manifest; that of the playground where `isPlayground`. */
  dataDir: z.string(),
  cacheDir: z.string(),
  logDir: z.string(),
  /** A sandbox with a sample folder instead of a person's own mirrors. */
  isPlayground: z.boolean(),
  /** The system's proxy, for whoever has named none. */
  systemProxy: z.string().nullable(),
  /** This build has a place to look for new versions. */
  hasUpdates: z.boolean(),
});
export type EngineStart = z.infer<typeof engineStartSchema>;

/** What the shell says to the engine's process. */
export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), start: engineStartSchema }),
  /** A front end has come; its messages follow. */
  z.object({ type: z.literal('open'), port }),
  /** One JSON text. */
  z.object({ type: z.literal('text'), port, text: z.string() }),
  z.object({ type: z.literal('close'), port }),
  z.object({
    type: z.literal('preview'),
    id,
    kind: z.string(),
    query: z.record(z.string(), z.string()),
    ifNoneMatch: z.string().nullable(),
  }),
  /** To an `ask` of the engine's process. */
  z.object({ type: z.literal('answer'), id, folder: z.string().nullable(), failure: z.string().nullable() }),
  /** To a `keychain` of the engine's process. Null: the process that asked it has ended, in the way that is told. */
  z.object({
    type: z.literal('keychain-answer'),
    id,
    answer: keychainAnswerSchema.nullable(),
    failure: z.string().nullable(),
  }),
  /** End everything, cleanly, and then the process. */
  z.object({ type: z.literal('stop') }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** What the engine's process says to the shell. */
export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** It can't run, and ends. */
  z.object({ type: z.literal('failed'), problem: problemSchema }),
  z.object({ type: z.literal('text'), port, text: z.string() }),
  z.object({ type: z.literal('closed'), port }),
  z.object({
    type: z.literal('preview'),
    id,
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()),
    body: z.instanceof(Uint8Array),
  }),
  /** `show`: a folder in the system's file manager; `choose`: the system's dialog for a folder, beginning from one. */
  z.object({ type: z.literal('ask'), id, what: z.enum(['show', 'choose']), folder: z.string().nullable() }),
  /** Have a process ask the system's keychain. The installed program can't be started as one by the engine. */
  z.object({ type: z.literal('keychain'), id, request: keychainRequestSchema }),
  /** Nobody waits for that answer any more. */
  z.object({ type: z.literal('keychain-end'), id }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
