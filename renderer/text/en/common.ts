import { countIn } from '../../../app/contract/words/plural.ts';
import type { Activity, FileState, MirrorPhase } from '../../../app/contract.ts';
import type { CrowdingKind } from '../../activity/activity-groups.ts';

const count = countIn('en');

/** Words of the frame, and those that several screens have. */
export const common = {
  language: 'en',
  appName: 'Vi Sync',

  phase: {
    starting: 'Starting',
    scanning: 'Checking',
    preview: 'Waits for your go',
    paused: 'Paused',
    syncing: 'Syncing',
    'in-sync': 'In sync',
    attention: 'Needs attention',
    offline: 'Offline',
    stopped: 'Stopped',
  } satisfies Record<MirrorPhase, string>,
  phaseDetail: {
    starting: 'Reading what is known of this folder',
    scanning: 'Comparing the folder with the dataset',
    preview: 'Nothing is transferred before you have seen the plan',
    paused: 'Nothing is transferred until it is resumed',
    offline: 'Changes are kept and sent when the service answers again',
    stopped: 'Nothing is synced until it is started again',
  },
  checked: (ago: string) => `checked ${ago}`,
  checkedTitle: (scan: string, listing: string) => `Folder scanned ${scan}\nDataset listed ${listing}`,
  justNow: 'just now',
  needAttention: (problems: number, shownProblems: string, held: number, shownHeld: string): string =>
    [
      problems > 0 ? count(problems, shownProblems, 'file has a problem', 'files have a problem') : '',
      held > 0 ? count(held, shownHeld, 'file waits for you', 'files wait for you') : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),

  state: {
    'in-sync': 'In sync',
    waiting: 'Queued',
    uploading: 'Uploading',
    processing: 'Processing',
    downloading: 'Downloading',
    'local-only': 'Only here',
    'remote-only': 'Only in Vi',
    differs: 'Differs',
    held: 'Waits for you',
    problem: 'Problem',
    ignored: 'Left out',
  } satisfies Record<FileState, string>,
  stateMeaning: {
    'in-sync': 'The folder and the dataset hold the same content',
    waiting: 'Will be transferred soon',
    uploading: 'Being sent to the dataset',
    processing: 'Sent; the service is taking it in',
    downloading: 'Being fetched from the dataset',
    'local-only': 'In the folder, not in the dataset',
    'remote-only': 'In the dataset, not in the folder',
    differs: 'Different on both sides, and left so',
    held: 'Needs your answer before anything happens to it',
    problem: 'Can’t be synced as it is',
    ignored: 'Left out by a rule or behind a link: both sides stay as they are',
  } satisfies Record<FileState, string>,
  stateWithPart: (state: string, part: string) => `${state} ${part}`,

  mirrors: 'Mirrors',
  mirrorOf: (folder: string, dataset: string) => `${folder} ↔ ${dataset}`,
  folder: 'Folder',
  dataset: 'Dataset',
  sandbox: 'Sandbox',
  sandboxMeaning: 'A Vi server inside this app. Nothing leaves this computer.',
  organization: 'Organization',
  syncNow: 'Sync now',
  syncNowMeaning: 'Scan the folder and list the dataset now',
  copyPath: 'Copy path',
  copied: 'Copied',

  uploads: 'Uploads',
  downloads: 'Downloads',
  noUploads: 'Nothing to upload',
  noDownloads: 'Nothing to download',
  filesOf: (done: string, total: number, shownTotal: string) =>
    `${done} of ${count(total, shownTotal, 'file', 'files')}`,
  bytes: (amount: string) => `${amount}\u00a0B`,
  bytesOf: (done: string, total: string) => `${done} of ${total}`,
  perSecond: (bytes: string) => `${bytes}/s`,
  timeLeft: (time: string) => `${time} left`,
  sent: (files: number, shownFiles: string, bytes: string) =>
    `${count(files, shownFiles, 'file', 'files')} sent, ${bytes}`,
  fetched: (files: number, shownFiles: string, bytes: string) =>
    `${count(files, shownFiles, 'file', 'files')} fetched, ${bytes}`,

  filterByState: 'Filter by state',
  all: 'All',
  search: 'Search files',
  searchHint: 'Search by name or folder',
  clearSearch: 'Clear search',
  files: 'Files',
  column: {
    state: 'State',
    path: 'File',
    size: 'Size',
    pixels: 'Pixels',
    annotations: 'Annotations',
    problem: 'Problem',
    changedAt: 'Changed',
  },
  none: '–',
  loading: 'Loading',

  details: 'Details',
  closeDetails: 'Close details',
  whatToDo: 'What to do',
  type: 'Type',
  assetId: 'Asset ID',
  copyAssetId: 'Copy the asset ID',
  hash: 'Hash',
  metadata: 'Metadata',
  noPreview: 'No preview',
  previewOf: (name: string) => `Preview of ${name}`,
  notInDataset: 'Not in the dataset yet',

  activity: 'Recent activity',
  noActivity: 'Nothing has happened yet. Uploads, downloads and problems appear here.',
  activityKind: {
    uploaded: 'Uploaded',
    downloaded: 'Downloaded',
    bound: 'Recognised as the same',
    removed: 'Removed',
    held: 'Waits for you',
    problem: 'Problem',
    error: 'Error',
    'in-sync': 'In sync',
  } satisfies Record<Activity['kind'], string>,
  /** Of many files at once. */
  activityCrowd: {
    uploaded: (files: string) => `${files} files uploaded`,
    downloaded: (files: string) => `${files} files downloaded`,
    bound: (files: string) => `${files} files were on both sides already`,
    removed: (files: string) => `${files} files removed`,
  } satisfies Record<CrowdingKind, (files: string) => string>,
  atLeast: (amount: string) => `${amount}+`,
  namesAndMore: (names: readonly string[], more: string) => `${names.join(', ')} and ${more} more`,

  emptyTitle: 'This folder and its dataset are empty',
  emptyText: 'Put images into the folder. They are in the dataset a few seconds later, and listed here.',
  emptyFormats: 'JPEG, PNG, TIFF, BMP, WebP, HEIF, AVIF, JPEG 2000 and GIF',
  firstLookTitle: 'Looking at the folder and the dataset',
  firstLookText: 'The files appear here as soon as they are known.',
  noMatchTitle: 'No file matches',
  noMatchText: (search: string, state: string | null) =>
    state === null
      ? `No path contains “${search}”.`
      : `No file of the state “${state}” contains “${search}”.`,
  noneInStateTitle: (state: string) => `No file is in the state “${state}”`,
  showAll: 'Show all files',
  dropTitle: 'This page can’t take files',
  dropText: (folder: string) => `Put them into ${folder} instead: they are picked up by themselves.`,

  connecting: 'Connecting to Vi Sync',
  lostTitle: 'The connection to Vi Sync is gone',
  lostText: 'You see the last known state. The page goes on by itself as soon as Vi Sync runs again.',
  signedOutTitle: 'Vi Sync was started again',
  signedOutText: 'Open the new address that it printed; this page’s session has ended.',
  tryNow: 'Try now',
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  failedTitle: 'The page failed',
  failedText: 'This is a fault in Vi Sync. Your files are not touched by it. Reload the page to go on.',
  reload: 'Reload',
};
