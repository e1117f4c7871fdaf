import type { MirrorStatus } from '../../../app/contract.ts';
import { useNow } from '../../components/use-now.ts';
import { formatCountdown, text } from '../../text/format.ts';

interface NextStep {
  readonly words: string;
  readonly meaning: string;
}

/** When a mirror that waits for its time goes on by itself, as a clock that counts down; null: it waits for none. */
export function useNextStep({ phase, retryAt, nextSessionAt }: MirrorStatus): NextStep | null {
  const now = useNow();
  const words = text.overview;
  if (phase === 'paused' || phase === 'stopped') return null;
  if (retryAt !== null) {
    if (retryAt <= now) return null;
    return { words: words.triesAt(formatCountdown(retryAt - now)), meaning: words.triesAtMeaning };
  }
  if (nextSessionAt === null || nextSessionAt <= now) return null;
  return { words: words.sendsAt(formatCountdown(nextSessionAt - now)), meaning: words.sendsAtMeaning };
}
