import type { RegisterCommand } from '../command.ts';
import { registerSettingsSet } from './settings-set.ts';
import { registerSettingsShow } from './settings-show.ts';

export const registerSettings: RegisterCommand = (parent, run) => {
  const group = parent.command('settings').description('Look at and change what holds for all mirrors.');
  group.summary('show and change what holds for all mirrors');
  registerSettingsShow(group, run);
  registerSettingsSet(group, run);
};
