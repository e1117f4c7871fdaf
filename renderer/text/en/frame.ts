import { pluralIn } from '../../../app/contract/words/plural.ts';

const plural = pluralIn('en');

/** Words of the sidebar and what stands on every screen. */
export const frame = {
  navigation: 'Main',
  overview: 'Overview',
  waiting: 'Waiting for you',
  datasets: 'Datasets',
  activity: 'Activity',
  trash: 'Trash',
  settings: 'Settings',
  app: 'Vi Sync',
  mirrors: 'Mirrors',
  addMirror: 'Add a mirror',
  /** Follows the number. */
  waitingBadge: (n: number) => plural(n, 'file waits for you', 'files wait for you'),
  close: 'Close',
  cancel: 'Cancel',
  notifications: 'Messages',
  goneTitle: 'This mirror is not there any more',
  goneText: 'It may have been removed in another window. Its folder and its dataset stay as they are.',
  toOverview: 'Go to the overview',
  undo: 'Undo',
};
