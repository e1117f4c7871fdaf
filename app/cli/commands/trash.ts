import type { RegisterCommand } from '../command.ts';
import { registerTrashEmpty } from './trash-empty.ts';
import { registerTrashList } from './trash-list.ts';
import { registerTrashRestore } from './trash-restore.ts';

export const registerTrash: RegisterCommand = (parent, run) => {
  const group = parent
    .command('trash')
    .description('Look at files that were replaced or removed, and have them back.');
  group.summary('list, restore and empty the trash');
  registerTrashList(group, run);
  registerTrashRestore(group, run);
  registerTrashEmpty(group, run);
};
