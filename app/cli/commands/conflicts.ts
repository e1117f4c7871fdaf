import type { RegisterCommand } from '../command.ts';
import { registerConflictsList } from './conflicts-list.ts';
import { registerConflictsResolve } from './conflicts-resolve.ts';
import { registerConflictsShow } from './conflicts-show.ts';

export const registerConflicts: RegisterCommand = (parent, run) => {
  const group = parent.command('conflicts').description('Look at what waits for an answer, and answer it.');
  group.summary('list, show and resolve what waits for an answer');
  registerConflictsList(group, run);
  registerConflictsShow(group, run);
  registerConflictsResolve(group, run);
};
