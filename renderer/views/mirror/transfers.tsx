import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MirrorStatus, TransferProgress } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { Meter } from '../../components/meter.tsx';
import { formatBytes, formatCount, formatDuration, text } from '../../text/format.ts';
import styles from './transfers.module.css';

/** Both directions side by side. Their place stays when nothing moves, so that nothing below jumps. */
export function Transfers({ mirror }: { readonly mirror: MirrorStatus }) {
  return (
    <div className={styles.transfers}>
      <Transfer
        icon={<ArrowUp size={14} aria-hidden="true" />}
        name={text.uploads}
        idle={text.noUploads}
        done={text.sent}
        progress={mirror.upload}
      />
      <Transfer
        icon={<ArrowDown size={14} aria-hidden="true" />}
        name={text.downloads}
        idle={text.noDownloads}
        done={text.fetched}
        progress={mirror.download}
      />
    </div>
  );
}

interface TransferProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly idle: string;
  readonly done: (files: number, shownFiles: string, bytes: string) => string;
  readonly progress: TransferProgress;
}

function Transfer({ icon, name, idle, done, progress }: TransferProps) {
  const { filesDone, filesTotal, bytesDone, bytesTotal, bytesPerSecond } = progress;
  const running = filesDone < filesTotal;
  const files = text.filesOf(formatCount(filesDone), filesTotal, formatCount(filesTotal));
  const bytes = text.bytesOf(formatBytes(bytesDone), formatBytes(bytesTotal));
  const rest = filesDone === 0 ? idle : done(filesDone, formatCount(filesDone), formatBytes(bytesDone));
  const part = bytesTotal > 0 ? bytesDone / bytesTotal : filesTotal > 0 ? filesDone / filesTotal : 0;
  return (
    <section className={classNames(styles.transfer, !running && styles.idle)} aria-label={name}>
      <p className={styles.line}>
        <span className={styles.name}>
          {icon}
          {name}
        </span>
        <span className={styles.figures}>{running ? `${files} · ${bytes}` : rest}</span>
        <span className={styles.rate}>
          {running && bytesPerSecond > 0 ? (
            <>
              {text.perSecond(formatBytes(bytesPerSecond))}
              {' · '}
              {text.timeLeft(formatDuration(((bytesTotal - bytesDone) / bytesPerSecond) * 1000))}
            </>
          ) : null}
        </span>
      </p>
      <Meter label={name} part={running ? part : 0} valueText={running ? `${files}, ${bytes}` : rest} />
    </section>
  );
}
