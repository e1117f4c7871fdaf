import type { ProblemCatalogue } from '../sentence.ts';

const reload = 'Laden Sie die Seite neu: Vielleicht ist sie von einer anderen Version.';
const restart = 'Starten Sie Vi Sync neu.';
const folderOrDisk =
  'Prüfen Sie die Zugriffsrechte des Ordners, und ob sein Laufwerk voll oder schreibgeschützt ist.';

/** Vi Sync itself: its settings, its manifest, its faults. */
export const appProblems: ProblemCatalogue = {
  'manifest-full': {
    title: 'Das Laufwerk ist voll',
    detail:
      'Vi Sync kann nicht aufschreiben, was es sieht und tut: Auf dem Laufwerk seines Datenordners ist kein Platz mehr.',
    suggestion:
      'Schaffen Sie dort Platz. Der Abgleich geht in ein paar Sekunden von selbst weiter und überträgt nichts doppelt.',
  },
  'manifest-unwritable': {
    title: 'Das Manifest lässt sich nicht schreiben',
    detail: 'Das Laufwerk des Datenordners nimmt nicht an, was Vi Sync aufschreiben will ({code}).',
    suggestion:
      'Prüfen Sie, ob das Laufwerk verbunden, heil und nicht schreibgeschützt ist. Der Abgleich geht von selbst weiter, sobald er kann.',
  },
  'manifest-in-use': {
    title: 'Vi Sync läuft schon',
    detail: 'Ein anderes Vi Sync arbeitet mit den Daten in {folder}.',
    suggestion:
      'Benutzen Sie das, das läuft, oder beenden Sie es zuerst. Zwei zugleich würden dieselben Dateien doppelt hochladen.',
  },
  'manifest-newer': {
    title: 'Von einem neueren Vi Sync',
    detail: '{file} hat die Version {version}; dieses Programm kennt sie bis {known}. Nichts wurde geändert.',
    suggestion: 'Installieren Sie das neueste Vi Sync, oder nehmen Sie einen anderen Datenordner.',
  },
  'manifest-unreadable': { detail: '{file} ({message}).' },
  'manifest-unreadable:full': {
    title: 'Das Laufwerk ist voll',
    suggestion: 'Schaffen Sie auf seinem Laufwerk Platz, und starten Sie Vi Sync neu.',
  },
  'manifest-unreadable:denied': {
    title: 'Das Manifest lässt sich nicht öffnen',
    suggestion:
      'Prüfen Sie, ob Sie die Datei und ihren Ordner lesen und schreiben dürfen, und ob das Laufwerk nicht schreibgeschützt ist.',
  },
  'manifest-unreadable:other': {
    title: 'Das Manifest lässt sich nicht lesen',
    suggestion:
      'Prüfen Sie, ob das Laufwerk heil und verbunden ist. Lässt sich die Datei selbst nicht mehr lesen, räumen Sie sie weg: Sie wird aus dem Ordner und dem Datensatz neu gebaut, und nichts wird doppelt hochgeladen.',
  },
  'manifest-damaged': {
    title: 'Das Manifest ist beschädigt',
    detail: '{file} ist beschädigt ({what}). Damit wird nichts mehr abgeglichen.',
    suggestion:
      'Starten Sie Vi Sync neu: Es legt die Datei beiseite und baut das Manifest aus ihr, dem Ordner und dem Datensatz neu auf. Nichts wird doppelt hochgeladen. Geschieht es wieder, prüfen Sie das Laufwerk.',
  },
  'internal-error': {
    title: 'Vi Sync hat einen Fehler',
    detail: 'Etwas in Vi Sync ist schiefgegangen. ({message})',
    suggestion:
      'Es geht in ein paar Sekunden weiter. Bleibt es so, senden Sie das Protokoll an die Hersteller von Vi Sync.',
  },
  internal: {
    title: 'In Vi Sync ist etwas schiefgegangen',
    detail: '{message}',
    suggestion:
      'Versuchen Sie es noch einmal. Geschieht es weiter, starten Sie Vi Sync neu, und sehen Sie in das Protokoll.',
  },
  page: {
    title: 'Vi Sync hat nicht wie erwartet geantwortet',
    detail: '{message}',
    suggestion: 'Laden Sie die Seite neu.',
  },
  'unknown-call': {
    title: 'Von Vi Sync wurde etwas verlangt, was es nicht versteht',
    detail: 'Diese Seite und Vi Sync passen nicht zusammen. ({detail})',
    suggestion: reload,
  },
  'invalid-arguments': {
    title: 'Von Vi Sync wurde etwas verlangt, was es nicht versteht',
    detail: 'Diese Seite und Vi Sync passen nicht zusammen. ({detail})',
    suggestion: reload,
  },
  'wrong-arguments': {
    title: 'Nicht verstanden',
    detail: 'Der Aufruf „{call}“ hat Angaben, die Vi Sync nicht annimmt.',
    suggestion: reload,
  },
  'wrong-token': {
    title: 'Die Liste kann nicht weitergehen',
    detail: 'Sie setzt nicht die Suche fort, für die sie gemacht wurde.',
    suggestion: 'Beginnen Sie die Suche neu.',
  },
  'engine-closed': {
    title: 'Vi Sync ist beendet',
    detail: 'Vi Sync wurde geschlossen.',
    suggestion: restart,
  },
  closed: { title: 'Vi Sync ist beendet', detail: 'Vi Sync wird gerade geschlossen.', suggestion: restart },
  'engine-lost': {
    title: 'Das andere Vi Sync ist beendet',
    detail: 'Vi Sync lief in einem anderen Prozess, der zu Ende ging, bevor er geantwortet hatte.',
    suggestion: 'Sehen Sie nach, ob es getan wurde, und wiederholen Sie es, wenn nicht.',
  },
  'engine-silent': {
    title: 'Das andere Vi Sync antwortet nicht',
    detail: 'Vi Sync läuft in einem anderen Prozess, der seit 15 Sekunden nicht geantwortet hat.',
    suggestion: 'Wiederholen Sie es in einer Weile. Bleibt es so, beenden Sie den anderen Prozess.',
  },
  'engine-version': {
    title: 'Das andere Vi Sync ist von einer anderen Version',
    detail:
      'Vi Sync läuft in einem anderen Prozess, und seine Antwort hat eine Form, die diese Version nicht kennt.',
    suggestion: 'Beenden Sie den anderen Prozess, und starten Sie Vi Sync neu.',
  },
  'proxy-unusable': {
    title: 'Der Proxy lässt sich nicht verwenden',
    suggestion: 'Geben Sie eine Adresse wie http://proxy.example.com:3128 an.',
  },
  'proxy-unusable:no-address': { detail: 'Die Adresse des Proxys ist keine Webadresse.' },
  'proxy-unusable:protocol': {
    detail: 'Die Adresse des Proxys beginnt mit {protocol}//, und das spricht Vi Sync nicht.',
  },
  'proxy-unusable:secret': {
    detail:
      'Die Adresse des Proxys enthält einen Benutzernamen oder ein Passwort, und Einstellungen sind kein Ort für Geheimnisse.',
    suggestion:
      'Lassen Sie sie hier weg, und setzen Sie HTTPS_PROXY in der Umgebung, aus der Vi Sync gestartet wird.',
  },
  'proxy-unusable:more': { detail: 'Die Adresse des Proxys hat mehr als einen Rechnernamen und einen Port.' },
  'ca-file-unusable': {
    title: 'Die Datei der Zertifizierungsstellen lässt sich nicht verwenden',
    suggestion: 'Wählen Sie die PEM-Datei (.pem, .crt), die Sie von Ihrer IT bekommen haben.',
  },
  'ca-file-unusable:relative': { detail: '„{file}“ sagt nicht, wo es beginnt.' },
  'ca-file-unusable:too-large': { detail: '„{file}“ ist zu groß für eine Datei mit Zertifikaten.' },
  'ca-file-unusable:unreadable': { detail: '„{file}“ lässt sich nicht lesen ({code}).' },
  'ca-file-unusable:none': { detail: '„{file}“ enthält kein Zertifikat in PEM-Form.' },
  'ca-file-unusable:damaged': { detail: '„{file}“ enthält ein Zertifikat, das beschädigt ist.' },
  'app-settings-damaged': {
    title: 'Einige Einstellungen sind verloren',
    detail:
      'Die Datei mit den Einstellungen dieser App war beschädigt. Sie heißt jetzt „{file}“; was sich davon lesen ließ, wurde übernommen. Abgleiche und ihre Einstellungen sind nicht betroffen.',
    suggestion: 'Sehen Sie die Einstellungen durch.',
  },
  'app-settings-unusable': { title: 'Die Einstellungen machen Schwierigkeiten', suggestion: folderOrDisk },
  'app-settings-unusable:read': {
    title: 'Die Einstellungen ließen sich nicht lesen',
    detail:
      'Die Datei der Einstellungen in „{folder}“ ließ sich nicht lesen ({code}). Nichts wurde geändert.',
  },
  'app-settings-unusable:written': {
    title: 'Die Einstellungen ließen sich nicht schreiben',
    detail:
      'Die Datei der Einstellungen in „{folder}“ ließ sich nicht schreiben ({code}). Nichts wurde geändert.',
  },
  'no-start-at-login': {
    title: 'Nur in der installierten App',
    detail: 'Vi Sync kann nur bei der Anmeldung starten, wenn es als App installiert ist.',
    suggestion:
      'Installieren Sie die App, oder fügen Sie „vi-sync watch“ zu dem hinzu, was Ihr System startet.',
  },
  'diagnostics-not-written': {
    title: 'Die Diagnose ließ sich nicht schreiben',
    detail: 'Sie ließ sich nicht nach „{folder}“ schreiben ({code}).',
    suggestion: folderOrDisk,
  },
  'cannot-choose': {
    title: 'Von hier aus nicht möglich',
    detail: 'Vi Sync kann hier den Dialog des Systems für Ordner nicht zeigen.',
    suggestion: 'Wählen Sie den Ordner aus der Liste, oder geben Sie seinen Pfad an.',
  },
  'cannot-show': {
    title: 'Von hier aus nicht möglich',
    detail: 'Vi Sync kann hier kein Fenster der Dateiverwaltung öffnen.',
    suggestion: 'Kopieren Sie den Pfad, und öffnen Sie ihn selbst.',
  },
};
