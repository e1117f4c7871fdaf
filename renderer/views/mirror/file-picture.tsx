import { useState } from 'react';
import type { FileDetail, FileRow, MirrorStatus } from '../../../app/contract.ts';
import { Preview } from '../../components/preview.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { assetPicture, localPicture } from '../../engine/pictures.ts';
import { text } from '../../text/format.ts';

interface FilePictureProps {
  readonly mirror: MirrorStatus;
  readonly row: FileRow;
  /** Null until it is known. */
  readonly file: FileDetail | null;
}

type Side = 'here' | 'there';

/** The picture of a file; where both sides have one and they may differ, either. */
export function FilePicture({ mirror, row, file }: FilePictureProps) {
  const [wanted, setWanted] = useState<Side>('here');
  const isHere = file === null ? row.isOnDisk : file.local !== null;
  const hasBoth = isHere && row.assetId !== null && row.state !== 'in-sync';
  const side: Side = !isHere ? 'there' : hasBoth ? wanted : 'here';
  const version = String(row.changedAt);
  const source =
    side === 'here'
      ? localPicture(mirror.mirrorId, row.path, 'normal', version)
      : row.assetId === null
        ? null
        : assetPicture(mirror, row.assetId, 'normal', version);
  return (
    <Preview source={source} name={row.name}>
      {hasBoth ? (
        <Segmented
          label={text.mirror.whichPicture}
          value={side}
          options={[
            { value: 'here', label: text.mirror.here },
            { value: 'there', label: text.mirror.there },
          ]}
          onChange={setWanted}
        />
      ) : undefined}
    </Preview>
  );
}
