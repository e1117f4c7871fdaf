import { countIn } from '../../../app/contract/words/plural.ts';
import type { Pull } from '../../../app/contract.ts';

const count = countIn('en');
const files = (n: number, shown: string): string => count(n, shown, 'file', 'files');

/** Words of pulls: a dataset's assets as files in a folder, with a lock file. */
export const pulls = {
  heading: 'Pulls',
  of: (dataset: string, folder: string) => `${dataset} → ${folder}`,
  state: {
    running: 'Running',
    done: 'Done',
    stopped: 'Stopped',
    failed: 'Failed',
  } satisfies Record<Pull['state'], string>,
  phase: {
    listing: 'Listing the dataset',
    checking: 'Checking what is in the folder',
    fetching: 'Fetching files',
    done: 'Done',
  } satisfies Record<Pull['phase'], string>,
  listed: (n: number, shown: string) => `${files(n, shown)} found so far`,
  progress: (dataset: string) => `Progress of ${dataset}`,
  query: (query: string) => `Query: ${query}`,
  frozen: 'From the lock file',
  complete: (n: number, shown: string) => `All ${files(n, shown)} are in the folder`,
  incomplete: (there: string, all: number, shownAll: string) =>
    `${there} of ${files(all, shownAll)} are in the folder`,
  brought: (n: number, shown: string, bytes: string) => `${files(n, shown)} fetched, ${bytes}`,
  same: (n: number, shown: string) => `${shown} ${n === 1 ? 'was' : 'were'} there already`,
  conflicts: (n: number, shown: string) => `${files(n, shown)} left as ${n === 1 ? 'it is' : 'they are'}`,
  failures: (n: number, shown: string) => `${files(n, shown)} failed`,
  differences: (n: number, shown: string) => `${files(n, shown)} can’t be reproduced`,
  leftOver: (n: number, shown: string) => `${files(n, shown)} left over from an earlier pull`,
  stop: 'Stop',
  goOn: 'Go on',
  dismiss: 'Dismiss',
  result: 'What happened',
  verify: 'Verify',
  compare: 'Compare',
  showResult: 'Show the list',
  stoppedText: 'What came so far stays. It goes on where it ended.',

  dialogTitle: (dataset: string) => `Pull ${dataset}`,
  dialogText:
    'Its assets come into a folder as files, with a lock file that says exactly what they are. Nothing in Vi is changed.',
  folder: 'Folder',
  folderHint: 'It is created if it does not exist. Files that are not from the dataset are left alone.',
  lockOf: (when: string, n: number, shown: string) =>
    `This folder has a lock file: ${files(n, shown)}, pulled ${when}.`,
  lockOther: 'This lock file belongs to another dataset. Choose another folder, or their files get mixed.',
  what: 'What to pull',
  choices: {
    now: { title: 'What the dataset has now', text: 'A new lock file is written.' },
    frozen: {
      title: 'Exactly what the lock file says',
      text: 'The same files, byte for byte. What can’t be reproduced is named.',
    },
  },
  queryLabel: 'Metadata query',
  queryHint: 'Only matching assets, for example camera == "front". Leave empty for all.',
  overwrite: 'Replace files that differ',
  overwriteMeaning: 'Their old versions go to the trash. Otherwise they stay as they are, and are listed.',
  start: 'Start the pull',
  starting: 'Starting…',
  started: 'The pull has begun',

  checkTitle: 'Check a pulled folder',
  checkText: 'Against its lock file, which says what was pulled from which dataset.',
  checkFolderHint: 'A folder with a lock file of Vi Sync.',
  checks: {
    verify: {
      title: 'Is the folder as it was pulled?',
      text: 'Every file is read, and compared with the lock file by its content.',
    },
    compare: {
      title: 'Is the dataset as it was pulled?',
      text: 'The dataset is listed, and compared with the lock file. Nothing is fetched.',
    },
  },
  check: 'Check',
  checking: 'Checking…',
  checkingText: 'The more files there are, the longer it takes.',
  equal: {
    verify: (n: number, shown: string) => `All ${files(n, shown)} are as they were pulled`,
    compare: (n: number, shown: string) => `The dataset still has exactly these ${files(n, shown)}`,
  },
  unequal: (n: number, shown: string) => count(n, shown, 'difference', 'differences'),
  pulledAt: (when: string) => `Pulled ${when}`,
  list: 'Differences',
  cut: (shown: string) => `The first ${shown} are listed.`,
  kind: {
    missing: 'Missing in the folder',
    changed: 'Changed',
    'no-file': 'No file any more',
    unreadable: 'Can’t be read',
    extra: 'Not from the dataset',
    added: 'New in the dataset',
    removed: 'Gone from the dataset',
    renamed: 'Renamed',
    recreated: 'Uploaded anew',
    gone: 'Gone from the dataset',
    'changed-in-dataset': 'Newer in the dataset',
    'changed-here': 'Changed in the folder',
    'other-file': 'Another file is in its place',
    busy: 'Was being written',
  } as Readonly<Record<string, string>>,
  resultTitle: (dataset: string) => `What the pull of ${dataset} did`,
  parts: {
    failures: 'Failed',
    conflicts: 'Left as they are',
    differences: 'Can’t be reproduced',
    leftOver: 'Left over from an earlier pull',
  },
};
