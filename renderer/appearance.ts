import type { AppSettings } from '../app/contract.ts';
import { type Language, languageFor, speak, text } from './text/format.ts';

type Theme = AppSettings['theme'];

const themeKey = 'vi-sync.theme';
const languageKey = 'vi-sync.language';

/** Shows a theme at once, and remembers it for the next first paint (`theme.js`). */
export function showTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    delete dataset.theme;
    localStorage.removeItem(themeKey);
  } else {
    dataset.theme = theme;
    localStorage.setItem(themeKey, theme);
  }
}

/** The language to begin with, before the settings are known: the one of last time, or the system's. */
export const rememberedLanguage = (): Language => languageFor(localStorage.getItem(languageKey));

/** Speaks a language from now on, and remembers the setting (null: the system's). */
export async function showLanguage(setting: string | null): Promise<Language> {
  if (setting === null) localStorage.removeItem(languageKey);
  else localStorage.setItem(languageKey, setting);
  const language = languageFor(setting);
  await begin(language);
  return language;
}

/** Speaks a language for this page. */
export async function begin(language: Language): Promise<void> {
  await speak(language);
  document.documentElement.lang = text.language;
}
