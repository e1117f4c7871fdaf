import { Trash2 } from 'lucide-react';
import type { AssetRow, Place } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { DetailPane } from '../../components/detail-pane.tsx';
import { Fact, Facts, Metadata } from '../../components/facts.tsx';
import { Preview } from '../../components/preview.tsx';
import { TagList } from '../../components/tag-list.tsx';
import { assetPicture } from '../../engine/pictures.ts';
import { formatBytes, formatCount, formatFullTime, formatPixels, text } from '../../text/format.ts';
import styles from './asset-detail.module.css';
import { assetVersion } from './asset-version.ts';

interface AssetDetailProps {
  readonly ofDataset: Place & { readonly datasetId: string };
  readonly asset: AssetRow;
  readonly isLocked: boolean;
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

/** All that Vi tells of one asset. */
export function AssetDetail({ ofDataset, asset, isLocked, onClose, onDelete }: AssetDetailProps) {
  const { assetId, filename, size, mime, width, height, contentsChangedAt, status, hash } = asset;
  const words = text.datasets;
  return (
    <DetailPane label={words.details} name={filename} onClose={onClose}>
      <Preview source={assetPicture(ofDataset, assetId, 'normal', assetVersion(asset))} name={filename} />
      <Facts>
        <Fact name={words.filename}>{filename}</Fact>
        <Fact name={text.column.size}>{size === null ? null : formatBytes(size)}</Fact>
        <Fact name={text.column.pixels}>
          {width === null || height === null ? null : formatPixels(width, height)}
        </Fact>
        <Fact name={text.type}>{mime}</Fact>
        <Fact name={text.column.changedAt}>
          {contentsChangedAt === null ? null : formatFullTime(contentsChangedAt)}
        </Fact>
        {status === null ? null : <Fact name={words.status}>{status}</Fact>}
        <Fact name={text.assetId} isCode copy={{ label: text.copyAssetId, value: assetId }}>
          {assetId}
        </Fact>
        {hash === null ? null : (
          <Fact name={text.hash} isCode>
            {hash.algorithm} {hash.contents}
          </Fact>
        )}
      </Facts>
      <section className={styles.part}>
        <h3>{words.byTag}</h3>
        <Annotations asset={asset} />
      </section>
      <section className={styles.part}>
        <h3>{text.metadata}</h3>
        <Metadata metadata={asset.customMetadata}>
          <p className={styles.quiet}>{words.noMetadata}</p>
        </Metadata>
      </section>
      <Button
        className={styles.delete}
        icon={<Trash2 size={14} />}
        disabled={isLocked}
        title={isLocked ? words.lockedMeaning : undefined}
        onClick={onDelete}
      >
        {words.deleteOne}
      </Button>
    </DetailPane>
  );
}

function Annotations({ asset: { annotations, annotationsByTag } }: { readonly asset: AssetRow }) {
  const words = text.datasets;
  if (annotations === null) return <p className={styles.quiet}>{words.annotationsUnknown}</p>;
  if (annotations === 0) return <p className={styles.quiet}>{words.noAnnotations}</p>;
  return (
    <>
      <p>{words.annotationsOf(annotations, formatCount(annotations))}</p>
      <TagList byTag={annotationsByTag} />
    </>
  );
}
