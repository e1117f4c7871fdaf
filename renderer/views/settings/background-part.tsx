import type { AppSettings, Capabilities } from '../../../app/contract.ts';
import { Check } from '../../components/check.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Toggle } from '../../components/toggle.tsx';
import { saveOrTell } from '../../settings/saving.ts';
import { text } from '../../text/format.ts';
import type { PartOfAppSettings } from './appearance-part.tsx';
import styles from './background-part.module.css';
import { Line, Part } from './part.tsx';

interface BackgroundPartProps extends PartOfAppSettings {
  readonly capabilities: Capabilities;
}

const updateChoices = ['stable', 'test', 'off'] as const satisfies readonly AppSettings['updates'][];

/** What Vi Sync does while nobody looks: only where its host can. */
export function BackgroundPart({ settings, change, capabilities }: BackgroundPartProps) {
  const { notifications } = settings;
  const words = text.settings;
  const kinds = Object.keys(words.notifications) as (keyof AppSettings['notifications'])[];
  const switches = [
    ...(capabilities.startsAtLogin ? (['startAtLogin'] as const) : []),
    ...(capabilities.knowsPower ? (['pauseOnBattery', 'keepAwake'] as const) : []),
  ];
  return (
    <Part name="background">
      {capabilities.notifies ? (
        <Line title={words.notify} isTall>
          <div className={styles.kinds}>
            {kinds.map((kind) => (
              <Check
                key={kind}
                label={words.notifications[kind]}
                isOn={notifications[kind]}
                onChange={(isOn) =>
                  void saveOrTell(() => change({ notifications: { ...notifications, [kind]: isOn } }))
                }
              />
            ))}
          </div>
        </Line>
      ) : null}
      {switches.map((name) => (
        <Line key={name} title={words[name]}>
          <Toggle
            label={words[name]}
            isLabelHidden
            isOn={settings[name]}
            onChange={(isOn) => void saveOrTell(() => change({ [name]: isOn }))}
          />
        </Line>
      ))}
      {capabilities.updates ? (
        <Line title={words.updates}>
          <Segmented<AppSettings['updates']>
            label={words.updates}
            value={settings.updates}
            options={updateChoices.map((value) => ({ value, label: words.updateChoices[value] }))}
            onChange={(updates) => void saveOrTell(() => change({ updates }))}
          />
        </Line>
      ) : null}
    </Part>
  );
}
