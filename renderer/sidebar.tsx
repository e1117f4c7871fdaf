import { History } from 'lucide-react';
import type { MirrorStatus } from '../app/contract.ts';
import { ActivityList } from './activity-list.tsx';
import { Brand } from './components/brand.tsx';
import { classNames } from './components/class-names.ts';
import { phaseLooks } from './components/state-look.tsx';
import tones from './components/tones.module.css';
import styles from './sidebar.module.css';
import { text } from './text/format.ts';
import { folderName } from './views/mirror/paths.ts';

interface SidebarProps {
  readonly mirrors: readonly MirrorStatus[];
  readonly chosenId: string | null;
  readonly onChoose: (mirrorId: string) => void;
}

/** All mirrors, and what happened last. In a narrow window a rail of icons, with the activity in a panel of its own. */
export function Sidebar({ mirrors, chosenId, onChoose }: SidebarProps) {
  return (
    <aside className={styles.sidebar}>
      <header className={styles.brand}>
        <Brand />
        <span className={styles.name}>{text.appName}</span>
      </header>
      <nav aria-label={text.mirrors} className={styles.mirrors}>
        <h2 className={styles.heading}>{text.mirrors}</h2>
        <ul>
          {mirrors.map((mirror) => (
            <li key={mirror.mirrorId}>
              <MirrorLink mirror={mirror} chosen={mirror.mirrorId === chosenId} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles.activity} aria-label={text.activity}>
        <h2 className={styles.heading}>{text.activity}</h2>
        <ActivityList />
      </section>
      <button
        type="button"
        className={styles.railButton}
        popoverTarget="activity-panel"
        aria-label={text.activity}
        title={text.activity}
      >
        <History size={18} />
      </button>
      <section id="activity-panel" popover="auto" className={styles.panel} aria-label={text.activity}>
        <h2 className={styles.heading}>{text.activity}</h2>
        <ActivityList />
      </section>
    </aside>
  );
}

interface MirrorLinkProps {
  readonly mirror: MirrorStatus;
  readonly chosen: boolean;
  readonly onChoose: (mirrorId: string) => void;
}

function MirrorLink({ mirror, chosen, onChoose }: MirrorLinkProps) {
  const { icon: Icon, tone } = phaseLooks[mirror.phase];
  const folder = folderName(mirror.folder);
  return (
    <button
      type="button"
      className={classNames(styles.mirror, chosen && styles.chosen)}
      aria-current={chosen ? 'page' : undefined}
      title={`${text.mirrorOf(mirror.folder, mirror.datasetName)}\n${text.phase[mirror.phase]}`}
      onClick={() => onChoose(mirror.mirrorId)}
    >
      <span className={classNames(styles.phase, tones[tone])}>
        <Icon size={15} strokeWidth={2.25} aria-label={text.phase[mirror.phase]} />
      </span>
      <span className={styles.words}>
        <span className={styles.mirrorName}>{mirror.datasetName}</span>
        <span className={styles.mirrorFolder}>{folder}</span>
      </span>
    </button>
  );
}
