import { countIn } from '../../../app/contract/words/plural.ts';
import type { TrashedFile } from '../../../app/contract.ts';

const count = countIn('en');
const files = (n: number, shown: string): string => count(n, shown, 'file', 'files');

/** Words of the trash. */
export const trash = {
  subtitle: (n: number, shown: string, bytes: string) => `${files(n, shown)}, ${bytes}`,
  mirror: 'Mirror',
  allMirrors: 'All mirrors',
  list: 'Files in the trash',
  reason: {
    'replaced-by-download': 'Replaced by a newer version',
    'deleted-there': 'Deleted in the dataset',
    answered: 'As you answered',
    unknown: 'Found in the trash',
  } satisfies Record<TrashedFile['reason'], string>,
  column: { name: 'File', reason: 'Why', size: 'Size', at: 'Since' },
  select: (path: string) => `Select ${path}`,
  selectHint: 'Select files to put them back, or to delete them for good.',
  selectAll: 'Select all that are shown',
  selected: (n: number, shown: string, bytes: string) => `${files(n, shown)} selected, ${bytes}`,
  restore: 'Put back',
  restoring: 'Putting back…',
  remove: 'Delete for good…',
  clear: 'Clear selection',
  more: 'Show more',
  empty: 'Empty the trash…',
  keep: 'Keep for',
  keepMeaning: 'How long replaced and deleted files stay here before they are deleted for good',
  keepForever: 'until I empty it',
  keepDays: (n: number, shown: string) => count(n, shown, 'day', 'days'),
  noneTitle: 'The trash is empty',
  noneText:
    'When a sync or a pull replaces or deletes a file in your folders, its old version comes here first, and can be put back.',
  restored: (n: number, shown: string) => `${files(n, shown)} put back`,
  restoreTitle: 'What came back',
  restoredAs: (path: string) => `as ${path}`,
  restoredIn: 'where it was',
  restoreFailed: (n: number, shown: string) => `${files(n, shown)} could not be put back`,
  renamed: (n: number, shown: string) =>
    `${files(n, shown)} ${n === 1 ? 'has' : 'have'} another name now, because theirs was taken`,
  show: 'Show the list',
  emptyTitle: (n: number, shown: string) => `Delete ${files(n, shown)} for good?`,
  emptyText: (bytes: string) => `${bytes} are freed. These files can’t be brought back afterwards.`,
  emptyGo: (n: number, shown: string) => `Delete ${files(n, shown)} for good`,
  emptying: 'Deleting…',
  emptied: (n: number, shown: string, bytes: string) => `${files(n, shown)} deleted for good, ${bytes}`,
  keepSaved: (value: string) => `Files are kept ${value}`,
};
