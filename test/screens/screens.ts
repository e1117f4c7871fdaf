/**
 * Takes pictures of every screen in each state, theme and size into `screens/`, which git ignores; those of the longest words in German too:
 * `npm run screens -- [--screen waiting] [--state full] [--theme dark] [--width 900] [--language de]`.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { de } from '../../renderer/text/de/index.ts';
import { en } from '../../renderer/text/en/index.ts';
import { openBrowser } from '../e2e/browser.ts';
import { hostOf } from '../e2e/page-fixture.ts';
import { servePictures } from '../e2e/pictures.ts';
import { type AppSceneName, appScene } from '../host/app-scenes.ts';
import { libraryShots } from './library-shots.ts';
import { mirrorShots } from './mirror-shots.ts';
import type { Shot } from './shot.ts';

const folder = path.resolve(import.meta.dirname, '../../screens');
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const languages = { en, de };

const { values } = parseArgs({
  options: {
    screen: { type: 'string', multiple: true },
    state: { type: 'string', multiple: true },
    theme: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true },
    language: { type: 'string', multiple: true },
  },
});
const isWanted = (wanted: readonly string[] | undefined, name: string): boolean =>
  wanted === undefined || wanted.includes(name);

/** How one picture is taken. */
interface View {
  readonly state: AppSceneName;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
  readonly language: keyof typeof languages;
}

/** Every way to see a shot that the arguments leave. */
function* viewsOf({ states, inGerman = false }: Shot): Generator<View> {
  for (const state of states) {
    for (const language of ['en', 'de'] as const) {
      // In German all that differs is the words.
      const isPart = inGerman || values.language !== undefined;
      if (language === 'de' && !isPart) continue;
      for (const colorScheme of language === 'de' ? (['light'] as const) : (['light', 'dark'] as const)) {
        for (const viewport of sizes) {
          if (
            isWanted(values.state, state) &&
            isWanted(values.language, language) &&
            isWanted(values.theme, colorScheme) &&
            isWanted(values.width, String(viewport.width))
          )
            yield { state, colorScheme, viewport, language };
        }
      }
    }
  }
}

async function photograph(browser: Browser, name: string, shot: Shot, view: View): Promise<void> {
  const { state, language, colorScheme, viewport } = view;
  const app = appScene(state, Date.now());
  app.appSettings = { ...app.appSettings, language };
  shot.prepare?.(app);
  const host = await hostOf(app);
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: language === 'de' ? 'de-DE' : 'en-GB',
    reducedMotion: 'reduce',
  });
  let isHostOpen = true;
  try {
    await servePictures(context);
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    await page.goto(`${host.url}${shot.hash}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(250);
    await shot.act?.(page, languages[language], state);
    if (shot.isCutOff === true) {
      await host.close();
      isHostOpen = false;
      await page.getByText(languages[language].lostTitle).waitFor();
    }
    await page.waitForTimeout(250);
    const suffix = language === 'en' ? '' : `-${language}`;
    await page.screenshot({
      path: path.join(folder, `${name}-${state}-${colorScheme}-${viewport.width}${suffix}.png`),
    });
  } finally {
    await context.close();
    if (isHostOpen) await host.close();
  }
}

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
// One that fails does not keep the others from being taken.
let failures = 0;
try {
  for (const [name, shot] of Object.entries({ ...mirrorShots, ...libraryShots })) {
    if (!isWanted(values.screen, name)) continue;
    for (const view of viewsOf(shot)) {
      await photograph(browser, name, shot, view).catch((error: unknown) => {
        failures += 1;
        process.stderr.write(`${name} ${view.state} ${view.viewport.width}: ${String(error)}\n`);
      });
    }
  }
} finally {
  await browser.close();
}
if (failures > 0) process.exitCode = 1;
