import { countIn } from '../../../app/contract/words/plural.ts';
import type { AssetSort } from '../../../app/contract.ts';

const count = countIn('en');
const assets = (n: number, shown: string): string => count(n, shown, 'asset', 'assets');
const annotations = (n: number, shown: string): string => count(n, shown, 'annotation', 'annotations');

/** Words of the datasets, and of a dataset and its assets. */
export const datasets = {
  subtitle: 'What your organizations have in Vi, and what has been pulled from it.',
  search: 'Find a dataset',
  searchHint: 'Search by name or ID',
  manageAccounts: 'Manage accounts',
  noAccountTitle: 'No account is connected',
  noAccountText: 'Connect your organization with a secret key, and its datasets are listed here.',
  connect: 'Connect an account',
  noneTitle: 'This organization has no dataset yet',
  noneText: 'Create one in Vi, and look again.',
  lookAgain: 'Look again',
  noMatch: (search: string) => `No dataset is named like “${search}”.`,
  list: (organization: string) => `Datasets of ${organization}`,
  more: 'Show more',
  loadingMore: 'Loading…',
  created: (when: string) => `created ${when}`,
  locked: 'Locked',
  lockedMeaning: 'Vi accepts no changes to this dataset right now.',
  mirrored: 'Mirrored',
  mirroredMeaning: (folder: string) => `Mirrored to ${folder}`,
  types: {
    'phrase-grounding': 'Phrase grounding',
    vqa: 'Visual question answering',
    freeform: 'Freeform',
  } as Readonly<Record<string, string>>,
  assetCount: assets,
  annotationCount: annotations,

  back: 'All datasets',
  pull: 'Pull…',
  moreFor: 'More for this dataset',
  mirrorIt: 'Mirror it to a folder…',
  checkFolder: 'Check a pulled folder…',
  goneTitle: 'This dataset is not there',
  goneText: 'It may have been deleted in Vi, or this account can’t see it any more.',
  accountGoneTitle: 'This account is not connected',
  accountGoneText: 'Connect the organization of this dataset to look at it.',
  assets: 'Assets',
  searchAssets: 'Search assets',
  searchAssetsHint: 'Search by a part of the filename',
  sort: 'Sort by',
  sorts: {
    assetId: 'Added',
    filename: 'Name',
    contentsChanged: 'Changed',
    size: 'Size',
  } satisfies Record<AssetSort, string>,
  ascending: 'Ascending: click to reverse the order',
  descending: 'Descending: click to reverse the order',
  query: 'Metadata query',
  queryHint: 'For example camera == "front"',
  queryGo: 'Apply',
  queryClear: 'Clear the query',
  shownSoFar: (n: number, shown: string) => `${assets(n, shown)} shown so far`,
  shownAll: (n: number, shown: string) => assets(n, shown),
  searching: 'Searching the dataset…',
  emptyTitle: 'This dataset has no assets yet',
  emptyText: 'Upload images in Vi, or mirror a folder to it.',
  noMatchTitle: 'No asset matches',
  noMatchText: 'Nothing in this dataset matches the search and the query.',
  showAll: 'Show all assets',
  annotationsOf: (n: number, shown: string) => annotations(n, shown),
  annotationsUnknown: 'Annotations not known',

  select: 'Select several: hold Ctrl or Shift, or press the space bar',
  selected: (n: number, shown: string) => `${assets(n, shown)} selected`,
  selectedTooMany: (most: string) => `At most ${most} at a time`,
  clearSelection: 'Clear selection',
  deleteSome: 'Delete…',
  deleteOne: 'Delete this asset…',
  details: 'Details of the asset',
  filename: 'Filename',
  status: 'Status',
  byTag: 'Annotations by tag',
  noAnnotations: 'No annotations',
  noMetadata: 'No metadata',

  deleteTitle: (n: number, shown: string) => `Delete ${assets(n, shown)} for good?`,
  deleteText:
    'Assets that are deleted in Vi can’t be brought back, and neither can their annotations. This is what they have right now:',
  deleteAsking: 'Asking Vi what is at stake…',
  deleteStake: (n: number, shown: string) =>
    n === 0 ? 'No annotations are lost.' : `${annotations(n, shown)} ${n === 1 ? 'is' : 'are'} lost.`,
  deleteUnknown: (n: number, shown: string) =>
    `Vi does not say how many annotations ${count(n, shown, 'of these assets has', 'of these assets have')}, so they can’t be deleted from here.`,
  deleteGone: (n: number, shown: string) => `${count(n, shown, 'asset is gone', 'assets are gone')} already.`,
  deleteMirrored: (folder: string) =>
    `This dataset is mirrored to ${folder}. There, these files count as deleted in the dataset.`,
  deleteAsset: (name: string, shown: string) => `${name} (${shown})`,
  deleteMore: (n: number, shown: string) => count(n, shown, 'more', 'more'),
  /** What has to be typed. */
  deletePhrase: (assetCount: number, annotationCount: number) =>
    annotationCount > 0
      ? `delete ${annotationCount} ${annotationCount === 1 ? 'annotation' : 'annotations'}`
      : `delete ${assetCount} ${assetCount === 1 ? 'asset' : 'assets'}`,
  deleteType: (phrase: string) => `Type “${phrase}” to go on`,
  deleteGo: (n: number, shown: string) => `Delete ${assets(n, shown)}`,
  deleting: 'Deleting…',
  deleted: (n: number, shown: string) => `${assets(n, shown)} deleted`,
  deleteFailed: (n: number, shown: string) => `${assets(n, shown)} could not be deleted`,
};
