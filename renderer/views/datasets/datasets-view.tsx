import { Database, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { LinkButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useAccounts } from '../../engine/use-accounts.ts';
import { hrefOf } from '../../route.ts';
import { text } from '../../text/format.ts';
import { PullList } from '../pulls/pull-list.tsx';
import { accountKey } from '../setup/account-key.ts';
import { AccountDatasets } from './account-datasets.tsx';
import styles from './datasets-view.module.css';

/** Every dataset of the accounts that are connected, and what has been pulled from them. */
export default function DatasetsView() {
  const { answer, problem, again } = useAccounts();
  const [search, setSearch] = useState('');
  const words = text.datasets;
  if (answer !== null && answer.items.length === 0) return <NoAccount />;
  return (
    <Screen
      title={text.frame.datasets}
      subtitle={words.subtitle}
      actions={
        <>
          <SearchField label={words.search} hint={words.searchHint} value={search} onChange={setSearch} />
          <LinkButton icon={<KeyRound size={14} />} href={hrefOf({ screen: 'settings' })}>
            {words.manageAccounts}
          </LinkButton>
        </>
      }
    >
      <div className={styles.parts}>
        <ProblemNotice problem={problem} onRetry={again} />
        <PullList />
        {answer?.items.map((account) => (
          <AccountDatasets key={accountKey(account)} account={account} search={search.trim()} />
        ))}
      </div>
    </Screen>
  );
}

function NoAccount() {
  const words = text.datasets;
  return (
    <Screen title={text.frame.datasets} isFilled>
      <EmptyState
        icon={<Database size={22} />}
        title={words.noAccountTitle}
        actions={
          <LinkButton look="primary" size="large" href={hrefOf({ screen: 'settings' })}>
            {words.connect}
          </LinkButton>
        }
      >
        <p>{words.noAccountText}</p>
      </EmptyState>
    </Screen>
  );
}
