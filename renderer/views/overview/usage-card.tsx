import type { MirrorStatus } from '../../../app/contract.ts';
import { Card } from '../../components/card.tsx';
import { Meter } from '../../components/meter.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { SandboxTag } from '../../components/sandbox-tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { formatCount, formatCountdown, text } from '../../text/format.ts';
import styles from './usage-card.module.css';

/** What each organization's budget of sessions looks like now, and how many data rows this computer has used. */
export function UsageCard({ mirrors }: { readonly mirrors: readonly MirrorStatus[] }) {
  const { answer, problem, again } = useRefreshed('usage', {}, 'activityAdded');
  const now = useNow();
  const words = text.overview;
  return (
    <Card title={words.usage} className={styles.card ?? ''}>
      <ProblemNotice problem={problem} onRetry={again} />
      {answer?.organizations.map((organization) => {
        const { organizationId, endpoint, sessions, sessionsAllowed, nextSessionAt, dataRows } = organization;
        const isSandbox = mirrors.some((mirror) => mirror.endpoint === endpoint && mirror.sandbox);
        const used = words.budgetOf(formatCount(sessions), formatCount(sessionsAllowed));
        return (
          <section key={`${endpoint} ${organizationId}`} className={styles.organization}>
            <h3 className={styles.name}>
              {organizationId}
              {isSandbox ? <SandboxTag /> : null}
            </h3>
            <dl className={styles.facts}>
              <div title={words.dataRowsMeaning}>
                <dt>{words.dataRows}</dt>
                <dd>{formatCount(dataRows)}</dd>
              </div>
              <div title={words.budgetMeaning}>
                <dt>{words.budget}</dt>
                <dd>{used}</dd>
              </div>
            </dl>
            <Meter
              label={words.budget}
              part={sessionsAllowed === 0 ? 0 : sessions / sessionsAllowed}
              valueText={used}
            />
            <p className={styles.next}>
              {nextSessionAt === null || nextSessionAt <= now
                ? words.budgetFree
                : words.sendsAt(formatCountdown(nextSessionAt - now))}
            </p>
          </section>
        );
      })}
    </Card>
  );
}
