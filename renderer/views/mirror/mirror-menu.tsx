import { Ellipsis, FolderOpen, Pause, Play, Settings2, ShieldCheck } from 'lucide-react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { IconButton } from '../../components/button.tsx';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { tell } from '../../components/toasts.tsx';
import type { Action } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { goTo } from '../../route.ts';
import { text } from '../../text/format.ts';

/** What else can be done with a mirror. */
export function MirrorMenu({ mirror, run }: { readonly mirror: MirrorStatus; readonly run: Action['run'] }) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const about = useQuery('about', {});
  const { mirrorId, phase, isPaused } = mirror;
  const words = text.mirror;
  const running: MenuEntry =
    phase === 'stopped'
      ? {
          label: words.start,
          icon: <Play size={14} />,
          onChoose: () => void run(() => engine.call('start', { mirrorId })),
        }
      : {
          label: isPaused ? words.resume : words.pause,
          icon: isPaused ? <Play size={14} /> : <Pause size={14} />,
          onChoose: () => void run(() => engine.call(isPaused ? 'resume' : 'pause', { mirrorId })),
        };
  const verify = async (): Promise<void> => {
    tell({ tone: 'ok', title: words.verifying });
    if (await run(() => engine.call('verify', { mirrorId }))) tell({ tone: 'ok', title: words.verified });
  };
  const openFolder: MenuEntry = {
    label: words.openFolder,
    icon: <FolderOpen size={14} />,
    onChoose: () => void run(() => engine.call('showInFolder', { mirrorId })),
  };
  const settings: MenuEntry = {
    label: words.settings,
    icon: <Settings2 size={14} />,
    onChoose: () => goTo({ screen: 'edit-mirror', mirrorId }),
  };
  const check: MenuEntry = {
    label: words.verify,
    icon: <ShieldCheck size={14} />,
    isDisabled: phase === 'stopped',
    onChoose: () => void verify(),
  };
  return (
    <Menu
      trigger={<IconButton label={words.more} icon={<Ellipsis size={16} />} disabled={!isConnected} />}
      groups={[
        [running, check],
        [...(about.answer?.capabilities.showsInFolder === true ? [openFolder] : []), settings],
      ]}
    />
  );
}
