import { FlaskConical, KeyRound, Plus, Terminal, Timer } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Account, Problem } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAccounts } from '../../engine/use-accounts.ts';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { formatCount, text } from '../../text/format.ts';
import { accountKey } from '../setup/account-key.ts';
import { accountName } from '../setup/account-name.ts';
import { ConnectForm } from '../setup/connect-form.tsx';
import styles from './accounts-part.module.css';
import { Part } from './part.tsx';

const icons: Readonly<Record<Account['source'], ReactNode>> = {
  keychain: <KeyRound size={18} aria-hidden="true" />,
  environment: <Terminal size={18} aria-hidden="true" />,
  sandbox: <FlaskConical size={18} aria-hidden="true" />,
  session: <Timer size={18} aria-hidden="true" />,
};
const serviceEndpoint = 'https://api.vi.datature.com';

/** Which organizations are connected: another one, or one less. */
export function AccountsPart() {
  const { answer, problem, again } = useAccounts();
  const [isConnecting, setIsConnecting] = useState(false);
  const [leaving, setLeaving] = useState<Account | null>(null);
  const words = text.settings;
  const keychainProblem = answer?.keychainProblem ?? null;
  return (
    <Part name="account" hint={words.accountText}>
      {problem === null && keychainProblem === null ? null : (
        <div className={styles.problems}>
          <ProblemNotice problem={problem} onRetry={again} />
          <ProblemNotice problem={keychainProblem} tone="hold" />
        </div>
      )}
      <ul className={styles.list}>
        {answer?.items.map((account) => (
          <li key={accountKey(account)} className={styles.account}>
            <AccountLine
              account={account}
              onConnect={() => setIsConnecting(true)}
              onDisconnect={() => setLeaving(account)}
            />
          </li>
        ))}
        {answer?.items.length === 0 ? <li className={styles.none}>{words.noAccount}</li> : null}
        <li className={styles.add}>
          <Button icon={<Plus size={14} />} onClick={() => setIsConnecting(true)}>
            {words.connect}
          </Button>
        </li>
      </ul>
      {isConnecting ? (
        <ConnectDialog keychainProblem={keychainProblem} onClose={() => setIsConnecting(false)} />
      ) : null}
      {leaving === null ? null : <DisconnectDialog account={leaving} onClose={() => setLeaving(null)} />}
    </Part>
  );
}

interface AccountLineProps {
  readonly account: Account;
  readonly onConnect: () => void;
  readonly onDisconnect: () => void;
}

function AccountLine({ account, onConnect, onDisconnect }: AccountLineProps) {
  const { source, problem, organizationId, endpoint } = account;
  const isOurs = source === 'keychain' || source === 'session';
  const words = text.settings;
  const name = accountName(account);
  const facts = [
    ...(source === 'sandbox' || organizationId === name ? [] : [organizationId]),
    ...(endpoint === serviceEndpoint || source === 'sandbox' ? [] : [endpoint]),
    // The sandbox is called what it is.
    ...(source === 'sandbox' ? [] : [words.source[source]]),
  ];
  return (
    <>
      <div className={styles.line}>
        <span className={styles.icon}>{icons[source]}</span>
        <div className={styles.names}>
          <h3 className={styles.name}>{name}</h3>
          {facts.length === 0 ? null : <p className={styles.facts}>{facts.join(' · ')}</p>}
          <p className={styles.facts}>{words.sourceMeaning[source]}</p>
        </div>
        {isOurs && problem !== null ? <Button onClick={onConnect}>{words.reconnect}</Button> : null}
        {isOurs ? (
          <Button aria-label={words.disconnectOf(name)} onClick={onDisconnect}>
            {words.disconnect}
          </Button>
        ) : null}
      </div>
      {problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} />
        </div>
      )}
    </>
  );
}

interface ConnectDialogProps {
  readonly keychainProblem: Problem | null;
  readonly onClose: () => void;
}

function ConnectDialog({ keychainProblem, onClose }: ConnectDialogProps) {
  const words = text.settings;
  return (
    <Dialog open onClose={onClose} title={words.connectTitle} description={words.connectText}>
      <ConnectForm
        keychainProblem={keychainProblem}
        onConnected={(account) => {
          tell({ tone: 'ok', title: words.connected(accountName(account)) });
          onClose();
        }}
      />
    </Dialog>
  );
}

function DisconnectDialog({ account, onClose }: { readonly account: Account; readonly onClose: () => void }) {
  const { engine, mirrors: observable } = useEngine();
  const { endpoint, organizationId } = account;
  const stopping = useObservable(observable).list.filter(
    (mirror) => mirror.endpoint === endpoint && mirror.organizationId === organizationId,
  ).length;
  const action = useAction();
  const words = text.settings;
  const name = accountName(account);
  const disconnect = async (): Promise<void> => {
    if (!(await action.run(() => engine.call('disconnectAccount', { endpoint, organizationId })))) return;
    tell({ tone: 'ok', title: words.disconnected(name) });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.disconnectTitle(name)}
      description={words.disconnectText}
      actions={
        <>
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button look="danger" disabled={action.isRunning} onClick={() => void disconnect()}>
            {words.disconnectGo}
          </Button>
        </>
      }
    >
      {stopping === 0 && action.problem === null ? undefined : (
        <>
          <ProblemNotice problem={action.problem} />
          {stopping === 0 ? null : <p>{words.disconnectMirrors(stopping, formatCount(stopping))}</p>}
        </>
      )}
    </Dialog>
  );
}
