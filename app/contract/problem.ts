import { z } from 'zod';

/**
 * What a sentence is about: the names of files and folders, counts, codes of the system. With the code they say all that the English words
 * say, so that a front end can say it in another language. `case` tells the sentences of one code apart.
 */
export const factsSchema = z.record(z.string(), z.union([z.string(), z.number()])).readonly();
export type Facts = z.infer<typeof factsSchema>;

/** What is wrong, to which file, and what to do, in words for a person. `code` is stable and for machines. */
export const problemSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  suggestion: z.string(),
  /** Absent where the words name nothing, and in what older versions have stored. */
  facts: factsSchema.optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** An error as it crosses to a front end: data, not a class. */
export const callErrorSchema = problemSchema;
export type CallError = Problem;
