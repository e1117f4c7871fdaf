import type { ProblemCatalogue } from '../sentence.ts';

const reconnect =
  'Verbinden Sie das Konto dieser Organisation unter Einstellungen → Konten. Danach geht es von selbst weiter.';
const withoutStoring =
  'Oder verbinden Sie das Konto unter Einstellungen → Konten nur, bis Vi Sync endet, ohne den Schlüssel abzulegen.';

/** Keys, accounts and the keychain. */
export const accountProblems: ProblemCatalogue = {
  'not-logged-in': {
    title: 'Kein Konto dafür',
    detail:
      'Vi Sync hat keinen geheimen Schlüssel dieser Organisation, oder der Schlüsselbund des Systems, in dem er liegt, ist gesperrt.',
    suggestion: reconnect,
  },
  'other-organization': {
    title: 'Kein Konto dafür',
    detail:
      'Der Abgleich gehört zur Organisation {organization} bei {endpoint}. Der Schlüssel ist für {other} bei {otherEndpoint} und wird nirgendwo anders hin gesendet.',
    suggestion: reconnect,
  },
  'other-organization:folder': {
    title: 'Der Ordner gehört zu einer anderen Organisation',
    detail:
      'Die Lock-Datei in {folder} gehört zur Organisation {organization}, der geheime Schlüssel zu {other}.',
    suggestion:
      'Verbinden Sie diese Organisation unter Einstellungen → Konten, oder holen Sie in einen anderen Ordner.',
  },
  'other-organization:lock': {
    title: 'Die Lock-Datei gehört zu einer anderen Organisation',
    detail: 'Sie gehört zur Organisation {organization}, der geheime Schlüssel zu {other}.',
    suggestion: 'Verbinden Sie diese Organisation unter Einstellungen → Konten.',
  },
  AuthenticationFailed: {
    title: 'Der geheime Schlüssel wurde abgelehnt',
    detail: '{host} nimmt den Schlüssel nicht an.',
    suggestion:
      'Kopieren Sie den Schlüssel noch einmal aus den Einstellungen der Organisation in Vi, und verbinden Sie das Konto unter Einstellungen → Konten neu. Vielleicht wurde er widerrufen.',
  },
  PermissionDenied: {
    title: 'Mit diesem Schlüssel nicht erlaubt',
    detail: '{host} hat es abgelehnt.',
    suggestion:
      'Der Schlüssel ist gültig, darf das aber nicht. Geben Sie ihm in Vi das Recht dazu, oder verbinden Sie unter Einstellungen → Konten einen anderen.',
  },
  ConfigurationInvalid: {
    title: 'Kein Konto dafür',
    detail: 'Die Zugangsdaten sind nicht vollständig: {message}',
    suggestion: reconnect,
  },
  'secret-key-malformed': {
    title: 'Der geheime Schlüssel hat nicht die Form eines Schlüssels',
    suggestion:
      'Kopieren Sie noch einmal den ganzen Schlüssel aus den Einstellungen Ihrer Organisation in Datature Vi.',
  },
  'secret-key-malformed:begin': {
    detail:
      'Ein Schlüssel beginnt mit dtvi_ und hat {due} Zeichen. Dieser beginnt anders und hat {length} Zeichen.',
  },
  'secret-key-malformed:length': {
    detail: 'Ein Schlüssel beginnt mit dtvi_ und hat {due} Zeichen. Dieser hat {length} Zeichen.',
  },
  'secret-key-malformed:characters': {
    detail:
      'Ein Schlüssel beginnt mit dtvi_ und hat {due} Zeichen. Dieser hat {length} Zeichen, darunter solche, die in keinem Schlüssel vorkommen.',
  },
  'organization-missing': {
    title: 'Die Organisations-ID fehlt',
    detail: 'Es gibt einen geheimen Schlüssel, aber nicht die ID der Organisation, zu der er gehört.',
    suggestion: reconnect,
  },
  'organization-malformed': {
    title: 'Die Organisations-ID hat nicht die Form einer ID',
    detail: 'Eine ID hat 1 bis 255 Buchstaben, Ziffern, Binde- und Unterstriche.',
    suggestion: 'Kopieren Sie die ID noch einmal aus den Einstellungen Ihrer Organisation in Datature Vi.',
  },
  'endpoint-malformed': {
    title: 'Die Adresse des Dienstes lässt sich nicht verwenden',
    suggestion:
      'Geben Sie eine Adresse wie {example} an, oder lassen Sie sie weg. Auch DATATURE_VI_API_ENDPOINT in der Umgebung zählt.',
  },
  'endpoint-malformed:no-url': { detail: '„{endpoint}“ ist keine Webadresse.' },
  'endpoint-malformed:more': {
    detail: 'Sie darf keinen Benutzernamen, kein Passwort, keine Abfrage und kein Fragment enthalten.',
  },
  'endpoint-malformed:open': {
    detail: '{endpoint} ist nicht https: Der geheime Schlüssel liefe für andere lesbar durch das Netz.',
  },
  'endpoint-differs': {
    title: 'Der abgelegte Schlüssel gehört zu einer anderen Adresse',
    detail: 'Der Schlüssel im Schlüsselbund ist für {stored}; an {endpoint} wird er nicht gesendet.',
    suggestion:
      'Verbinden Sie das Konto bei dieser Adresse unter Einstellungen → Konten. Auch DATATURE_VI_API_ENDPOINT, womit Vi Sync gestartet wurde, zählt.',
  },
  'keychain-entry-unreadable': {
    title: 'Der Eintrag von Vi Sync im Schlüsselbund ist nicht lesbar',
    detail:
      'Er ist nicht, was Vi Sync dort ablegt; vielleicht hat ihn ein anderes Programm oder eine andere Version geschrieben.',
    suggestion:
      'Verbinden Sie das Konto unter Einstellungen → Konten neu: Damit wird der Eintrag neu geschrieben.',
  },
  'keychain-missing': {
    title: 'Auf diesem System antwortet kein Schlüsselbund',
    detail: 'Der geheime Schlüssel liegt im Schlüsselbund des Systems und nirgendwo sonst. ({message})',
    suggestion: `Installieren Sie einen Schlüsselbund, und melden Sie sich neu am Desktop an. ${withoutStoring}`,
  },
  'keychain-missing:library': {
    title: 'Die Bibliothek für den Schlüsselbund des Systems lässt sich nicht laden',
  },
  'keychain-locked': {
    title: 'Der Schlüsselbund des Systems ist gesperrt',
    detail: 'Er wurde nicht entsperrt, darum ließ sich nichts lesen oder ablegen. ({message})',
    suggestion: `Entsperren Sie ihn (eine Anmeldung am Desktop tut das, oder seine eigene App), und versuchen Sie es noch einmal. ${withoutStoring}`,
  },
  'keychain-timeout': {
    title: 'Der Schlüsselbund des Systems antwortet nicht',
    detail:
      'Er hatte {seconds} Sekunden. Vielleicht zeigt er ein Fenster, das nach seinem Passwort fragt, womöglich hinter anderen.',
    suggestion: `Suchen Sie dieses Fenster, entsperren Sie den Schlüsselbund, und versuchen Sie es noch einmal. ${withoutStoring}`,
  },
  'keychain-failed': {
    title: 'Der Schlüsselbund des Systems meldet einen Fehler',
    detail: '{message}',
    suggestion: `Sehen Sie in der App des Schlüsselbunds nach, ob er funktioniert, und versuchen Sie es noch einmal. ${withoutStoring}`,
  },
  'key-of-environment': {
    title: 'Der Schlüssel steht in der Umgebung',
    detail: 'Der Schlüssel dieses Kontos kommt aus DATATURE_VI_SECRET_KEY, womit Vi Sync gestartet wurde.',
    suggestion: 'Entfernen Sie die Variable aus der Umgebung, und starten Sie Vi Sync neu.',
  },
  'key-of-sandbox': {
    title: 'Die Sandbox ist ein Teil von Vi Sync',
    detail: 'Die Sandbox läuft in diesem Vi Sync und braucht keinen Schlüssel.',
    suggestion: 'Entfernen Sie ihre Abgleiche, wenn Sie sie nicht mehr wollen.',
  },
  'not-connected': {
    title: 'Nicht verbunden',
    detail: 'Es gibt keinen Schlüssel der Organisation {organization} bei {endpoint}.',
    suggestion: 'Laden Sie die Liste der Konten neu.',
  },
};
