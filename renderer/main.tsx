import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { begin, rememberedLanguage, showLanguage, showTheme } from './appearance.ts';
import { watchActivities } from './engine/activities.ts';
import { watchAppSettings } from './engine/app-settings.ts';
import { connectToHost } from './engine/host-connection.ts';
import { watchMirrors } from './engine/mirrors.ts';
import { EngineContext } from './engine/use-engine.ts';
import { App } from './frame/app.tsx';
import { FaultBoundary } from './frame/fault-boundary.tsx';
import { text } from './text/format.ts';

const engine = connectToHost();
const appSettings = watchAppSettings(engine);
const view = {
  engine,
  mirrors: watchMirrors(engine),
  activities: watchActivities(engine),
  appSettings,
};
const element = document.getElementById('root');
if (element === null) throw new Error('The page has no root element.');
const root = createRoot(element);

function draw(): void {
  root.render(
    <StrictMode>
      <FaultBoundary>
        <EngineContext value={view}>
          {/* In another language all words are drawn anew, those of parts that skip drawing too. */}
          <App key={text.language} />
        </EngineContext>
      </FaultBoundary>
    </StrictMode>,
  );
}

async function follow(): Promise<void> {
  const settings = appSettings.get();
  if (settings === null) return;
  showTheme(settings.theme);
  const before = text.language;
  await showLanguage(settings.language);
  if (text.language !== before) draw();
}

async function start(): Promise<void> {
  // Not awaited at the top: a chunk with a language may need this module, which would wait for it in turn.
  await begin(rememberedLanguage());
  draw();
  appSettings.subscribe(() => void follow());
  await follow();
}

void start();
