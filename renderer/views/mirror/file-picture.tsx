import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { FileDetail, FileRow, FileState, MirrorStatus } from '../../../app/contract.ts';
import { Segmented } from '../../components/segmented.tsx';
import { assetPicture, localPicture } from '../../engine/pictures.ts';
import { text } from '../../text/format.ts';
import styles from './file-picture.module.css';

interface FilePictureProps {
  readonly mirror: MirrorStatus;
  readonly row: FileRow;
  /** Null until it is known. */
  readonly file: FileDetail | null;
}

type Side = 'here' | 'there';

/** States in which there may be no file: where its picture is, the details tell. */
const mayBeAway: ReadonlySet<FileState> = new Set(['waiting', 'downloading', 'problem', 'held', 'ignored']);

/** The picture of a file; where both sides have one and they may differ, either. */
export function FilePicture({ mirror, row, file }: FilePictureProps) {
  const [wanted, setWanted] = useState<Side>('here');
  const [failed, setFailed] = useState<string | null>(null);
  if (file === null && mayBeAway.has(row.state)) return <div className={styles.frame} />;
  const isHere = file === null ? row.state !== 'remote-only' : file.local !== null;
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
    <div className={styles.frame}>
      {source === null || failed === source ? (
        <p className={styles.none}>
          <ImageOff size={20} aria-hidden="true" />
          {text.mirror.noPicture}
        </p>
      ) : (
        <img
          key={source}
          className={styles.image}
          src={source}
          alt={text.mirror.pictureOf(row.name)}
          decoding="async"
          draggable={false}
          onError={() => setFailed(source)}
        />
      )}
      {hasBoth ? (
        <div className={styles.sides}>
          <Segmented
            label={text.mirror.whichPicture}
            value={side}
            options={[
              { value: 'here', label: text.mirror.here },
              { value: 'there', label: text.mirror.there },
            ]}
            onChange={setWanted}
          />
        </div>
      ) : null}
    </div>
  );
}
