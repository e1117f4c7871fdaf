import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { watchActivities } from './engine/activities.ts';
import { connectToHost } from './engine/host-connection.ts';
import { watchMirrors } from './engine/mirrors.ts';
import { EngineContext } from './engine/use-engine.ts';
import { FaultBoundary } from './fault-boundary.tsx';

const engine = connectToHost();
const view = { engine, mirrors: watchMirrors(engine), activities: watchActivities(engine) };
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <FaultBoundary>
      <EngineContext value={view}>
        <App />
      </EngineContext>
    </FaultBoundary>
  </StrictMode>,
);
