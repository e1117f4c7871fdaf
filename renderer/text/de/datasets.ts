import { countIn } from '../../../app/contract/words/plural.ts';
import type { Catalogue } from '../en/index.ts';

const count = countIn('de');
const assets = (n: number, shown: string): string => count(n, shown, 'Asset', 'Assets');
const annotations = (n: number, shown: string): string => count(n, shown, 'Annotation', 'Annotationen');

export const datasets: Catalogue['datasets'] = {
  subtitle: 'Was Ihre Organisationen in Vi haben, und was davon in Ordner geholt wurde.',
  search: 'Datensatz suchen',
  searchHint: 'Nach Name oder ID suchen',
  manageAccounts: 'Konten verwalten',
  noAccountTitle: 'Kein Konto ist verbunden',
  noAccountText:
    'Verbinden Sie Ihre Organisation mit einem geheimen Schlüssel; dann stehen hier ihre Datensätze.',
  connect: 'Konto verbinden',
  noneTitle: 'Diese Organisation hat noch keinen Datensatz',
  noneText: 'Legen Sie in Vi einen an, und sehen Sie dann wieder nach.',
  lookAgain: 'Wieder nachsehen',
  noMatch: (search) => `Kein Datensatz heißt wie „${search}“.`,
  list: (organization) => `Datensätze von ${organization}`,
  more: 'Mehr zeigen',
  loadingMore: 'Wird geladen…',
  created: (when) => `angelegt ${when}`,
  locked: 'Gesperrt',
  lockedMeaning: 'Vi nimmt zurzeit keine Änderungen an diesem Datensatz an.',
  mirrored: 'Abgeglichen',
  mirroredMeaning: (folder) => `Wird mit ${folder} abgeglichen`,
  types: {
    'phrase-grounding': 'Phrase Grounding',
    vqa: 'Fragen zu Bildern',
    freeform: 'Freie Form',
  },
  assetCount: assets,
  annotationCount: annotations,

  back: 'Alle Datensätze',
  pull: 'Holen…',
  moreFor: 'Mehr zu diesem Datensatz',
  mirrorIt: 'Mit einem Ordner abgleichen…',
  checkFolder: 'Geholten Ordner prüfen…',
  goneTitle: 'Diesen Datensatz gibt es nicht',
  goneText: 'Vielleicht wurde er in Vi gelöscht, oder das Konto darf ihn nicht mehr sehen.',
  accountGoneTitle: 'Dieses Konto ist nicht verbunden',
  accountGoneText: 'Verbinden Sie die Organisation dieses Datensatzes, um ihn anzusehen.',
  assets: 'Assets',
  searchAssets: 'Assets suchen',
  searchAssetsHint: 'Nach einem Teil des Dateinamens suchen',
  sort: 'Sortieren nach',
  sorts: { assetId: 'Hinzugefügt', filename: 'Name', contentsChanged: 'Geändert', size: 'Größe' },
  ascending: 'Aufsteigend: klicken, um die Reihenfolge umzukehren',
  descending: 'Absteigend: klicken, um die Reihenfolge umzukehren',
  query: 'Metadaten-Abfrage',
  queryHint: 'Zum Beispiel camera == "front"',
  queryGo: 'Anwenden',
  queryClear: 'Abfrage löschen',
  shownSoFar: (n, shown) => `${assets(n, shown)} bisher gezeigt`,
  shownAll: (n, shown) => assets(n, shown),
  searching: 'Der Datensatz wird durchsucht…',
  emptyTitle: 'Dieser Datensatz hat noch keine Assets',
  emptyText: 'Laden Sie in Vi Bilder hoch, oder gleichen Sie einen Ordner mit ihm ab.',
  noMatchTitle: 'Kein Asset passt',
  noMatchText: 'Nichts in diesem Datensatz passt zu Suche und Abfrage.',
  showAll: 'Alle Assets zeigen',
  annotationsOf: annotations,
  annotationsUnknown: 'Annotationen unbekannt',

  select: 'Mehrere wählen: Strg, Umschalt oder Leertaste',
  selected: (n, shown) => `${assets(n, shown)} ausgewählt`,
  selectedTooMany: (most) => `Höchstens ${most} auf einmal`,
  clearSelection: 'Auswahl aufheben',
  deleteSome: 'Löschen…',
  deleteOne: 'Dieses Asset löschen…',
  details: 'Einzelheiten zum Asset',
  filename: 'Dateiname',
  status: 'Status',
  byTag: 'Annotationen nach Tag',
  noAnnotations: 'Keine Annotationen',
  noMetadata: 'Keine Metadaten',

  deleteTitle: (n, shown) => `${assets(n, shown)} endgültig löschen?`,
  deleteText:
    'In Vi gelöschte Assets kommen nicht zurück, und ihre Annotationen auch nicht. Das haben sie in diesem Augenblick:',
  deleteAsking: 'Vi wird gefragt, was auf dem Spiel steht…',
  deleteStake: (n, shown) =>
    n === 0
      ? 'Keine Annotationen gehen verloren.'
      : `${annotations(n, shown)} ${n === 1 ? 'geht' : 'gehen'} verloren.`,
  deleteUnknown: (_, shown) =>
    `Vi sagt von ${shown} dieser Assets nicht, wie viele Annotationen sie haben; sie lassen sich deshalb von hier aus nicht löschen.`,
  deleteGone: (n, shown) => `${assets(n, shown)} gibt es schon nicht mehr.`,
  deleteMirrored: (folder) =>
    `Dieser Datensatz wird mit ${folder} abgeglichen. Dort gelten die Dateien dann als im Datensatz gelöscht.`,
  deleteAsset: (name, shown) => `${name} (${shown})`,
  deleteMore: (_, shown) => `${shown} weitere`,
  deletePhrase: (assetCount, annotationCount) =>
    annotationCount > 0
      ? `${annotationCount} ${annotationCount === 1 ? 'Annotation' : 'Annotationen'} löschen`
      : `${assetCount} ${assetCount === 1 ? 'Asset' : 'Assets'} löschen`,
  deleteType: (phrase) => `Tippen Sie „${phrase}“, um fortzufahren`,
  deleteGo: (n, shown) => `${assets(n, shown)} löschen`,
  deleting: 'Wird gelöscht…',
  deleted: (n, shown) => `${assets(n, shown)} gelöscht`,
  deleteFailed: (n, shown) => `${assets(n, shown)} ${n === 1 ? 'ließ' : 'ließen'} sich nicht löschen`,
};
