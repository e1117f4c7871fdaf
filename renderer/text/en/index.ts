import { happenings, problems } from '../../../app/contract/words/en.ts';
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

/**
 * Every word that the window says, in English, by screen. Problems and activities come in English words from the engine, and are here only
 * where the window says them otherwise. Numbers arrive formatted.
 */
export const en = {
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

/** What every language says. */
export type Catalogue = typeof en;
