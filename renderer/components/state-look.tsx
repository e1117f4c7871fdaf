import {
  ArrowDown,
  ArrowUp,
  Check,
  CircleAlert,
  CirclePause,
  CircleStop,
  Clock,
  Cloud,
  CloudOff,
  Diff,
  Eye,
  EyeOff,
  Folder,
  LoaderCircle,
  type LucideIcon,
  RefreshCw,
  ScanSearch,
  TriangleAlert,
} from 'lucide-react';
import type { FileRow, FileState, MirrorPhase } from '../../app/contract.ts';

export type Tone = 'ok' | 'busy' | 'hold' | 'bad' | 'quiet';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

/** Icon and tone of each file state, in the order in which a person reads them: what needs them, what is done, what rests, what runs. */
export const stateLooks: Record<FileState, Look> = {
  problem: { icon: TriangleAlert, tone: 'bad' },
  held: { icon: CirclePause, tone: 'hold' },
  'in-sync': { icon: Check, tone: 'ok' },
  'local-only': { icon: Folder, tone: 'quiet' },
  'remote-only': { icon: Cloud, tone: 'quiet' },
  differs: { icon: Diff, tone: 'quiet' },
  ignored: { icon: EyeOff, tone: 'quiet' },
  waiting: { icon: Clock, tone: 'quiet' },
  uploading: { icon: ArrowUp, tone: 'busy' },
  processing: { icon: LoaderCircle, tone: 'busy' },
  downloading: { icon: ArrowDown, tone: 'busy' },
};

export const fileStates = Object.keys(stateLooks) as readonly FileState[];

export const phaseLooks: Record<MirrorPhase, Look> = {
  starting: { icon: LoaderCircle, tone: 'busy' },
  scanning: { icon: ScanSearch, tone: 'busy' },
  preview: { icon: Eye, tone: 'hold' },
  paused: { icon: CirclePause, tone: 'quiet' },
  syncing: { icon: RefreshCw, tone: 'busy' },
  'in-sync': { icon: Check, tone: 'ok' },
  attention: { icon: CircleAlert, tone: 'hold' },
  offline: { icon: CloudOff, tone: 'quiet' },
  stopped: { icon: CircleStop, tone: 'quiet' },
};

/** A problem that stops its file is bad; a rule of one's own is none; one that lets it through, or waits for an answer, is a warning. */
export const problemTone = ({ state }: FileRow): Tone =>
  state === 'problem' ? 'bad' : state === 'ignored' ? 'quiet' : 'hold';
