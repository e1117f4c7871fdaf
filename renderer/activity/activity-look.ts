import {
  ArrowDown,
  ArrowUp,
  Check,
  CircleAlert,
  CirclePause,
  Link2,
  type LucideIcon,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import type { Activity } from '../../app/contract.ts';
import type { Tone } from '../components/state-look.tsx';

/** Icon and tone of each kind of activity. */
export const activityLooks: Record<Activity['kind'], { readonly icon: LucideIcon; readonly tone: Tone }> = {
  uploaded: { icon: ArrowUp, tone: 'busy' },
  downloaded: { icon: ArrowDown, tone: 'busy' },
  bound: { icon: Link2, tone: 'quiet' },
  removed: { icon: Trash2, tone: 'quiet' },
  held: { icon: CirclePause, tone: 'hold' },
  problem: { icon: TriangleAlert, tone: 'bad' },
  error: { icon: CircleAlert, tone: 'bad' },
  'in-sync': { icon: Check, tone: 'ok' },
};
