import { Clock } from 'lucide-react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { phaseLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { useNow } from '../../components/use-now.ts';
import { formatAgo, formatCount, formatFullTime, text } from '../../text/format.ts';
import { useNextStep } from './next-step.ts';
import styles from './phase-line.module.css';

interface PhaseLineProps {
  readonly mirror: MirrorStatus;
  /** Without the numbers of files that need something: they stand beside it. */
  readonly isBrief?: boolean;
}

/** What a mirror does, and since when that is proved. */
export function MirrorPhaseLine({ mirror, isBrief = false }: PhaseLineProps) {
  const { icon: Icon, tone } = phaseLooks[mirror.phase];
  return (
    <p className={styles.phase}>
      <span className={classNames(styles.phaseName, tones[tone])}>
        <Icon
          size={14}
          strokeWidth={2.5}
          className={tone === 'busy' ? styles.turning : undefined}
          aria-hidden="true"
        />
        {text.phase[mirror.phase]}
      </span>
      <span className={styles.phaseDetail}>
        <PhaseDetail mirror={mirror} isBrief={isBrief} />
      </span>
      {isBrief ? null : <NextStep mirror={mirror} />}
    </p>
  );
}

function PhaseDetail({ mirror, isBrief }: Required<PhaseLineProps>) {
  switch (mirror.phase) {
    case 'starting':
    case 'scanning':
    case 'preview':
    case 'paused':
    case 'offline':
    case 'stopped':
      return text.phaseDetail[mirror.phase];
    case 'syncing': {
      const done = mirror.upload.filesDone + mirror.download.filesDone;
      const total = mirror.upload.filesTotal + mirror.download.filesTotal;
      return total === 0 ? null : text.filesOf(formatCount(done), total, formatCount(total));
    }
    case 'attention': {
      if (isBrief) return <Checked mirror={mirror} />;
      const { problem, held } = mirror.counts;
      return (
        <>
          {text.needAttention(problem, formatCount(problem), held, formatCount(held))}
          <Checked mirror={mirror} separator />
        </>
      );
    }
    case 'in-sync':
      return <Checked mirror={mirror} />;
  }
}

function NextStep({ mirror }: { readonly mirror: MirrorStatus }) {
  const next = useNextStep(mirror);
  if (next === null) return null;
  return (
    <span className={styles.next} title={next.meaning}>
      <Clock size={13} aria-hidden="true" />
      {next.words}
    </span>
  );
}

/** When both sides were last looked at: the older of the two is what the proof is worth. */
function Checked({ mirror, separator }: { readonly mirror: MirrorStatus; readonly separator?: boolean }) {
  const now = useNow();
  const { lastScanAt, lastListingAt } = mirror;
  if (lastScanAt === null || lastListingAt === null) return null;
  const ago = formatAgo(Math.min(lastScanAt, lastListingAt), now);
  return (
    <>
      {separator ? ' · ' : null}
      <span title={text.checkedTitle(formatFullTime(lastScanAt), formatFullTime(lastListingAt))}>
        {text.checked(ago)}
      </span>
    </>
  );
}
