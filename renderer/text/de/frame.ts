import { pluralIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const plural = pluralIn('de');

export const frame: Catalogue['frame'] = {
  navigation: 'Hauptnavigation',
  overview: 'Übersicht',
  waiting: 'Wartet auf Sie',
  datasets: 'Datensätze',
  activity: 'Verlauf',
  trash: 'Papierkorb',
  settings: 'Einstellungen',
  app: 'Vi Sync',
  mirrors: 'Abgleiche',
  addMirror: 'Abgleich hinzufügen',
  waitingBadge: (n) => plural(n, 'Datei wartet auf Sie', 'Dateien warten auf Sie'),
  close: 'Schließen',
  cancel: 'Abbrechen',
  notifications: 'Meldungen',
  goneTitle: 'Diesen Abgleich gibt es nicht mehr',
  goneText:
    'Vielleicht wurde er in einem anderen Fenster entfernt. Ordner und Datensatz bleiben, wie sie sind.',
  toOverview: 'Zur Übersicht',
  undo: 'Rückgängig',
};
