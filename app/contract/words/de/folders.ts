import type { ProblemCatalogue } from '../sentence.ts';

const unchanged = 'Im Datensatz wurde nichts geändert.';
const stays =
  'Was darunter bekannt ist, bleibt, wie es war: Dort wird nichts hoch- oder heruntergeladen und nichts gelöscht.';
const putRight = 'Bringen Sie „{ruleFile}“ in Ordnung, oder löschen Sie die Datei.';
const rules = '„{ruleFile}“ sagt, was nicht abgeglichen wird, und';
const alone =
  'Der Ordner dieser Datei bleibt unberührt, bis sie sich lesen lässt: Dort wird nichts hoch- oder heruntergeladen und nichts gelöscht.';

/** The folders of mirrors, and what is left out of them. */
export const folderProblems: ProblemCatalogue = {
  'folder-missing': {
    title: 'Der Ordner ist nicht da',
    detail: `„{folder}“ ist nicht zu finden. ${unchanged}`,
    suggestion:
      'Schließen Sie das Laufwerk an, oder bringen Sie den Ordner zurück. Sobald er da ist, geht der Abgleich von selbst weiter.',
  },
  'folder-replaced': {
    title: 'Der Ordner ist kein Ordner mehr',
    detail: `„{folder}“ ist jetzt eine Datei oder eine Verknüpfung. ${unchanged}`,
    suggestion: 'Bringen Sie den Ordner an seinen Platz zurück.',
  },
  'folder-empty': {
    title: 'Der Ordner ist leer',
    detail: `„{folder}“ ist jetzt leer, selbst „{ownFolder}“ von Vi Sync fehlt darin, als wäre das Laufwerk nicht eingehängt. ${unchanged}`,
    suggestion:
      'Schließen Sie das Laufwerk an, oder bringen Sie die Dateien zurück. Haben Sie den Ordner mit Absicht geleert, so entfernen Sie diesen Abgleich und fügen ihn neu hinzu.',
  },
  'folder-other': {
    title: 'Ein anderer Ordner ist an seiner Stelle',
    detail: `In „{folder}“ ist keine der Dateien mehr, wie sie war, und das Kennzeichen dieses Abgleichs fehlt, als wäre es ein anderes Laufwerk. ${unchanged}`,
    suggestion:
      'Schließen Sie das Laufwerk von vorher an. Haben Sie alle Dateien mit Absicht ersetzt, so entfernen Sie diesen Abgleich und fügen ihn neu hinzu.',
  },
  'folder-unreadable': {
    title: 'Ein Ordner lässt sich nicht lesen',
    suggestion:
      'Prüfen Sie seine Zugriffsrechte, und ob sein Laufwerk verbunden ist. Es wird von selbst wieder versucht.',
  },
  'folder-unreadable:root': {
    title: 'Der Ordner lässt sich nicht lesen',
    detail: `Das System lässt Vi Sync nicht in „{folder}“ sehen ({code}). ${unchanged}`,
    suggestion:
      'Prüfen Sie die Zugriffsrechte des Ordners, und ob sein Laufwerk oder Netzlaufwerk verbunden ist.',
  },
  'folder-unreadable:whole': {
    detail: `Das System lässt Vi Sync nicht in den Ordner des Abgleichs sehen ({code}). ${stays}`,
  },
  'folder-unreadable:part': {
    detail: `Das System lässt Vi Sync nicht in „{folder}“ sehen ({code}). ${stays}`,
  },
  'folder-unmounted': {
    title: 'Ein Laufwerk ist nicht verbunden',
    suggestion:
      'Schließen Sie das Laufwerk an. Sind seine Dateien für immer fort, so löschen Sie den Ordner „{folder}“.',
  },
  'folder-unmounted:whole': {
    detail: `Der Ordner des Abgleichs war ein eigenes Laufwerk und ist jetzt ein gewöhnlicher Ordner ohne dessen Dateien. ${stays}`,
  },
  'folder-unmounted:part': {
    detail: `„{folder}“ war ein eigenes Laufwerk und ist jetzt ein gewöhnlicher Ordner ohne dessen Dateien. ${stays}`,
  },
  'folder-covered': {
    title: 'Ein anderes Laufwerk verdeckt einen Ordner',
    suggestion: 'Trennen Sie dieses Laufwerk, oder hängen Sie es anderswo ein.',
  },
  'folder-covered:whole': {
    detail: `Am Ordner des Abgleichs ist ein Laufwerk eingehängt, und die Dateien von vorher sind nicht zu sehen. ${stays}`,
  },
  'folder-covered:part': {
    detail: `An „{folder}“ ist ein Laufwerk eingehängt, und die Dateien von vorher sind nicht zu sehen. ${stays}`,
  },
  'ignore-rules-changing': {
    title: 'Regeln werden gerade geändert',
    suggestion: 'Sie brauchen nichts zu tun.',
  },
  'ignore-rules-changing:whole': {
    detail: `Die Regeln des Abgleichs werden gerade geschrieben. ${stays}`,
  },
  'ignore-rules-changing:part': { detail: `Die Regeln von „{folder}“ werden gerade geschrieben. ${stays}` },
  'ignore-rules-unknown': { title: 'Regeln lassen sich nicht lesen', suggestion: putRight },
  'ignore-rules-unknown:no-file': { detail: `${rules} ist keine Datei. ${alone}` },
  'ignore-rules-unknown:no-text': { detail: `${rules} ist kein Text (UTF-8). ${alone}` },
  'ignore-rules-unknown:too-large': { detail: `${rules} hat mehr als {kib} KiB. ${alone}` },
  'ignore-rules-unknown:too-many': { detail: `${rules} hat mehr als {most} Regeln. ${alone}` },
  'ignore-rules-unknown:refused': {
    detail: `${rules} das System lässt Vi Sync die Datei nicht lesen ({code}). ${alone}`,
  },
  'ignore-rules-unknown:out-of-sight': {
    detail: `${rules} lässt sich nicht ansehen ({code}). ${alone}`,
  },
  'ignore-rules-unknown:line-no-text': { detail: `${rules} Zeile {line} darin ist kein Text. ${alone}` },
  'ignore-rules-unknown:line-long': {
    detail: `${rules} Zeile {line} darin ist länger als {most} Zeichen. ${alone}`,
  },
  'ignore-rules-unknown:line-stars': {
    detail: `${rules} Zeile {line} darin hat mehr als {most} „**“. ${alone}`,
  },
  ignored: {
    title: 'Von einer Regel ausgelassen',
    suggestion: 'Ändern Sie die Regel, um es wieder abzugleichen: Es geht weiter, wo es war.',
  },
  'ignored:no-rule': {
    detail: '„{path}“ wird ausgelassen. Ordner und Datensatz bleiben, wie sie sind.',
  },
  'ignored:built-in': {
    detail:
      '„{path}“ wird ausgelassen: Die eingebaute Regel ({rule}) betrifft „{at}“. Ordner und Datensatz bleiben, wie sie sind.',
  },
  'ignored:file': {
    detail:
      '„{path}“ wird ausgelassen: Die Regel „{pattern}“ in „{file}“, Zeile {line}, betrifft „{at}“. Ordner und Datensatz bleiben, wie sie sind.',
  },
  'behind-link': {
    title: 'Hinter einer Verknüpfung',
    detail:
      '„{path}“ liegt hinter „{link}“, einer Verknüpfung. Verknüpfungen wird nicht gefolgt; Ordner und Datensatz bleiben, wie sie sind.',
    suggestion:
      'Setzen Sie den Ordner selbst an die Stelle der Verknüpfung, um ihn wieder abzugleichen: Es geht weiter, wo es war.',
  },
  'watch-failed': { title: 'Änderungen werden später als sonst gefunden' },
  'watch-failed:limit': {
    detail:
      'Das System überwacht nicht noch mehr Ordner ({code}), darum wird „{folder}“ stattdessen von Zeit zu Zeit durchgesehen.',
    suggestion:
      'Es geht nichts verloren. Erhöhen Sie die Grenze (unter Linux: fs.inotify.max_user_watches); das Überwachen wird alle paar Minuten wieder versucht.',
  },
  'watch-failed:other': {
    detail:
      'Das System kann „{folder}“ nicht ganz überwachen ({code}), darum wird der Ordner von Zeit zu Zeit durchgesehen.',
    suggestion:
      'Es geht nichts verloren; Änderungen werden beim nächsten Durchsehen gefunden. Das Überwachen wird alle paar Minuten wieder versucht.',
  },
  'watch-shared-drive': {
    title: 'Änderungen werden später als sonst gefunden',
    detail:
      '„{folder}“ liegt auf einem Netzlaufwerk. Das System meldet nicht, was andere Computer dort ändern, darum wird der Ordner auch von Zeit zu Zeit durchgesehen.',
    suggestion: 'Es geht nichts verloren; was andere ändern, wird beim nächsten Durchsehen gefunden.',
  },
  'watch-shared-drive:named': {
    detail:
      '„{folder}“ liegt auf einem Netzlaufwerk ({name}). Das System meldet nicht, was andere Computer dort ändern, darum wird der Ordner auch von Zeit zu Zeit durchgesehen.',
  },
  'rules-changed': {
    title: 'Die Regeln haben sich inzwischen geändert',
    detail:
      '„{ruleFile}“ ist nicht mehr, wie sie gezeigt wurde: Ein anderes Programm hat sie geschrieben. Ihre Regeln wurden nicht geschrieben.',
    suggestion: 'Laden Sie die Regeln neu, und machen Sie Ihre Änderung noch einmal.',
  },
  'rules-too-long': {
    title: 'Zu viele Regeln',
    detail: 'Die Regeln haben mehr als {kib} KiB und wurden nicht geschrieben.',
    suggestion: 'Sagen Sie es mit weniger Regeln: Ein Muster kann für viele Dateien stehen.',
  },
  'rules-not-understood': {
    title: 'Die Regeln sind nicht zu verstehen',
    detail: 'Sie wurden nicht geschrieben.',
    suggestion: 'Berichtigen Sie sie.',
  },
  'rules-not-understood:too-many': {
    detail: 'Sie wurden nicht geschrieben: Es sind mehr als {most}.',
  },
  'rules-not-understood:line-no-text': {
    detail: 'Sie wurden nicht geschrieben: Zeile {line} ist kein Text.',
  },
  'rules-not-understood:line-long': {
    detail: 'Sie wurden nicht geschrieben: Zeile {line} ist länger als {most} Zeichen.',
  },
  'rules-not-understood:line-stars': {
    detail: 'Sie wurden nicht geschrieben: Zeile {line} hat mehr als {most} „**“.',
  },
  'rules-unreadable': { title: 'Die Regeln lassen sich nicht zeigen', suggestion: putRight },
  'rules-unreadable:no-file': { detail: '„{ruleFile}“ ist eine Verknüpfung oder ein Ordner.' },
  'rules-unreadable:no-text': { detail: '„{ruleFile}“ ist kein Text (UTF-8).' },
  'rules-unreadable:too-large': { detail: '„{ruleFile}“ hat mehr als {kib} KiB.' },
  'rules-unreadable:refused': { detail: 'Das System lässt Vi Sync „{ruleFile}“ nicht lesen ({code}).' },
  'rules-not-written': {
    title: 'Die Regeln ließen sich nicht schreiben',
    detail: '„{ruleFile}“ in „{folder}“ ließ sich nicht schreiben ({code}). Die Datei ist, wie sie war.',
    suggestion:
      'Prüfen Sie die Zugriffsrechte des Ordners, und ob sein Laufwerk voll oder schreibgeschützt ist.',
  },
  'mirror-runs': {
    title: 'Wird schon abgeglichen',
    detail: '„{folder}“ wird schon mit diesem Datensatz abgeglichen.',
    suggestion: 'Wählen Sie einen anderen Ordner oder einen anderen Datensatz.',
  },
  'folder-not-writable': {
    title: 'In den Ordner lässt sich nicht schreiben',
    detail: 'Vi Sync kann seinen eigenen Ordner in „{folder}“ nicht anlegen ({code}).',
    suggestion:
      'Prüfen Sie die Zugriffsrechte des Ordners, und ob sein Laufwerk voll oder schreibgeschützt ist.',
  },
  'own-folder-blocked': {
    title: 'Der eigene Ordner von Vi Sync lässt sich nicht anlegen',
    detail:
      'Vi Sync bewahrt Unfertiges und Ersetztes in „{own}“ in „{folder}“ auf, und das ist dort eine Datei oder eine Verknüpfung.',
    suggestion: 'Räumen Sie sie aus dem Weg, oder wählen Sie einen anderen Ordner.',
  },
  'folder-mirrored': { title: 'Wird schon abgeglichen' },
  'folder-mirrored:mirror': {
    detail:
      '„{folder}“ ist, enthält oder liegt in „{other}“, das schon abgeglichen wird. Jede Datei gehört zu einem Abgleich.',
    suggestion: 'Wählen Sie einen Ordner abseits davon, oder entfernen Sie zuerst den anderen Abgleich.',
  },
  'folder-mirrored:pull': {
    title: 'Der Ordner wird abgeglichen',
    detail:
      '„{folder}“ ist, enthält oder liegt in „{other}“, das abgeglichen wird: Was dorthin geholt wird, würde hochgeladen.',
    suggestion: 'Holen Sie in einen anderen Ordner.',
  },
  'unknown-mirror': {
    title: 'Kein solcher Abgleich',
    detail: 'Diesen Abgleich gibt es nicht mehr, oder er läuft nicht.',
    suggestion: 'Laden Sie die Liste der Abgleiche neu.',
  },
  'folder-not-absolute': {
    title: 'Kein ganzer Pfad',
    detail: '„{folder}“ sagt nicht, wo es beginnt.',
    suggestion: 'Geben Sie den ganzen Pfad des Ordners an, oder wählen Sie ihn aus der Liste.',
  },
  'folder-unusable': {
    title: 'Der Ordner lässt sich nicht verwenden',
    detail: 'Das System verweigert „{folder}“ ({code}).',
    suggestion: 'Wählen Sie einen anderen Ordner, oder prüfen Sie seine Zugriffsrechte und sein Laufwerk.',
  },
  'folder-unusable:ENOENT': { detail: 'Einen Ordner „{folder}“ gibt es nicht.' },
  'folder-unusable:ENOTDIR': { detail: '„{folder}“ ist kein Ordner.' },
  'folder-unusable:EACCES': { detail: 'Das dürfen Sie in „{folder}“ nicht ({code}).' },
  'folder-unusable:EPERM': { detail: 'Das dürfen Sie in „{folder}“ nicht ({code}).' },
  'folder-unusable:EROFS': { detail: 'Das Laufwerk von „{folder}“ ist schreibgeschützt.' },
  'folder-unusable:ENOSPC': { detail: 'Das Laufwerk von „{folder}“ ist voll.' },
  'folder-unusable:ENAMETOOLONG': { detail: 'Der Name von „{folder}“ ist zu lang.' },
  'folder-name': {
    title: 'Kein Name für einen Ordner',
    detail: '„{name}“ kann nicht der Name eines Ordners sein.',
    suggestion: 'Geben Sie einen Namen ohne Schrägstriche und ohne Leerzeichen oder Punkt am Ende an.',
  },
  'folder-taken': {
    title: 'Diesen Namen gibt es schon',
    detail: '„{place}“ ist schon da.',
    suggestion: 'Wählen Sie ihn aus der Liste, oder geben Sie einen anderen Namen an.',
  },
};
