import {
  ArrowDown,
  ArrowUp,
  Check,
  CirclePause,
  LoaderCircle,
  ScanSearch,
  TriangleAlert,
} from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { MirrorStatus, Preview } from '../../../app/contract.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { tell } from '../../components/toasts.tsx';
import tones from '../../components/tones.module.css';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { goTo, hrefOf } from '../../route.ts';
import { formatBytes, formatCount, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { MirrorProblem } from '../mirror/mirror-problem.tsx';
import { PlanCost } from './plan-cost.tsx';
import styles from './plan-view.module.css';
import { RemoveMirror } from './remove-mirror.tsx';

/** What the first sync of a mirror does and costs, and the button that begins it. */
export default function PlanView({ mirror }: { readonly mirror: MirrorStatus }) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const { mirrorId, isApproved } = mirror;
  const {
    answer: plan,
    problem,
    again,
  } = useRefreshed('preview', { mirrorId }, 'mirrorChanged', 'filesChanged');
  const action = useAction();
  const words = text.setup;
  const name = folderName(mirror.folder);
  // Begun here or in another window: from now on the files tell what happens.
  useEffect(() => {
    if (isApproved) goTo({ screen: 'mirror', mirrorId });
  }, [isApproved, mirrorId]);

  const go = async (): Promise<void> => {
    if (await action.run(() => engine.call('go', { mirrorId }))) {
      tell({ tone: 'ok', title: words.planStarted });
      goTo({ screen: 'mirror', mirrorId });
    }
  };
  return (
    <Screen
      title={words.planTitle(name)}
      subtitle={`${mirror.folder} · ${mirror.datasetName}`}
      actions={
        <>
          <RemoveMirror mirror={mirror} look="quiet" label={words.planRemove} />
          <LinkButton href={hrefOf({ screen: 'edit-mirror', mirrorId })}>{words.planChange}</LinkButton>
          <Button
            look="primary"
            disabled={!isConnected || plan?.isReady !== true || action.isRunning}
            onClick={() => void go()}
          >
            {words.planGo}
          </Button>
        </>
      }
    >
      <div className={styles.plan}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <ProblemNotice problem={problem} onRetry={again} />
        <MirrorProblem mirror={mirror} tone="bad" isInset />
        <p className={styles.lead} role="status">
          {plan?.isReady === true ? (
            <Check size={15} className={tones.ok} aria-hidden="true" />
          ) : (
            <LoaderCircle size={15} className={classNames(tones.busy, styles.turning)} aria-hidden="true" />
          )}
          <span>
            {plan?.isReady === true ? words.planReady : words.planLooking} {words.planText}
          </span>
        </p>
        <Transfers plan={plan} />
        <div className={styles.below}>
          <Card title={words.planCost} className={styles.list ?? ''}>
            <PlanCost plan={plan} />
          </Card>
          <Card title={words.planWatch} className={styles.list ?? ''}>
            <Watch plan={plan} mirrorId={mirrorId} />
          </Card>
        </div>
      </div>
    </Screen>
  );
}

/** What is moved, as figures that stand still while they grow. */
function Transfers({ plan }: { readonly plan: Preview | null }) {
  const words = text.setup;
  return (
    <dl className={styles.figures}>
      <Figure
        icon={<ArrowUp size={16} className={tones.busy} aria-hidden="true" />}
        name={words.planUp}
        files={plan?.upload.files}
        bytes={plan?.upload.bytes}
      />
      <Figure
        icon={<ArrowDown size={16} className={tones.busy} aria-hidden="true" />}
        name={words.planDown}
        files={plan?.download.files}
        bytes={plan?.download.bytes}
      />
      <Figure
        icon={<Check size={16} className={tones.ok} aria-hidden="true" />}
        name={words.planEqual}
        files={plan?.inSync}
      />
      {plan?.isReady === true && plan.compare.files === 0 ? null : (
        <Figure
          icon={<ScanSearch size={16} className={tones.quiet} aria-hidden="true" />}
          name={words.planCompare}
          title={words.planCompareText}
          files={plan?.compare.files}
          bytes={plan?.compare.bytes}
        />
      )}
    </dl>
  );
}

interface FigureProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly title?: string;
  /** Undefined until something is known. */
  readonly files: number | undefined;
  readonly bytes?: number | undefined;
}

function Figure({ icon, name, title, files, bytes }: FigureProps) {
  return (
    <div className={styles.figure} title={title}>
      <dt className={styles.figureName}>
        {icon}
        {name}
      </dt>
      <dd className={styles.amount}>{files === undefined ? text.none : formatCount(files)}</dd>
      <dd className={styles.bytes}>
        {files === undefined || bytes === undefined || files === 0 ? '\u00a0' : formatBytes(bytes)}
      </dd>
    </div>
  );
}

/** What a person may want to look at before the sync begins. */
function Watch({ plan, mirrorId }: { readonly plan: Preview | null; readonly mirrorId: string }) {
  const words = text.setup;
  if (plan === null) return <p className={styles.quiet}>{text.none}</p>;
  const held = Object.values(plan.holds).reduce((sum, holds) => sum + holds, 0);
  const lines: readonly (readonly [number, (n: number, shown: string) => string, 'hold' | 'bad'])[] = [
    [held, words.planHolds, 'hold'],
    [plan.problems, words.planProblems, 'bad'],
    [plan.overwrites, words.planOverwrites, 'hold'],
    [plan.trash, words.planTrash, 'hold'],
    [plan.deleteAssets, words.planDeletes, 'bad'],
  ];
  const shown = lines.filter(([amount]) => amount > 0);
  if (shown.length === 0) return <p className={styles.quiet}>{words.planAllGood}</p>;
  return (
    <>
      <ul className={styles.watch}>
        {shown.map(([amount, say, tone]) => {
          const words = say(amount, formatCount(amount));
          const Icon = tone === 'bad' ? TriangleAlert : CirclePause;
          return (
            <li key={words}>
              <Icon size={14} strokeWidth={2.25} className={tones[tone]} aria-hidden="true" />
              {words}
            </li>
          );
        })}
      </ul>
      <a href={hrefOf({ screen: 'mirror', mirrorId })}>{words.planShowFiles}</a>
    </>
  );
}
