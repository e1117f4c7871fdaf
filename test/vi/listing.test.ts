import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Asset,
  type ListAssetsOptions,
  SortCriterion,
  SortOrder,
  type ViClient,
  ViInvalidParameterError,
  ViResponseError,
  ViServerError,
} from '../../app/vi/index.ts';
import { assetJson } from './wire-samples.ts';
import {
  clientOf,
  collect,
  refuse,
  rejectionOf,
  type SeenRequest,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

let server: WireServer;
let client: ViClient;
beforeEach(async () => {
  server = await startWireServer(() => ({ items: [] }));
  client = clientOf(server, { retry: { tries: 1 } });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const asset = (id: string) => ({ ...assetJson, assetId: id, filename: `${id}.png` });

/** Three pages of two assets; the token of a page is `t2`, `t3`. */
function threePages(request: SeenRequest): unknown {
  switch (request.query.get('p')) {
    case null:
      return { items: [asset('a'), asset('b')], nextPage: 't2' };
    case 't2':
      return { items: [asset('c'), asset('d')], nextPage: 't3', prevPage: 't1' };
    default:
      return { items: [asset('e')], prevPage: 't2' };
  }
}

const ids = (assets: readonly Asset[]): string[] => assets.map((one) => one.assetId);

describe('list', () => {
  async function requestOf(options: Omit<ListAssetsOptions, 'datasetId'>): Promise<SeenRequest> {
    await client.assets.list({ datasetId: 'ds-1', ...options });
    const [request] = server.requests;
    if (request === undefined) throw new Error('No request arrived.');
    return request;
  }

  test('asks for the path of the dataset, with the headers of the API', async () => {
    const request = await requestOf({});
    expect(request).toMatchObject({
      method: 'GET',
      path: '/workspaces/org_1/datasets/org_1_ds-1/assets',
      search: '',
    });
    expect(request.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer dtvi_/),
      'organization-id': 'org_1',
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^vi-sync\/\d/),
    });
  });

  test('takes the long form of the dataset ID too', async () => {
    await client.assets.list({ datasetId: 'org_1_ds-1' });
    expect(server.requests[0]?.path).toBe('/workspaces/org_1/datasets/org_1_ds-1/assets');
  });

  const queries: [string, Omit<ListAssetsOptions, 'datasetId'>, Record<string, string>][] = [
    ['pageSize', { pagination: { pageSize: 100 } }, { s: '100' }],
    ['pageToken', { pagination: { pageToken: 'a b/c=' } }, { p: 'a b/c=' }],
    ['contents', { contents: true }, { contents: 'y' }],
    ['contents that is off', { contents: false }, {}],
    ['SortCriterion.DEFAULT', { sortBy: { criterion: SortCriterion.DEFAULT } }, { sortBy: 'default' }],
    ['SortCriterion.ASSET_ID', { sortBy: { criterion: SortCriterion.ASSET_ID } }, { sortBy: 'assetId' }],
    ['SortCriterion.FILENAME', { sortBy: { criterion: SortCriterion.FILENAME } }, { sortBy: 'filename' }],
    [
      'SortCriterion.LAST_MODIFIED_CONTENTS',
      { sortBy: { criterion: SortCriterion.LAST_MODIFIED_CONTENTS } },
      { sortBy: 'lastModified.contents' },
    ],
    [
      'SortCriterion.METADATA_FILE_SIZE',
      { sortBy: { criterion: SortCriterion.METADATA_FILE_SIZE } },
      { sortBy: 'metadata.fileSize' },
    ],
    [
      'SortOrder.DESC',
      { sortBy: { criterion: 'filename', order: SortOrder.DESC } },
      { sortBy: 'filename', o: 'd' },
    ],
    ['SortOrder.ASC', { sortBy: { criterion: 'filename', order: SortOrder.ASC } }, { sortBy: 'filename' }],
    ['filter as text', { filter: 'kind = Image' }, { filter: 'kind = Image' }],
    ['filter as JSON', { filter: { kind: 'Image' } }, { filter: '{"kind":"Image"}' }],
    [
      'metadataQuery',
      { metadataQuery: 'custom_field == "value"' },
      { metadataQuery: 'custom_field == "value"' },
    ],
    ['ruleQuery', { ruleQuery: 'r' }, { ruleQuery: 'r' }],
    ['pageAfter', { pageAfter: true }, { pageAfter: 'y' }],
    ['strictQuery', { strictQuery: true }, { strictQuery: 'y' }],
    ['flags that are off', { pageAfter: false, strictQuery: false }, {}],
  ];
  for (const [what, options, query] of queries) {
    test(`sends ${what}`, async () => {
      expect(Object.fromEntries((await requestOf(options)).query)).toEqual(query);
    });
  }

  for (const pageSize of [0, 1001, 1.5, Number.NaN]) {
    test(`refuses the page size ${pageSize} before it sends anything`, () => {
      expect(() => client.assets.list({ datasetId: 'ds', pagination: { pageSize } })).toThrow(
        ViInvalidParameterError,
      );
      expect(server.requests).toHaveLength(0);
    });
  }

  for (const datasetId of ['', '../x', 'a b', 'a'.repeat(256)]) {
    test(`refuses the dataset ID ${JSON.stringify(datasetId.slice(0, 10))}`, () => {
      expect(() => client.assets.list({ datasetId })).toThrow(ViInvalidParameterError);
    });
  }
});

