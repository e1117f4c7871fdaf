import type { Page } from 'playwright-core';
import type { Catalogue } from '../../renderer/text/en/index.ts';
import type { AppDouble } from '../host/app-double.ts';
import type { AppSceneName } from '../host/app-scenes.ts';

/** A screen to be photographed. */
export interface Shot {
  readonly hash: string;
  /** States that say something on this screen. */
  readonly states: readonly AppSceneName[];
  /** Brings the app into the state of this screen. */
  readonly prepare?: (app: AppDouble) => void;
  /** What a person does before the picture. */
  readonly act?: (page: Page, words: Catalogue, state: AppSceneName) => Promise<void>;
  /** Vi Sync ends before the picture. */
  readonly isCutOff?: boolean;
  /** It is photographed in German too, where words are longer. */
  readonly inGerman?: boolean;
}

export type Shots = Readonly<Record<string, Shot>>;
