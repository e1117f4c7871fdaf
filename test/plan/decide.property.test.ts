import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideSituation } from '../../app/plan/decide.ts';
import { everyPolicy, everySituation } from '../../app/plan/decision-table.ts';

const situation = fc.constantFrom(...everySituation());
const policy = fc.constantFrom(...everyPolicy());

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
        expect(told.retention).not.toBe('ask');
        expect(decision.annotations).toBe(told.retention);
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

test('nothing happens because of a file that nobody could read', () => {
  fc.assert(
    fc.property(situation, policy, (seen, told) => {
      if (seen.local === 'unreadable') expect(decideSituation(seen, told)).toEqual({ kind: 'problem' });
    }),
  );
});
