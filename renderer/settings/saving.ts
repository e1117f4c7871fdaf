import type { Problem } from '../../app/contract.ts';
import { tell } from '../components/toasts.tsx';
import { problemOfCall } from '../engine/call-problem.ts';
import { ObservableValue } from '../engine/observable.ts';
import { text } from '../text/format.ts';
import { worded } from '../text/problem-words.ts';

/** Whether the last change is saved; it outlives what is drawn, since another language draws all anew. */
export const saving = new ObservableValue<'idle' | 'saving' | 'saved'>('idle');
const shownForMs = 2_500;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Saves a change, and says so. Resolves to why it was refused; null: it was not. */
export async function save(work: () => Promise<unknown>): Promise<Problem | null> {
  clearTimeout(timer);
  saving.set('saving');
  try {
    await work();
  } catch (error) {
    saving.set('idle');
    return (
      problemOfCall(error) ?? {
        code: 'connection',
        title: text.settings.refused,
        detail: text.lostTitle,
        suggestion: '',
      }
    );
  }
  saving.set('saved');
  timer = setTimeout(() => saving.set('idle'), shownForMs);
  return null;
}

/** As {@link save}; what is refused is told at the edge of the window. */
export async function saveOrTell(work: () => Promise<unknown>): Promise<boolean> {
  const problem = await save(work);
  if (problem === null) return true;
  const { title, detail, suggestion } = worded(problem);
  tell({ tone: 'bad', title, detail: `${detail} ${suggestion}`.trim() });
  return false;
}
