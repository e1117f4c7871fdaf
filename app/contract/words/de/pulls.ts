import type { ProblemCatalogue } from '../sentence.ts';

/** Pulls, and their lock files. */
export const pullProblems: ProblemCatalogue = {
  'folder-in-use': { title: 'Ein anderer Pull läuft' },
  'folder-in-use:here': {
    detail: 'Ein Pull nach „{other}“ läuft; das ist, enthält oder liegt in „{folder}“.',
    suggestion: 'Warten Sie sein Ende ab, oder halten Sie ihn an.',
  },
  'folder-in-use:elsewhere': {
    detail: 'Ein anderes Vi Sync holt in diesem Moment nach {folder}.',
    suggestion: 'Warten Sie sein Ende ab, oder beenden Sie es, und beginnen Sie noch einmal.',
  },
  'folder-blocked': {
    title: 'Der Ordner lässt sich nicht verwenden',
    suggestion: 'Räumen Sie es aus dem Weg, oder holen Sie in einen anderen Ordner.',
  },
  'folder-blocked:no-folder': { detail: '{folder} ist kein Ordner.' },
  'folder-blocked:inside': {
    detail:
      'Vi Sync bewahrt, woran es arbeitet, in {own} auf, und dort ist „{name}“ eine Verknüpfung oder etwas anderes, was es nicht sein darf.',
  },
  'lock-missing': {
    title: 'Es gibt keine Lock-Datei',
    detail: '{file} ist nicht da: Nichts sagt, woraus der Ordner geholt wurde.',
    suggestion:
      'Nennen Sie den Ordner eines früheren Pulls. Ein unterbrochener erster Pull schreibt {name}, wenn er bis zum Ende wiederholt wird.',
  },
  'lock-newer': {
    title: 'Die Lock-Datei ist von einer neueren Version',
    detail: '{file} hat die Version {version}; dieses Vi Sync liest die Version {known}.',
    suggestion: 'Aktualisieren Sie Vi Sync.',
  },
  'lock-invalid': {
    title: 'Die Lock-Datei lässt sich nicht verwenden',
    detail: '{file} ist nicht, was Vi Sync schreibt. ({reason})',
    suggestion:
      'Holen Sie sie aus einer Sicherung oder der Versionsverwaltung zurück, oder löschen Sie sie: Dann vergleicht ein Pull jede Datei mit dem Datensatz und schreibt sie neu.',
  },
  'other-dataset': { title: 'Der Ordner gehört zu einem anderen Datensatz' },
  'other-dataset:folder': {
    detail: 'Die Lock-Datei in {folder} gehört zum Datensatz {dataset}, nicht zu {other}.',
    suggestion:
      'Holen Sie in einen anderen Ordner. Soll dieser den Datensatz wechseln, löschen Sie zuerst seine Lock-Datei.',
  },
  'other-dataset:compared': {
    title: 'Die Lock-Dateien gehören zu zwei Datensätzen',
    detail:
      'Die eine gehört zum Datensatz {dataset} (Organisation {organization}), die andere zu {other} ({otherOrganization}).',
    suggestion: 'Vergleichen Sie Lock-Dateien eines Datensatzes.',
  },
  'frozen-with-query': {
    title: 'Die Lock-Datei sagt, welche Assets',
    detail: 'Ein Pull nach einer Lock-Datei nimmt keine Abfrage.',
    suggestion: 'Lassen Sie die Abfrage weg, oder holen Sie, was der Datensatz jetzt hat.',
  },
  'pull-runs': {
    title: 'Der Pull läuft noch',
    detail: 'Er lässt sich von der Liste nehmen, wenn er zu Ende ist.',
    suggestion: 'Halten Sie ihn zuerst an.',
  },
  'unknown-pull': {
    title: 'Kein solcher Pull',
    detail: 'Seit Vi Sync läuft, gibt es keinen solchen Pull.',
    suggestion:
      'Laden Sie die Liste der Pulls neu. Ein früherer geht weiter, wenn er noch einmal begonnen wird.',
  },
  AssetGone: {
    title: 'Inzwischen gelöscht',
    detail: 'Das Asset von „{file}“ wurde während des Pulls im Datensatz gelöscht.',
    suggestion: 'Holen Sie noch einmal.',
  },
  AssetChanged: {
    title: 'Inzwischen geändert',
    detail: 'Das Asset von „{file}“ wurde während des Pulls im Datensatz geändert.',
    suggestion: 'Holen Sie noch einmal.',
  },
  NameImpossible: {
    title: 'Kein Name für eine Datei',
    detail: 'Das Asset „{file}“ hat einen Namen, den hier keine Datei haben kann.',
    suggestion: 'Laden Sie das Bild unter einem anderen Namen noch einmal hoch.',
  },
  NameCollision: {
    title: 'Zwei Assets, ein Dateiname',
    detail: '„{file}“ und ein anderes Asset hätten auf diesem Laufwerk denselben Dateinamen.',
    suggestion: 'Laden Sie eines von beiden unter einem anderen Namen noch einmal hoch.',
  },
  PlaceBlocked: {
    title: 'Etwas ist im Weg',
    detail:
      '„{file}“ kommt nicht an ihren Platz: Dort ist eine Datei oder Verknüpfung, wo ein Ordner sein muss.',
    suggestion: 'Räumen Sie sie weg, oder benennen Sie sie um.',
  },
};
