import { FolderOpen, TriangleAlert } from 'lucide-react';
import type { FileRow, MirrorStatus } from '../../../app/contract.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { DetailPane } from '../../components/detail-pane.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { problemTone, stateLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { hrefOf } from '../../route.ts';
import { text } from '../../text/format.ts';
import { folderOf } from '../../text/paths.ts';
import { worded } from '../../text/problem-words.ts';
import styles from './file-detail.module.css';
import { FileFacts } from './file-facts.tsx';
import { FileHistory } from './file-history.tsx';
import { FilePicture } from './file-picture.tsx';

interface FileDetailProps {
  readonly mirror: MirrorStatus;
  /** As it is listed; more is asked about it. */
  readonly row: FileRow;
  readonly onClose: () => void;
}

/** All that is known of one file, beside the list: its picture, both sides, what has happened; for a problem what it is and what to do. */
export function FileDetail({ mirror, row, onClose }: FileDetailProps) {
  const { mirrorId } = mirror;
  const { answer, problem, again } = useRefreshed('file', { mirrorId, path: row.path }, 'filesChanged');
  const file = answer?.file ?? null;
  return (
    <DetailPane label={text.details} name={row.name} path={row.path} onClose={onClose}>
      <FilePicture mirror={mirror} row={row} file={file} />
      <p className={styles.path}>
        <span className={styles.pathText}>
          {folderOf(row.path)}
          <strong>{row.name}</strong>
        </span>
        <CopyButton label={text.copyPath} value={row.path} />
      </p>
      <Headline row={row} />
      <Actions mirror={mirror} row={row} isHere={file?.local !== null && row.state !== 'remote-only'} />
      <ProblemNotice problem={problem} onRetry={again} />
      {answer !== null && file === null ? <p className={styles.words}>{text.mirror.gone}</p> : null}
      <FileFacts row={row} file={file} />
      <FileHistory history={file?.history ?? null} />
    </DetailPane>
  );
}

/** The problem where there is one, the state otherwise, with what it means. */
function Headline({ row }: { readonly row: FileRow }) {
  const look = stateLooks[row.state];
  const problem = worded(row.problem);
  const Icon = row.problem === null ? look.icon : TriangleAlert;
  const tone = row.problem === null ? look.tone : problemTone(row);
  return (
    <div className={styles.state}>
      <p className={classNames(styles.headline, tones[tone])}>
        <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
        <strong>{problem?.title ?? text.state[row.state]}</strong>
      </p>
      {problem === null ? (
        <p className={styles.words}>{text.stateMeaning[row.state]}</p>
      ) : (
        <>
          <p className={styles.words}>{problem.detail}</p>
          <p className={styles.words}>
            <strong>{text.whatToDo}:</strong> {problem.suggestion}
          </p>
        </>
      )}
    </div>
  );
}

interface ActionsProps {
  readonly mirror: MirrorStatus;
  readonly row: FileRow;
  readonly isHere: boolean;
}

function Actions({ mirror, row, isHere }: ActionsProps) {
  const { engine } = useEngine();
  const about = useQuery('about', {});
  const action = useAction();
  const { mirrorId } = mirror;
  const canShow = isHere && about.answer?.capabilities.showsInFolder === true;
  if (!canShow && row.state !== 'held') return null;
  return (
    <>
      <div className={styles.actions}>
        {row.state === 'held' ? (
          <LinkButton look="primary" href={hrefOf({ screen: 'waiting', mirrorId })}>
            {text.mirror.answer}
          </LinkButton>
        ) : null}
        {canShow ? (
          <Button
            icon={<FolderOpen size={14} />}
            onClick={() => void action.run(() => engine.call('showInFolder', { mirrorId, path: row.path }))}
          >
            {text.mirror.showInFolder}
          </Button>
        ) : null}
      </div>
      <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
    </>
  );
}
