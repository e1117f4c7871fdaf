import type { Activity, Problem } from '../contract.ts';
import type { Mood } from './shell-state.ts';
import { german } from './words-german.ts';

/** What the shell says outside of the window: tray, menus, notifications. Numbers come as they are to be shown. */
export interface ShellWords {
  readonly language: 'en' | 'de';
  readonly open: string;
  readonly pauseAll: string;
  readonly resumeAll: string;
  readonly syncNow: string;
  readonly recent: string;
  readonly noRecent: string;
  readonly settings: string;
  readonly addMirror: string;
  readonly restartToUpdate: (version: string) => string;
  readonly quit: string;
  readonly file: string;
  readonly edit: string;
  readonly view: string;
  readonly window: string;
  readonly help: string;
  readonly documentation: string;
  readonly moods: Readonly<Record<Mood, string>>;
  readonly waiting: (n: number, shown: string) => string;
  readonly moving: (done: string, total: string) => string;
  readonly noticeHolds: (n: number, shown: string) => string;
  readonly noticeHoldsText: (folder: string) => string;
  readonly noticeFinished: (folder: string) => string;
  readonly noticeFinishedText: (n: number, shown: string) => string;
  readonly noticePull: (dataset: string) => string;
  readonly noticePullFailed: (dataset: string) => string;
  readonly engineTrouble: string;
  readonly tryAgain: string;
  readonly chooseFolder: string;
}

/** How problems and activities are said in the language of the shell. */
export interface SpokenWords {
  readonly problem: (problem: Problem) => Problem;
  readonly activity: (activity: Activity) => string;
}

const english: ShellWords = {
  language: 'en',
  open: 'Open Vi Sync',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  syncNow: 'Sync now',
  recent: 'Recent activity',
  noRecent: 'Nothing yet',
  settings: 'Settings…',
  addMirror: 'New mirror…',
  restartToUpdate: (version) => `Restart to update to ${version}`,
  quit: 'Quit Vi Sync',
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  help: 'Help',
  documentation: 'Documentation',
  moods: {
    starting: 'Starting…',
    empty: 'No mirrors yet',
    'in-sync': 'In sync',
    syncing: 'Syncing…',
    paused: 'Paused',
    attention: 'Waits for you',
    offline: 'Offline',
  },
  waiting: (n, shown) => (n === 1 ? '1 image waits for your answer' : `${shown} images wait for your answer`),
  moving: (done, total) => `Syncing, ${done} of ${total}`,
  noticeHolds: (n, shown) =>
    n === 1 ? 'An image waits for your answer' : `${shown} images wait for your answer`,
  noticeHoldsText: (folder) => `In “${folder}”. Nothing is overwritten until you have answered.`,
  noticeFinished: (folder) => `“${folder}” is in sync`,
  noticeFinishedText: (n, shown) =>
    n === 1 ? '1 image was transferred.' : `${shown} images were transferred.`,
  noticePull: (dataset) => `“${dataset}” has been pulled`,
  noticePullFailed: (dataset) => `The pull of “${dataset}” has failed`,
  engineTrouble: 'Vi Sync can’t start',
  tryAgain: 'Try again',
  chooseFolder: 'Choose a folder',
};

/** The words for a setting (null: the system's languages, the first that a reader knows and Vi Sync speaks). */
export function shellWords(setting: string | null, system: readonly string[]): ShellWords {
  for (const tag of setting === null ? system : [setting]) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'de') return german;
    if (language === 'en') return english;
  }
  return english;
}
