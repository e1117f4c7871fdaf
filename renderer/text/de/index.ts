import { happenings, problems } from '../../../app/contract/words/de/index.ts';
import type { Catalogue } from '../en/index.ts';
import { activities } from './activities.ts';
import { common } from './common.ts';
import { datasets } from './datasets.ts';
import { frame } from './frame.ts';
import { mirror } from './mirror.ts';
import { overview } from './overview.ts';
import { pulls } from './pulls.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import { trash } from './trash.ts';
import { waiting } from './waiting.ts';

/** Every word that the window itself says, in German. */
export const de: Catalogue = {
  ...common,
  frame,
  mirror,
  overview,
  waiting,
  setup,
  datasets,
  pulls,
  problems,
  happenings,
  activities,
  trash,
  settings,
};
