import { z } from 'zod';
import { nothing } from './paging.ts';
import { problemSchema } from './problem.ts';

/** Where an organization is: its ID, and the base URL of the service's API. */
export const placeSchema = z.object({ endpoint: z.string(), organizationId: z.string() });
export type Place = z.infer<typeof placeSchema>;

/** An organization that can be worked with. Its secret key never crosses. */
export const accountSchema = placeSchema.extend({
  /** Null: the service could not be asked, see `problem`. */
  organizationName: z.string().nullable(),
  /** Where its key comes from; `sandbox`: the embedded one, which needs none. */
  source: z.enum(['keychain', 'environment', 'sandbox', 'session']),
  problem: problemSchema.nullable(),
});
export type Account = z.infer<typeof accountSchema>;

export const accountCalls = {
  /** The organizations that can be worked with, asked of the service now. */
  accounts: {
    args: nothing,
    result: z.object({
      items: z.array(accountSchema),
      /** Why the keychain can't be used; null: it can. */
      keychainProblem: problemSchema.nullable(),
    }),
  },
  /**
   * Tries a secret key at the service and, when it works, stores it in the system's keychain in place of the one that is there. With
   * `forSession` it is kept in memory until Vi Sync ends: for a computer without a keychain.
   */
  connectAccount: {
    args: z.object({
      secretKey: z.string().min(1).max(1000),
      organizationId: z.string().min(1).max(255),
      /** Null: the service itself. */
      endpoint: z.string().max(2000).nullable().default(null),
      forSession: z.boolean().default(false),
    }),
    result: z.object({ account: accountSchema }),
  },
  /** Forgets the key of an account. Mirrors of it stop with a problem until it is connected again. */
  disconnectAccount: { args: placeSchema, result: nothing },
} as const;
