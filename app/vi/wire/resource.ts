import { z } from 'zod';
import type { ResourceCondition, ResourceMetadata } from '../assets/ingestion-session.ts';
import { anyRecord, number, text, textOrEmpty, validItems } from './lenient.ts';

/** Parts that several resources of the service have. */

export const resourceMetadataSchema: z.ZodType<ResourceMetadata> = z
  .looseObject({ timeCreated: number, lastUpdated: number, generation: number, attributes: anyRecord })
  .catch({});

const conditionSchema: z.ZodType<ResourceCondition> = z.looseObject({
  condition: z.string(),
  status: textOrEmpty,
  lastTransitionTime: number,
  reason: text,
  message: text,
});

export const conditionsSchema = validItems(conditionSchema);
