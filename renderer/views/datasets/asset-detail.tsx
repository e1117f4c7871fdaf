import { Image, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { AssetRow, Place } from '../../../app/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
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
  const { annotations, annotationsByTag, customMetadata } = asset;
  const words = text.datasets;
  const metadata = Object.entries(customMetadata);
  return (
    <section className={styles.detail} aria-label={words.details}>
      <header className={styles.header}>
        <h2 className={styles.name} title={filename}>
          {filename}
        </h2>
        <IconButton label={words.closeDetails} icon={<X size={16} />} onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: it scrolls, so the keyboard must be able to reach it */}
      <div className={styles.body} tabIndex={0} role="group" aria-label={filename}>
        <Picture
          key={assetId}
          source={assetPicture(ofDataset, assetId, 'normal', assetVersion(asset))}
          name={filename}
        />
        <dl className={styles.facts}>
          <dt>{words.filename}</dt>
          <dd>{filename}</dd>
          <dt>{words.size}</dt>
          <dd>{size === null ? text.none : formatBytes(size)}</dd>
          <dt>{words.pixels}</dt>
          <dd>{width === null || height === null ? text.none : formatPixels(width, height)}</dd>
          <dt>{words.type}</dt>
          <dd>{mime ?? text.none}</dd>
          <dt>{words.changed}</dt>
          <dd>{contentsChangedAt === null ? text.none : formatFullTime(contentsChangedAt)}</dd>
          {status === null ? null : (
            <>
              <dt>{words.status}</dt>
              <dd>{status}</dd>
            </>
          )}
          <dt>{words.assetId}</dt>
          <dd className={styles.copied}>
            <code>{assetId}</code>
            <CopyButton label={words.copyAssetId} value={assetId} />
          </dd>
          {hash === null ? null : (
            <>
              <dt>{words.hash}</dt>
              <dd>
                <code>
                  {hash.algorithm} {hash.contents}
                </code>
              </dd>
            </>
          )}
        </dl>
        <h3 className={styles.heading}>{words.byTag}</h3>
        {annotations === null ? (
          <p className={styles.quiet}>{words.annotationsUnknown}</p>
        ) : annotations === 0 ? (
          <p className={styles.quiet}>{words.noAnnotations}</p>
        ) : (
          <>
            <p>{words.annotationsOf(annotations, formatCount(annotations))}</p>
            <TagList byTag={annotationsByTag} />
          </>
        )}
        <h3 className={styles.heading}>{words.metadata}</h3>
        {metadata.length === 0 ? <p className={styles.quiet}>{words.noMetadata}</p> : null}
        <dl className={styles.facts}>
          {metadata.map(([key, value]) => (
            <div key={key} className={styles.entry}>
              <dt>{key}</dt>
              <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
        <Button
          className={styles.delete}
          icon={<Trash2 size={14} />}
          disabled={isLocked}
          title={isLocked ? words.lockedMeaning : undefined}
          onClick={onDelete}
        >
          {words.deleteOne}
        </Button>
      </div>
    </section>
  );
}

function Picture({ source, name }: { readonly source: string; readonly name: string }) {
  const [state, setState] = useState<'coming' | 'here' | 'failed'>('coming');
  const words = text.datasets;
  return (
    <div className={styles.picture}>
      {state === 'failed' ? (
        <span className={styles.noPicture}>
          <Image size={20} aria-hidden="true" />
          {words.noPicture}
        </span>
      ) : (
        <img
          className={state === 'here' ? undefined : styles.coming}
          src={source}
          alt={words.pictureOf(name)}
          draggable={false}
          onLoad={() => setState('here')}
          onError={() => setState('failed')}
        />
      )}
    </div>
  );
}
