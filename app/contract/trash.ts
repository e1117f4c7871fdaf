import { z } from 'zod';

export const trashedFileSchema = z.object({
  id: z.number().int(),
  mirrorId: z.string(),
  /** Where it was, relative to the mirror's folder. */
  path: z.string(),
  /** Absolute path of where it is now. */
  trashPath: z.string(),
  size: z.number(),
  sha256: z.string().nullable(),
  /** `unknown`: its record was lost, and it was found in the trash. */
  reason: z.enum(['replaced-by-download', 'deleted-there', 'answered', 'unknown']),
  /** When it was put there, milliseconds since the epoch. */
  at: z.number(),
});
export type TrashedFile = z.infer<typeof trashedFileSchema>;
