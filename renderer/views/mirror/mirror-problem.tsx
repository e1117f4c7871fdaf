import type { MirrorStatus } from '../../../app/contract.ts';
import { LinkButton } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { hrefOf } from '../../route.ts';
import { text } from '../../text/format.ts';
import { worded } from '../../text/problem-words.ts';

interface MirrorProblemProps {
  readonly mirror: MirrorStatus;
  readonly tone: 'bad' | 'hold';
  readonly isInset?: boolean;
}

/** Codes of problems that end with another key. */
const ofKeys = new Set([
  'AuthenticationFailed',
  'PermissionDenied',
  'not-logged-in',
  'other-organization',
  'secret-key-malformed',
  'keychain-entry-unreadable',
  'keychain-locked',
]);

/** Why a mirror as a whole can’t go on, what to do, and the way there where the window has one. */
export function MirrorProblem({ mirror: { problem }, tone, isInset = false }: MirrorProblemProps) {
  if (problem === null) return null;
  const { title, detail, suggestion } = worded(problem);
  return (
    <Notice
      tone={tone}
      title={title}
      isInset={isInset}
      actions={
        ofKeys.has(problem.code) ? (
          <LinkButton href={hrefOf({ screen: 'settings' })}>{text.mirror.toAccount}</LinkButton>
        ) : null
      }
    >
      {detail} {suggestion}
    </Notice>
  );
}
