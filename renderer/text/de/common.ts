import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

/** Words of the frame, and those that several screens have. */
export const common: Omit<
  Catalogue,
  | 'frame'
  | 'mirror'
  | 'overview'
  | 'waiting'
  | 'datasets'
  | 'pulls'
  | 'activities'
  | 'trash'
  | 'problems'
  | 'happenings'
  | 'settings'
  | 'setup'
> = {
  language: 'de',
  appName: 'Vi Sync',

  phase: {
    starting: 'Startet',
    scanning: 'Prüft',
    preview: 'Wartet auf Ihr Ja',
    paused: 'Angehalten',
    syncing: 'Gleicht ab',
    'in-sync': 'Abgeglichen',
    attention: 'Braucht Aufmerksamkeit',
    offline: 'Offline',
    stopped: 'Beendet',
  },
  phaseDetail: {
    starting: 'Liest, was über diesen Ordner bekannt ist',
    scanning: 'Vergleicht den Ordner mit dem Datensatz',
    preview: 'Nichts wird übertragen, bevor Sie den Plan gesehen haben',
    paused: 'Nichts wird übertragen, bis er fortgesetzt wird',
    offline: 'Änderungen warten auf den Dienst',
    stopped: 'Nichts wird abgeglichen, bis er wieder gestartet wird',
  },
  checked: (ago) => `geprüft ${ago}`,
  checkedTitle: (scan, listing) => `Ordner gelesen: ${scan}\nDatensatz gelesen: ${listing}`,
  justNow: 'gerade eben',
  needAttention: (problems, shownProblems, held, shownHeld) =>
    [
      problems > 0
        ? count(problems, shownProblems, 'Datei hat ein Problem', 'Dateien haben ein Problem')
        : '',
      held > 0 ? count(held, shownHeld, 'Datei wartet auf Sie', 'Dateien warten auf Sie') : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),

  state: {
    'in-sync': 'Abgeglichen',
    waiting: 'Eingereiht',
    uploading: 'Lädt hoch',
    processing: 'In Arbeit',
    downloading: 'Lädt herunter',
    'local-only': 'Nur hier',
    'remote-only': 'Nur in Vi',
    differs: 'Verschieden',
    held: 'Wartet auf Sie',
    problem: 'Problem',
    ignored: 'Ausgelassen',
  },
  stateMeaning: {
    'in-sync': 'Ordner und Datensatz haben denselben Inhalt',
    waiting: 'Wird bald übertragen',
    uploading: 'Wird an den Datensatz gesendet',
    processing: 'Gesendet; der Dienst nimmt es gerade auf',
    downloading: 'Wird aus dem Datensatz geholt',
    'local-only': 'Im Ordner, nicht im Datensatz',
    'remote-only': 'Im Datensatz, nicht im Ordner',
    differs: 'Auf beiden Seiten verschieden, und so belassen',
    held: 'Braucht Ihre Entscheidung, bevor damit etwas geschieht',
    problem: 'Lässt sich so nicht abgleichen',
    ignored: 'Durch eine Regel oder hinter einer Verknüpfung ausgelassen: beide Seiten bleiben, wie sie sind',
  },
  stateWithPart: (state, part) => `${state} ${part}`,

  mirrors: 'Abgleiche',
  mirrorOf: (folder, dataset) => `${folder} ↔ ${dataset}`,
  folder: 'Ordner',
  dataset: 'Datensatz',
  sandbox: 'Sandbox',
  sandboxMeaning: 'Ein Vi-Server in dieser App. Nichts verlässt diesen Computer.',
  organization: 'Organisation',
  syncNow: 'Jetzt abgleichen',
  syncNowMeaning: 'Ordner und Datensatz jetzt lesen',
  copyPath: 'Pfad kopieren',
  copied: 'Kopiert',

  uploads: 'Uploads',
  downloads: 'Downloads',
  noUploads: 'Nichts hochzuladen',
  noDownloads: 'Nichts herunterzuladen',
  filesOf: (done, total, shownTotal) => `${done} von ${count(total, shownTotal, 'Datei', 'Dateien')}`,
  bytes: (amount) => `${amount}\u00a0B`,
  bytesOf: (done, total) => `${done} von ${total}`,
  perSecond: (bytes) => `${bytes}/s`,
  timeLeft: (time) => `noch ${time}`,
  sent: (n, shown, bytes) => `${count(n, shown, 'Datei', 'Dateien')} gesendet, ${bytes}`,
  fetched: (n, shown, bytes) => `${count(n, shown, 'Datei', 'Dateien')} geholt, ${bytes}`,

  filterByState: 'Nach Zustand filtern',
  all: 'Alle',
  search: 'Dateien suchen',
  searchHint: 'Nach Name oder Ordner suchen',
  clearSearch: 'Suche leeren',
  files: 'Dateien',
  column: {
    state: 'Zustand',
    path: 'Datei',
    size: 'Größe',
    pixels: 'Pixel',
    annotations: 'Annotationen',
    problem: 'Problem',
    changedAt: 'Geändert',
  },
  none: '–',
  loading: 'Lädt',

  details: 'Einzelheiten',
  closeDetails: 'Einzelheiten schließen',
  whatToDo: 'Was zu tun ist',
  type: 'Typ',
  assetId: 'Asset-ID',
  copyAssetId: 'Asset-ID kopieren',
  hash: 'Prüfsumme',
  metadata: 'Metadaten',
  noPreview: 'Keine Vorschau',
  previewOf: (name) => `Vorschau von ${name}`,
  notInDataset: 'Noch nicht im Datensatz',

  activity: 'Letzte Ereignisse',
  noActivity: 'Noch ist nichts geschehen. Uploads, Downloads und Probleme erscheinen hier.',
  activityKind: {
    uploaded: 'Hochgeladen',
    downloaded: 'Heruntergeladen',
    bound: 'Als gleich erkannt',
    removed: 'Entfernt',
    held: 'Wartet auf Sie',
    problem: 'Problem',
    error: 'Fehler',
    'in-sync': 'Abgeglichen',
  },
  activityCrowd: {
    uploaded: (files) => `${files} Dateien hochgeladen`,
    downloaded: (files) => `${files} Dateien heruntergeladen`,
    bound: (files) => `${files} Dateien waren schon auf beiden Seiten`,
    removed: (files) => `${files} Dateien entfernt`,
  },
  atLeast: (amount) => `${amount}+`,
  namesAndMore: (names, more) => `${names.join(', ')} und ${more} weitere`,

  emptyTitle: 'Dieser Ordner und sein Datensatz sind leer',
  emptyText: 'Legen Sie Bilder in den Ordner. Wenige Sekunden später sind sie im Datensatz und stehen hier.',
  emptyFormats: 'JPEG, PNG, TIFF, BMP, WebP, HEIF, AVIF, JPEG 2000 und GIF',
  firstLookTitle: 'Ordner und Datensatz werden angesehen',
  firstLookText: 'Die Dateien erscheinen hier, sobald sie bekannt sind.',
  noMatchTitle: 'Keine Datei passt',
  noMatchText: (search, state) =>
    state === null
      ? `Kein Pfad enthält „${search}“.`
      : `Keine Datei im Zustand „${state}“ enthält „${search}“.`,
  noneInStateTitle: (state) => `Keine Datei ist im Zustand „${state}“`,
  showAll: 'Alle Dateien zeigen',
  dropTitle: 'Diese Seite nimmt keine Dateien an',
  dropText: (folder) => `Legen Sie sie stattdessen in ${folder}: sie werden von selbst übernommen.`,

  connecting: 'Verbindung zu Vi Sync wird hergestellt',
  lostTitle: 'Die Verbindung zu Vi Sync ist weg',
  lostText:
    'Sie sehen den letzten bekannten Stand. Die Seite macht von selbst weiter, sobald Vi Sync wieder läuft.',
  signedOutTitle: 'Vi Sync wurde neu gestartet',
  signedOutText: 'Öffnen Sie die neue Adresse, die es ausgegeben hat; die Sitzung dieser Seite ist zu Ende.',
  tryNow: 'Jetzt versuchen',
  tryAgain: 'Nochmals versuchen',
  dismiss: 'Ausblenden',
  failedTitle: 'Die Seite hat einen Fehler',
  failedText:
    'Der Fehler liegt in Vi Sync. Ihre Dateien berührt er nicht. Laden Sie die Seite neu, um weiterzumachen.',
  reload: 'Neu laden',
};
