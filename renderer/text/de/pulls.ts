import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');
const files = (n: number, shown: string): string => count(n, shown, 'Datei', 'Dateien');

export const pulls: Catalogue['pulls'] = {
  heading: 'Geholte Datensätze',
  of: (dataset, folder) => `${dataset} → ${folder}`,
  state: { running: 'Läuft', done: 'Fertig', stopped: 'Angehalten', failed: 'Gescheitert' },
  phase: {
    listing: 'Der Datensatz wird aufgelistet',
    checking: 'Der Ordner wird geprüft',
    fetching: 'Dateien werden geholt',
    done: 'Fertig',
  },
  listed: (n, shown) => `${files(n, shown)} bisher gefunden`,
  progress: (dataset) => `Fortschritt von ${dataset}`,
  query: (query) => `Abfrage: ${query}`,
  frozen: 'Nach der Lock-Datei',
  complete: (n, shown) => (n === 1 ? 'Die Datei ist im Ordner' : `Alle ${shown} Dateien sind im Ordner`),
  incomplete: (there, all, shownAll) => `${there} von ${files(all, shownAll)} sind im Ordner`,
  brought: (n, shown, bytes) => `${files(n, shown)} geholt, ${bytes}`,
  same: (n, shown) => `${shown} ${n === 1 ? 'war' : 'waren'} schon da`,
  conflicts: (n, shown) => `${files(n, shown)} unverändert gelassen`,
  failures: (n, shown) => `${files(n, shown)} gescheitert`,
  differences: (n, shown) => `${files(n, shown)} nicht wiederherstellbar`,
  leftOver: (n, shown) => `${files(n, shown)} von früher übrig`,
  stop: 'Anhalten',
  goOn: 'Fortsetzen',
  dismiss: 'Ausblenden',
  result: 'Was geschehen ist',
  verify: 'Überprüfen',
  compare: 'Vergleichen',
  showResult: 'Liste zeigen',
  stoppedText: 'Was schon da ist, bleibt. Es geht weiter, wo es aufgehört hat.',

  dialogTitle: (dataset) => `${dataset} holen`,
  dialogText:
    'Die Assets kommen als Dateien in einen Ordner, mit einer Lock-Datei, die genau sagt, was sie sind. In Vi ändert sich nichts.',
  folder: 'Ordner',
  folderHint: 'Fehlt er, wird er angelegt. Dateien, die nicht aus dem Datensatz sind, bleiben unberührt.',
  lockOf: (when, n, shown) => `Dieser Ordner hat eine Lock-Datei: ${files(n, shown)}, geholt ${when}.`,
  lockOther:
    'Die Lock-Datei gehört zu einem anderen Datensatz. Wählen Sie einen anderen Ordner, sonst mischen sich die Dateien.',
  what: 'Was geholt wird',
  choices: {
    now: { title: 'Was der Datensatz jetzt hat', text: 'Die Lock-Datei wird neu geschrieben.' },
    frozen: {
      title: 'Genau das, was die Lock-Datei sagt',
      text: 'Byte für Byte dieselben Dateien. Was sich nicht wiederherstellen lässt, wird genannt.',
    },
  },
  queryLabel: 'Metadaten-Abfrage',
  queryHint: 'Nur Assets, die passen, zum Beispiel camera == "front". Leer: alle.',
  overwrite: 'Abweichende Dateien ersetzen',
  overwriteMeaning:
    'Ihre alten Fassungen kommen in den Papierkorb. Sonst bleiben sie, wie sie sind, und werden aufgelistet.',
  start: 'Jetzt holen',
  starting: 'Beginnt…',
  started: 'Der Datensatz wird geholt',

  checkTitle: 'Geholten Ordner prüfen',
  checkText: 'Anhand seiner Lock-Datei, die sagt, was aus welchem Datensatz geholt wurde.',
  checkFolderHint: 'Ein Ordner mit einer Lock-Datei von Vi Sync.',
  checks: {
    verify: {
      title: 'Ist der Ordner noch, wie er geholt wurde?',
      text: 'Jede Datei wird gelesen und nach ihrem Inhalt mit der Lock-Datei verglichen.',
    },
    compare: {
      title: 'Ist der Datensatz noch, wie er geholt wurde?',
      text: 'Der Datensatz wird aufgelistet und mit der Lock-Datei verglichen. Geholt wird nichts.',
    },
  },
  check: 'Prüfen',
  checking: 'Wird geprüft…',
  checkingText: 'Je mehr Dateien es sind, desto länger dauert es.',
  equal: {
    verify: (n, shown) =>
      n === 1 ? 'Die Datei ist, wie sie geholt wurde' : `Alle ${shown} Dateien sind, wie sie geholt wurden`,
    compare: (n, shown) =>
      `Der Datensatz hat noch genau ${n === 1 ? 'diese Datei' : `diese ${shown} Dateien`}`,
  },
  unequal: (n, shown) => count(n, shown, 'Unterschied', 'Unterschiede'),
  pulledAt: (when) => `Geholt ${when}`,
  list: 'Unterschiede',
  cut: (shown) => `Die ersten ${shown} stehen hier.`,
  kind: {
    missing: 'Fehlt im Ordner',
    changed: 'Geändert',
    'no-file': 'Keine Datei mehr',
    unreadable: 'Nicht lesbar',
    extra: 'Nicht aus dem Datensatz',
    added: 'Neu im Datensatz',
    removed: 'Nicht mehr im Datensatz',
    renamed: 'Umbenannt',
    recreated: 'Neu hochgeladen',
    gone: 'Nicht mehr im Datensatz',
    'changed-in-dataset': 'Im Datensatz neuer',
    'changed-here': 'Im Ordner geändert',
    'other-file': 'Eine andere Datei liegt an ihrem Platz',
    busy: 'Wurde gerade geschrieben',
  },
  resultTitle: (dataset) => `Was beim Holen von ${dataset} geschehen ist`,
  parts: {
    failures: 'Gescheitert',
    conflicts: 'Unverändert gelassen',
    differences: 'Nicht wiederherstellbar',
    leftOver: 'Von einem früheren Mal übrig',
  },
};
