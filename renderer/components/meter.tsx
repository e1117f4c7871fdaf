import styles from './meter.module.css';

interface MeterProps {
  readonly label: string;
  /** Part done, 0 to 1. */
  readonly part: number;
  /** What is read out instead of the percentage. */
  readonly valueText?: string;
}

/** A thin bar of progress. */
export function Meter({ label, part, valueText }: MeterProps) {
  const width = Math.min(1, Math.max(0, part)) * 100;
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(width)}
      aria-valuetext={valueText}
    >
      {/* Drawn as SVG: its width is an attribute, and the page's policy forbids style attributes. */}
      <svg width="100%" height="100%" aria-hidden="true" className={styles.bar}>
        <rect width={`${width}%`} height="100%" rx="2" />
      </svg>
    </div>
  );
}