describe('a list call', () => {
  beforeEach(() => {
    server.answer = threePages;
  });

  test('that is awaited gives the first page, with its tokens', async () => {
    const page = await client.assets.list({ datasetId: 'ds' });
    expect(ids(page.items)).toEqual(['a', 'b']);
    expect(page).toMatchObject({ nextPage: 't2', prevPage: null, pageToken: null, number: 1 });
    expect(server.requests).toHaveLength(1);
  });

  test('can begin at a token', async () => {
    const page = await client.assets.list({ datasetId: 'ds', pagination: { pageToken: 't2' } });
    expect(ids(page.items)).toEqual(['c', 'd']);
    expect(page).toMatchObject({ nextPage: 't3', prevPage: 't1', pageToken: 't2' });
  });

  test('can be iterated page by page', async () => {
    const pages: string[][] = [];
    for await (const page of client.assets.list({ datasetId: 'ds' })) pages.push(ids(page.items));
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(server.requests).toHaveLength(3);
  });

  test('can be iterated asset by asset', async () => {
    expect(ids(await collect(client.assets.list({ datasetId: 'ds' }).allItems()))).toEqual([...'abcde']);
  });

  test('whose first page was awaited goes on from it without asking for it again', async () => {
    const page = await client.assets.list({ datasetId: 'ds' });
    expect(ids(await collect(page.allItems()))).toEqual([...'abcde']);
    expect(server.requests).toHaveLength(3);
  });

  test('asks for nothing before it is used', async () => {
    client.assets.list({ datasetId: 'ds' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests).toHaveLength(0);
  });

  test('stops asking when its loop is left', async () => {
    for await (const _page of client.assets.list({ datasetId: 'ds' })) break;
    expect(server.requests).toHaveLength(1);
  });

  test('keeps the query on every page', async () => {
    await collect(
      client.assets.list({ datasetId: 'ds', contents: true, pagination: { pageSize: 2 } }).allItems(),
    );
    expect(server.requests.map((request) => request.query.toString())).toEqual([
      's=2&contents=y',
      'p=t2&s=2&contents=y',
      'p=t3&s=2&contents=y',
    ]);
  });

  test('whose page fails names the page, keeps the class of the error, and goes on from there', async () => {
    server.answer = (request, response) =>
      request.query.get('p') === 't2' ? refuse(response, 503) : threePages(request);
    const seen: string[] = [];
    const list = client.assets.list({ datasetId: 'ds' });
    const reading = (async () => {
      for await (const one of list.allItems()) seen.push(one.assetId);
    })();
    const error = await rejectionOf(ViServerError, reading);
    expect(error.page).toEqual({ number: 2, pageToken: 't2' });
    expect(error.message).toMatch(/^Page 2 of the listing \(token t2\) failed: /);
    server.answer = threePages;
    const rest = client.assets.list({
      datasetId: 'ds',
      pagination: { pageToken: error.page?.pageToken ?? '' },
    });
    for await (const one of rest.allItems()) seen.push(one.assetId);
    expect(seen).toEqual([...'abcde']);
  });

  test('whose first page fails names it, and can be tried again', async () => {
    server.answer = (_request, response) => refuse(response, 500);
    const list = client.assets.list({ datasetId: 'ds' });
    expect((await rejectionOf(ViServerError, list)).page).toEqual({ number: 1, pageToken: null });
    server.answer = threePages;
    expect(ids((await list).items)).toEqual(['a', 'b']);
  });

  test('notices a token that comes again instead of going round for ever', async () => {
    server.answer = (request) => ({
      items: [asset('a')],
      nextPage: request.query.get('p') === 'x' ? 'y' : 'x',
    });
    const error = await rejectionOf(
      ViResponseError,
      collect(client.assets.list({ datasetId: 'ds' }).allItems()),
    );
    expect(error.page).toEqual({ number: 4, pageToken: 'x' });
    expect(server.requests).toHaveLength(3);
  });

  test('notices empty pages without end', async () => {
    server.answer = () => ({ items: [], nextPage: String(server.requests.length) });
    await rejectionOf(ViResponseError, collect(client.assets.list({ datasetId: 'ds' })));
    expect(server.requests).toHaveLength(1000);
  });

  test('with one unusable asset fails rather than leave it out', async () => {
    server.answer = () => ({ items: [asset('a'), { filename: 'no id' }] });
    expect((await rejectionOf(ViResponseError, client.assets.list({ datasetId: 'ds' }))).message).toContain(
      'items.1',
    );
  });

  for (const nextPage of [null, '']) {
    test(`takes nextPage ${JSON.stringify(nextPage)} as the end`, async () => {
      server.answer = () => ({ items: [asset('a')], nextPage, prevPage: nextPage });
      expect(await client.assets.list({ datasetId: 'ds' })).toMatchObject({ nextPage: null, prevPage: null });
    });
  }

  test('can be ended by its signal between pages', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const pages: number[] = [];
    let thrown: unknown;
    try {
      for await (const page of client.assets.list({ datasetId: 'ds', signal: abort.signal })) {
        pages.push(page.number);
        abort.abort(reason);
      }
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(reason);
    expect(pages).toEqual([1]);
  });
});
