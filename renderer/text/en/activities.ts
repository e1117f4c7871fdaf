import { countIn } from '../../../app/contract/words/plural.ts';

const count = countIn('en');

/** Words of the screen “Activity”. */
export const activities = {
  subtitle: 'Everything Vi Sync has done or come upon, the newest first.',
  filter: 'Which kind',
  kinds: {
    all: 'All',
    transfers: 'Transfers',
    removals: 'Removals',
    waiting: 'Waiting',
    problems: 'Problems',
  },
  mirror: 'Mirror',
  allMirrors: 'All mirrors',
  search: 'Search activity',
  searchHint: 'Search by file or words',
  list: 'Activity',
  today: 'Today',
  yesterday: 'Yesterday',
  newer: (n: number, shown: string) => count(n, shown, 'new entry', 'new entries'),
  older: 'Load older',
  loadingOlder: 'Loading…',
  end: 'That is everything.',
  showFiles: (shown: string) => `Show all ${shown}`,
  hideFiles: 'Show fewer',
  noneTitle: 'Nothing has happened yet',
  noneText: 'Uploads, downloads, removals and problems appear here as they happen.',
  noMatchTitle: 'Nothing matches',
  noMatchText: 'No entry matches the filter and the search.',
  showAll: 'Show everything',
  openFile: (path: string) => `Show ${path} in its mirror`,
  toTrash: 'In the trash',
  toHold: 'Answer',
  toProblem: 'Look at it',
};
