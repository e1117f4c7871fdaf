import { useState } from 'react';
import type { Activity, MirrorStatus } from '../../../app/contract.ts';
import type { ActivityLine } from '../../activity/activity-groups.ts';
import { activityLooks } from '../../activity/activity-look.ts';
import { classNames } from '../../components/class-names.ts';
import tones from '../../components/tones.module.css';
import { hrefOf } from '../../route.ts';
import { formatCount, formatFullTime, formatTimeOfDay, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { wordsOfActivity } from '../../text/problem-words.ts';
import styles from './activity-entry.module.css';
import type { WayBack } from './way-back.ts';

interface ActivityEntryProps {
  readonly line: ActivityLine;
  /** Absent: it is not mirrored any more. */
  readonly mirror: MirrorStatus | undefined;
  readonly namesMirror: boolean;
  readonly wayBackOf: (activity: Activity) => WayBack | null;
}

/** One thing that has happened, or the same to many files at once. */
export function ActivityEntry({ line, mirror, namesMirror, wayBackOf }: ActivityEntryProps) {
  const [isOpen, setIsOpen] = useState(false);
  const newest = line.form === 'single' ? line.activity : line.activities[0];
  const { icon: Icon, tone } = activityLooks[newest.kind];
  const words = text.activities;
  return (
    <li className={styles.entry}>
      <time dateTime={new Date(newest.at).toISOString()} title={formatFullTime(newest.at)}>
        {formatTimeOfDay(newest.at)}
      </time>
      <Icon
        size={15}
        className={classNames(styles.icon, tones[tone])}
        role="img"
        aria-label={text.activityKind[newest.kind]}
      />
      <div className={styles.words}>
        {line.form === 'single' ? (
          <>
            <p className={styles.message}>{wordsOfActivity(newest)}</p>
            <Place path={newest.path} mirror={mirror} namesMirror={namesMirror} />
          </>
        ) : (
          <>
            <p className={styles.message}>
              {text.activityCrowd[line.kind](formatCount(line.activities.length))}
            </p>
            <p className={styles.place}>
              {namesMirror && mirror !== undefined ? <MirrorName mirror={mirror} /> : null}
              <button
                type="button"
                className={styles.toggle}
                aria-expanded={isOpen}
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? words.hideFiles : words.showFiles(formatCount(line.activities.length))}
              </button>
            </p>
            {isOpen ? (
              <ul className={styles.files}>
                {line.activities.map((activity) => (
                  <li key={activity.id} className={styles.file}>
                    <Place path={activity.path ?? activity.message} mirror={mirror} namesMirror={false} />
                    <Way wayBack={wayBackOf(activity)} />
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        )}
      </div>
      {line.form === 'single' ? <Way wayBack={wayBackOf(newest)} /> : null}
    </li>
  );
}

interface PlaceProps {
  readonly path: string | null;
  readonly mirror: MirrorStatus | undefined;
  readonly namesMirror: boolean;
}

function Place({ path, mirror, namesMirror }: PlaceProps) {
  if (path === null && (!namesMirror || mirror === undefined)) return null;
  return (
    <p className={styles.place}>
      {namesMirror && mirror !== undefined ? <MirrorName mirror={mirror} /> : null}
      {path === null ? null : mirror === undefined ? (
        <span className={styles.path}>{path}</span>
      ) : (
        <a
          className={styles.path}
          href={hrefOf({ screen: 'mirror', mirrorId: mirror.mirrorId, path })}
          title={text.activities.openFile(path)}
        >
          {path}
        </a>
      )}
    </p>
  );
}

function MirrorName({ mirror }: { readonly mirror: MirrorStatus }) {
  return (
    <a className={styles.mirror} href={hrefOf({ screen: 'mirror', mirrorId: mirror.mirrorId })}>
      {folderName(mirror.folder)}
    </a>
  );
}

function Way({ wayBack }: { readonly wayBack: WayBack | null }) {
  if (wayBack === null) return null;
  return (
    <a className={styles.way} href={hrefOf(wayBack.route)}>
      {wayBack.label}
    </a>
  );
}
