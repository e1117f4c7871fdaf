import { Suspense, useEffect, useRef } from 'react';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';
import { Toasts } from '../components/toasts.tsx';
import { useEngine, useObservable } from '../engine/use-engine.ts';
import { hrefOf, type Route, useRoute } from '../route.ts';
import { text } from '../text/format.ts';
import { worded } from '../text/problem-words.ts';
import styles from './app.module.css';
import { ConnectionBanner } from './connection-banner.tsx';
import { DropGuard } from './drop-guard.tsx';
import { ScreenOf } from './screens.tsx';
import { Sidebar } from './sidebar.tsx';

/** The frame of the window: the sidebar, the connection's banner, and the screen that the address names. */
export function App() {
  const { mirrors: observable } = useEngine();
  const mirrors = useObservable(observable);
  const { loaded, list } = mirrors;
  const problem = worded(mirrors.problem);
  // Without a mirror there is nothing to look at: the first thing to do is to make one.
  const route: Route | null =
    useRoute() ?? (loaded ? { screen: list.length === 0 ? 'welcome' : 'overview' } : null);
  const main = useFocusOnNewScreen(route === null ? null : hrefOf(route));
  const mirror =
    route !== null && 'mirrorId' in route
      ? list.find(({ mirrorId }) => mirrorId === route.mirrorId)
      : undefined;
  return (
    <>
      <div className={styles.window}>
        <Sidebar mirrors={list} route={route} />
        <main className={styles.main} ref={main} tabIndex={-1}>
          <ConnectionBanner />
          {problem === null ? null : (
            <Notice
              tone="bad"
              title={problem.title}
              actions={<Button onClick={() => location.reload()}>{text.reload}</Button>}
            >
              {problem.detail} {problem.suggestion}
            </Notice>
          )}
          <Suspense fallback={null}>
            {route === null ? null : <ScreenOf route={route} mirrors={mirrors} />}
          </Suspense>
        </main>
      </div>
      <DropGuard folder={mirror?.folder ?? null} />
      <Toasts />
    </>
  );
}

/** Who goes to another screen by keyboard or screen reader goes on there, not behind the link that they came by. */
function useFocusOnNewScreen(href: string | null) {
  const main = useRef<HTMLElement>(null);
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (before.current !== null && href !== null && before.current !== href) main.current?.focus();
    before.current = href;
  }, [href]);
  return main;
}
