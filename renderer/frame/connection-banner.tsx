import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';
import { useEngine, useObservable } from '../engine/use-engine.ts';
import { text } from '../text/format.ts';

/** Says when what is shown may be old. Nothing while connected. */
export function ConnectionBanner() {
  const { engine } = useEngine();
  const connection = useObservable(engine.connection);
  switch (connection) {
    case 'open':
    case 'connecting':
      return null;
    case 'lost':
      return (
        <Notice
          tone="hold"
          title={text.lostTitle}
          actions={<Button onClick={() => engine.reconnect()}>{text.tryNow}</Button>}
        >
          {text.lostText}
        </Notice>
      );
    case 'signed-out':
      return (
        <Notice tone="bad" title={text.signedOutTitle}>
          {text.signedOutText}
        </Notice>
      );
  }
}
