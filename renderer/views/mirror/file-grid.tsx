import type { FileRow, MirrorStatus } from '../../../app/contract.ts';
import type { TileContent } from '../../components/tile.tsx';
import { TileGrid } from '../../components/tile-grid.tsx';
import type { FilePages } from '../../engine/file-pages.ts';
import { assetPicture, localPicture } from '../../engine/pictures.ts';
import { useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import { useChoice } from './use-choice.ts';

interface FileGridProps {
  readonly mirror: MirrorStatus;
  readonly pages: FilePages;
  readonly selectedPath: string | null;
  readonly onSelect: (row: FileRow | null) => void;
}

/** The files as thumbnails. */
export function FileGrid({ mirror, pages, selectedPath, onSelect }: FileGridProps) {
  const { total } = useObservable(pages.state);
  const { index, select, choose } = useChoice(pages, selectedPath, onSelect);
  return (
    <TileGrid
      label={text.files}
      count={total ?? 0}
      subject={pages.query}
      current={index}
      tileAt={(at) => {
        const row = pages.rowAt(at);
        return row === undefined ? undefined : tileOf(mirror, row);
      }}
      onView={(first, last) => pages.show(first, last)}
      onWalk={choose}
      onPress={choose}
      onKey={({ key }) => {
        if (key === 'Escape') select(null);
      }}
    />
  );
}

const tileOf = (mirror: MirrorStatus, row: FileRow): TileContent => ({
  id: row.path,
  name: row.name,
  hint: row.path,
  state: row.state,
  source: pictureOf(mirror, row),
});

function pictureOf(mirror: MirrorStatus, row: FileRow): string | null {
  const version = String(row.changedAt);
  if (row.isOnDisk) return localPicture(mirror.mirrorId, row.path, 'tile', version);
  return row.assetId === null ? null : assetPicture(mirror, row.assetId, 'tile', version);
}
