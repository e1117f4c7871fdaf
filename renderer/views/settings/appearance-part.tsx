import { Monitor, Moon, Sun } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { AppSettings } from '../../../app/contract.ts';
import { Select } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { saveOrTell } from '../../settings/saving.ts';
import type { AppSettingsInUse } from '../../settings/use-app-settings.ts';
import { languages, text } from '../../text/format.ts';
import { Line, Part } from './part.tsx';

export interface PartOfAppSettings {
  readonly settings: AppSettings;
  readonly change: AppSettingsInUse['change'];
}

const icons = {
  system: <Monitor size={14} aria-hidden="true" />,
  light: <Sun size={14} aria-hidden="true" />,
  dark: <Moon size={14} aria-hidden="true" />,
} as const;
const themes = Object.keys(icons) as readonly AppSettings['theme'][];

/** Another language draws all anew: whoever chose it goes on where they were. */
let hasChosenLanguage = false;

/** Colours and words. */
export function AppearancePart({ settings, change }: PartOfAppSettings) {
  const select = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!hasChosenLanguage) return;
    hasChosenLanguage = false;
    select.current?.querySelector('select')?.focus();
  }, []);
  const words = text.settings;
  const { theme, language } = settings;
  return (
    <Part name="appearance">
      <Line title={words.theme}>
        <Segmented<AppSettings['theme']>
          label={words.theme}
          value={theme}
          options={themes.map((value) => ({ value, label: words.themes[value], icon: icons[value] }))}
          onChange={(next) => void saveOrTell(() => change({ theme: next }))}
        />
      </Line>
      <Line title={words.language}>
        <div ref={select}>
          <Select
            aria-label={words.language}
            value={language ?? ''}
            onChange={({ target }) => {
              const chosen = target.value === '' ? null : target.value;
              hasChosenLanguage = true;
              void saveOrTell(() => change({ language: chosen }));
            }}
          >
            <option value="">{words.languageSystem}</option>
            {Object.entries(languages).map(([tag, { name }]) => (
              <option key={tag} value={tag} lang={tag}>
                {name}
              </option>
            ))}
          </Select>
        </div>
      </Line>
    </Part>
  );
}
