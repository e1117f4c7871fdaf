import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');
const files = (n: number, shown: string): string => count(n, shown, 'Datei', 'Dateien');

export const trash: Catalogue['trash'] = {
  subtitle: (n, shown, bytes) => `${files(n, shown)}, ${bytes}`,
  mirror: 'Abgleich',
  allMirrors: 'Alle Abgleiche',
  list: 'Dateien im Papierkorb',
  reason: {
    'replaced-by-download': 'Durch eine neuere Fassung ersetzt',
    'deleted-there': 'Im Datensatz gelöscht',
    answered: 'Nach Ihrer Antwort',
    unknown: 'Im Papierkorb gefunden',
  },
  column: { name: 'Datei', reason: 'Warum', size: 'Größe', at: 'Seit' },
  select: (path) => `${path} auswählen`,
  selectHint: 'Wählen Sie Dateien aus, um sie zurückzulegen oder endgültig zu löschen.',
  selectAll: 'Alle gezeigten auswählen',
  selected: (n, shown, bytes) => `${files(n, shown)} ausgewählt, ${bytes}`,
  restore: 'Zurücklegen',
  restoring: 'Wird zurückgelegt…',
  remove: 'Endgültig löschen…',
  clear: 'Auswahl aufheben',
  more: 'Mehr zeigen',
  empty: 'Papierkorb leeren…',
  keep: 'Behalten',
  keepMeaning: 'Wie lange ersetzte und gelöschte Dateien hier bleiben, bevor sie endgültig gelöscht werden',
  keepForever: 'bis ich ihn leere',
  keepDays: (n, shown) => count(n, shown, 'Tag', 'Tage'),
  noneTitle: 'Der Papierkorb ist leer',
  noneText:
    'Wenn beim Abgleichen oder Holen eine Datei in Ihren Ordnern ersetzt oder gelöscht wird, kommt ihre alte Fassung zuerst hierher und lässt sich zurücklegen.',
  restored: (n, shown) => `${files(n, shown)} zurückgelegt`,
  restoreTitle: 'Was zurückkam',
  restoredAs: (path) => `als ${path}`,
  restoredIn: 'an ihren Platz',
  restoreFailed: (n, shown) => `${files(n, shown)} ${n === 1 ? 'ließ' : 'ließen'} sich nicht zurücklegen`,
  renamed: (n, shown) =>
    `${files(n, shown)} ${n === 1 ? 'heißt' : 'heißen'} jetzt anders, weil der Name vergeben war`,
  show: 'Liste zeigen',
  emptyTitle: (n, shown) => `${files(n, shown)} endgültig löschen?`,
  emptyText: (bytes) => `${bytes} werden frei. Diese Dateien kommen danach nicht zurück.`,
  emptyGo: (n, shown) => `${files(n, shown)} endgültig löschen`,
  emptying: 'Wird gelöscht…',
  emptied: (n, shown, bytes) => `${files(n, shown)} endgültig gelöscht, ${bytes}`,
  keepSaved: (value) => `Dateien bleiben ${value}`,
};
