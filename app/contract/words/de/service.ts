import type { ProblemCatalogue } from '../sentence.ts';

const byItself = 'Sie brauchen nichts zu tun: Es wird von selbst wieder versucht.';
const again = 'Versuchen Sie es noch einmal.';
const support = 'Bleibt es so, nennen Sie dem Support des Dienstes die Datei und diesen Code.';

/** What the service, or the way to it, has against a call. */
export const serviceProblems: ProblemCatalogue = {
  NetworkError: {
    title: 'Der Dienst ist nicht zu erreichen',
    detail: 'Keine Verbindung zu {host}.',
    suggestion:
      'Prüfen Sie die Netzverbindung, einen Proxy oder eine Firewall, und die Adresse des Dienstes.',
  },
  'NetworkError:ECONNREFUSED': { detail: 'Keine Verbindung zu {host}: Dort antwortet nichts.' },
  'NetworkError:ENOTFOUND': { detail: 'Keine Verbindung zu {host}: Der Name ist nicht bekannt.' },
  'NetworkError:EAI_AGAIN': { detail: 'Keine Verbindung zu {host}: Der Name ließ sich nicht nachschlagen.' },
  'NetworkError:EHOSTUNREACH': { detail: 'Keine Verbindung zu {host}: Der Rechner ist nicht erreichbar.' },
  'NetworkError:ENETUNREACH': { detail: 'Keine Verbindung zu {host}: Das Netz ist nicht erreichbar.' },
  'NetworkError:ECONNRESET': { detail: 'Die Verbindung wurde von {host} beendet.' },
  'NetworkError:EPIPE': { detail: 'Die Verbindung wurde von {host} beendet.' },
  'NetworkError:UND_ERR_SOCKET': { detail: 'Die Verbindung wurde von {host} beendet.' },
  CertificateInvalid: {
    title: 'Der Dienst ist nicht zu erreichen',
    detail: 'Dem Zertifikat von {host} ist nicht zu trauen ({errno}).',
    suggestion:
      'Prüfen Sie die Adresse und die Uhr dieses Computers. Hinter einem Firmen-Proxy geben Sie unter Einstellungen → Netzwerk die Datei der Zertifizierungsstellen an.',
  },
  Timeout: {
    title: 'Der Dienst antwortet nicht',
    detail: 'Es hat zu lange gedauert. ({message})',
    suggestion: again,
  },
  ServerError: {
    title: 'Der Dienst hat eine Störung',
    detail: 'Der Dienst hat mit {status} geantwortet.',
    suggestion: 'Versuchen Sie es später noch einmal; bleibt es so, wenden Sie sich an seinen Support.',
  },
  InsufficientStorage: {
    title: 'Der Dienst hat keinen Platz',
    detail: 'Der Speicher des Dienstes ist voll.',
    suggestion:
      'Schaffen Sie Platz, wo der Dienst seine Dateien aufbewahrt, und versuchen Sie es noch einmal.',
  },
  RateLimitExceeded: {
    title: 'Der Dienst bittet zu warten',
    detail: 'In kurzer Zeit wurde zu viel von ihm verlangt.',
    suggestion: 'Warten Sie einen Moment: In 10 Minuten lassen sich etwa 10 Upload-Sitzungen beginnen.',
  },
  'RateLimitExceeded:wait': { suggestion: 'Versuchen Sie es in {waitSeconds} s noch einmal.' },
  InvalidResponse: {
    title: 'Die Antwort ist nicht zu verstehen',
    detail: 'Der Dienst hat anders geantwortet, als seine Schnittstelle sagt. ({message})',
    suggestion:
      'Prüfen Sie, ob die Adresse die einer Vi-API ist, und ob nicht ein Proxy oder eine Anmeldeseite an ihrer Stelle antwortet.',
  },
  ResourceNotFound: {
    title: 'Das gibt es beim Dienst nicht',
    detail: 'Der Dienst kennt es nicht (mehr). ({message})',
    suggestion: 'Prüfen Sie, ob es noch da ist und zur Organisation dieses Kontos gehört.',
  },
  ResourceConflict: {
    title: 'Es hat sich inzwischen geändert',
    detail: 'Beim Dienst ist es jetzt anders. ({message})',
    suggestion: 'Laden Sie neu, was dort ist, und entscheiden Sie noch einmal.',
  },
  ValidationFailed: {
    title: 'Der Dienst hat das nicht verstanden',
    detail: 'Er nimmt es so nicht an. ({message})',
    suggestion: 'Prüfen Sie Ihre Angaben.',
  },
  InvalidParameter: {
    title: 'Das geht so nicht',
    detail: 'Eine Angabe ist nicht zulässig. ({message})',
    suggestion: 'Prüfen Sie Ihre Angaben.',
  },
  RequestRefused: {
    title: 'Das hat nicht geklappt',
    detail: 'Der Dienst hat es abgelehnt ({status}).',
    suggestion: 'Prüfen Sie die Adresse des Dienstes, und ob es eine neuere Version von Vi Sync gibt.',
  },
  OperationFailed: {
    title: 'Das hat nicht geklappt',
    detail: 'Der Dienst konnte es nicht ausführen. ({message})',
    suggestion: 'Prüfen Sie die Adresse des Dienstes, und ob es eine neuere Version von Vi Sync gibt.',
  },
  UnexpectedRedirect: {
    title: 'Der Dienst ist nicht zu erreichen',
    detail: 'Die Adresse leitet anderswohin weiter, und dem wird nicht gefolgt.',
    suggestion: 'Verbinden Sie das Konto mit der Adresse, die die API wirklich hat.',
  },
  EndlessListing: {
    title: 'Die Liste hat kein Ende',
    detail: 'Der Dienst listet immer weiter, ohne an ein Ende zu kommen.',
    suggestion: 'Versuchen Sie es später noch einmal.',
  },
  SignedUrlInvalid: {
    title: 'Eine Adresse des Dienstes wird nicht verwendet',
    detail: 'Der Dienst hat eine Adresse gegeben, der nicht zu trauen ist.',
    suggestion:
      'Prüfen Sie, ob die Adresse des Dienstes die ist, die Sie meinen; ist sie es, sagen Sie es seinem Support.',
  },
  UploadFailed: {
    title: 'Ließ sich nicht hochladen',
    detail: '„{file}“ wurde nicht angenommen ({message}).',
    suggestion: byItself,
  },
  DownloadFailed: {
    title: 'Ließ sich nicht herunterladen',
    detail: '„{file}“ kam nicht an ({message}).',
    suggestion: byItself,
  },
  UrlExpired: {
    title: 'Die Adresse ist abgelaufen',
    detail: 'Die Adresse, unter der der Dienst die Datei nimmt oder gibt, galt nicht mehr.',
    suggestion: byItself,
  },
  UrlMissing: {
    title: 'Keine Adresse vom Dienst',
    detail: 'Der Dienst hat keine Adresse für die Datei gegeben.',
    suggestion: again,
  },
  NoContents: {
    title: 'Ließ sich nicht herunterladen',
    detail: 'Der Dienst gibt keine Adresse für den Inhalt von „{file}“.',
    suggestion: 'Vielleicht wird das Asset noch verarbeitet. Es wird von selbst wieder versucht.',
  },
  ContentMismatch: {
    title: 'Ließ sich nicht herunterladen',
    detail: 'Für „{file}“ kam ein anderer Inhalt an, als der Dienst sagt.',
    suggestion:
      'Versuchen Sie es noch einmal; bleibt es so, ist das Asset beim Dienst beschädigt: Laden Sie es neu hoch.',
  },
  FileChanged: {
    title: 'Ließ sich nicht hochladen',
    detail: '„{file}“ hat sich geändert, seit sie angekündigt wurde.',
    suggestion: 'Sie wird hochgeladen, sobald niemand mehr in sie schreibt.',
  },
  TooLarge: {
    title: 'Zu groß',
    detail: 'Das Herunterladen von „{file}“ wurde abgebrochen: So groß ist kein Bild.',
    suggestion: 'Der Dienst sagt nicht, wie groß es ist. Sehen Sie sich das Asset in Datature Vi an.',
  },
  FileTooLarge: {
    title: 'Zu groß für den Dienst',
    detail: '„{file}“ ist größer, als der Dienst annimmt.',
    suggestion: 'Verkleinern Sie die Datei, oder bitten Sie den Dienst um eine höhere Grenze.',
  },
  'not-listed': {
    title: 'Hochgeladen und nicht zu finden',
    detail: 'Der Dienst hat „{path}“ angenommen, zeigt es aber nicht.',
    suggestion: 'Es wird in einer Weile von selbst noch einmal hochgeladen.',
  },
  'no-upload-url': {
    title: 'Vom Dienst nicht angenommen',
    detail: 'Der Dienst hat keine Adresse gegeben, an die „{path}“ gesendet werden kann.',
    suggestion: byItself,
  },
  'count-disagrees': {
    title: 'Die Zahl des Datensatzes passt nicht',
    detail:
      'Der Dienst zählt immer wieder andere Assets, als er auflistet, obwohl alles aufgelistet wurde. Was er auflistet, wird abgeglichen; dort gelöschte Assets fallen vielleicht spät auf.',
    suggestion: 'Alles wird von selbst neu aufgelistet, immer seltener, bis die Zahl passt.',
  },
  ...ingestionProblems({
    EALREADY: [
      'der Datensatz hat diese Datei schon',
      'Sie brauchen nichts zu tun, wenn das Asset das ist, das Sie wollen.',
    ],
    EBADMIME: [
      'ihr Inhalt hat nicht das Format, das ihre Endung sagt',
      'Speichern Sie das Bild im Format seiner Endung, oder geben Sie ihm die Endung seines Formats.',
    ],
    EBADSIZE: [
      'es kamen mehr oder weniger Bytes an als angekündigt',
      'Sie wird noch einmal hochgeladen, sobald niemand mehr in sie schreibt.',
    ],
    ECORRUPT: [
      'es kamen andere Bytes an als angekündigt, oder das Bild ist beschädigt',
      'Öffnen Sie das Bild, um zu sehen, ob es ganz ist.',
    ],
    ENOQUOTA: [
      'das Kontingent der Organisation an Datenzeilen ist aufgebraucht',
      'Löschen Sie Assets, die Sie nicht brauchen (jedes gibt 5 Datenzeilen zurück), oder bitten Sie um ein größeres Kontingent.',
    ],
    ETIMEOUT: ['ihre Bytes kamen nicht rechtzeitig an', byItself],
    EUNKNOWN: ['dort ist etwas fehlgeschlagen, was der Dienst nicht nennt', support],
    EOLDMETA: ['ein neuerer Upload desselben Namens kam ihr zuvor', byItself],
    ERESNENT: ['etwas, zu dem sie gehört, ist nicht da', support],
    EPROJECT: ['der Datensatz nimmt sie nicht an', support],
    ENOASSET: ['das Asset ist nicht da', support],
    ESEQMETA: ['Uploads desselben Namens sind sich in die Quere gekommen', byItself],
  }),
};

/** What the service says of a file that it did not take: code → reason, and what to do. */
function ingestionProblems(reasons: Readonly<Record<string, readonly [string, string]>>): ProblemCatalogue {
  return Object.fromEntries(
    Object.entries(reasons).map(([code, [reason, suggestion]]) => [
      code,
      {
        title: 'Vom Dienst nicht angenommen',
        detail: `Der Dienst hat „{path}“ nicht angenommen: ${reason} ({code}).`,
        suggestion,
      },
    ]),
  );
}
