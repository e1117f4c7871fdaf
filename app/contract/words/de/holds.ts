import type { Facts } from '../../../contract.ts';
import { countIn } from '../plural.ts';
import type { ProblemCatalogue, Sentence } from '../sentence.ts';

type Show = (n: number) => string;

const count = countIn('de');
const untilThen = 'Bis dahin bleiben beide, wie sie sind.';
const answerAnew = 'Sehen Sie noch einmal hin, und antworten Sie neu.';
const unused = 'Ihre Antwort wurde nicht verwendet.';

function annotations(facts: Facts, show: Show): string {
  const { annotations: n } = facts;
  return typeof n === 'number'
    ? count(n, show(n), 'Annotation', 'Annotationen')
    : 'vielleicht Annotationen (der Datensatz sagt nicht, wie viele)';
}

const deletedHere: Sentence = (facts, show) => {
  const { file, asset, annotations: n } = facts;
  if (file === undefined || asset === undefined) return null;
  const stake = n === 0 ? '' : `, mit ${annotations(facts, show)}`;
  return `„${file}“ wurde im Ordner gelöscht. Das Asset „${asset}“ ist noch im Datensatz${stake}.`;
};

const overwrites =
  (pixels: (facts: Facts) => string): Sentence =>
  (facts, show) => {
    const { file, asset } = facts;
    if (file === undefined || asset === undefined) return null;
    return `„${file}“ wurde geändert, und das Asset „${asset}“ hat ${annotations(facts, show)}. ${pixels(facts)}`;
  };

const deletedThere = 'Das Asset „{asset}“ wurde im Datensatz gelöscht. „{file}“ ist noch im Ordner.';

