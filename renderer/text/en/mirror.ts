import { countIn } from '../../../app/contract/words/plural.ts';

const count = countIn('en');

/** Words of a mirror's screen, beside those of files and states. */
export const mirror = {
  view: 'How the files are shown',
  table: 'Table',
  grid: 'Thumbnails',
  more: 'More for this mirror',
  pause: 'Pause',
  resume: 'Resume',
  start: 'Start',
  verify: 'Verify everything',
  verifying: 'Every file is being read again, and every asset listed again',
  verified: 'Everything has been verified',
  openFolder: 'Open the folder',
  settings: 'Settings of this mirror',
  toAccount: 'Look at the account',
  reviewPlan: 'Review the plan',
  showInFolder: 'Show in folder',
  answer: 'Answer',
  here: 'Folder',
  there: 'Dataset',
  whichPicture: 'Which picture is shown',
  property: 'Property',
  sha256: 'SHA-256',
  hashOf: (algorithm: string) => `Hash of the service (${algorithm})`,
  copyHash: 'Copy the SHA-256',
  asset: 'Asset',
  annotations: (n: number, shown: string) => count(n, shown, 'annotation', 'annotations'),
  history: 'History',
  noHistory: 'Nothing has happened to this file since Vi Sync has known it.',
  gone: 'This file is not there any more.',
};
