import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

export const mirror: Catalogue['mirror'] = {
  view: 'Darstellung der Dateien',
  table: 'Tabelle',
  grid: 'Vorschaubilder',
  more: 'Mehr zu diesem Abgleich',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  start: 'Starten',
  verify: 'Alles überprüfen',
  verifying: 'Alle Dateien und alle Assets werden von Grund auf neu gelesen',
  verified: 'Alles ist überprüft',
  openFolder: 'Ordner öffnen',
  settings: 'Einstellungen dieses Abgleichs',
  toAccount: 'Konto ansehen',
  reviewPlan: 'Plan ansehen',
  showInFolder: 'Im Ordner zeigen',
  answer: 'Entscheiden',
  here: 'Ordner',
  there: 'Datensatz',
  whichPicture: 'Welches Bild gezeigt wird',
  property: 'Eigenschaft',
  sha256: 'SHA-256',
  hashOf: (algorithm) => `Prüfsumme des Dienstes (${algorithm})`,
  copyHash: 'SHA-256 kopieren',
  asset: 'Asset',
  annotations: (n, shown) => count(n, shown, 'Annotation', 'Annotationen'),
  history: 'Verlauf',
  noHistory: 'Mit dieser Datei ist nichts geschehen, seit Vi Sync sie kennt.',
  gone: 'Diese Datei gibt es nicht mehr.',
};
