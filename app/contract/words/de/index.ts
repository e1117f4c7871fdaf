import type { ProblemCatalogue, Sentence } from '../sentence.ts';
import { accountProblems } from './accounts.ts';
import { appProblems } from './app.ts';
import { fileProblems } from './files.ts';
import { folderProblems } from './folders.ts';
import { holdProblems } from './holds.ts';
import { pullProblems } from './pulls.ts';
import { serviceProblems } from './service.ts';

/** Every problem that a person can meet in the window, in German. */
export const problems: ProblemCatalogue = {
  ...accountProblems,
  ...appProblems,
  ...fileProblems,
  ...folderProblems,
  ...holdProblems,
  ...pullProblems,
  ...serviceProblems,
};

/** What has happened. */
export const happenings: Readonly<Record<string, Sentence>> = {
  'in-sync': 'Ordner und Datensatz sind im Einklang.',
  uploaded: '„{name}“ hochgeladen.',
  'uploaded-version': 'Neue Fassung von „{name}“ hochgeladen.',
  downloaded: '„{name}“ heruntergeladen.',
  'downloaded-version':
    'Neue Fassung von „{name}“ aus dem Datensatz heruntergeladen; die alte ist im Papierkorb.',
  'trashed-as-deleted-there': '„{name}“ ist im Papierkorb, weil das Asset im Datensatz gelöscht wurde.',
  'trashed-as-answered': '„{name}“ ist im Papierkorb, wie Sie gesagt haben.',
  'moved-aside': '„{name}“ heißt jetzt „{now}“, damit beide Fassungen bleiben.',
  'deleted-asset': 'Das Asset „{name}“ wurde im Datensatz gelöscht, weil die Datei hier gelöscht wurde.',
  renamed: 'Umbenannt, vorher „{from}“; das Asset bleibt, wie es ist.',
  'same-image': 'Ordner und Datensatz haben dasselbe Bild.',
};