/** What waits for a person, what is left alone, and what answers are refused for. */
export const holdProblems: ProblemCatalogue = {
  'both-added': {
    title: 'Zwei verschiedene Bilder eines Namens',
    detail:
      'Der Ordner hat „{file}“, und der Datensatz hat „{asset}“, mit anderem Inhalt. Von keinem ist bekannt, dass es vom anderen kommt.',
    suggestion: `Sagen Sie, welches zählt, oder behalten Sie beide. ${untilThen}`,
  },
  'both-changed': {
    title: 'Auf beiden Seiten geändert',
    detail: '„{file}“ wurde hier geändert und das Asset „{asset}“ im Datensatz.',
    suggestion: `Sagen Sie, welche Fassung zählt, oder behalten Sie beide. ${untilThen}`,
  },
  'deleted-here-changed-there': {
    title: 'Hier gelöscht, dort geändert',
    detail: '„{file}“ wurde im Ordner gelöscht, und das Asset „{asset}“ wurde seitdem im Datensatz geändert.',
    suggestion:
      'Sagen Sie, ob die Datei zurückkommt oder auch das Asset geht. Bis dahin bleibt das Asset, wie es ist.',
  },
  'changed-here-deleted-there': {
    title: 'Hier geändert, dort gelöscht',
    detail: '„{file}“ wurde im Ordner geändert, und das Asset „{asset}“ wurde im Datensatz gelöscht.',
    suggestion:
      'Sagen Sie, ob die Datei noch einmal hochgeladen wird oder in den Papierkorb kommt. Bis dahin bleibt sie, wie sie ist.',
  },
  'overwrites-annotations': {
    title: 'Betrifft Annotationen',
    suggestion:
      'Sagen Sie, was aus den Annotationen wird, oder nehmen Sie die Fassung des Datensatzes, oder behalten Sie beide. Bis dahin wird nichts hochgeladen.',
  },
  'overwrites-annotations:same-size': {
    detail: overwrites(() => 'Die neue Fassung könnte sie falsch werden lassen.'),
  },
  'overwrites-annotations:other-size': {
    detail: overwrites(
      ({ here = 'eine unbekannte Zahl', there = 'eine unbekannte Zahl' }) =>
        `Das Asset hat ${there}, die Datei ${here} Pixel: Rahmen passen vielleicht nicht mehr.`,
    ),
  },
  'deleted-here': {
    title: 'Hier gelöscht',
    detail: deletedHere,
    suggestion: 'Sagen Sie, ob auch das Asset geht oder die Datei zurückkommt. Bis dahin bleibt das Asset.',
  },
  'deleted-there': {
    title: 'Im Datensatz gelöscht',
    detail: deletedThere,
    suggestion:
      'Sagen Sie, ob die Datei in den Papierkorb kommt oder noch einmal hochgeladen wird. Bis dahin bleibt sie.',
  },
  'many-deleted-here': {
    title: 'Viele Dateien auf einmal gelöscht',
    detail:
      '„{file}“ wurde zusammen mit vielen anderen im Ordner gelöscht, was ein Versehen sein kann. Das Asset „{asset}“ ist noch im Datensatz.',
    suggestion:
      'War es Absicht, so sagen Sie es, und auch die Assets gehen. Wenn nicht, lassen Sie die Dateien zurückkommen.',
  },
  'many-deleted-there': {
    title: 'Viele Assets auf einmal gelöscht',
    detail:
      'Das Asset „{asset}“ wurde zusammen mit vielen anderen im Datensatz gelöscht, was ein Versehen sein kann. „{file}“ ist noch im Ordner.',
    suggestion:
      'War es Absicht, so geben Sie die Dateien in den Papierkorb. Wenn nicht, lassen Sie sie noch einmal hochladen.',
  },
  'name-collision': {
    title: 'Der Name ist vergeben',
    detail:
      'Ein Datensatz hat jeden Namen nur einmal, und „{name}“ ist schon „{owner}“. „{path}“ wird nicht darüber hochgeladen.',
    suggestion: 'Lassen Sie sie als „{proposed}“ hochladen, oder benennen Sie die Datei um.',
  },
  'place-taken': {
    title: 'Der Platz ist belegt',
    detail: 'Das Asset „{name}“ würde hier „{path}“, und das ist eine andere Datei.',
    suggestion: 'Nehmen Sie es hier als „{proposed}“, oder benennen Sie die Datei im Ordner um.',
  },
  duplicate: {
    title: 'Gleich wie ein anderes Bild',
    detail: '„{path}“ hat genau den Inhalt von „{original}“ und wird kein zweites Mal hochgeladen.',
    suggestion: 'Sie brauchen nichts zu tun. Löschen Sie eine davon, wenn Sie nicht beide brauchen.',
  },
  'left-added-here': {
    title: 'Nur hier',
    detail: '„{file}“ ist nicht im Datensatz, und dieser Abgleich holt nur.',
    suggestion:
      'Sie brauchen nichts zu tun. Soll sie hochgeladen werden, gleichen Sie in beide Richtungen ab.',
  },
  'left-added-there': {
    title: 'Nur im Datensatz',
    detail: 'Das Asset „{asset}“ ist nicht im Ordner, und dieser Abgleich sendet nur.',
    suggestion:
      'Sie brauchen nichts zu tun. Wollen Sie die Datei hier haben, gleichen Sie in beide Richtungen ab.',
  },
  'left-changed-here': {
    title: 'Hier geändert',
    detail: '„{file}“ ist anders als das Asset „{asset}“, und dieser Abgleich holt nur.',
    suggestion:
      'Die Datei bleibt, wie sie ist. Löschen Sie sie, um wieder die Fassung des Datensatzes zu haben.',
  },
  'left-changed-there': {
    title: 'Im Datensatz geändert',
    detail: 'Das Asset „{asset}“ ist anders als „{file}“, und dieser Abgleich sendet nur.',
    suggestion:
      'Beide bleiben, wie sie sind. Wollen Sie die Fassung des Datensatzes haben, gleichen Sie in beide Richtungen ab.',
  },
  'left-deleted-here': {
    title: 'Hier gelöscht',
    detail: deletedHere,
    suggestion: 'Das Asset bleibt und wird nicht wieder heruntergeladen, solange Sie es nicht sagen.',
  },
  'left-deleted-there': {
    title: 'Im Datensatz gelöscht',
    detail: deletedThere,
    suggestion:
      'Die Datei bleibt, weil sie sich seitdem geändert hat oder dieser Abgleich nicht auf das Laufwerk schreibt.',
  },
  'left-skipped': {
    title: 'Bleibt, wie es ist',
    suggestion:
      'Sie werden wieder gefragt, wenn sich eine der Seiten ändert. Sie können auch jetzt anders antworten.',
  },
  'left-skipped:asset': { detail: 'Sie haben gesagt, dass „{asset}“ bleiben soll, wie es ist.' },
  'left-skipped:file': { detail: 'Sie haben gesagt, dass „{file}“ bleiben soll, wie es ist.' },
  'no-hold': {
    title: 'Nichts zu beantworten',
    detail: 'Dort wartet nichts mehr auf eine Antwort.',
    suggestion: 'Sehen Sie die Liste dessen, was wartet, noch einmal an.',
  },
  'changed-meanwhile': { title: 'Inzwischen geändert', suggestion: answerAnew },
  'changed-meanwhile:file': {
    detail: `„{path}“, das Asset oder dessen Annotationen haben sich geändert, seit Sie gefragt wurden. ${unused}`,
  },
  'changed-meanwhile:annotations': {
    detail: `Es stehen andere Annotationen auf dem Spiel als zu der Zeit, da Sie gefragt wurden. ${unused}`,
  },
  'changed-meanwhile:count': {
    detail: `Auf diese Antwort warten jetzt {now} Dateien, und es waren {expected}, als Sie gefragt wurden. ${unused}`,
  },
  'changed-meanwhile:delete': {
    title: 'Mehr Annotationen stehen auf dem Spiel',
    detail:
      'Diese Assets haben jetzt {now} Annotationen, und es waren {shown}, als Sie gefragt wurden. Nichts wurde gelöscht.',
    suggestion: 'Sehen Sie sie noch einmal an, und entscheiden Sie neu.',
  },
  'answer-not-allowed': {
    title: 'Hier nicht möglich',
    detail:
      '„{path}“ lässt sich so nicht beantworten: Die Datei kann nicht hochgeladen werden, wie sie ist, oder die Richtung des Abgleichs lässt es nicht zu.',
    suggestion: 'Wählen Sie eine der angebotenen Antworten.',
  },
  'annotations-undecided': {
    title: 'Was wird aus den Annotationen?',
    detail:
      'Das Asset von „{path}“ hat Annotationen, oder vielleicht. Bevor es überschrieben wird, ist ein Wort zu ihnen nötig.',
    suggestion: 'Sagen Sie, ob sie bleiben oder entfernt werden.',
  },
  'annotations-unknown': {
    title: 'Niemand kann sagen, was verloren ginge',
    suggestion: 'Versuchen Sie es in einer Weile noch einmal, oder löschen Sie sie in Datature Vi selbst.',
  },
  'annotations-unknown:one': {
    detail: 'Der Dienst sagt nicht, wie viele Annotationen „{name}“ hat. Nichts wurde gelöscht.',
  },
  'annotations-unknown:some': {
    detail:
      'Der Dienst sagt nicht, wie viele Annotationen {count} dieser Assets haben. Nichts wurde gelöscht.',
  },
};
