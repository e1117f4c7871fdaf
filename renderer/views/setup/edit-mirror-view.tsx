import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, TextArea } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { hrefOf } from '../../route.ts';
import { text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import styles from './edit-mirror-view.module.css';
import { MirrorOptions } from './mirror-options.tsx';
import { RemoveMirror } from './remove-mirror.tsx';

/** How a mirror works, what it leaves out, and its end. */
export default function EditMirrorView({ mirror }: { readonly mirror: MirrorStatus }) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const { mirrorId } = mirror;
  const [settings, setSettings] = useState(mirror.settings);
  const rules = useQuery('ignoreRules', { mirrorId });
  const [newRules, setNewRules] = useState<string | null>(null);
  const action = useAction();
  const words = text.setup;
  const areSettingsNew = JSON.stringify(settings) !== JSON.stringify(mirror.settings);
  const before = rules.answer?.text ?? null;
  const areRulesNew = newRules !== null && before !== null && newRules !== before;

  const save = async (): Promise<void> => {
    const wasDone = await action.run(async () => {
      if (areSettingsNew) await engine.call('changeMirror', { mirrorId, settings });
      if (areRulesNew) await engine.call('changeIgnoreRules', { mirrorId, before, text: newRules });
    });
    if (areRulesNew) rules.again();
    if (wasDone) tell({ tone: 'ok', title: words.saved });
  };

  return (
    <Screen
      isNarrow
      title={words.editTitle(folderName(mirror.folder))}
      subtitle={`${mirror.folder} · ${mirror.datasetName}`}
      actions={
        <>
          <LinkButton
            icon={<ArrowLeft size={14} />}
            href={hrefOf({ screen: mirror.isApproved ? 'mirror' : 'plan', mirrorId })}
          >
            {words.back}
          </LinkButton>
          <Button
            look="primary"
            disabled={!isConnected || action.isRunning || !(areSettingsNew || areRulesNew)}
            onClick={() => void save()}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <div className={styles.parts}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <Card title={words.options} className={styles.part ?? ''}>
          <MirrorOptions settings={settings} onChange={setSettings} />
        </Card>
        <Card title={words.ignoreRules} className={styles.part ?? ''}>
          <ProblemNotice problem={rules.problem} onRetry={rules.again} />
          <Field label={words.ignoreRules} isLabelHidden hint={words.ignoreRulesHint}>
            {(ids) => (
              <TextArea
                {...ids}
                maxLength={65_536}
                spellCheck={false}
                disabled={before === null}
                placeholder={'*.psd\ndrafts/'}
                value={newRules ?? before ?? ''}
                onChange={({ target }) => setNewRules(target.value)}
              />
            )}
          </Field>
        </Card>
        <Card title={words.removeTitle} className={styles.remove ?? ''}>
          <p>{words.removeText}</p>
          <RemoveMirror mirror={mirror} look="plain" label={words.remove} />
        </Card>
      </div>
    </Screen>
  );
}
