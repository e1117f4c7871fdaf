import { save } from '../../settings/saving.ts';
import { text } from '../../text/format.ts';
import type { PartOfAppSettings } from './appearance-part.tsx';
import styles from './network-part.module.css';
import { Part } from './part.tsx';
import { SavedField } from './saved-field.tsx';

/** How Vi Sync reaches the network. What is wrong with an address or a file, the app says. */
export function NetworkPart({ settings, change }: PartOfAppSettings) {
  const words = text.settings;
  return (
    <Part name="network" hint={words.fromNextStart}>
      <div className={styles.fields}>
        <SavedField<string | null>
          isWide
          label={words.proxy}
          hint={words.proxyHint}
          value={settings.proxy}
          show={(proxy) => proxy ?? ''}
          read={textOrNull}
          wrong=""
          placeholder="http://"
          onSave={(proxy) => save(() => change({ proxy }))}
        />
        <SavedField<string | null>
          isWide
          label={words.caFile}
          hint={words.caFileHint}
          value={settings.extraCaFile}
          show={(file) => file ?? ''}
          read={textOrNull}
          wrong=""
          onSave={(extraCaFile) => save(() => change({ extraCaFile }))}
        />
      </div>
    </Part>
  );
}

const textOrNull = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim());
