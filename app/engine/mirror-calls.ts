import type { EngineParts, Handlers } from './call-handlers.ts';
import { usageOf } from './usage.ts';

type MirrorCalls = Handlers<
  | 'status'
  | 'addMirror'
  | 'start'
  | 'removeMirror'
  | 'changeMirror'
  | 'preview'
  | 'go'
  | 'pause'
  | 'resume'
  | 'settings'
  | 'changeSettings'
  | 'syncNow'
  | 'settled'
  | 'verify'
  | 'usage'
>;

/** Calls about mirrors as a whole, and about what holds for all of them. */
export function mirrorCalls({ manifest, environment, mirrors, limits, budget }: EngineParts): MirrorCalls {
  return {
    status: () => ({ mirrors: mirrors.statuses() }),
    addMirror: async (args) => ({ mirrorId: await mirrors.add(args) }),
    start({ mirrorId, looksOnly }) {
      for (const record of mirrors.records(mirrorId ?? undefined)) mirrors.begin(record, looksOnly);
      return {};
    },
    async removeMirror({ mirrorId }) {
      await mirrors.remove(mirrorId);
      return {};
    },
    changeMirror({ mirrorId, settings }) {
      const record = mirrors.record(mirrorId);
      manifest.settings.changeMirror(mirrorId, settings);
      mirrors.decideAnew(record);
      return {};
    },
    preview: ({ mirrorId }) => mirrors.loop(mirrorId).preview(),
    go({ mirrorId }) {
      manifest.mirrors.approve(mirrors.record(mirrorId).id, environment.clock.now());
      mirrors.planAgain(mirrorId);
      return {};
    },
    pause({ mirrorId }) {
      mirrors.setPaused(mirrorId ?? undefined, true);
      return {};
    },
    resume({ mirrorId }) {
      mirrors.setPaused(mirrorId ?? undefined, false);
      return {};
    },
    settings: () => manifest.settings.get(),
    changeSettings(change) {
      const { retentionMode } = manifest.settings.get();
      manifest.settings.change(change);
      const settings = manifest.settings.get();
      limits.apply();
      if (settings.retentionMode !== retentionMode) {
        for (const record of mirrors.records(undefined)) mirrors.decideAnew(record);
      }
      return settings;
    },
    syncNow({ mirrorId }) {
      mirrors.loop(mirrorId).syncNow();
      return {};
    },
    settled: ({ mirrorId }) => mirrors.loop(mirrorId).settled(),
    verify: ({ mirrorId }) => mirrors.loop(mirrorId).verify(),
    usage: () => usageOf(manifest, budget, environment.clock),
  };
}
