import { z } from 'zod';
import { activitySchema, mirrorStatusSchema } from './status.ts';

/** Every event of the engine. */
export const engineEvents = {
  mirrorChanged: mirrorStatusSchema,
  /** A mirror has been removed. */
  mirrorRemoved: z.object({ mirrorId: z.string() }),
  /** Rows of this mirror changed: fetch the page that is shown again. */
  filesChanged: z.object({ mirrorId: z.string() }),
  activityAdded: activitySchema,
} as const;
export type EngineEvents = typeof engineEvents;
