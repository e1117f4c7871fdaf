import { countIn } from '../../../app/contract/words/plural.ts';

const count = countIn('en');

/** Words of the overview. */
export const overview = {
  subtitle: {
    'in-sync': 'Everything is in sync',
    syncing: 'Syncing',
    waiting: 'Something waits for you',
    attention: 'Something needs your attention',
    offline: 'The service can’t be reached',
    paused: 'Everything is paused',
    quiet: 'Nothing is being synced',
  },
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  pause: 'Pause',
  resume: 'Resume',
  start: 'Start',
  reviewPlan: 'Review the plan',
  answer: 'Answer',
  filesTotal: (n: number, shown: string) => count(n, shown, 'file', 'files'),
  inSync: (shown: string) => `${shown} in sync`,
  held: (n: number, shown: string) => count(n, shown, 'waits for you', 'wait for you'),
  problems: (n: number, shown: string) => count(n, shown, 'problem', 'problems'),
  queued: (shown: string) => `${shown} queued`,
  sendsAt: (clock: string) => `Next upload in ${clock}`,
  sendsAtMeaning:
    'The service takes about ten upload sessions in ten minutes. What has changed meanwhile goes with the next one.',
  triesAt: (clock: string) => `Next try in ${clock}`,
  triesAtMeaning: 'The service is tried again by itself. “Sync now” tries it at once.',
  budget: 'Upload budget',
  budgetMeaning:
    'The service starts about ten upload sessions in ten minutes. One session carries many files, so waiting ones go together.',
  budgetOf: (used: string, allowed: string) => `${used} of ${allowed} sessions used`,
  budgetFree: 'The next upload begins at once',
  dataRows: 'Data rows used',
  dataRowsMeaning:
    'What uploads from this computer have used of the organization’s quota: five for each new image.',
  usage: 'Quota',
  activity: 'Recent activity',
  mirrorsEmptyTitle: 'No folder is mirrored yet',
  mirrorsEmptyText:
    'A mirror keeps a folder of images and a Vi dataset in step. Add one, or try the sandbox.',
  begin: 'Set up the first mirror',
  direction: {
    'two-way': 'Both ways',
    push: 'Uploads only',
    pull: 'Downloads only',
  },
};
