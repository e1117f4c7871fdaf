import type { RegisterCommand } from '../command.ts';
import { registerDatasetsGet } from './datasets-get.ts';
import { registerDatasetsList } from './datasets-list.ts';

export const registerDatasets: RegisterCommand = (parent, run) => {
  const group = parent.command('datasets').description('Look at the datasets of the organization.');
  group.summary('list and show datasets');
  registerDatasetsList(group, run);
  registerDatasetsGet(group, run);
};
