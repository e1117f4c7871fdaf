import { z } from 'zod';

/** What is wrong, to which file, and what to do, in words for a person. `code` is stable and for machines. */
export const problemSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  suggestion: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** An error as it crosses to a front end: data, not a class. */
export const callErrorSchema = problemSchema;
export type CallError = Problem;
