import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

export const activities: Catalogue['activities'] = {
  subtitle: 'Alles, was Vi Sync getan hat und worauf es gestoßen ist, das Neueste zuerst.',
  filter: 'Welche Art',
  kinds: {
    all: 'Alles',
    transfers: 'Übertragen',
    removals: 'Entfernt',
    waiting: 'Wartend',
    problems: 'Probleme',
  },
  mirror: 'Abgleich',
  allMirrors: 'Alle Abgleiche',
  search: 'Im Verlauf suchen',
  searchHint: 'Nach Datei oder Wörtern suchen',
  list: 'Verlauf',
  today: 'Heute',
  yesterday: 'Gestern',
  newer: (n, shown) => count(n, shown, 'neuer Eintrag', 'neue Einträge'),
  older: 'Ältere laden',
  loadingOlder: 'Wird geladen…',
  end: 'Das ist alles.',
  showFiles: (shown) => `Alle ${shown} zeigen`,
  hideFiles: 'Weniger zeigen',
  noneTitle: 'Noch ist nichts geschehen',
  noneText:
    'Was hoch- und heruntergeladen und entfernt wird, und Probleme stehen hier, sobald sie geschehen.',
  noMatchTitle: 'Keine Treffer',
  noMatchText: 'Kein Eintrag passt zu Filter und Suche.',
  showAll: 'Alles zeigen',
  openFile: (path) => `${path} im Abgleich zeigen`,
  toTrash: 'Im Papierkorb',
  toHold: 'Entscheiden',
  toProblem: 'Ansehen',
};
