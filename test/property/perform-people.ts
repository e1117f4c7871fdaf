import type { Answer, Hold } from '../../app/contract.ts';
import { EngineError } from '../../app/engine.ts';
import { ViError } from '../../app/vi/index.ts';
import type { FakeWorld } from '../world/fake-world.ts';
import type { Machine } from '../world/machine.ts';
import type { ContentModel } from './content-model.ts';
import type { Step } from './history.ts';

export type PeopleStep = Extract<
  Step,
  { do: 'pause' | 'tell' | 'answer' | 'answer-all' | 'restore' | 'power-cut' }
>;

/** Does what a person says to the app on one computer; and cuts its power. */
export async function performOfPeople(
  world: FakeWorld,
  model: ContentModel,
  machine: Machine,
  step: PeopleStep,
): Promise<void> {
  const { clock } = world;
  switch (step.do) {
    case 'pause':
      await machine.pause(true, step.all);
      model.paused(machine, true);
      clock.after(step.forMs, () => {
        model.paused(machine, false);
        attempt(machine, machine.pause(false, step.all));
      });
      return;
    case 'tell':
      model.told(machine, step.settings);
      await machine.tell(step.settings);
      return;
    case 'answer':
      await answerOne(world, model, machine, step);
      return;
    case 'answer-all':
      await answerAll(world, model, machine, step);
      return;
    case 'restore':
      await restore(model, machine, step.file);
      return;
    case 'power-cut':
      machine.onDeath = () => clock.after(step.downMs, () => machine.start());
      machine.expectPowerCut(step.lostMs, (before) => model.powerCut(machine, before));
      machine.killAfter(step.after);
  }
}

type AnswerStep = Extract<Step, { do: 'answer' | 'answer-all' }>;

/** What a person sees, and what they are going to say to it; null: nothing waits for them. */
async function choose(machine: Machine, step: AnswerStep): Promise<{ hold: Hold; answer: Answer } | null> {
  const { engine, mirrorId } = machine;
  if (engine === undefined || mirrorId === undefined) return null;
  const { items } = await engine.call('holds', { mirrorId, limit: 100, offset: 0, includeOptional: true });
  const asked = step.do === 'answer' ? items : items.filter(({ isOptional }) => !isOptional);
  const hold = asked[step.hold % asked.length];
  const kind = hold?.answers[step.answer % hold.answers.length];
  if (hold === undefined || kind === undefined) return null;
  const { annotations } = step;
  return { hold, answer: annotations === undefined ? { kind } : { kind, annotations } };
}

async function answerOne(
  { clock }: FakeWorld,
  model: ContentModel,
  machine: Machine,
  step: AnswerStep,
): Promise<void> {
  const chosen = await choose(machine, step);
  if (chosen === null) return;
  const { hold, answer } = chosen;
  const { mirrorId, item, fingerprint } = hold;
  clock.after(step.afterMs, () => {
    const { engine } = machine;
    if (engine === undefined) return;
    const takeBack = model.said(machine, hold, answer);
    attempt(machine, engine.call('answer', { mirrorId, item, fingerprint, answer }), takeBack);
  });
}

async function answerAll(
  { clock }: FakeWorld,
  model: ContentModel,
  machine: Machine,
  step: AnswerStep,
): Promise<void> {
  const chosen = await choose(machine, step);
  const { engine } = machine;
  if (chosen === null || engine === undefined) return;
  const { hold, answer } = chosen;
  const { mirrorId, reason } = hold;
  const { counts } = await engine.call('holdCounts', { mirrorId });
  const expected = counts.find((each) => each.reason === reason && !each.isOptional);
  const { items } = await engine.call('holds', { mirrorId, reason, limit: 500, offset: 0 });
  if (expected === undefined) return;
  const { count, annotations, unknown } = expected;
  clock.after(step.afterMs, () => {
    if (machine.engine === undefined) return;
    const takeBacks = items.map((each) => model.said(machine, each, answer));
    attempt(
      machine,
      machine.engine.call('answerAll', {
        mirrorId,
        reason,
        answer,
        expected: { count, annotations, unknown },
      }),
      () => {
        for (const takeBack of takeBacks) takeBack();
      },
    );
  });
}

async function restore(model: ContentModel, machine: Machine, number: number): Promise<void> {
  const { engine, mirrorId, volume, root } = machine;
  if (engine === undefined || mirrorId === undefined || volume.isAway(root)) return;
  const { items } = await engine.call('trash', { mirrorId, limit: 100, offset: 0 });
  const file = items[number % items.length];
  if (file === undefined) return;
  model.restoring(machine);
  attempt(machine, engine.call('restore', { ids: [file.id] }));
}

/** What an engine refuses, or can't do now, is no fault of it. */
function attempt(machine: Machine, call: Promise<unknown>, refused: () => void = () => undefined): void {
  call.catch((error: unknown) => {
    refused();
    const isAnswer =
      error instanceof EngineError ||
      error instanceof ViError ||
      (error instanceof Error && (error.name === 'AbortError' || 'errno' in error));
    if (!isAnswer) machine.crashes.push(error);
  });
}
