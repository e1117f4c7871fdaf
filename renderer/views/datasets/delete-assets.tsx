import { type FormEvent, useState } from 'react';
import type { AssetRow, CallResult, Place } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TagList } from '../../components/tag-list.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { formatCount, text } from '../../text/format.ts';
import { mirrorsOf } from './dataset-facts.ts';
import styles from './delete-assets.module.css';

/** Assets that are named one by one. */
const mostNamed = 5;

interface DeleteAssetsProps {
  readonly ofDataset: Place & { readonly datasetId: string };
  readonly assetIds: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted: (assetIds: readonly string[]) => void;
}

/** Deletes assets for good, once a person has typed what is lost: as it is at this moment, asked of the service, and not as it was listed. */
export function DeleteAssets({ ofDataset, assetIds, onClose, onDeleted }: DeleteAssetsProps) {
  const { engine, mirrors: observable } = useEngine();
  const mirrors = mirrorsOf(useObservable(observable).list, ofDataset, ofDataset.datasetId);
  const { answer, problem, again } = useQuery('assetsNow', { ...ofDataset, assetIds: [...assetIds] });
  const action = useAction();
  const [typed, setTyped] = useState('');
  const [failed, setFailed] = useState<CallResult<'deleteAssets'>['failed']>([]);
  const words = text.datasets;
  const assets = answer?.items ?? [];
  const annotations = sumOf(assets);
  const unknown = assets.filter((asset) => asset.annotations === null).length;
  const gone = answer === null ? 0 : assetIds.length - assets.length;
  const phrase = words.deletePhrase(assets.length, annotations);
  const isTyped = plain(typed) === plain(phrase);
  const canGo = answer !== null && assets.length > 0 && unknown === 0 && isTyped && !action.isRunning;

  const remove = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!canGo) return;
    let result: CallResult<'deleteAssets'> | null = null;
    const wasDone = await action.run(async () => {
      const ids = assets.map(({ assetId }) => assetId);
      result = await engine.call('deleteAssets', { ...ofDataset, assetIds: ids, annotations });
      onDeleted(result.deleted);
      if (result.deleted.length > 0)
        tell({ tone: 'ok', title: words.deleted(result.deleted.length, formatCount(result.deleted.length)) });
      if (result.failed.length === 0) return onClose();
      setFailed(result.failed);
    });
    // Whatever has changed is asked again and shown; what was typed was said about something else.
    setTyped('');
    if (!wasDone || result !== null) again();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.deleteTitle(assetIds.length, formatCount(assetIds.length))}
      description={words.deleteText}
      actions={
        <>
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button look="danger" type="submit" form="delete-assets" disabled={!canGo}>
            {action.isRunning ? words.deleting : words.deleteGo(assets.length, formatCount(assets.length))}
          </Button>
        </>
      }
    >
      <form id="delete-assets" className={styles.body} onSubmit={(event) => void remove(event)}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <ProblemNotice problem={problem} onRetry={again} />
        {failed.length === 0 ? null : (
          <Notice tone="bad" title={words.deleteFailed(failed.length, formatCount(failed.length))} isInset>
            <ul>
              {failed.slice(0, mostNamed).map(({ assetId, reason }) => (
                <li key={assetId}>{reason}</li>
              ))}
            </ul>
          </Notice>
        )}
        <div className={styles.stake} role="status">
          {answer === null ? (
            <p>{problem === null ? words.deleteAsking : ''}</p>
          ) : (
            <>
              <p className={annotations > 0 ? styles.loss : undefined}>
                <strong>{words.deleteStake(annotations, formatCount(annotations))}</strong>
              </p>
              <TagList byTag={tagsOf(assets)} />
              <p className={styles.names}>{namesOf(assets)}</p>
              {gone === 0 ? null : (
                <p className={styles.names}>{words.deleteGone(gone, formatCount(gone))}</p>
              )}
            </>
          )}
        </div>
        {unknown === 0 ? null : (
          <Notice tone="hold" title={words.deleteUnknown(unknown, formatCount(unknown))} isInset />
        )}
        {mirrors.map(({ mirrorId, folder }) => (
          <p key={mirrorId} className={styles.mirrored}>
            {words.deleteMirrored(folder)}
          </p>
        ))}
        <Field label={words.deleteType(phrase)}>
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={200}
              disabled={answer === null || assets.length === 0 || unknown > 0}
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

const plain = (words: string): string => words.trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase();

const sumOf = (assets: readonly AssetRow[]): number =>
  assets.reduce((sum, { annotations }) => sum + (annotations ?? 0), 0);

function tagsOf(assets: readonly AssetRow[]): Readonly<Record<string, number>> {
  const tags = new Map<string, number>();
  for (const { annotationsByTag } of assets) {
    for (const [tag, count] of Object.entries(annotationsByTag)) tags.set(tag, (tags.get(tag) ?? 0) + count);
  }
  return Object.fromEntries(tags);
}

/** The assets with the most annotations first: they are what hurts. */
function namesOf(assets: readonly AssetRow[]): string {
  const words = text.datasets;
  const byLoss = assets.toSorted((a, b) => (b.annotations ?? 0) - (a.annotations ?? 0));
  const named = byLoss
    .slice(0, mostNamed)
    .map(({ filename, annotations }) =>
      annotations === null ? filename : words.deleteAsset(filename, formatCount(annotations)),
    );
  const more = assets.length - named.length;
  return [...named, ...(more > 0 ? [words.deleteMore(more, formatCount(more))] : [])].join(' · ');
}
