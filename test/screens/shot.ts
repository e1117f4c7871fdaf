import type { Page } from 'playwright-core';
import type { Problem } from '../../app/contract.ts';
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

export const offline: Problem = {
  code: 'network',
  title: 'api.vi.datature.com can’t be reached',
  detail: 'The name could not be looked up, so this computer is probably offline.',
  suggestion: 'Check the network. The next try is in 30 seconds.',
};
