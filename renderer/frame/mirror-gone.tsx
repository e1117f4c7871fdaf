import { FolderX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { LinkButton } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { useWindowTitle } from '../components/screen.tsx';
import { hrefOf } from '../route.ts';
import { text } from '../text/format.ts';

/** A mirror that was just added is told of a moment after the call that added it. Milliseconds. */
const patienceMs = 800;

/** In place of a mirror that is not there any more. */
export function MirrorGone() {
  const [isCertain, setIsCertain] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsCertain(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return isCertain ? <Gone /> : null;
}

function Gone() {
  useWindowTitle(text.frame.goneTitle);
  return (
    <EmptyState
      level={1}
      icon={<FolderX size={22} />}
      title={text.frame.goneTitle}
      actions={<LinkButton href={hrefOf({ screen: 'overview' })}>{text.frame.toOverview}</LinkButton>}
    >
      <p>{text.frame.goneText}</p>
    </EmptyState>
  );
}
