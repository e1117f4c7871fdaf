import type { RegisterCommand } from '../command.ts';
import { registerAssetsDelete } from './assets-delete.ts';
import { registerAssetsGet } from './assets-get.ts';
import { registerAssetsList } from './assets-list.ts';
import { registerAssetsWait } from './assets-wait.ts';

export const registerAssets: RegisterCommand = (parent, run) => {
  const group = parent.command('assets').description('Look at, wait for and delete the assets of a dataset.');
  group.summary('list, show, delete and wait for assets');
  registerAssetsList(group, run);
  registerAssetsGet(group, run);
  registerAssetsDelete(group, run);
  registerAssetsWait(group, run);
};
