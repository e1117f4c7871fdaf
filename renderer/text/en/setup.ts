import { countIn } from '../../../app/contract/words/plural.ts';
import type { MirrorSettings, RetentionMode } from '../../../app/contract.ts';

const count = countIn('en');

/** Words of the first run, and of adding, changing and starting a mirror. */
export const setup = {
  welcomeTitle: 'Keep your images and your datasets in step',
  welcomeText:
    'Vi Sync mirrors folders on this computer to Datature Vi datasets. What changes on one side follows on the other, and nothing is overwritten or deleted without asking you.',
  connectTitle: 'Connect your Vi account',
  connectText: 'With a secret key of your organization.',
  sandboxTitle: 'Try the sandbox first',
  sandboxText: 'A Vi server inside this app, with a dataset to play with. Nothing leaves this computer.',
  sandboxGo: 'Try the sandbox',
  sandboxMissing: 'The sandbox is not running in this Vi Sync.',

  secretKey: 'Secret key',
  secretKeyHint:
    'From the organization’s settings in Vi, under “API keys”. It is stored in this computer’s keychain and never shown again.',
  organizationId: 'Organization ID',
  organizationIdHint: 'In the address of your organization in Vi, and beside its name in the settings.',
  endpoint: 'Address of the service',
  endpointHint: 'Only for a Vi server of your own. Leave empty for api.vi.datature.com.',
  otherServer: 'Another server',
  forSession: 'Keep the key only until Vi Sync ends',
  forSessionMeaning: 'This computer has no usable keychain, so the key can’t be stored safely.',
  connect: 'Connect',
  connecting: 'Trying the key…',
  connectedTo: (name: string) => `Connected to ${name}`,

  addTitle: 'Add a mirror',
  addText: 'Nothing is transferred before you have seen the plan.',
  account: 'Account',
  accountOf: (name: string, id: string) => (name === id ? id : `${name} (${id})`),
  sandboxAccount: 'Sandbox in this app',
  otherAccount: 'Connect another account…',
  noAccount: 'No account is connected yet.',
  dataset: 'Dataset',
  datasetSearch: 'Find a dataset',
  datasetNone: 'This organization has no dataset yet. Create one in Vi, and look again.',
  datasetNoMatch: (search: string) => `No dataset is named like “${search}”.`,
  datasetAssets: (n: number, shown: string) => count(n, shown, 'asset', 'assets'),
  datasetAnnotations: (n: number, shown: string) => count(n, shown, 'annotation', 'annotations'),
  datasetLocked: 'Locked',
  more: 'Show more',
  lookAgain: 'Look again',
  folder: 'Folder',
  folderHint: 'Its images, and those in the folders below it.',
  folderPlaceholder: 'Choose a folder',
  browse: 'Browse…',
  folderTitle: 'Choose a folder',
  places: 'Places',
  up: 'One folder up',
  newFolder: 'New folder',
  newFolderName: 'Name of the new folder',
  make: 'Create',
  choose: 'Choose this folder',
  folderEmpty: 'No folders in here.',
  folderImages: (n: number, shown: string) => count(n, shown, 'image in here', 'images in here'),
  folderCut: 'There are more folders than are shown. Type the path instead.',
  options: 'How it works',
  lookAtPlan: 'Look at the plan',

  direction: 'Direction',
  directions: {
    'two-way': { title: 'Both ways', text: 'What changes on one side follows on the other.' },
    push: {
      title: 'Upload only',
      text: 'The dataset follows the folder. Nothing is ever written to the disk.',
    },
    pull: { title: 'Download only', text: 'The folder follows the dataset. Nothing is ever written to Vi.' },
  } satisfies Record<MirrorSettings['direction'], { title: string; text: string }>,
  deletePolicy: 'When a file is deleted here',
  deletePolicies: {
    keep: { title: 'Keep the asset', text: 'It stays in the dataset, and is not downloaded again.' },
    ask: { title: 'Ask me', text: 'It waits for your answer.' },
    propagate: {
      title: 'Delete the asset too',
      text: 'An annotated asset, or many at once, still wait for your answer.',
    },
  } satisfies Record<MirrorSettings['deletePolicy'], { title: string; text: string }>,
  retention: 'When a changed file replaces an annotated image',
  retentionModes: {
    inherit: { title: 'As in the settings', text: 'The setting for all mirrors applies here too.' },
    ask: { title: 'Ask me', text: 'It waits for your answer, and shows what is at stake.' },
    KeepLinkedResource: {
      title: 'Keep the annotations',
      text: 'They stay on the new image. Where its pixels differ, they may no longer fit.',
    },
    RemoveLinkedResource: {
      title: 'Remove the annotations',
      text: 'The new image begins without any. They can’t be brought back.',
    },
  } satisfies Record<RetentionMode | 'inherit', { title: string; text: string }>,
  duplicates: 'When two files have the same content',
  duplicateChoices: {
    leave: { title: 'Upload one of them', text: 'The others are shown as copies, and cost nothing.' },
    upload: { title: 'Upload each', text: 'Each becomes an asset, and costs data rows.' },
  } satisfies Record<MirrorSettings['duplicates'], { title: string; text: string }>,

  planTitle: (folder: string) => `The plan for ${folder}`,
  planText: 'This is what the first sync will do. Nothing has been changed yet.',
  planLooking: 'Looking at both sides. The numbers are still growing.',
  planReady: 'Both sides have been looked at.',
  planUp: 'Goes up',
  planDown: 'Comes down',
  planEqual: 'Already equal',
  planCompare: 'To be compared',
  planCompareText: 'Read or fetched to find out whether both sides are equal.',
  planCost: 'What it costs',
  planRows: (n: number, shown: string) => count(n, shown, 'data row', 'data rows'),
  planRowsText: 'of the organization’s quota: five for each new image',
  planSessions: (n: number, shown: string) => count(n, shown, 'upload session', 'upload sessions'),
  planSessionsNow: 'starting at once',
  planSessionsWait: (time: string) =>
    `spread over ${time}, because the service takes about ten in ten minutes`,
  planFree: 'Nothing: no image is new to the dataset',
  planWatch: 'Worth a look',
  planHolds: (n: number, shown: string) =>
    count(n, shown, 'file will wait for your answer', 'files will wait for your answer'),
  planProblems: (n: number, shown: string) =>
    count(n, shown, 'file can’t be uploaded as it is', 'files can’t be uploaded as they are'),
  planOverwrites: (n: number, shown: string) =>
    count(n, shown, 'asset gets a new image', 'assets get a new image'),
  planTrash: (n: number, shown: string) =>
    count(n, shown, 'file here goes to the trash', 'files here go to the trash'),
  planDeletes: (n: number, shown: string) =>
    count(n, shown, 'asset is deleted for good', 'assets are deleted for good'),
  planAllGood: 'No problems were found.',
  planShowFiles: 'Show the files',
  planGo: 'Start the sync',
  planChange: 'Change how it works',
  planRemove: 'Remove this mirror',
  planStarted: 'The sync has started',

  editTitle: (folder: string) => `How ${folder} is mirrored`,
  save: 'Save',
  saved: 'Saved',
  ignoreRules: 'Leave out',
  ignoreRulesHint:
    'Files that match these rules are left alone on both sides. One rule a line, as in a .gitignore; they are kept in the folder’s .visyncignore.',
  removeTitle: 'Remove the mirror',
  removeText:
    'Vi Sync forgets the pair. The folder, the dataset and what lies in the trash stay as they are.',
  remove: 'Remove…',
  removeAsk: (folder: string, dataset: string) => `Stop mirroring ${folder} to ${dataset}?`,
  removeGo: 'Remove the mirror',
  removed: (folder: string) => `${folder} is not mirrored any more`,
  back: 'Back to the files',
};
