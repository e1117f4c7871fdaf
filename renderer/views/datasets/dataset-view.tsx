import {
  ArrowLeft,
  Database,
  Download,
  FolderSync,
  KeyRound,
  MoreHorizontal,
  SearchCheck,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { DatasetRow, Place } from '../../../app/contract.ts';
import { Button, IconButton, LinkButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Menu } from '../../components/menu.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { useAccounts } from '../../engine/use-accounts.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { goTo, hrefOf } from '../../route.ts';
import { formatCount, text } from '../../text/format.ts';
import { CheckDialog } from '../pulls/check-dialog.tsx';
import { PullDialog } from '../pulls/pull-dialog.tsx';
import { PullList } from '../pulls/pull-list.tsx';
import { accountKey } from '../setup/account-key.ts';
import { AssetBrowser } from './asset-browser.tsx';
import { datasetType } from './dataset-facts.ts';
import styles from './dataset-view.module.css';

interface DatasetViewProps {
  readonly place: Place;
  readonly datasetId: string;
}

/** One dataset: its assets, and what can be done with them. */
export default function DatasetView({ place, datasetId }: DatasetViewProps) {
  const accounts = useAccounts();
  const account = accounts.answer?.items.find((account) => accountKey(account) === accountKey(place));
  const isKnown = accounts.answer !== null;
  const { answer, problem, again } = useQuery(
    'dataset',
    account === undefined ? null : { ...place, datasetId },
  );
  const words = text.datasets;
  const dataset = answer?.dataset ?? null;

  if (isKnown && account === undefined) {
    return (
      <Gone title={words.accountGoneTitle} details={words.accountGoneText}>
        <LinkButton look="primary" icon={<KeyRound size={14} />} href={hrefOf({ screen: 'settings' })}>
          {words.connect}
        </LinkButton>
      </Gone>
    );
  }
  if (answer !== null && dataset === null) return <Gone title={words.goneTitle} details={words.goneText} />;
  if (dataset === null) {
    return (
      <Screen title={text.frame.datasets} actions={<Back />}>
        <ProblemNotice problem={accounts.problem ?? problem} onRetry={again} />
      </Screen>
    );
  }
  return <LoadedDataset place={place} dataset={dataset} onChanged={again} />;
}

function Back() {
  return (
    <LinkButton icon={<ArrowLeft size={14} />} href={hrefOf({ screen: 'datasets' })}>
      {text.datasets.back}
    </LinkButton>
  );
}

interface GoneProps {
  readonly title: string;
  readonly details: string;
  readonly children?: ReactNode;
}

function Gone({ title, details, children }: GoneProps) {
  return (
    <Screen title={text.frame.datasets} isFilled actions={<Back />}>
      <EmptyState icon={<Database size={22} />} title={title} actions={children}>
        <p>{details}</p>
      </EmptyState>
    </Screen>
  );
}

interface LoadedDatasetProps {
  readonly place: Place;
  readonly dataset: DatasetRow;
  readonly onChanged: () => void;
}

function LoadedDataset({ place, dataset, onChanged }: LoadedDatasetProps) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const [asking, setAsking] = useState<'pull' | 'check' | null>(null);
  const { name, datasetId, assetTotal, annotationTotal, isLocked } = dataset;
  const words = text.datasets;
  const facts = [
    datasetType(dataset),
    assetTotal === null ? '' : words.assetCount(assetTotal, formatCount(assetTotal)),
    annotationTotal === null ? '' : words.annotationCount(annotationTotal, formatCount(annotationTotal)),
    isLocked ? words.locked : '',
  ].filter((fact) => fact !== '');
  return (
    <Screen
      title={name}
      subtitle={facts.join(' · ')}
      isFilled
      actions={
        <>
          <Back />
          <Button
            look="primary"
            icon={<Download size={14} />}
            disabled={!isConnected}
            onClick={() => setAsking('pull')}
          >
            {words.pull}
          </Button>
          <Menu
            trigger={<IconButton label={words.moreFor} icon={<MoreHorizontal size={16} />} />}
            groups={[
              [
                {
                  label: words.mirrorIt,
                  icon: <FolderSync size={14} />,
                  onChoose: () => goTo({ screen: 'add-mirror', account: accountKey(place) }),
                },
                {
                  label: words.checkFolder,
                  icon: <SearchCheck size={14} />,
                  onChoose: () => setAsking('check'),
                },
              ],
            ]}
          />
        </>
      }
    >
      <div className={styles.pulls}>
        <PullList place={place} datasetId={datasetId} />
      </div>
      <AssetBrowser place={place} dataset={dataset} onDeleted={onChanged} />
      {asking === 'pull' ? (
        <PullDialog place={place} dataset={dataset} onClose={() => setAsking(null)} />
      ) : null}
      {asking === 'check' ? <CheckDialog folder="" onClose={() => setAsking(null)} /> : null}
    </Screen>
  );
}
