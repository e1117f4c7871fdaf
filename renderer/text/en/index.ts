import { common } from './common.ts';
import { frame } from './frame.ts';
import { mirror } from './mirror.ts';
import { overview } from './overview.ts';
import { setup } from './setup.ts';
import { waiting } from './waiting.ts';

/**
 * Every word that the window itself says, in English, by screen. Problems and activities come in words from the engine. Numbers arrive
 * formatted.
 */
export const en = { ...common, frame, mirror, overview, waiting, setup };

/** What every language says. */
export type Catalogue = typeof en;
