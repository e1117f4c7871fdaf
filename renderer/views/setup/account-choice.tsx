import { useState } from 'react';
import type { Account, Problem } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { text } from '../../text/format.ts';
import styles from './account-choice.module.css';
import { accountKey } from './account-key.ts';
import { ConnectForm } from './connect-form.tsx';

interface AccountChoiceProps {
  /** Null until they are known. */
  readonly accounts: readonly Account[] | null;
  readonly keychainProblem: Problem | null;
  readonly chosen: Account | undefined;
  readonly onChoose: (key: string) => void;
}

/** Which organization, of those that are connected, or a further one. */
export function AccountChoice({ accounts, keychainProblem, chosen, onChoose }: AccountChoiceProps) {
  const [isConnecting, setIsConnecting] = useState(false);
  const words = text.setup;
  return (
    <div className={styles.choice}>
      <div className={styles.line}>
        <Select
          aria-label={words.account}
          disabled={accounts === null || accounts.length === 0}
          value={chosen === undefined ? '' : accountKey(chosen)}
          onChange={({ target }) => onChoose(target.value)}
        >
          {chosen === undefined ? (
            <option value="" disabled>
              {accounts?.length === 0 ? words.noAccount : words.account}
            </option>
          ) : null}
          {accounts?.map((account) => (
            <option key={accountKey(account)} value={accountKey(account)}>
              {nameOf(account)}
            </option>
          ))}
        </Select>
        <Button onClick={() => setIsConnecting(true)}>{words.otherAccount}</Button>
      </div>
      {chosen === undefined || chosen.problem === null ? null : (
        <ProblemNotice problem={chosen.problem} tone="hold" />
      )}
      <Dialog
        open={isConnecting}
        onClose={() => setIsConnecting(false)}
        title={words.connectTitle}
        description={words.connectText}
      >
        <ConnectForm
          keychainProblem={keychainProblem}
          onConnected={(account) => {
            setIsConnecting(false);
            onChoose(accountKey(account));
          }}
        />
      </Dialog>
    </div>
  );
}

function nameOf({ source, organizationName, organizationId }: Account): string {
  if (source === 'sandbox') return text.setup.sandboxAccount;
  return text.setup.accountOf(organizationName ?? organizationId, organizationId);
}
