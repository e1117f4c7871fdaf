import { z } from 'zod';

/** Parts that the arguments and answers of several calls have. */

export const ofMirror = { mirrorId: z.string() };
export const page = {
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(500).default(100),
};
export const total = z.number().int().nonnegative();
export const nothing = z.object({});
