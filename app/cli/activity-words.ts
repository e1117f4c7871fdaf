import type { Activity } from '../contract.ts';
import type { LineStyle } from './output.ts';

/** How a line about an activity stands out. */
export function activityStyle({ kind }: Activity): LineStyle {
  switch (kind) {
    case 'in-sync':
      return 'good';
    case 'held':
    case 'problem':
      return 'warning';
    case 'error':
      return 'bad';
    default:
      return 'plain';
  }
}
