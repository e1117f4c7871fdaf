import { z } from 'zod';

/** What a process is to ask the system's keychain. */
export const keychainRequestSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.enum(['get', 'delete']), service: z.string(), account: z.string() }),
  z.object({ operation: z.literal('set'), service: z.string(), account: z.string(), value: z.string() }),
]);
export type KeychainRequest = z.infer<typeof keychainRequestSchema>;

/** What it says: a value (null: there is none), or at which stage it failed, in the words of the keychain's library. */
export const keychainAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.string().nullable() }),
  z.object({ ok: z.literal(false), stage: z.enum(['load', 'call']), message: z.string() }),
]);
export type KeychainAnswer = z.infer<typeof keychainAnswerSchema>;
