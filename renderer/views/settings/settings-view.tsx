import { CircleCheck } from 'lucide-react';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { useObservable } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { saving } from '../../settings/saving.ts';
import { useAppSettings } from '../../settings/use-app-settings.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { text } from '../../text/format.ts';
import { AboutPart } from './about-part.tsx';
import { AccountsPart } from './accounts-part.tsx';
import { AppearancePart } from './appearance-part.tsx';
import { BackgroundPart } from './background-part.tsx';
import { NetworkPart } from './network-part.tsx';
import { PartList } from './part-list.tsx';
import styles from './settings-view.module.css';
import { SyncPart } from './sync-part.tsx';
import { TransfersPart } from './transfers-part.tsx';

/** Everything that can be set for the whole app. Each change is saved at once. */
export default function SettingsView() {
  const settings = useSettings();
  const app = useAppSettings();
  const about = useQuery('about', {});
  const words = text.settings;
  const capabilities = about.answer?.capabilities ?? null;
  const runsInBackground = capabilities !== null && (capabilities.notifies || capabilities.startsAtLogin);
  return (
    <Screen title={text.frame.settings} subtitle={words.subtitle} actions={<SavedMark />}>
      <div className={styles.columns}>
        <div className={styles.parts}>
          {about.answer?.problems.map((problem) => (
            <ProblemNotice key={`${problem.code} ${problem.detail}`} problem={problem} tone="hold" />
          ))}
          <ProblemNotice problem={settings.problem} onRetry={settings.again} />
          <AccountsPart />
          {settings.settings === null ? null : (
            <>
              <SyncPart settings={settings.settings} change={settings.change} />
              <TransfersPart settings={settings.settings} change={settings.change} />
            </>
          )}
          {app.settings === null ? null : (
            <>
              <AppearancePart settings={app.settings} change={app.change} />
              {runsInBackground ? (
                <BackgroundPart settings={app.settings} change={app.change} capabilities={capabilities} />
              ) : null}
              <NetworkPart settings={app.settings} change={app.change} />
            </>
          )}
          <AboutPart about={about.answer} problem={about.problem} />
        </div>
        <PartList
          parts={[
            'account',
            'sync',
            'transfers',
            'appearance',
            ...(runsInBackground ? (['background'] as const) : []),
            'network',
            'help',
          ]}
        />
      </div>
    </Screen>
  );
}

/** Says for a moment that a change is saved. */
function SavedMark() {
  const state = useObservable(saving);
  return (
    <span className={styles.saved} role="status">
      {state === 'saved' ? (
        <>
          <CircleCheck size={15} aria-hidden="true" />
          {text.settings.saved}
        </>
      ) : null}
    </span>
  );
}
