import { FolderX } from 'lucide-react';
import { LinkButton } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { useWindowTitle } from '../components/screen.tsx';
import { hrefOf } from '../route.ts';
import { text } from '../text/format.ts';

/** In place of a mirror that is not there any more. */
export function MirrorGone() {
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
