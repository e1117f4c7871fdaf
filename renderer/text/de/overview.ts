import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');

export const overview: Catalogue['overview'] = {
  subtitle: {
    'in-sync': 'Alles ist abgeglichen',
    syncing: 'Wird abgeglichen',
    waiting: 'Etwas wartet auf Sie',
    attention: 'Etwas braucht Ihre Aufmerksamkeit',
    offline: 'Der Dienst ist nicht erreichbar',
    paused: 'Alles ist angehalten',
    quiet: 'Nichts wird abgeglichen',
  },
  pauseAll: 'Alle anhalten',
  resumeAll: 'Alle fortsetzen',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  start: 'Starten',
  reviewPlan: 'Plan ansehen',
  answer: 'Entscheiden',
  filesTotal: (n, shown) => count(n, shown, 'Datei', 'Dateien'),
  inSync: (shown) => `${shown} abgeglichen`,
  held: (n, shown) => count(n, shown, 'wartet auf Sie', 'warten auf Sie'),
  problems: (n, shown) => count(n, shown, 'Problem', 'Probleme'),
  queued: (shown) => `${shown} eingereiht`,
  sendsAt: (clock) => `Nächster Upload in ${clock}`,
  sendsAtMeaning:
    'Der Dienst nimmt etwa zehn Upload-Sitzungen in zehn Minuten an. Was sich inzwischen geändert hat, geht mit der nächsten.',
  triesAt: (clock) => `Nächster Versuch in ${clock}`,
  triesAtMeaning: 'Der Dienst wird von selbst wieder gefragt. „Jetzt abgleichen“ versucht es sofort.',
  budget: 'Upload-Sitzungen',
  budgetMeaning:
    'Der Dienst beginnt etwa zehn Upload-Sitzungen in zehn Minuten. Eine Sitzung fasst viele Dateien, also gehen wartende gemeinsam.',
  budgetOf: (used, allowed) => `${used} von ${allowed} genutzt`,
  budgetFree: 'Der nächste Upload beginnt sofort',
  dataRows: 'Verbrauchte Datenzeilen',
  dataRowsMeaning:
    'Was Uploads von diesem Computer vom Kontingent der Organisation verbraucht haben: fünf für jedes neue Bild.',
  usage: 'Kontingent',
  activity: 'Letzte Ereignisse',
  mirrorsEmptyTitle: 'Noch wird kein Ordner abgeglichen',
  mirrorsEmptyText:
    'Ein Abgleich hält einen Ordner mit Bildern und einen Vi-Datensatz im Gleichschritt. Legen Sie einen an, oder probieren Sie die Sandbox aus.',
  begin: 'Ersten Abgleich einrichten',
  direction: {
    'two-way': 'In beide Richtungen',
    push: 'Nur hochladen',
    pull: 'Nur herunterladen',
  },
};
