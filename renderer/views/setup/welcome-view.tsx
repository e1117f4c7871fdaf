import { FlaskConical, KeyRound } from 'lucide-react';
import { Brand } from '../../components/brand.tsx';
import { Button } from '../../components/button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useWindowTitle } from '../../components/screen.tsx';
import { tell } from '../../components/toasts.tsx';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { goTo } from '../../route.ts';
import { text } from '../../text/format.ts';
import { accountKey } from './account-key.ts';
import { ConnectForm } from './connect-form.tsx';
import styles from './welcome-view.module.css';

/** The first thing that a person sees: connect an account, or try the sandbox. */
export default function WelcomeView() {
  const words = text.setup;
  useWindowTitle(words.welcomeTitle);
  const { answer, problem, again } = useRefreshed('accounts', {}, 'accountsChanged');
  const sandbox = answer?.items.find(({ source }) => source === 'sandbox');
  return (
    <div className={styles.scroller}>
      <div className={styles.page}>
        <header className={styles.head}>
          <Brand size={44} />
          <h1 className={styles.title}>{words.welcomeTitle}</h1>
          <p className={styles.lead}>{words.welcomeText}</p>
        </header>
        <ProblemNotice problem={problem} onRetry={again} />
        <div className={styles.ways}>
          <section className={styles.way} aria-labelledby="welcome-connect">
            <h2 id="welcome-connect" className={styles.wayTitle}>
              <KeyRound size={18} aria-hidden="true" />
              {words.connectTitle}
            </h2>
            <p className={styles.wayText}>{words.connectText}</p>
            <ConnectForm
              keychainProblem={answer?.keychainProblem ?? null}
              onConnected={(account) => {
                tell({
                  tone: 'ok',
                  title: words.connectedTo(account.organizationName ?? account.organizationId),
                });
                goTo({ screen: 'add-mirror', account: accountKey(account) });
              }}
            />
          </section>
          <section className={styles.way} aria-labelledby="welcome-sandbox">
            <h2 id="welcome-sandbox" className={styles.wayTitle}>
              <FlaskConical size={18} aria-hidden="true" />
              {words.sandboxTitle}
            </h2>
            <p className={styles.wayText}>{words.sandboxText}</p>
            <Button
              size="large"
              className={styles.sandbox ?? ''}
              disabled={sandbox === undefined}
              onClick={() => {
                if (sandbox !== undefined) goTo({ screen: 'add-mirror', account: accountKey(sandbox) });
              }}
            >
              {words.sandboxGo}
            </Button>
            {answer !== null && sandbox === undefined ? (
              <p className={styles.wayText}>{words.sandboxMissing}</p>
            ) : null}
          </section>
        </div>
      </div>
    </div>
  );
}
