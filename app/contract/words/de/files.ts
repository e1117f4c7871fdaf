import type { ProblemCatalogue } from '../sentence.ts';

const copyAgain = 'Kopieren Sie sie noch einmal von dort, woher sie kam';
const nothing = 'Sie brauchen nichts zu tun.';
const untouched = 'Es bleibt unberührt im Datensatz.';
const otherName = `${untouched} Laden Sie es dort unter einem anderen Namen hoch, um es hier zu haben.`;
const exportAgain =
  'Laden oder exportieren Sie das Bild noch einmal, oder nehmen Sie die Datei aus dem Ordner.';
const access = 'Prüfen Sie die Zugriffsrechte der Datei und ihres Ordners.';

/** Single files: their content, their names, and what the disk says of them. */
export const fileProblems: ProblemCatalogue = {
  empty: {
    title: 'Leere Datei',
    detail: '„{file}“ hat eine Größe von 0 Byte.',
    suggestion: `${copyAgain}, oder löschen Sie sie.`,
  },
  truncated: {
    title: 'Abgeschnitten',
    detail: '„{file}“ endet vor ihrem {format}-Bild: Ein Teil der Datei fehlt.',
    suggestion: `Wird sie gerade noch kopiert, brauchen Sie nichts zu tun. Sonst: ${copyAgain}.`,
  },
  unreadable: {
    title: 'Lässt sich nicht lesen',
    suggestion: 'Prüfen Sie, ob sich die Datei in einem anderen Programm öffnen lässt.',
  },
  'unreadable:damaged': {
    title: 'Beschädigtes Bild',
    detail: '„{file}“ beginnt als {format}-Bild, aber ihr Inhalt widerspricht sich.',
    suggestion: `${copyAgain}, oder öffnen und speichern Sie sie in einem Bildprogramm.`,
  },
  'unreadable:undecodable': {
    title: 'Lässt sich nicht zeigen',
    detail: 'Das {format}-Bild in „{file}“ lässt sich nicht entschlüsseln.',
    suggestion: `Öffnen Sie die Datei in einem Bildprogramm. Geht auch das nicht: ${copyAgain}.`,
  },
  'unreadable:EACCES': {
    detail: '„{file}“ lässt sich nicht lesen: Die Zugriffsrechte der Datei oder ihres Ordners verbieten es.',
    suggestion: 'Geben Sie Ihrem Benutzerkonto das Recht, sie zu lesen.',
  },
  'unreadable:EPERM': {
    detail: '„{file}“ lässt sich nicht lesen: Die Zugriffsrechte der Datei oder ihres Ordners verbieten es.',
    suggestion: 'Geben Sie Ihrem Benutzerkonto das Recht, sie zu lesen.',
  },
  'unreadable:ENOENT': {
    detail: '„{file}“ lässt sich nicht lesen: Sie ist nicht mehr da.',
    suggestion: 'Wurde sie verschoben, brauchen Sie nichts zu tun.',
  },
  'unreadable:EBUSY': {
    detail: '„{file}“ lässt sich nicht lesen: Ein anderes Programm hat sie offen.',
    suggestion: 'Schließen Sie sie im anderen Programm.',
  },
  'unreadable:ETXTBSY': {
    detail: '„{file}“ lässt sich nicht lesen: Ein anderes Programm hat sie offen.',
    suggestion: 'Schließen Sie sie im anderen Programm.',
  },
  'unreadable:EIO': {
    detail: '„{file}“ lässt sich nicht lesen: Das Laufwerk meldet einen Fehler.',
    suggestion:
      'Prüfen Sie das Laufwerk oder sein Kabel, und kopieren Sie die Datei aus einer Sicherung zurück.',
  },
  'unreadable:NOT_A_FILE': {
    detail: '„{file}“ lässt sich nicht lesen: Sie ist keine gewöhnliche Datei.',
    suggestion: 'Legen Sie das Bild selbst an ihre Stelle.',
  },
  'unreadable:other': { detail: '„{file}“ lässt sich nicht lesen: {reason}.' },
  'unreadable:system': {
    detail: 'Das System lässt Vi Sync „{path}“ nicht lesen ({code}).',
    suggestion:
      'Prüfen Sie die Zugriffsrechte, und ob ein anderes Programm die Datei offen hat. Es wird von selbst wieder versucht.',
  },
  'not-an-image': {
    title: 'Kein Bild',
    detail: '„{file}“ enthält kein Bild.',
    suggestion: exportAgain,
  },
  'not-an-image:unknown': { detail: '„{file}“ enthält kein Bild eines bekannten Formats.' },
  'not-an-image:video': { detail: '„{file}“ enthält kein Bild, sondern ein Video.' },
  'not-an-image:sound': { detail: '„{file}“ enthält kein Bild, sondern Ton.' },
  'not-an-image:pdf': { detail: '„{file}“ enthält kein Bild, sondern ein PDF-Dokument.' },
  'not-an-image:zip': { detail: '„{file}“ enthält kein Bild, sondern ein ZIP-Archiv.' },
  'not-an-image:zeros': {
    detail: '„{file}“ enthält kein Bild, sondern nur Nullen, wie ein Download, der nie fertig wurde.',
  },
  'not-an-image:svg': {
    detail: '„{file}“ enthält kein Bild, sondern eine SVG-Zeichnung, die keine Pixel hat.',
  },
  'not-an-image:web-page': {
    detail:
      '„{file}“ enthält kein Bild, sondern eine Webseite, oft die Fehlerseite eines misslungenen Downloads.',
  },
  'not-an-image:text': { detail: '„{file}“ enthält kein Bild, sondern nur Text.' },
  unsupported: { title: 'Format wird nicht angenommen' },
  'unsupported:format': {
    detail: '„{file}“ ist ein Bild der Art {kind}, die Datature Vi nicht annimmt.',
    suggestion: 'Exportieren Sie es als eines von {formats}.',
  },
  'unsupported:extension': {
    title: 'Endung wird nicht angenommen',
    detail: '„{file}“ ist ein {format}-Bild, aber Datature Vi nimmt die Endung {extension} nicht an.',
    suggestion: 'Benennen Sie sie so um, dass sie auf eine davon endet: {endings}.',
  },
  'unsupported:no-extension': {
    title: 'Endung wird nicht angenommen',
    detail: '„{file}“ ist ein {format}-Bild, aber Datature Vi nimmt keine Dateien ohne Endung an.',
    suggestion: 'Benennen Sie sie so um, dass sie auf eine davon endet: {endings}.',
  },
  mislabelled: {
    title: 'Falsche Endung',
    detail: '„{file}“ heißt wie ein {said}-Bild, aber ihr Inhalt ist {found}.',
    suggestion:
      'Benennen Sie sie so um, dass sie auf {ending} endet. So, wie sie ist, lehnt der Dienst sie vielleicht ab.',
  },
  'too-large': { title: 'Zu groß für eine Vorschau' },
  'too-large:pixels': {
    detail: '„{file}“ hat {width} × {height} Pixel, mehr, als sich nur zum Zeigen entschlüsseln lassen.',
    suggestion: 'Sie brauchen nichts zu tun: Das Bild wird nur ohne Vorschau gezeigt.',
  },
  'too-large:asset': {
    detail: '„{name}“ ist zu groß, um es nur zum Zeigen herunterzuladen.',
    suggestion: 'Öffnen Sie es in Datature Vi.',
  },
  'no-contents': {
    title: 'Nicht zu bekommen',
    detail: 'Der Dienst gibt keine Adresse für die Bytes von „{name}“.',
    suggestion: 'Versuchen Sie es in einer Weile noch einmal.',
  },
  'nothing-to-show': {
    title: 'Nichts zu zeigen',
    detail: 'Ein solches Bild gibt es hier nicht mehr.',
    suggestion: 'Laden Sie die Liste neu.',
  },
  link: {
    title: 'Ist eine Verknüpfung',
    detail:
      '„{path}“ ist eine Verknüpfung. Ihr wird nicht gefolgt: Wohin sie führt, das wird nicht abgeglichen.',
    suggestion:
      'Legen Sie die Datei oder den Ordner selbst hierher, oder lassen Sie sie durch eine Regel in „{ruleFile}“ aus.',
  },
  'being-written': {
    title: 'Wird gerade geschrieben',
    detail:
      '„{path}“ hält seit Minuten nicht still: Ein Programm schreibt darin. Es zählt, sobald niemand mehr daran rührt.',
    suggestion: `${nothing} Endet es nie, lassen Sie die Datei durch eine Regel in „{ruleFile}“ aus.`,
  },
  'content-rotten': {
    title: 'Geändert, ohne dass jemand geschrieben hat',
    detail:
      '„{path}“ hat andere Bytes als beim letzten Lesen, obwohl niemand sie seitdem gespeichert hat: Vielleicht versagt ihr Laufwerk. Sie wird nicht hochgeladen.',
    suggestion:
      'Löschen Sie sie, um wieder die Fassung des Datensatzes zu haben, und prüfen Sie das Laufwerk. Haben Sie sie selbst geändert, speichern Sie sie noch einmal.',
  },
  'not-seen': {
    title: 'Seit dem Neuaufbau nicht gesehen',
    detail: 'Das Manifest wurde neu aufgebaut, und seitdem ließ sich diese Datei nicht ansehen.',
    suggestion: 'Prüfen Sie die Zugriffsrechte ihres Ordners. Es wird von selbst wieder versucht.',
  },
  'asset-id-invalid': {
    title: 'Ein Asset ohne brauchbare ID',
    detail: 'Der Dienst gibt „{name}“ die ID „{id}“, nach der sich nichts fragen lässt.',
    suggestion: `${untouched} Sagen Sie es dem Support des Dienstes.`,
  },
  'unsafe-name': {
    title: 'Kann hier keine Datei sein',
    detail: 'Das Asset „{name}“ hat einen Namen, den auf diesem Laufwerk keine Datei haben kann.',
    suggestion: otherName,
  },
  'unsupported-name': {
    title: 'Wegen des Namens nicht abgeglichen',
    detail:
      'Das Asset „{name}“ gälte hier nicht als Bild: Seine Endung ist keine der unterstützten, oder sein Name bezeichnet eine versteckte oder unfertige Datei.',
    suggestion: otherName,
  },
  'file-not-here': {
    title: 'Nicht im Ordner',
    detail: '„{file}“ ist nicht im Ordner dieses Abgleichs.',
    suggestion: 'Laden Sie die Liste der Dateien neu.',
  },
  'not-in-trash': {
    title: 'Nicht im Papierkorb',
    detail: 'Diese Datei ist nicht mehr im Papierkorb.',
    suggestion: 'Sehen Sie die Liste des Papierkorbs noch einmal an.',
  },
  'place-blocked': {
    title: 'Etwas ist im Weg',
    detail:
      '„{path}“ kommt nicht an ihren Platz: „{place}“ ist eine Datei oder Verknüpfung, wo ein Ordner sein muss.',
    suggestion: 'Räumen Sie sie weg, oder benennen Sie sie um. Es wird von selbst wieder versucht.',
  },
  'disk-error': {
    title: 'Das Laufwerk hat es abgelehnt',
    detail: '„{path}“ ließ sich nicht schreiben oder verschieben ({code}).',
    suggestion: 'Prüfen Sie die Zugriffsrechte des Ordners, und ob ein anderes Programm die Datei offen hat.',
  },
  'disk-full': {
    title: 'Das Laufwerk ist voll',
    detail: 'Auf dem Laufwerk ihres Ordners ist kein Platz für „{path}“.',
    suggestion: 'Schaffen Sie dort Platz. Es wird von selbst wieder versucht.',
  },
  DiskFull: {
    title: 'Das Laufwerk ist voll',
    detail: 'Für „{path}“ ist kein Platz.',
    suggestion:
      'Schaffen Sie Platz, und versuchen Sie es noch einmal: Was schon da ist, wird nicht noch einmal geholt.',
  },
  FileAccessDenied: {
    title: 'Kein Zugriff auf eine Datei',
    detail: 'Der Zugriff auf „{path}“ ist verweigert.',
    suggestion: access,
  },
  FileNotFound: {
    title: 'Eine Datei ist nicht da',
    detail: '„{path}“ gibt es nicht.',
    suggestion: 'Prüfen Sie den Pfad.',
  },
  'FileNotFound:ENOTDIR': { detail: 'Ein Teil des Pfads „{path}“ ist kein Ordner.' },
  NotAFile: {
    title: 'Das ist keine Datei',
    detail: '„{path}“ ist ein Ordner.',
    suggestion: 'Räumen Sie den Ordner weg, oder geben Sie ihm einen anderen Namen.',
  },
  FileBusy: {
    title: 'Eine Datei wird gerade benutzt',
    detail: 'Ein anderes Programm benutzt „{path}“.',
    suggestion: 'Schließen Sie das andere Programm, und versuchen Sie es noch einmal.',
  },
  FileFailed: {
    title: 'Eine Datei macht Schwierigkeiten',
    detail: '„{path}“ lässt sich nicht lesen oder schreiben. ({message})',
    suggestion: 'Prüfen Sie die Datei und ihr Laufwerk.',
  },
  TooManyOpenFiles: {
    title: 'Zu viele offene Dateien',
    detail: '„{path}“ lässt sich nicht öffnen: Zu viele Dateien sind offen.',
    suggestion: 'Schließen Sie andere Programme, oder erhöhen Sie die Grenze offener Dateien.',
  },
  NameTooLong: {
    title: 'Der Name ist zu lang',
    detail: 'Der Name von „{path}“ ist zu lang.',
    suggestion: 'Verwenden Sie einen kürzeren Pfad.',
  },
  SymbolicLink: {
    title: 'Eine Verknüpfung ist im Weg',
    detail: '„{path}“ ist eine Verknüpfung.',
    suggestion: 'Entfernen Sie sie.',
  },
};
