import { FileArchive } from 'lucide-react';
import { useState } from 'react';
import type { CallResult, Problem } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { formatBytes, text } from '../../text/format.ts';
import styles from './about-part.module.css';
import { Line, Part } from './part.tsx';

interface AboutPartProps {
  /** Null until it is known. */
  readonly about: CallResult<'about'> | null;
  readonly problem: Problem | null;
}

/** What this Vi Sync is, where it keeps what it knows, and what to send along with a bug report. */
export function AboutPart({ about, problem }: AboutPartProps) {
  const { engine } = useEngine();
  const action = useAction();
  const [bundle, setBundle] = useState<CallResult<'diagnostics'> | null>(null);
  const words = text.settings;
  const make = (): void => {
    setBundle(null);
    void action.run(async () => setBundle(await engine.call('diagnostics', {})));
  };
  return (
    <Part name="help">
      <Line title={words.bundle} hint={words.bundleText}>
        <Button icon={<FileArchive size={14} />} disabled={action.isRunning} onClick={make}>
          {action.isRunning ? words.bundleMaking : words.bundleGo}
        </Button>
      </Line>
      <div role="status" className={styles.outcome}>
        <ProblemNotice problem={action.problem ?? problem} />
        {bundle === null ? null : (
          <>
            <p>{words.bundleDone(formatBytes(bundle.bytes))}</p>
            <Place path={bundle.file} />
          </>
        )}
      </div>
      {about === null ? null : (
        <dl className={styles.facts}>
          <dt>{words.version}</dt>
          <dd>{`${text.appName} ${about.version}`}</dd>
          <dt>{words.platform}</dt>
          <dd>{about.platform}</dd>
          <dt>{words.dataDir}</dt>
          <dd>
            <Place path={about.dataDir} />
          </dd>
          <dt>{words.log}</dt>
          <dd>{about.logFile === null ? words.noLog : <Place path={about.logFile} />}</dd>
        </dl>
      )}
    </Part>
  );
}

function Place({ path }: { readonly path: string }) {
  return (
    <span className={styles.place}>
      <code>{path}</code>
      <CopyButton label={text.settings.copyPath} value={path} />
    </span>
  );
}
