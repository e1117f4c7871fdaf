import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');
const files = (n: number, shown: string): string => count(n, shown, 'Datei', 'Dateien');
const annotations = (n: number, shown: string): string => count(n, shown, 'Annotation', 'Annotationen');

export const waiting: Catalogue['waiting'] = {
  subtitle: (n, shown) => `${files(n, shown)} ${n === 1 ? 'wartet' : 'warten'} auf Sie`,
  atStake: (n, shown) => `${annotations(n, shown)} auf dem Spiel`,
  noneTitle: 'Nichts wartet auf Sie',
  noneText:
    'Wenn sich eine Datei und ihr Asset beide geändert haben oder ein Abgleich Annotationen oder viele Dateien kosten würde, hält er hier an und fragt Sie.',
  showOptional: 'Auch Unberührtes zeigen',
  showOptionalMeaning:
    'Dateien, die ohne Antwort bleiben, wie sie sind, zum Beispiel genaue Kopien, und über die Sie anders entscheiden können',
  allMirrors: 'Alle Abgleiche',
  mirror: 'Abgleich',
  list: 'Wartende Dateien',
  group: {
    'both-added': 'Auf beiden Seiten neu',
    'both-changed': 'Auf beiden Seiten geändert',
    'deleted-here-changed-there': 'Hier gelöscht, dort geändert',
    'changed-here-deleted-there': 'Hier geändert, dort gelöscht',
    'overwrites-annotations': 'Betrifft Annotationen',
    'deleted-here': 'Hier gelöscht',
    'deleted-there': 'Im Datensatz gelöscht',
    'many-deleted-here': 'Viele hier auf einmal gelöscht',
    'many-deleted-there': 'Viele im Datensatz gelöscht',
    'name-collision': 'Name ist vergeben',
    'place-taken': 'Platz ist belegt',
    duplicate: 'Gleich wie ein anderes Bild',
  },
  groupMeaning: {
    'both-added': 'Ordner und Datensatz haben je ein neues Bild dieses Namens, mit verschiedenem Inhalt.',
    'both-changed': 'Die Datei und ihr Asset haben sich beide geändert, seit sie zuletzt gleich waren.',
    'deleted-here-changed-there': 'Die Datei fehlt im Ordner, und ihr Asset hat sich seitdem geändert.',
    'changed-here-deleted-there': 'Die Datei hat sich geändert, und ihr Asset fehlt im Datensatz.',
    'overwrites-annotations': 'Die neue Fassung der Datei würde ein Bild ersetzen, das jemand annotiert hat.',
    'deleted-here': 'Die Datei fehlt im Ordner. Sie sagen, ob auch ihr Asset geht.',
    'deleted-there': 'Das Asset fehlt im Datensatz. Sie sagen, ob auch die Datei geht.',
    'many-deleted-here':
      'So viele Dateien fehlen auf einmal, dass es ein Versehen sein kann, etwa ein Laufwerk, das nicht da ist.',
    'many-deleted-there': 'So viele Assets fehlen auf einmal, dass es ein Versehen sein kann.',
    'name-collision':
      'Ein Datensatz hat jeden Namen nur einmal, und dieser gehört schon einer anderen Datei.',
    'place-taken': 'Wohin dieses Asset heruntergeladen würde, liegt eine andere Datei.',
    duplicate: 'Eine andere Datei hat genau denselben Inhalt und wird deshalb kein zweites Mal hochgeladen.',
  },
  groupSize: files,
  answerAll: 'Für alle…',
  choose: 'Wählen Sie eine Datei, um beide Seiten zu sehen',

  here: 'Im Ordner',
  there: 'Im Datensatz',
  goneHere: 'Nicht im Ordner',
  goneThere: 'Nicht im Datensatz',
  newer: 'Neuer',
  size: 'Größe',
  pixels: 'Pixel',
  changed: 'Geändert',
  name: 'Name',
  pictureOf: (side, name) => `${name}, ${side}`,
  noPicture: 'Dieses Bild lässt sich nicht zeigen',
  noPictureText: 'Die Datei ist vielleicht beschädigt, oder der Dienst ist nicht erreichbar.',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  fit: 'Einpassen',
  zoom: (part) => `Vergrößerung: ${part}`,
  pictures: 'Beide Bilder. Plus und Minus vergrößern, Pfeiltasten verschieben, Null passt ein.',

  annotationsTitle: 'Annotationen auf dem Asset',
  annotationsChecked: 'eben beim Dienst erfragt',
  annotationsAsking: 'der Dienst wird gefragt…',
  annotationsNone: 'Keine Annotationen, also gehen keine verloren.',
  annotationsUnknown: 'Der Dienst sagt nicht, wie viele Annotationen dieses Asset hat.',
  annotationsOf: annotations,

  answers: 'Ihre Entscheidung',
  answer: {
    'overwrite-asset': 'Meine behalten',
    'overwrite-keeping-annotations': 'Meine behalten, Annotationen auch',
    'overwrite-removing-annotations': 'Meine behalten, Annotationen entfernen',
    upload: 'Meine behalten',
    'upload-renamed': 'Unter anderem Namen hochladen',
    'delete-asset': 'Auch das Asset löschen',
    'replace-file': 'Die des Datensatzes nehmen',
    download: 'Die Datei zurückholen',
    'download-renamed': 'Unter anderem Namen herunterladen',
    'trash-file': 'Auch die Datei gehen lassen',
    'keep-both': 'Beide behalten',
    skip: 'Beide lassen, wie sie sind',
  },
  consequence: {
    'overwrite-asset':
      'Ihre Datei ersetzt das Bild des Assets. Es hat keine Annotationen, die verloren gehen könnten.',
    'overwrite-keeping-annotations':
      'Ihre Datei ersetzt das Bild des Assets. Seine Annotationen bleiben erhalten.',
    'overwrite-removing-annotations':
      'Ihre Datei ersetzt das Bild des Assets. Seine Annotationen werden endgültig entfernt.',
    upload: 'Ihre Datei wird wieder hochgeladen, als neues Asset ohne Annotationen.',
    'upload-renamed': 'Ihre Datei wird unter einem freien Namen als weiteres Asset hochgeladen.',
    'delete-asset': 'Das Asset wird endgültig aus dem Datensatz gelöscht, samt seinen Annotationen.',
    'replace-file': 'Die Fassung des Datensatzes kommt in den Ordner. Ihre Fassung geht in den Papierkorb.',
    download: 'Die Fassung des Datensatzes kommt wieder in den Ordner.',
    'download-renamed': 'Das Asset kommt unter einem freien Namen in den Ordner.',
    'trash-file': 'Ihre Datei geht in den Papierkorb, aus dem Sie sie zurückholen können.',
    'keep-both':
      'Die Fassung des Datensatzes nimmt den Platz im Ordner ein. Ihre bleibt unter anderem Namen daneben und wird als neues Asset hochgeladen.',
    skip: 'Es geschieht nichts. Sie werden wieder gefragt, wenn sich eine Seite ändert.',
  },
  losing: (n, shown) => `${annotations(n, shown)} ${n === 1 ? 'geht' : 'gehen'} verloren.`,
  losingUnknown: 'Eine unbekannte Zahl von Annotationen geht verloren.',
  mayNotFit: 'Die Pixelmaße sind verschieden: Rahmen und Masken passen vielleicht nicht mehr.',
  answered: (name) => `Entschieden: ${name}`,
  tooLate: (path) => `${path} ist schon beantwortet`,
  tooLateText: 'Vielleicht in einem anderen Fenster. Diese Antwort zählt nicht.',
  undone: (path) => `${path} ist wieder da`,
  undoFailed: 'Es ließ sich nicht zurückholen',

  confirmTitle: (n, shown) => `${annotations(n, shown)} verlieren?`,
  confirmTitleUnknown: 'Annotationen verlieren?',
  confirmText: (name) => `Die Annotationen von „${name}“ lassen sich nicht wiederherstellen.`,
  confirmOverwrite: 'Ersetzen und verlieren',
  confirmDelete: 'Löschen und verlieren',

  bulkTitle: (shown, group) => `Für alle ${shown} entscheiden: ${group}`,
  bulkText:
    'Die Entscheidung gilt für genau diese Dateien. Ändert sich etwas, bevor sie ausgeführt ist, werden Sie wieder gefragt.',
  bulkScope: (n, shown, mirror) => `${files(n, shown)} in ${mirror}`,
  bulkStake: (n, shown) => `${annotations(n, shown)} auf dem Spiel`,
  bulkUnknown: (n, shown) => `${count(n, shown, 'Asset', 'Assets')} mit unbekannter Zahl von Annotationen`,
  bulkNoStake: 'Keine Annotationen auf dem Spiel',
  bulkGo: (n, shown) => `Für ${files(n, shown)} entscheiden`,
  bulkDone: (n, shown) => `Für ${files(n, shown)} entschieden`,
  bulkLeft: (n, shown) =>
    `Für ${files(n, shown)} geht das nicht; ${n === 1 ? 'sie wartet' : 'sie warten'} weiter.`,
  bulkLosing: (n, shown) =>
    `Mir ist klar, dass ${annotations(n, shown)} endgültig verloren ${n === 1 ? 'geht' : 'gehen'}`,
  bulkLosingUnknown: 'Mir ist klar, dass Annotationen endgültig verloren gehen',
  optionalTag: 'Unberührt',
};
