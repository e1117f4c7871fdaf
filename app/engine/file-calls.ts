import type { EntryRow } from '../manifest/entry-table.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { ruleFileName } from '../observe/ignore-rules.ts';
import { knownRoot } from '../observe/root-guard.ts';
import type { EngineParts, Handlers } from './call-handlers.ts';
import { fileDetail, fileRow } from './file-detail.ts';
import { type RulesPlace, readRules, writeRules } from './ignore-rules.ts';
import { receiptPage } from './receipt.ts';

type FileCalls = Handlers<'files' | 'file' | 'ignoreRules' | 'changeIgnoreRules' | 'activity' | 'receipt'>;

/** Calls about the files of mirrors: what they are, which of them count, and what has happened to them. */
export function fileCalls({ manifest, environment, mirrors }: EngineParts): FileCalls {
  const rowOf = ({ mirrorId }: MirrorRecord, entry: EntryRow) =>
    fileRow(entry, mirrors.fraction(mirrorId, entry.item));
  const rulesOf = (mirrorId: string): RulesPlace => {
    const mirror = mirrors.record(mirrorId);
    return { disk: environment.disk, mirror, known: knownRoot(manifest, mirror) };
  };
  return {
    files({ mirrorId, ...query }) {
      const record = mirrors.record(mirrorId);
      const { total, items } = manifest.entries.page(record.id, query);
      return { total, items: items.map((entry) => rowOf(record, entry)) };
    },
    file({ mirrorId, path }) {
      const record = mirrors.record(mirrorId);
      const entry = manifest.entries.atPath(record.id, path);
      return {
        file: entry === null ? null : fileDetail(manifest, record.id, entry, rowOf(record, entry)),
      };
    },
    ignoreRules: async ({ mirrorId }) => ({ text: await readRules(rulesOf(mirrorId)) }),
    async changeIgnoreRules({ mirrorId, ...change }) {
      await writeRules(rulesOf(mirrorId), change);
      mirrors.lookAt(mirrorId, ruleFileName);
      return {};
    },
    activity: ({ mirrorId, limit, ...query }) => ({
      items: manifest.activity.newest(limit, { ...query, mirror: mirrors.numberOf(mirrorId) }),
    }),
    receipt: ({ mirrorId, ...page }) => receiptPage(manifest, mirrors.record(mirrorId).id, page),
  };
}
