import { z } from 'zod';
import { answerSchema, mirrorSettingsChangeSchema } from '../../app/contract.ts';
import { type SandboxSwitches, switchesPatchSchema } from '../../app/sandbox/switches.ts';

/** Number of a computer; counted round if there are fewer. */
const m = z.number().int().nonnegative();
/** Number of a content: see `contents.ts`. */
const content = z.number().int().nonnegative();
const ms = z.number();

const stepKinds = z.discriminatedUnion('do', [
  /** A person writes a file: at once, in two halves, or under another name that is then moved over it. */
  z.strictObject({
    do: z.literal('write'),
    m,
    path: z.string(),
    content,
    how: z.enum(['whole', 'slow', 'atomic']),
  }),
  z.strictObject({ do: z.literal('touch'), m, path: z.string() }),
  z.strictObject({ do: z.literal('delete'), m, path: z.string() }),
  z.strictObject({ do: z.literal('rename'), m, from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('swap'), m, from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('copy'), m, from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('delete-folder'), m, path: z.string() }),
  /** Somebody at the service's web page, or another program. `path`: what another computer would have left with it. */
  z.strictObject({ do: z.literal('web-put'), name: z.string(), content, path: z.string().nullable() }),
  z.strictObject({ do: z.literal('web-delete'), name: z.string() }),
  z.strictObject({ do: z.literal('web-annotate'), name: z.string(), count: z.number().int() }),
  z.strictObject({ do: z.literal('web-rename'), from: z.string(), to: z.string() }),
  /** The engine dies after it has waited so many times more (or: committed), and is started again after a while. */
  z.strictObject({
    do: z.literal('kill'),
    m,
    after: z.number().int(),
    at: z.enum(['wait', 'commit']),
    downMs: ms,
  }),
  /** It is ended in order, and started again. */
  z.strictObject({ do: z.literal('restart'), m, downMs: ms }),
  z.strictObject({ do: z.literal('offline'), m, forMs: ms }),
  /** The disk fails calls with a code. */
  z.strictObject({
    do: z.literal('disk-fault'),
    m,
    code: z.string(),
    path: z.string(),
    times: z.number().int(),
  }),
  /** The service fails calls. */
  z.strictObject({
    do: z.literal('service-fault'),
    m,
    kind: z.enum([
      'network',
      'timeout',
      'server',
      'rate-limit',
      'cut-listing',
      'stale',
      'truncate',
      'corrupt',
    ]),
    when: z.enum(['before', 'after']),
    skip: z.number().int(),
    times: z.number().int(),
  }),
  z.strictObject({ do: z.literal('refuse'), name: z.string(), code: z.string(), forMs: ms }),
  z.strictObject({ do: z.literal('unmount'), m, leaves: z.enum(['nothing', 'empty']), forMs: ms }),
  z.strictObject({ do: z.literal('clock'), m, ms }),
  z.strictObject({ do: z.literal('watch-fails'), m }),
  z.strictObject({ do: z.literal('sync-now'), m }),
  z.strictObject({ do: z.literal('wait') }),
  /** The person pauses the mirror, or all, and resumes it after a while. */
  z.strictObject({ do: z.literal('pause'), m, all: z.boolean(), forMs: ms }),
  /** The person tells the mirror something else about what it may do. */
  z.strictObject({ do: z.literal('tell'), m, settings: mirrorSettingsChangeSchema }),
  /**
   * The person looks at what waits for an answer, and answers one hold after a while: whatever has become of it then. Both numbers are
   * counted round if there are fewer.
   */
  z.strictObject({
    do: z.literal('answer'),
    m,
    hold: z.number().int(),
    answer: z.number().int(),
    annotations: answerSchema.shape.annotations,
    afterMs: ms,
  }),
  /** The same answer for all holds of one reason. */
  z.strictObject({
    do: z.literal('answer-all'),
    m,
    hold: z.number().int(),
    answer: z.number().int(),
    annotations: answerSchema.shape.annotations,
    afterMs: ms,
  }),
  /** A file of the trash is put back. */
  z.strictObject({ do: z.literal('restore'), m, file: z.number().int() }),
  /** The power goes when the engine has waited so many times more. What was not flushed is lost, and up to so much of the manifest. */
  z.strictObject({ do: z.literal('power-cut'), m, after: z.number().int(), lostMs: ms, downMs: ms }),
]);

const stepSchema = z.intersection(stepKinds, z.object({ thenMs: ms }));
export type Step = z.output<typeof stepKinds> & { readonly thenMs: number };
export type StepKind = Step['do'];

export const diskKinds = ['linux', 'mac', 'old-mac', 'folding'] as const;

export const historySchema = z.strictObject({
  /** Decides about whatever the steps leave open: how long things take, and what comes first. */
  seed: z.string(),
  machines: z
    .array(
      z.strictObject({
        disk: z.enum(diskKinds),
        tickNs: z.number(),
        /** Operations of a kind that a plan gathers at most; left out: as many as usual. */
        planSize: z.number().int().optional(),
        /** What the mirror is told from the beginning; left out: nothing. */
        settings: mirrorSettingsChangeSchema.optional(),
      }),
    )
    .min(1)
    .max(3),
  switches: z.custom<Partial<SandboxSwitches>>((value) => switchesPatchSchema.safeParse(value).success),
  /** Parts of all calls that fail at random, 0 to 1. */
  networkTrouble: z.number(),
  diskTrouble: z.number(),
  /** Part of all hints of watchers that go wrong. */
  hintTrouble: z.number(),
  /** What is there before the first engine starts. */
  before: z.array(stepSchema),
  steps: z.array(stepSchema),
});

/** Everything that decides what happens in a world: the same history happens in the same way, again and again. */
export interface History extends Omit<z.output<typeof historySchema>, 'before' | 'steps'> {
  readonly before: readonly Step[];
  readonly steps: readonly Step[];
}
