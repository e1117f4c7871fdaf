import type { RegisterCommand } from '../command.ts';
import { registerIgnoreCheck } from './ignore-check.ts';

export const registerIgnore: RegisterCommand = (parent, run) => {
  const group = parent.command('ignore').description('Find out which files are mirrored.');
  group.summary('find out why a file is not mirrored');
  registerIgnoreCheck(group, run);
};
