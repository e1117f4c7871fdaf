import { Database, History, Inbox, LayoutGrid, type LucideIcon, Plus, Settings, Trash2 } from 'lucide-react';
import type { MirrorStatus } from '../../app/contract.ts';
import { Brand } from '../components/brand.tsx';
import { classNames } from '../components/class-names.ts';
import { phaseLooks } from '../components/state-look.tsx';
import tones from '../components/tones.module.css';
import { Unseen } from '../components/unseen.tsx';
import { hrefOf, type Route } from '../route.ts';
import { formatCount, text } from '../text/format.ts';
import { folderName } from '../text/paths.ts';
import styles from './sidebar.module.css';

interface SidebarProps {
  readonly mirrors: readonly MirrorStatus[];
  readonly route: Route | null;
}

/** Where one can go, and every mirror with its state. In a narrow window a rail of icons. */
export function Sidebar({ mirrors, route }: SidebarProps) {
  const waiting = mirrors.reduce((sum, { counts }) => sum + counts.held, 0);
  return (
    <aside className={styles.sidebar}>
      <header className={styles.brand}>
        <Brand />
        <span className={styles.name}>{text.appName}</span>
      </header>
      <nav aria-label={text.frame.navigation} className={styles.places}>
        <ul>
          <Place
            icon={LayoutGrid}
            name={text.frame.overview}
            href={hrefOf({ screen: 'overview' })}
            isChosen={route?.screen === 'overview'}
          />
          <Place
            icon={Inbox}
            name={text.frame.waiting}
            href={hrefOf({ screen: 'waiting', mirrorId: null })}
            isChosen={route?.screen === 'waiting'}
            badge={waiting}
          />
          <Place
            icon={Database}
            name={text.frame.datasets}
            href={hrefOf({ screen: 'datasets' })}
            isChosen={route?.screen === 'datasets' || route?.screen === 'dataset'}
          />
          <Place
            icon={History}
            name={text.frame.activity}
            href={hrefOf({ screen: 'activity', mirrorId: null })}
            isChosen={route?.screen === 'activity'}
          />
          <Place
            icon={Trash2}
            name={text.frame.trash}
            href={hrefOf({ screen: 'trash', mirrorId: null })}
            isChosen={route?.screen === 'trash'}
          />
        </ul>
      </nav>
      <nav aria-label={text.mirrors} className={styles.mirrors}>
        <h2 className={styles.heading}>{text.mirrors}</h2>
        <ul>
          {mirrors.map((mirror) => (
            <li key={mirror.mirrorId}>
              <MirrorLink mirror={mirror} isChosen={shows(route, mirror)} />
            </li>
          ))}
          <Place
            icon={Plus}
            name={text.frame.addMirror}
            href={hrefOf({ screen: 'add-mirror', account: null })}
            isChosen={route?.screen === 'add-mirror'}
          />
        </ul>
      </nav>
      <nav aria-label={text.frame.app} className={styles.app}>
        <ul>
          <Place
            icon={Settings}
            name={text.frame.settings}
            href={hrefOf({ screen: 'settings' })}
            isChosen={route?.screen === 'settings'}
          />
        </ul>
      </nav>
    </aside>
  );
}

function shows(route: Route | null, { mirrorId }: MirrorStatus): boolean {
  switch (route?.screen) {
    case 'mirror':
    case 'edit-mirror':
    case 'plan':
      return route.mirrorId === mirrorId;
    default:
      return false;
  }
}

interface PlaceProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly href: string;
  readonly isChosen: boolean;
  /** How many files wait there. */
  readonly badge?: number;
}

function Place({ icon: Icon, name, href, isChosen, badge = 0 }: PlaceProps) {
  return (
    <li>
      <a
        className={classNames(styles.link, isChosen && styles.chosen)}
        href={href}
        aria-current={isChosen ? 'page' : undefined}
        title={name}
      >
        <Icon size={16} className={styles.icon} aria-hidden="true" />
        <span className={styles.placeName}>{name}</span>
        {badge === 0 ? null : (
          <span className={styles.badge}>
            {formatCount(badge)}
            <Unseen> {text.frame.waitingBadge(badge)}</Unseen>
          </span>
        )}
      </a>
    </li>
  );
}

function MirrorLink({ mirror, isChosen }: { readonly mirror: MirrorStatus; readonly isChosen: boolean }) {
  const { icon: Icon, tone } = phaseLooks[mirror.phase];
  return (
    <a
      className={classNames(styles.link, styles.mirror, isChosen && styles.chosen)}
      href={hrefOf({ screen: 'mirror', mirrorId: mirror.mirrorId })}
      aria-current={isChosen ? 'page' : undefined}
      title={`${text.mirrorOf(mirror.folder, mirror.datasetName)}\n${text.phase[mirror.phase]}`}
    >
      <span className={classNames(styles.phase, tones[tone])}>
        <Icon size={15} strokeWidth={2.25} role="img" aria-label={text.phase[mirror.phase]} />
      </span>
      <span className={styles.words}>
        <span className={styles.mirrorName}>{folderName(mirror.folder)}</span>
        <span className={styles.mirrorFolder}>{mirror.datasetName}</span>
      </span>
    </a>
  );
}
