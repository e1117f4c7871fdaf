import { type FormEvent, useState } from 'react';
import type { Account, Problem } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Check } from '../../components/check.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import styles from './connect-form.module.css';

interface ConnectFormProps {
  /** Why keys can't be stored on this computer; null: they can. */
  readonly keychainProblem: Problem | null;
  readonly onConnected: (account: Account) => void;
}

/** Takes a secret key, tries it, and forgets it: the page never sees it again. */
export function ConnectForm({ keychainProblem, onConnected }: ConnectFormProps) {
  const { engine } = useEngine();
  const action = useAction();
  const [secretKey, setSecretKey] = useState('');
  const [organizationId, setOrganizationId] = useState('');
  const [endpoint, setEndpoint] = useState<string | null>(null);
  const [forSession, setForSession] = useState(false);
  const words = text.setup;
  const isComplete = secretKey.trim() !== '' && organizationId.trim() !== '';

  const connect = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isComplete || action.isRunning) return;
    await action.run(async () => {
      const { account } = await engine.call('connectAccount', {
        secretKey: secretKey.trim(),
        organizationId: organizationId.trim(),
        endpoint: endpoint === null || endpoint.trim() === '' ? null : endpoint.trim(),
        forSession: forSession || keychainProblem !== null,
      });
      setSecretKey('');
      onConnected(account);
    });
  };

  return (
    <form className={styles.form} onSubmit={(event) => void connect(event)}>
      <ProblemNotice problem={action.problem} />
      <Field label={words.secretKey} hint={words.secretKeyHint}>
        {(ids) => (
          <TextInput
            {...ids}
            type="password"
            autoComplete="off"
            maxLength={1000}
            required
            value={secretKey}
            onChange={({ target }) => setSecretKey(target.value)}
          />
        )}
      </Field>
      <Field label={words.organizationId} hint={words.organizationIdHint}>
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={255}
            required
            value={organizationId}
            onChange={({ target }) => setOrganizationId(target.value)}
          />
        )}
      </Field>
      {endpoint === null ? null : (
        <Field label={words.endpoint} hint={words.endpointHint}>
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={2000}
              inputMode="url"
              placeholder="https://"
              value={endpoint}
              onChange={({ target }) => setEndpoint(target.value)}
            />
          )}
        </Field>
      )}
      {keychainProblem === null ? null : (
        <Check
          isOn={forSession}
          onChange={setForSession}
          label={
            <>
              {words.forSession}
              <span className={styles.meaning}>{words.forSessionMeaning}</span>
            </>
          }
        />
      )}
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          size="large"
          disabled={!isComplete || action.isRunning || (keychainProblem !== null && !forSession)}
        >
          {action.isRunning ? words.connecting : words.connect}
        </Button>
        {endpoint === null ? (
          <Button look="quiet" onClick={() => setEndpoint('')}>
            {words.otherServer}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
