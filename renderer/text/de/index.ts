import type { Catalogue } from '../en/index.ts';
import { common } from './common.ts';
import { frame } from './frame.ts';
import { mirror } from './mirror.ts';
import { overview } from './overview.ts';
import { setup } from './setup.ts';
import { waiting } from './waiting.ts';

/** Every word that the window itself says, in German. */
export const de: Catalogue = { ...common, frame, mirror, overview, waiting, setup };
