import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

export const setup: Catalogue['setup'] = {
  welcomeTitle: 'Ihre Bilder und Datensätze im Gleichschritt',
  welcomeText:
    'Vi Sync gleicht Ordner auf diesem Computer mit Datensätzen in Datature Vi ab. Was sich auf einer Seite ändert, folgt auf der anderen, und nichts wird überschrieben oder gelöscht, ohne Sie zu fragen.',
  connectTitle: 'Vi-Konto verbinden',
  connectText: 'Mit einem geheimen Schlüssel Ihrer Organisation.',
  sandboxTitle: 'Erst die Sandbox ausprobieren',
  sandboxText:
    'Ein Vi-Server in dieser App, mit einem Datensatz zum Spielen. Nichts verlässt diesen Computer.',
  sandboxGo: 'Sandbox ausprobieren',
  sandboxMissing: 'In diesem Vi Sync läuft keine Sandbox.',

  secretKey: 'Geheimer Schlüssel',
  secretKeyHint:
    'Aus den Einstellungen der Organisation in Vi, unter „API keys“. Er liegt im Schlüsselbund dieses Computers und wird nie wieder angezeigt.',
  organizationId: 'Organisations-ID',
  organizationIdHint: 'In der Adresse Ihrer Organisation in Vi und in deren Einstellungen neben dem Namen.',
  endpoint: 'Adresse des Dienstes',
  endpointHint: 'Nur für einen eigenen Vi-Server. Leer lassen für api.vi.datature.com.',
  otherServer: 'Anderer Server',
  forSession: 'Den Schlüssel nur behalten, bis Vi Sync endet',
  forSessionMeaning:
    'Auf diesem Computer ist kein Schlüsselbund nutzbar, also lässt sich der Schlüssel nicht sicher ablegen.',
  connect: 'Verbinden',
  connecting: 'Schlüssel wird geprüft…',
  connectedTo: (name) => `Mit ${name} verbunden`,

  addTitle: 'Abgleich hinzufügen',
  addText: 'Nichts wird übertragen, bevor Sie den Plan gesehen haben.',
  account: 'Konto',
  accountOf: (name, id) => (name === id ? id : `${name} (${id})`),
  sandboxAccount: 'Sandbox in dieser App',
  otherAccount: 'Weiteres Konto verbinden…',
  noAccount: 'Noch ist kein Konto verbunden.',
  dataset: 'Datensatz',
  datasetSearch: 'Datensatz suchen',
  datasetNone:
    'Diese Organisation hat noch keinen Datensatz. Legen Sie in Vi einen an, und sehen Sie dann wieder nach.',
  datasetNoMatch: (search) => `Kein Datensatz heißt wie „${search}“.`,
  datasetAssets: (n, shown) => count(n, shown, 'Asset', 'Assets'),
  datasetAnnotations: (n, shown) => count(n, shown, 'Annotation', 'Annotationen'),
  datasetLocked: 'Gesperrt',
  more: 'Mehr zeigen',
  lookAgain: 'Wieder nachsehen',
  folder: 'Ordner',
  folderHint: 'Seine Bilder und die der Ordner darunter.',
  folderPlaceholder: 'Ordner wählen',
  browse: 'Durchsuchen…',
  folderTitle: 'Ordner wählen',
  places: 'Orte',
  up: 'Einen Ordner nach oben',
  newFolder: 'Neuer Ordner',
  newFolderName: 'Name des neuen Ordners',
  make: 'Anlegen',
  choose: 'Diesen Ordner wählen',
  folderEmpty: 'Hier sind keine Ordner.',
  folderImages: (n, shown) => count(n, shown, 'Bild hier', 'Bilder hier'),
  folderCut: 'Es gibt mehr Ordner, als gezeigt werden. Tippen Sie stattdessen den Pfad.',
  options: 'Arbeitsweise',
  lookAtPlan: 'Plan ansehen',

  direction: 'Richtung',
  directions: {
    'two-way': { title: 'Beide Richtungen', text: 'Was sich auf einer Seite ändert, folgt auf der anderen.' },
    push: {
      title: 'Nur hochladen',
      text: 'Der Datensatz folgt dem Ordner. Auf die Festplatte wird nie geschrieben.',
    },
    pull: {
      title: 'Nur herunterladen',
      text: 'Der Ordner folgt dem Datensatz. In Vi wird nie geschrieben.',
    },
  },
  deletePolicy: 'Wenn hier eine Datei gelöscht wird',
  deletePolicies: {
    keep: {
      title: 'Das Asset behalten',
      text: 'Es bleibt im Datensatz und wird nicht wieder heruntergeladen.',
    },
    ask: { title: 'Mich fragen', text: 'Es wartet auf Ihre Entscheidung.' },
    propagate: {
      title: 'Auch das Asset löschen',
      text: 'Ein annotiertes Asset, oder viele auf einmal, warten trotzdem auf Ihre Entscheidung.',
    },
  },
  retention: 'Wenn eine geänderte Datei ein annotiertes Bild ersetzt',
  retentionModes: {
    inherit: {
      title: 'Wie in den Einstellungen',
      text: 'Die Einstellung für alle Abgleiche gilt auch hier.',
    },
    ask: {
      title: 'Mich fragen',
      text: 'Es wartet auf Ihre Entscheidung und zeigt, was auf dem Spiel steht.',
    },
    KeepLinkedResource: {
      title: 'Annotationen behalten',
      text: 'Sie bleiben auf dem neuen Bild. Bei anderen Pixelmaßen passen sie vielleicht nicht mehr.',
    },
    RemoveLinkedResource: {
      title: 'Annotationen entfernen',
      text: 'Das neue Bild beginnt ohne. Sie lassen sich nicht wiederherstellen.',
    },
  },
  duplicates: 'Wenn zwei Dateien denselben Inhalt haben',
  duplicateChoices: {
    leave: { title: 'Eine davon hochladen', text: 'Die anderen erscheinen als Kopien und kosten nichts.' },
    upload: { title: 'Jede hochladen', text: 'Jede wird ein Asset und kostet Datenzeilen.' },
  },

  planTitle: (folder) => `Der Plan für ${folder}`,
  planText: 'Das tut der erste Abgleich. Noch ist nichts geändert.',
  planLooking: 'Beide Seiten werden angesehen. Die Zahlen wachsen noch.',
  planReady: 'Beide Seiten sind angesehen.',
  planUp: 'Wird hochgeladen',
  planDown: 'Wird heruntergeladen',
  planEqual: 'Schon gleich',
  planCompare: 'Zu vergleichen',
  planCompareText: 'Wird gelesen oder geholt, um zu sehen, ob beide Seiten gleich sind.',
  planCost: 'Was es kostet',
  planRows: (n, shown) => count(n, shown, 'Datenzeile', 'Datenzeilen'),
  planRowsText: 'vom Kontingent der Organisation: fünf für jedes neue Bild',
  planSessions: (n, shown) => count(n, shown, 'Upload-Sitzung', 'Upload-Sitzungen'),
  planSessionsNow: 'und zwar sofort',
  planSessionsWait: (time) => `verteilt über ${time}, weil der Dienst etwa zehn in zehn Minuten annimmt`,
  planFree: 'Nichts: kein Bild ist für den Datensatz neu',
  planWatch: 'Beachtenswert',
  planHolds: (n, shown) =>
    count(n, shown, 'Datei wird auf Ihre Entscheidung warten', 'Dateien werden auf Ihre Entscheidung warten'),
  planProblems: (n, shown) =>
    count(n, shown, 'Datei lässt sich so nicht hochladen', 'Dateien lassen sich so nicht hochladen'),
  planOverwrites: (n, shown) =>
    count(n, shown, 'Asset bekommt ein neues Bild', 'Assets bekommen ein neues Bild'),
  planTrash: (n, shown) =>
    count(n, shown, 'Datei hier geht in den Papierkorb', 'Dateien hier gehen in den Papierkorb'),
  planDeletes: (n, shown) =>
    count(n, shown, 'Asset wird endgültig gelöscht', 'Assets werden endgültig gelöscht'),
  planAllGood: 'Es wurden keine Probleme gefunden.',
  planShowFiles: 'Dateien zeigen',
  planGo: 'Abgleich starten',
  planChange: 'Arbeitsweise ändern',
  planRemove: 'Diesen Abgleich entfernen',
  planStarted: 'Der Abgleich hat begonnen',

  editTitle: (folder) => `So wird ${folder} abgeglichen`,
  save: 'Speichern',
  saved: 'Gespeichert',
  ignoreRules: 'Auslassen',
  ignoreRulesHint:
    'Dateien, auf die diese Regeln passen, bleiben auf beiden Seiten in Ruhe. Eine Regel je Zeile, wie in einer .gitignore; sie stehen in der .visyncignore des Ordners.',
  removeTitle: 'Abgleich entfernen',
  removeText:
    'Vi Sync vergisst das Paar. Ordner, Datensatz und was im Papierkorb liegt, bleiben, wie sie sind.',
  remove: 'Entfernen…',
  removeAsk: (folder, dataset) => `${folder} nicht mehr mit ${dataset} abgleichen?`,
  removeGo: 'Abgleich entfernen',
  removed: (folder) => `${folder} wird nicht mehr abgeglichen`,
  back: 'Zurück zu den Dateien',
};
