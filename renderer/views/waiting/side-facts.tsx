import type { Hold } from '../../../app/contract.ts';
import { useNow } from '../../components/use-now.ts';
import { formatAgo, formatBytes, formatFullTime, formatPixels, text } from '../../text/format.ts';
import styles from './side-facts.module.css';

type Side = NonNullable<Hold['local']>;

/** Both sides in figures, what differs marked. */
export function SideFacts({ hold: { local, remote } }: { readonly hold: Hold }) {
  const newer = later(local, remote);
  return (
    <div className={styles.sides}>
      <Facts side={local} other={remote} isNewer={newer === 'local'} />
      <Facts side={remote} other={local} isNewer={newer === 'remote'} />
    </div>
  );
}

function Facts({
  side,
  other,
  isNewer,
}: {
  readonly side: Side | null;
  readonly other: Side | null;
  readonly isNewer: boolean;
}) {
  const now = useNow();
  const words = text.waiting;
  if (side === null) return <div />;
  const pixels = pixelsOf(side);
  return (
    <dl className={styles.facts}>
      <dt>{words.name}</dt>
      <dd>{side.name}</dd>
      <dt>{words.size}</dt>
      <dd className={differs(side.size, other?.size) ? styles.differs : undefined}>
        {side.size === null ? text.none : formatBytes(side.size)}
      </dd>
      <dt>{words.pixels}</dt>
      <dd className={other !== null && differs(pixels, pixelsOf(other)) ? styles.differs : undefined}>
        {pixels ?? text.none}
      </dd>
      <dt>{words.changed}</dt>
      <dd>
        {side.changedAt === null ? (
          text.none
        ) : (
          <time dateTime={new Date(side.changedAt).toISOString()} title={formatFullTime(side.changedAt)}>
            {formatAgo(side.changedAt, now)}
          </time>
        )}
        {isNewer ? <span className={styles.tag}>{words.newer}</span> : null}
      </dd>
    </dl>
  );
}

const pixelsOf = ({ width, height }: Side): string | null =>
  width === null || height === null ? null : formatPixels(width, height);

/** Whether both are known and not equal. */
function differs<T>(mine: T | null, other: T | null | undefined): boolean {
  return mine !== null && other !== null && other !== undefined && mine !== other;
}

function later(local: Side | null, remote: Side | null): 'local' | 'remote' | null {
  const [mine, theirs] = [local?.changedAt ?? null, remote?.changedAt ?? null];
  if (mine === null || theirs === null || mine === theirs) return null;
  return mine > theirs ? 'local' : 'remote';
}
