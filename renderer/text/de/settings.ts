import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

export const settings: Catalogue['settings'] = {
  subtitle: 'Änderungen gelten sofort.',
  parts: 'Teile der Einstellungen',
  saved: 'Gespeichert',
  refused: 'Nicht geändert',

  account: 'Konten',
  accountText:
    'Die Organisationen in Vi, mit denen dieser Computer arbeitet. Ein Schlüssel wird nie wieder angezeigt.',
  source: {
    keychain: 'Schlüssel im Schlüsselbund',
    environment: 'Schlüssel aus der Umgebung',
    sandbox: 'Sandbox in dieser App',
    session: 'Schlüssel, bis Vi Sync endet',
  },
  sourceMeaning: {
    keychain: 'Vom System verwahrt, wo andere Leute an diesem Computer ihn nicht lesen können.',
    environment:
      'Vi Sync wurde mit DATATURE_VI_SECRET_KEY gestartet. Zum Trennen entfernen Sie die Variable.',
    sandbox: 'Ein Vi-Server in dieser App. Er braucht keinen Schlüssel, und nichts verlässt diesen Computer.',
    session: 'Er liegt nur im Arbeitsspeicher. Nach einem Neustart muss er wieder eingegeben werden.',
  },
  connect: 'Konto verbinden…',
  reconnect: 'Neu verbinden…',
  connectTitle: 'Vi-Konto verbinden',
  connectText: 'Mit einem geheimen Schlüssel Ihrer Organisation. Er wird geprüft, bevor er abgelegt wird.',
  connected: (name) => `Mit ${name} verbunden`,
  disconnect: 'Trennen…',
  disconnectOf: (name) => `${name} trennen…`,
  disconnectTitle: (name) => `${name} trennen?`,
  disconnectText:
    'Dieser Computer vergisst den Schlüssel. In Vi bleibt er gültig: Widerrufen Sie ihn dort, wenn niemand ihn mehr braucht.',
  disconnectMirrors: (n, shown) =>
    `${count(n, shown, 'Abgleich steht', 'Abgleiche stehen')} still, bis das Konto wieder verbunden ist.`,
  disconnectGo: 'Trennen',
  disconnected: (name) => `${name} ist getrennt`,
  noAccount: 'Noch ist kein Konto verbunden.',

  sync: 'Abgleichen',
  retention: 'Wenn eine geänderte Datei ein annotiertes Bild ersetzt',
  retentionText: 'Für jeden Abgleich ohne eigene Einstellung.',
  retentionModes: {
    ask: {
      title: 'Mich fragen',
      text: 'Die Datei wartet, und Sie sehen beide Bilder und was mit den Annotationen geschähe. Die sichere Wahl.',
    },
    KeepLinkedResource: {
      title: 'Annotationen behalten',
      text: 'Sie bleiben unverändert am neuen Bild. Richtig, wenn es dasselbe zeigt, etwa ein besserer Export; wo sich Pixel verschoben haben, passen Rahmen vielleicht nicht mehr.',
    },
    RemoveLinkedResource: {
      title: 'Annotationen entfernen',
      text: 'Das neue Bild beginnt ohne. Richtig, wenn es etwas anderes zeigt. Sie kommen nicht zurück.',
    },
  },
  trashDays: 'Ersetzte und gelöschte Dateien behalten',
  trashDaysHint: 'Sie liegen im Papierkorb und lassen sich von dort zurücklegen.',
  trashForever: 'Bis ich den Papierkorb leere',
  trashDay: (n, shown) => count(n, shown, 'Tag', 'Tage'),

  transfers: 'Übertragungen',
  limits: 'Bandbreite',
  upload: 'Höchstens hochladen',
  download: 'Höchstens herunterladen',
  perSecond: 'MB/s',
  unlimited: 'Leer lassen für keine Grenze.',
  limitWrong: 'Geben Sie eine Zahl über 0 ein, oder lassen Sie das Feld leer.',
  schedule: 'Zu manchen Stunden andere Grenzen',
  scheduleHint: 'Zum Beispiel langsamer, solange gearbeitet wird.',
  scheduleFrom: 'Von',
  scheduleTo: 'Bis',
  scheduleDays: 'Am',
  scheduleOvernight: 'Sie gelten über Mitternacht hinaus, bis in den nächsten Tag.',
  scheduleWholeDay: 'Den ganzen Tag.',
  scheduleUpload: 'Dann höchstens hochladen',
  scheduleDownload: 'Dann höchstens herunterladen',
  atOnce: 'Gleichzeitig',
  uploadsAtOnce: 'Gleichzeitig hochladen',
  downloadsAtOnce: 'Gleichzeitig herunterladen',
  atOnceHint: '1 bis 64. Mehr ist bei vielen kleinen Dateien schneller und belastet das Netz mehr.',
  atOnceWrong: 'Geben Sie eine ganze Zahl von 1 bis 64 ein.',

  appearance: 'Aussehen',
  theme: 'Farben',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  languageSystem: 'Wie das System',

  background: 'Im Hintergrund',
  notify: 'Mich benachrichtigen, wenn',
  notifications: {
    holds: 'etwas auf meine Antwort wartet',
    finished: 'ein Abgleich fertig oder ein Datensatz geholt ist',
    problems: 'etwas nicht stimmt',
  },
  startAtLogin: 'Vi Sync beim Anmelden starten',
  pauseOnBattery: 'Anhalten, solange der Computer mit Akku läuft',
  keepAwake: 'Den Computer wach halten, solange Dateien übertragen werden',
  updates: 'Neue Versionen von Vi Sync',
  updateChoices: { stable: 'Übernehmen', test: 'Auch Testversionen', off: 'Nie' },

  network: 'Netzwerk',
  proxy: 'Proxy',
  proxyHint: 'Zum Beispiel http://proxy.example.com:3128. Leer lassen, um den der Umgebung zu nehmen.',
  caFile: 'Zusätzliche CA-Zertifikate',
  caFileHint: 'Vollständiger Pfad einer PEM-Datei, für Netze, die verschlüsselten Verkehr prüfen.',
  fromNextStart: 'Gilt, sobald Vi Sync neu gestartet ist.',
  save: 'Speichern',

  help: 'Hilfe und Diagnose',
  log: 'Protokolldatei',
  noLog: 'Dieses Vi Sync schreibt keine Protokolldatei.',
  copyPath: 'Pfad kopieren',
  bundle: 'Diagnosepaket',
  bundleText:
    'Eine Datei für einen Fehlerbericht: Versionen, Einstellungen, Anzahlen und Protokolle. Schlüssel, Namen und Pfade sind herausgenommen.',
  bundleGo: 'Paket erstellen',
  bundleMaking: 'Wird erstellt…',
  bundleDone: (bytes) => `Das Paket ist geschrieben (${bytes}):`,
  about: 'Über Vi Sync',
  version: 'Version',
  platform: 'Plattform',
  dataDir: 'Daten von Vi Sync',
};
