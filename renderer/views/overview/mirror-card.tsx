import { ArrowLeftRight, ArrowRight, Clock, Pause, Play } from 'lucide-react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { SandboxTag } from '../../components/sandbox-tag.tsx';
import { stateLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import type { Action } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { hrefOf } from '../../route.ts';
import { formatCount, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { MirrorProblem } from '../mirror/mirror-problem.tsx';
import { useNextStep } from '../mirror/next-step.ts';
import { MirrorPhaseLine } from '../mirror/phase-line.tsx';
import { Transfers } from '../mirror/transfers.tsx';
import styles from './mirror-card.module.css';

interface MirrorCardProps {
  readonly mirror: MirrorStatus;
  readonly isConnected: boolean;
  readonly run: Action['run'];
}

/** One mirror: which pair, what it does, how far it is, what it waits for. */
export function MirrorCard({ mirror, isConnected, run }: MirrorCardProps) {
  const { mirrorId, folder, datasetName, direction } = { ...mirror, direction: mirror.settings.direction };
  const isMoving =
    mirror.upload.filesDone < mirror.upload.filesTotal ||
    mirror.download.filesDone < mirror.download.filesTotal;
  const Arrow = direction === 'two-way' ? ArrowLeftRight : ArrowRight;
  return (
    <article className={styles.card} aria-label={text.mirrorOf(folderName(folder), datasetName)}>
      <div className={styles.head}>
        <div className={styles.names}>
          <h2 className={styles.title}>
            <a className={styles.link} href={hrefOf({ screen: 'mirror', mirrorId })} title={folder}>
              {folderName(folder)}
            </a>
            <Arrow
              size={14}
              className={classNames(styles.arrow, direction === 'pull' && styles.turned)}
              role="img"
              aria-label={text.overview.direction[direction]}
            />
            <span className={styles.dataset}>{datasetName}</span>
            {mirror.sandbox ? <SandboxTag /> : null}
          </h2>
          <div className={styles.line}>
            <MirrorPhaseLine mirror={mirror} isBrief />
            <Facts mirror={mirror} />
          </div>
        </div>
        <CardActions mirror={mirror} isConnected={isConnected} run={run} />
      </div>
      {mirror.problem === null ? null : (
        <div className={styles.problem}>
          <MirrorProblem mirror={mirror} tone={mirror.phase === 'offline' ? 'hold' : 'bad'} isInset />
        </div>
      )}
      {isMoving ? <Transfers mirror={mirror} /> : null}
    </article>
  );
}

function CardActions({ mirror, isConnected, run }: MirrorCardProps) {
  const { engine } = useEngine();
  const { mirrorId, phase, isPaused, counts } = mirror;
  const words = text.overview;
  return (
    <div className={styles.actions}>
      {phase === 'preview' ? (
        <LinkButton look="primary" href={hrefOf({ screen: 'plan', mirrorId })}>
          {words.reviewPlan}
        </LinkButton>
      ) : counts.held > 0 ? (
        <LinkButton look="primary" href={hrefOf({ screen: 'waiting', mirrorId })}>
          {words.answer}
        </LinkButton>
      ) : null}
      {phase === 'preview' ? null : phase === 'stopped' ? (
        <Button
          icon={<Play size={14} />}
          disabled={!isConnected}
          onClick={() => void run(() => engine.call('start', { mirrorId }))}
        >
          {words.start}
        </Button>
      ) : (
        <Button
          icon={isPaused ? <Play size={14} /> : <Pause size={14} />}
          disabled={!isConnected}
          onClick={() => void run(() => engine.call(isPaused ? 'resume' : 'pause', { mirrorId }))}
        >
          {isPaused ? words.resume : words.pause}
        </Button>
      )}
    </div>
  );
}

/** How many files there are, and how many need something. */
function Facts({ mirror }: { readonly mirror: MirrorStatus }) {
  const { counts, fileTotal } = mirror;
  const words = text.overview;
  const Held = stateLooks.held.icon;
  const Problem = stateLooks.problem.icon;
  const queued = counts.waiting + counts.uploading + counts.processing + counts.downloading;
  return (
    <ul className={styles.facts}>
      <li>{words.filesTotal(fileTotal, formatCount(fileTotal))}</li>
      {counts['in-sync'] === fileTotal ? null : <li>{words.inSync(formatCount(counts['in-sync']))}</li>}
      {queued === 0 ? null : <li>{words.queued(formatCount(queued))}</li>}
      {counts.held === 0 ? null : (
        <li className={tones.hold}>
          <Held size={13} strokeWidth={2.25} aria-hidden="true" />
          {words.held(counts.held, formatCount(counts.held))}
        </li>
      )}
      {counts.problem === 0 ? null : (
        <li className={tones.bad}>
          <Problem size={13} strokeWidth={2.25} aria-hidden="true" />
          {words.problems(counts.problem, formatCount(counts.problem))}
        </li>
      )}
      <NextStepFact mirror={mirror} />
    </ul>
  );
}

function NextStepFact({ mirror }: { readonly mirror: MirrorStatus }) {
  const next = useNextStep(mirror);
  if (next === null) return null;
  return (
    <li title={next.meaning}>
      <Clock size={13} aria-hidden="true" />
      {next.words}
    </li>
  );
}
