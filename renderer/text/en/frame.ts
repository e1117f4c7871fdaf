import { countIn } from '../plural.ts';

const count = countIn('en');

/** Words of the sidebar and what stands on every screen. */
export const frame = {
  navigation: 'Main',
  overview: 'Overview',
  waiting: 'Waiting for you',
  mirrors: 'Mirrors',
  addMirror: 'Add a mirror',
  waitingBadge: (n: number, shown: string) => count(n, shown, 'file waits for you', 'files wait for you'),
  close: 'Close',
  cancel: 'Cancel',
  notifications: 'Messages',
  goneTitle: 'This mirror is not there any more',
  goneText: 'It may have been removed in another window. Its folder and its dataset stay as they are.',
  toOverview: 'Go to the overview',
  undo: 'Undo',
};
