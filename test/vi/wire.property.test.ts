import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortDatasetId, wireDatasetId } from '../../app/vi/ids.ts';
import { assetSchema } from '../../app/vi/wire/asset.ts';
import { ingestionSessionSchema } from '../../app/vi/wire/ingestion-session.ts';
import { assetJson, sessionJson } from './wire-samples.ts';

/** Replaces some of the values inside a JSON value, at any depth, by other JSON. */
function vandalised(sample: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(sample))
    return fc.oneof({ weight: 6, arbitrary: fc.tuple(...sample.map(vandalised)) }, fc.jsonValue());
  if (typeof sample === 'object' && sample !== null) {
    const fields = Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, vandalised(value)]));
    return fc.oneof({ weight: 6, arbitrary: fc.record(fields, { requiredKeys: [] }) }, fc.jsonValue());
  }
  return fc.oneof({ weight: 4, arbitrary: fc.constant(sample) }, fc.jsonValue());
}

test('whatever the service makes of an asset, it is read or refused, never a crash', () => {
  let read = 0;
  fc.assert(
    fc.property(vandalised(assetJson), (json) => {
      const parsed = assetSchema.safeParse(json);
      if (!parsed.success) return;
      read++;
      const { metadata } = parsed.data;
      expect(parsed.data.assetId).not.toBe('');
      expect(['undefined', 'number']).toContain(typeof metadata.fileSize);
      expect(['undefined', 'number']).toContain(typeof metadata.annotations?.total);
      expect(parsed.data.info()).toContain('Asset');
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(50);
});

test('whatever the service makes of a session, it is read or refused, never a crash', () => {
  let read = 0;
  fc.assert(
    fc.property(vandalised(sessionJson), (json) => {
      const parsed = ingestionSessionSchema.safeParse(json);
      if (!parsed.success) return;
      read++;
      const { status } = parsed.data;
      for (const count of Object.values(status.progressCount).slice(0, 3)) expect(count).toBeDefined();
      for (const event of status.events) expect(['Error', 'Progress']).toContain(event.kind);
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(50);
});

test('a dataset ID survives the way over the wire and back', () => {
  const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/);
  fc.assert(
    fc.property(id, id, (organization, dataset) => {
      fc.pre(!dataset.startsWith(`${organization}_`));
      expect(shortDatasetId(wireDatasetId(dataset, organization), organization)).toBe(dataset);
    }),
  );
});
