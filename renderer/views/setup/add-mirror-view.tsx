import { useState } from 'react';
import type { Account, DatasetRow, MirrorSettings } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { goTo } from '../../route.ts';
import { text } from '../../text/format.ts';
import { AccountChoice } from './account-choice.tsx';
import { accountOfKey } from './account-key.ts';
import styles from './add-mirror-view.module.css';
import { DatasetChoice } from './dataset-choice.tsx';
import { FolderField } from './folder-field.tsx';
import { MirrorOptions } from './mirror-options.tsx';

const firstSettings: MirrorSettings = {
  direction: 'two-way',
  deletePolicy: 'keep',
  retentionMode: null,
  duplicates: 'leave',
};

/** A new mirror: which account, dataset and folder, and how it works. It ends at the plan, and nothing is transferred before. */
export default function AddMirrorView({ account: firstAccount }: { readonly account: string | null }) {
  const { engine } = useEngine();
  const accounts = useRefreshed('accounts', {}, 'accountsChanged');
  const [key, setKey] = useState(firstAccount);
  const [dataset, setDataset] = useState<DatasetRow | null>(null);
  const [folder, setFolder] = useState('');
  const [settings, setSettings] = useState(firstSettings);
  const action = useAction();
  const words = text.setup;
  const account = accountOfKey(accounts.answer?.items ?? [], key);
  const isComplete = account !== undefined && dataset !== null && folder.trim() !== '';

  const add = (account: Account, dataset: DatasetRow): Promise<boolean> =>
    action.run(async () => {
      const { endpoint, organizationId, source } = account;
      const { mirrorId } = await engine.call('addMirror', {
        folder: folder.trim(),
        endpoint,
        organizationId,
        datasetId: dataset.datasetId,
        sandbox: source === 'sandbox',
        settings,
      });
      goTo({ screen: 'plan', mirrorId });
    });

  return (
    <Screen
      isNarrow
      title={words.addTitle}
      subtitle={words.addText}
      actions={
        <Button
          look="primary"
          disabled={!isComplete || action.isRunning}
          onClick={() => {
            if (account !== undefined && dataset !== null) void add(account, dataset);
          }}
        >
          {words.lookAtPlan}
        </Button>
      }
    >
      <div className={styles.steps}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <ProblemNotice problem={accounts.problem} onRetry={accounts.again} />
        <Card title={words.account} className={styles.step ?? ''}>
          <AccountChoice
            accounts={accounts.answer?.items ?? null}
            keychainProblem={accounts.answer?.keychainProblem ?? null}
            chosen={account}
            onChoose={(chosen) => {
              setKey(chosen);
              setDataset(null);
            }}
          />
        </Card>
        {account === undefined ? null : (
          <>
            <Card title={words.dataset} className={styles.datasets ?? ''}>
              <DatasetChoice
                key={`${account.endpoint} ${account.organizationId}`}
                account={account}
                chosen={dataset}
                onChoose={setDataset}
              />
            </Card>
            <Card title={words.folder} className={styles.step ?? ''}>
              <FolderField value={folder} onChange={setFolder} />
            </Card>
            <Card title={words.options} className={styles.step ?? ''}>
              <MirrorOptions settings={settings} onChange={setSettings} />
            </Card>
          </>
        )}
      </div>
    </Screen>
  );
}
