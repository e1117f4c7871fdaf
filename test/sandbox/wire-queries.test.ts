import { beforeAll, describe, expect, test } from 'vitest';
import { at, listAt, textAt } from './wire-json.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { errorShape } from './wire-tables.ts';
import { sharedWorld, type WireDataset } from './wire-world.ts';

const world = sharedWorld();

// Letters for assets, so that a result reads as a word.
const assets: Readonly<Record<string, Record<string, string | number | boolean>>> = {
  a: { camera_type: 'aerial', height: 10, sharp: true, score: 0.25 },
  b: { camera_type: 'aerial', height: 20, sharp: false, score: 0.5 },
  c: { camera_type: 'ground', height: 30, sharp: true, score: 0.75 },
  d: { camera_type: 'ground', height: 9, sharp: false, score: -1 },
  e: { camera_type: 'two words', height: 100, sharp: true, score: 1 },
};

let dataset: WireDataset;
beforeAll(async () => {
  dataset = world().dataset();
  const offers = Object.entries(assets).map(([letter, customMetadata], index) => ({
    filename: `${letter}.bmp`,
    content: picture(index, 4 + index),
    customMetadata,
  }));
  await dataset.ingest(offers);
}, 30_000);

/** The assets that a query lists, as a word of their letters. */
async function found(query: Record<string, string>): Promise<string> {
  return [...(await dataset.names(query))]
    .map((name) => name.replace('.bmp', ''))
    .sort()
    .join('');
}

describe('metadataQuery', () => {
  test.each([
    // The form of the documentation: texts, numbers, flags; six operators.
    ['camera_type == "aerial"', 'ab'],
    ['camera_type != "aerial"', 'cde'],
    ['camera_type == "two words"', 'e'],
    ['camera_type == "nothing"', ''],
    ['height == 20', 'b'],
    ['height != 20', 'acde'],
    ['height > 20', 'ce'],
    ['height >= 20', 'bce'],
    ['height < 20', 'ad'],
    ['height <= 20', 'abd'],
    // Numbers are no texts: 9 and 100 would be elsewhere.
    ['height > 9', 'abce'],
    ['height < 100', 'abcd'],
    ['score > 0.5', 'ce'],
    ['score >= 0.5', 'bce'],
    ['score < 0', 'd'],
    ['score == -1', 'd'],
    ['sharp == true', 'ace'],
    ['sharp != true', 'bd'],
    ['sharp == false', 'bd'],
    ['height>=20', 'bce'],
    ['no_such_field == "x"', ''],
    // The form of the docstrings.
    ['camera_type:aerial', 'ab'],
    ['camera_type:ground', 'cd'],
    ['camera_type:"two words"', 'e'],
    ['height:20', 'b'],
    ['sharp:true', 'ace'],
    ['no_such_field:x', ''],
    // Joined; “and” binds more tightly.
    ['camera_type == "aerial" and height > 10', 'b'],
    ['camera_type == "aerial" or height > 50', 'abe'],
    ['height < 10 or camera_type == "aerial" and sharp == true', 'ad'],
    ['camera_type == "aerial" and sharp == true or height < 10', 'ad'],
    ['height > 9 and height < 30 and score >= 0.25', 'ab'],
    ['height == 9 or height == 10 or height == 100', 'ade'],
    ['camera_type:aerial and sharp:true', 'a'],
    ['camera_type:aerial or camera_type:ground', 'abcd'],
    ['camera_type:ground and height > 10', 'c'],
    ['camera_type:ground or height >= 100', 'cde'],
  ])('%s', async (metadataQuery, expected) => {
    expect(await found({ metadataQuery })).toBe(expected);
  });

  test('“and” and “or” inside quotes are text', async () => {
    const other = world().dataset();
    await other.put('x.bmp', picture(1), { place: 'black and white', mark: 'either or' });
    await other.put('y.bmp', picture(2), { place: 'black', mark: 'either' });
    expect(await other.names({ metadataQuery: 'place == "black and white"' })).toEqual(['x.bmp']);
    expect(await other.names({ metadataQuery: 'mark == "either or" or place == "white"' })).toEqual([
      'x.bmp',
    ]);
  });

  test('strictQuery=y keeps to exact matches', async () => {
    expect(await found({ metadataQuery: 'camera_type:aerial', strictQuery: 'y' })).toBe('ab');
    expect(await found({ metadataQuery: 'camera_type == "aerial"', strictQuery: 'y' })).toBe('ab');
    expect(await found({ metadataQuery: 'camera_type:aeri', strictQuery: 'y' })).toBe('');
  });

  test.each(['camera_type ==', '== "aerial"', 'height > ', 'a == "b', 'height > 1 and', 'or', 'height >< 1'])(
    '%s: refused',
    async (metadataQuery) => {
      const answer = await world().call('GET', dataset.listPlace({ metadataQuery }));
      expect(answer.status).toBe(400);
      expect(misfits(answer.json, errorShape)).toEqual([]);
    },
  );

  test('pages keep to the query, there and back', async () => {
    const query = { metadataQuery: 'height >= 10', sortBy: 'filename', s: '2' };
    const pages = await dataset.walk(query);
    expect(pages.map((page) => listAt(page, 'items').map((item) => at(item, 'filename')))).toEqual([
      ['a.bmp', 'b.bmp'],
      ['c.bmp', 'e.bmp'],
    ]);
    const back = await dataset.page({ ...query, p: textAt(pages[1], 'prevPage') });
    expect(listAt(back, 'items').map((item) => at(item, 'filename'))).toEqual(['a.bmp', 'b.bmp']);
  });
});

describe('filter and ruleQuery', () => {
  test('a string', async () => {
    expect(await found({ filter: 'filename == "b.bmp"' })).toBe('b');
    expect(await found({ filter: 'filename:b.bmp' })).toBe('b');
  });

  test('JSON', async () => {
    expect(await found({ filter: JSON.stringify({ filename: 'b.bmp' }) })).toBe('b');
    expect(await found({ filter: JSON.stringify({ filename: 'nothing.bmp' }) })).toBe('');
    expect(await found({ filter: JSON.stringify({ filename: 'b.bmp', kind: 'Image' }) })).toBe('b');
    expect(await found({ filter: JSON.stringify({ filename: 'b.bmp', kind: 'Video' }) })).toBe('');
    expect(await found({ filter: '{}' })).toBe('abcde');
  });

  test('a dictionary as the official client puts it into a URL', async () => {
    expect(await found({ filter: "{'filename': 'b.bmp'}" })).toBe('b');
  });

  test('JSON that does not end: refused', async () => {
    expect((await world().call('GET', dataset.listPlace({ filter: '{"filename":' }))).status).toBe(400);
  });

  test('ruleQuery is read, and refused when it can not be', async () => {
    expect(await found({ ruleQuery: 'filename == "b.bmp"' })).toBe('b');
    expect((await world().call('GET', dataset.listPlace({ ruleQuery: 'filename ==' }))).status).toBe(400);
  });

  test('conditions of several kinds must all hold', async () => {
    const filter = JSON.stringify({ filename: 'b.bmp' });
    expect(await found({ filter, metadataQuery: 'height == 20' })).toBe('b');
    expect(await found({ filter, metadataQuery: 'height == 10' })).toBe('');
  });
});
