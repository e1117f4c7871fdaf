import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideSituation } from '../../app/plan/decide.ts';
import { everyPolicy, everySituation } from '../../app/plan/decision-table.ts';

const directions = ['two-way', 'push', 'pull'] as const;
const situation = fc.constantFrom(...everySituation());
const policy = fc.constantFrom(...directions.flatMap(everyPolicy));

test('what is changed on a side was not changed there since both were equal', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      const { kind } = decideSituation(seen, told);
      if (kind === 'overwrite' || kind === 'delete-remote') expect(seen.remote).toBe('unchanged');
      if (kind === 'upload') expect(seen.remote).toBe('absent');
      if (kind === 'trash-local') expect(seen.local).toBe('unchanged');
      if (kind === 'download') expect(['absent', 'unchanged']).toContain(seen.local);
    }),
  );
});

test('annotations are touched only if a person has said so', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      const decision = decideSituation(seen, told);
      if (!seen.annotated) return;
      expect(decision.kind).not.toBe('delete-remote');
      if (decision.kind === 'overwrite') {
        expect(told.retentionMode).not.toBe('ask');
        expect(decision.annotations).toBe(told.retentionMode);
      }
    }),
  );
});

test('equal contents are never transferred, and never held', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      if (seen.contents !== 'same') return;
      expect(['bind', 'settled']).toContain(decideSituation(seen, told).kind);
    }),
  );
});

test('a push mirror writes nothing to the disk, a pull mirror nothing to the service', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      const { kind } = decideSituation(seen, told);
      if (told.direction === 'push') expect(['download', 'trash-local', 'move-aside']).not.toContain(kind);
      if (told.direction === 'pull') expect(['upload', 'overwrite', 'delete-remote']).not.toContain(kind);
    }),
  );
});

test('nothing happens because of a file that nobody could read', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      if (seen.local === 'unreadable') expect(decideSituation(seen, told)).toEqual({ kind: 'problem' });
    }),
  );
});
