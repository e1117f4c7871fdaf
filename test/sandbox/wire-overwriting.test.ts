import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { at, listAt, textAt } from './wire-json.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { assetShape, sessionShape } from './wire-tables.ts';
import { codesOf, conditionStatus, progressOf, sharedWorld, type WireDataset } from './wire-world.ts';

const world = sharedWorld();
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** A dataset with `a.bmp` (7 annotations) and `b.bmp` (2). */
async function annotated(): Promise<WireDataset> {
  const dataset = world().dataset();
  await dataset.ingest([
    { filename: 'a.bmp', content: picture(1) },
    { filename: 'b.bmp', content: picture(2) },
  ]);
  dataset.annotate('a.bmp', { cat: 4, dog: 3 });
  dataset.annotate('b.bmp', { cat: 2 });
  expect(await dataset.statistic()).toEqual({
    assetTotal: 2,
    annotationTotal: 9,
    tagsCount: { cat: 6, dog: 3 },
    assetAnnotated: 2,
  });
  return dataset;
}

describe('retention', () => {
  test('RemoveLinkedResource drops the annotations, and gives their data rows back', async () => {
    const dataset = await annotated();
    const { used } = world().sandbox.dataRows();
    const session = await dataset.ingest([{ filename: 'a.bmp', content: picture(11) }], {
      onAssetOverwritten: 'RemoveLinkedResource',
    });
    expect(codesOf(session)).toEqual({});
    expect(at(await dataset.asset('a.bmp'), 'metadata', 'annotations')).toEqual({ withTag: {}, total: 0 });
    expect(at(await dataset.asset('b.bmp'), 'metadata', 'annotations')).toEqual({
      withTag: { cat: 2 },
      total: 2,
    });
    expect(await dataset.statistic()).toEqual({
      assetTotal: 2,
      annotationTotal: 2,
      tagsCount: { cat: 2 },
      assetAnnotated: 1,
    });
    expect(world().sandbox.dataRows().used).toBe(used - 7);
  });

  test('KeepLinkedResource keeps them, with new contents', async () => {
    const dataset = await annotated();
    const { used } = world().sandbox.dataRows();
    const before = await dataset.asset('a.bmp');
    world().clock.now += 60_000;
    const content = picture(11, 9, 7);
    const session = await dataset.ingest([{ filename: 'a.bmp', content }], {
      onAssetOverwritten: 'KeepLinkedResource',
    });
    expect(codesOf(session)).toEqual({});
    const after = await dataset.asset('a.bmp');
    expect(misfits(after, assetShape)).toEqual([]);
    expect(at(after, 'metadata')).toMatchObject({
      annotations: { withTag: { cat: 4, dog: 3 }, total: 7 },
      fileSize: content.length,
      width: 9,
      height: 7,
      hash: { algorithm: 'sha256', contents: sha256(content) },
      timeCreated: at(before, 'metadata', 'timeCreated'),
      contentsLastUpdated: world().clock.now,
      lastUpdated: world().clock.now,
    });
    expect(at(after, 'etag')).not.toBe(at(before, 'etag'));
    expect(await dataset.statistic()).toEqual({
      assetTotal: 2,
      annotationTotal: 9,
      tagsCount: { cat: 6, dog: 3 },
      assetAnnotated: 2,
    });
    expect(world().sandbox.dataRows().used).toBe(used);
  });

  test.each(['RemoveLinkedResource', 'KeepLinkedResource'])(
    '%s: an upload that fails changes neither contents nor annotations',
    async (onAssetOverwritten) => {
      const dataset = await annotated();
      const before = await dataset.asset('a.bmp');
      const session = await dataset.ingest(
        [
          { filename: 'a.bmp', content: picture(11), crc32c: 5 },
          { filename: 'b.bmp', content: picture(2) },
        ],
        { onAssetOverwritten },
      );
      expect(codesOf(session)).toEqual({ 'a.bmp': 'ECORRUPT', 'b.bmp': 'EALREADY' });
      expect(at(await dataset.asset('a.bmp'), 'metadata')).toEqual(at(before, 'metadata'));
      expect(at(await dataset.statistic(), 'annotationTotal')).toBe(9);
    },
  );
});

describe('one asset for each filename', () => {
  test('the bytes of the URL are the new ones', async () => {
    const dataset = await annotated();
    const content = picture(11, 20, 20);
    await dataset.ingest([{ filename: 'a.bmp', content }]);
    const url = textAt(await dataset.asset('a.bmp'), 'contents', 'asset', 'url');
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(bytes.equals(content)).toBe(true);
  });

  test('names that differ in case or in Unicode form are different files', async () => {
    const dataset = world().dataset();
    const names = ['a.bmp', 'A.bmp', 'A.BMP', '\u00e9.bmp', 'e\u0301.bmp'];
    await dataset.ingest(names.map((filename, index) => ({ filename, content: picture(index) })));
    expect([...(await dataset.names())].sort()).toEqual([...names].sort());
  });

  test('twice in one session: taken, and one of the two is the asset', async () => {
    const dataset = world().dataset();
    const contents = [picture(1), picture(2)];
    const offers = contents.map((content) => ({ filename: 'a.bmp', content }));
    const session = await dataset.session([...offers, { filename: 'b.bmp', content: picture(3) }]);
    expect(misfits(session, sessionShape)).toEqual([]);
    const uploads = listAt(session, 'status', 'assets');
    expect(uploads.map((each) => at(each, 'metadata', 'filename'))).toEqual(['a.bmp', 'a.bmp', 'b.bmp']);
    for (const [index, content] of [...contents, picture(3)].entries()) {
      await dataset.upload(session, index, content);
    }
    const done = await world().ended(textAt(session, 'selfLink'));
    expect(misfits(done, sessionShape)).toEqual([]);
    expect(conditionStatus(done, 'Finished')).toBe('Reached');
    expect(progressOf(done)).toEqual([3, 3, 0]);
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(['a.bmp', 'b.bmp']);
    const hash = at(await dataset.asset('a.bmp'), 'metadata', 'hash', 'contents');
    expect(contents.map(sha256)).toContain(hash);
  });
});
