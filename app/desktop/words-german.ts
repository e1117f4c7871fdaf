import type { ShellWords } from './words.ts';

export const german: ShellWords = {
  language: 'de',
  open: 'Vi Sync öffnen',
  pauseAll: 'Alle anhalten',
  resumeAll: 'Alle fortsetzen',
  syncNow: 'Jetzt abgleichen',
  recent: 'Zuletzt geschehen',
  noRecent: 'Noch nichts',
  settings: 'Einstellungen…',
  addMirror: 'Neuer Abgleich…',
  restartToUpdate: (version) => `Neu starten und auf ${version} aktualisieren`,
  quit: 'Vi Sync beenden',
  file: 'Datei',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  window: 'Fenster',
  help: 'Hilfe',
  documentation: 'Dokumentation',
  moods: {
    starting: 'Startet…',
    empty: 'Noch kein Abgleich',
    'in-sync': 'Abgeglichen',
    syncing: 'Gleicht ab…',
    paused: 'Angehalten',
    attention: 'Wartet auf Sie',
    offline: 'Offline',
  },
  waiting: (n, shown) =>
    n === 1 ? '1 Bild wartet auf Ihre Antwort' : `${shown} Bilder warten auf Ihre Antwort`,
  moving: (done, total) => `Gleicht ab, ${done} von ${total}`,
  noticeHolds: (n, shown) =>
    n === 1 ? 'Ein Bild wartet auf Ihre Antwort' : `${shown} Bilder warten auf Ihre Antwort`,
  noticeHoldsText: (folder) => `In „${folder}“. Bis Sie geantwortet haben, wird nichts überschrieben.`,
  noticeFinished: (folder) => `„${folder}“ ist abgeglichen`,
  noticeFinishedText: (n, shown) =>
    n === 1 ? '1 Bild wurde übertragen.' : `${shown} Bilder wurden übertragen.`,
  noticePull: (dataset) => `„${dataset}“ ist geholt`,
  noticePullFailed: (dataset) => `Das Holen von „${dataset}“ ist fehlgeschlagen`,
  engineTrouble: 'Vi Sync kann nicht starten',
  tryAgain: 'Noch einmal versuchen',
  chooseFolder: 'Ordner wählen',
};
