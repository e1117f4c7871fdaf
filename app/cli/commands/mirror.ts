import type { RegisterCommand } from '../command.ts';
import { registerMirrorAdd } from './mirror-add.ts';
import { registerMirrorChange } from './mirror-change.ts';
import { registerMirrorList } from './mirror-list.ts';
import { registerMirrorPause, registerMirrorResume } from './mirror-pause.ts';
import { registerMirrorRemove } from './mirror-remove.ts';
import { registerMirrorShow } from './mirror-show.ts';

export const registerMirror: RegisterCommand = (parent, run) => {
  const group = parent.command('mirror').description('Mirror folders to datasets.');
  group.summary('add, show, change, pause and remove mirrors');
  registerMirrorAdd(group, run);
  registerMirrorList(group, run);
  registerMirrorShow(group, run);
  registerMirrorChange(group, run);
  registerMirrorPause(group, run);
  registerMirrorResume(group, run);
  registerMirrorRemove(group, run);
};
