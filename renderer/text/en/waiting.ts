import { countIn } from '../../../app/contract/words/plural.ts';
import type { HoldReason } from '../../../app/contract.ts';
import type { Effect } from '../../views/waiting/effect.ts';

const count = countIn('en');
const files = (n: number, shown: string): string => count(n, shown, 'file', 'files');
const assets = (n: number, shown: string): string => count(n, shown, 'asset', 'assets');
const annotations = (n: number, shown: string): string => count(n, shown, 'annotation', 'annotations');

/** Words of the screen “Waiting for you”. */
export const waiting = {
  subtitle: (n: number, shown: string) => `${files(n, shown)} ${n === 1 ? 'waits' : 'wait'} for your answer`,
  atStake: (n: number, shown: string) => `${annotations(n, shown)} at stake`,
  noneTitle: 'Nothing waits for you',
  noneText:
    'When a file and its asset have both changed, or a sync would lose annotations or many files, it stops here and asks you.',
  showOptional: 'Show what is left alone',
  showOptionalMeaning:
    'Files that are left as they are without an answer, such as exact copies, and could be decided otherwise',
  allMirrors: 'All mirrors',
  mirror: 'Mirror',
  list: 'Files that wait',
  group: {
    'both-added': 'New on both sides',
    'both-changed': 'Changed on both sides',
    'deleted-here-changed-there': 'Deleted here, changed there',
    'changed-here-deleted-there': 'Changed here, deleted there',
    'overwrites-annotations': 'Would touch annotations',
    'deleted-here': 'Deleted here',
    'deleted-there': 'Deleted in the dataset',
    'many-deleted-here': 'Many deleted here at once',
    'many-deleted-there': 'Many deleted in the dataset',
    'name-collision': 'Name is taken',
    'place-taken': 'Place is taken',
    duplicate: 'Same as another image',
  } satisfies Record<HoldReason, string>,
  groupMeaning: {
    'both-added': 'The folder and the dataset each have a new image of this name, with different content.',
    'both-changed': 'The file and its asset have both changed since they were last equal.',
    'deleted-here-changed-there': 'The file is gone from the folder, and its asset has changed since.',
    'changed-here-deleted-there': 'The file has changed, and its asset is gone from the dataset.',
    'overwrites-annotations':
      'The new version of the file would replace an image that people have annotated.',
    'deleted-here': 'The file is gone from the folder. You say whether its asset goes too.',
    'deleted-there': 'The asset is gone from the dataset. You say whether the file goes too.',
    'many-deleted-here':
      'So many files are gone at once that it may be an accident, such as a drive that is not there.',
    'many-deleted-there': 'So many assets are gone at once that it may be an accident.',
    'name-collision': 'A dataset has one asset of each name, and this name is another file’s already.',
    'place-taken': 'Another file lies where this asset would be downloaded to.',
    duplicate: 'Another file has exactly the same content, so it is not uploaded a second time.',
  } satisfies Record<HoldReason, string>,
  groupSize: files,
  answerAll: 'Answer all…',
  choose: 'Choose a file to see both sides',

  here: 'In the folder',
  there: 'In the dataset',
  goneHere: 'Not in the folder',
  goneThere: 'Not in the dataset',
  newer: 'Newer',
  size: 'Size',
  pixels: 'Pixels',
  changed: 'Changed',
  name: 'Name',
  pictureOf: (side: string, name: string) => `${name}, ${side}`,
  noPicture: 'This picture can’t be shown',
  noPictureText: 'The file may be broken, or the service can’t be reached.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit',
  zoom: (part: string) => `Zoom: ${part}`,
  pictures: 'Both pictures. Plus and minus zoom, arrow keys move, zero fits.',

  annotationsTitle: 'Annotations on the asset',
  annotationsChecked: 'just checked with the service',
  annotationsAsking: 'checking with the service…',
  annotationsNone: 'No annotations, so none can be lost.',
  annotationsUnknown: 'The service does not say how many annotations this asset has.',
  annotationsOf: annotations,

  answers: 'Your answer',
  answer: {
    'overwrite-asset': 'Keep mine',
    'overwrite-keeping-annotations': 'Keep mine, keep the annotations',
    'overwrite-removing-annotations': 'Keep mine, remove the annotations',
    upload: 'Keep mine',
    'upload-renamed': 'Upload under another name',
    'delete-asset': 'Delete the asset too',
    'replace-file': 'Keep theirs',
    download: 'Bring the file back',
    'download-renamed': 'Download under another name',
    'trash-file': 'Let the file go too',
    'keep-both': 'Keep both',
    skip: 'Leave both as they are',
  } satisfies Record<Effect, string>,
  consequence: {
    'overwrite-asset': 'Your file replaces the image of the asset. It has no annotations that could be lost.',
    'overwrite-keeping-annotations': 'Your file replaces the image of the asset. Its annotations stay on it.',
    'overwrite-removing-annotations':
      'Your file replaces the image of the asset. Its annotations are removed for good.',
    upload: 'Your file is uploaded again, as a new asset without annotations.',
    'upload-renamed': 'Your file is uploaded as a further asset, under a name that is free.',
    'delete-asset': 'The asset is deleted from the dataset for good, with its annotations.',
    'replace-file': 'The dataset’s version comes into the folder. Your version goes to the trash.',
    download: 'The dataset’s version comes into the folder again.',
    'download-renamed': 'The asset comes into the folder under a name that is free.',
    'trash-file': 'Your file goes to the trash, from where you can have it back.',
    'keep-both':
      'The dataset’s version takes the place in the folder. Yours stays beside it under another name, and is uploaded as a new asset.',
    skip: 'Nothing is done. You are asked again when either side changes.',
  } satisfies Record<Effect, string>,
  /** Of an effect that takes annotations along. */
  losing: (n: number, shown: string) => `${annotations(n, shown)} will be lost.`,
  losingUnknown: 'An unknown number of annotations will be lost.',
  mayNotFit: 'The pixels differ: boxes and masks may no longer fit.',
  answered: (name: string) => `Answered: ${name}`,
  tooLate: (path: string) => `${path} has been answered already`,
  tooLateText: 'In another window, perhaps. Your answer was not used.',
  undone: (path: string) => `${path} is back`,
  undoFailed: 'It could not be brought back',

  confirmTitle: (n: number, shown: string) => `Lose ${annotations(n, shown)}?`,
  confirmTitleUnknown: 'Lose its annotations?',
  confirmText: (name: string) => `The annotations of “${name}” can’t be brought back.`,
  confirmOverwrite: 'Replace and lose them',
  confirmDelete: 'Delete and lose them',

  bulkTitle: (shown: string, group: string) => `Answer all ${shown}: ${group}`,
  bulkText:
    'The answer applies to exactly these files. If something changes before it is carried out, you are asked again.',
  bulkScope: (n: number, shown: string, mirror: string) => `${files(n, shown)} in ${mirror}`,
  bulkStake: (n: number, shown: string) => `${annotations(n, shown)} at stake`,
  bulkUnknown: (n: number, shown: string) => `${assets(n, shown)} with an unknown number of annotations`,
  bulkNoStake: 'No annotations at stake',
  bulkGo: (n: number, shown: string) => `Answer ${files(n, shown)}`,
  bulkDone: (n: number, shown: string) => `${files(n, shown)} answered`,
  bulkLeft: (n: number, shown: string) =>
    `${files(n, shown)} can’t be answered this way, and ${n === 1 ? 'keeps' : 'keep'} waiting.`,
  bulkLosing: (n: number, shown: string) => `I know that ${annotations(n, shown)} will be lost for good`,
  bulkLosingUnknown: 'I know that annotations will be lost for good',
  optionalTag: 'Left alone',
};
