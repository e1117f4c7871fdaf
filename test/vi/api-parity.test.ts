import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { supportedExtensions } from '../../app/image/formats.ts';
import * as client from '../../app/vi/index.ts';
import { assetSchema } from '../../app/vi/wire/asset.ts';
import { ingestionSessionSchema } from '../../app/vi/wire/ingestion-session.ts';
import { assetJson, contentsJson, sessionJson } from './wire-samples.ts';
import { organizationId, secretKey } from './wire-server.ts';

/**
 * Everything that the reference of the official Python client names, in its words: methods with their parameters, types with
 * their properties, enums with their values, formats.
 */
const reference = {
  methods: {
    list: 'dataset_id pagination contents sort_by filter_criteria metadata_query',
    get: 'dataset_id asset_id contents',
    upload: 'dataset_id paths wait_until_done failure_mode on_asset_overwritten',
    download: 'dataset_id save_dir overwrite show_progress',
    delete: 'dataset_id asset_id',
    wait_until_done: 'dataset_id asset_ingestion_session_id',
    'Asset.info': '',
    'AssetUploadResult.summary': '',
  },
  types: {
    Asset: 'asset_id dataset_id organization_id filename kind owner metadata self_link etag contents',
    AssetMetadata:
      'width height file_size mime_type upload_status status frames visibility generations annotations dimensions pixel_ratio hash inserted_by cohorts user_defined custom_metadata comments time_created last_updated',
    AssetGenerations: 'asset thumbnail',
    AssetAnnotations: 'with_tag total',
    AssetDimensions: 'height width depth',
    AssetPixelRatio: 'height width depth',
    AssetHash: 'algorithm contents',
    AssetContents: 'asset thumbnail',
    Contents: 'url expiry headers method',
    AssetUploadResult:
      'total_files total_succeeded total_failed success_rate sessions session_ids failed_files',
    AssetDownloadResult: '',
    DeletedAsset: '',
    AssetIngestionSession:
      'organization_id dataset_id asset_ingestion_session_id asset_source_class asset_source_provider asset_source_id self_link etag metadata spec status',
    AssetIngestionSessionSpec: 'kind failureMode onAssetOverwritten assets',
    AssetIngestionSessionStatus: 'conditions events progressCount assets',
    AssetIngestionProgressCount: 'total succeeded errored',
    AssetIngestionEvent: '',
    AssetIngestionEventError: '',
    AssetIngestionEventProgress: '',
    UploadedAssetMetadata: 'kind filename mime size crc32c custom_metadata',
    AssetForUpload: 'metadata upload',
    ResourceMetadata: '',
    ResourceCondition: '',
    AssetSortCriterion: 'criterion order',
    AssetCustomMetadata: '',
    PaginationParams: '',
    PaginatedResponse: '',
  },
  enums: {
    SortCriterion: 'DEFAULT ASSET_ID FILENAME LAST_MODIFIED_CONTENTS METADATA_FILE_SIZE',
    SortOrder: 'ASC DESC',
    FailureMode: 'FAIL_AFTER_ONE FAIL_AFTER_ALL',
    ResourceRetentionMode: 'REMOVE_LINKED_RESOURCE KEEP_LINKED_RESOURCES',
    AssetIngestionError: 'EALREADY EBADMIME EBADSIZE ECORRUPT ENOQUOTA ETIMEOUT EUNKNOWN',
  },
  formats: {
    JPEG: '.jpg .jpeg .jfif',
    PNG: '.png',
    TIFF: '.tiff .tif',
    BMP: '.bmp',
    WebP: '.webp',
    HEIF: '.heif .heic',
    AVIF: '.avif',
    'JPEG 2000': '.jp2 .j2k',
    GIF: '.gif',
  },
};

/** Parameters are types only: that they exist is for the compiler to say. */
function parameters<T>(...names: (keyof T & string)[]): string[] {
  return names;
}
const options: Readonly<Record<string, readonly string[]>> = {
  ListAssetsOptions: parameters<client.ListAssetsOptions>(
    'datasetId',
    'pagination',
    'contents',
    'sortBy',
    'filter',
    'metadataQuery',
  ),
  GetAssetOptions: parameters<client.GetAssetOptions>('datasetId', 'assetId', 'contents'),
  UploadAssetsOptions: parameters<client.UploadAssetsOptions>(
    'datasetId',
    'paths',
    'waitUntilDone',
    'failureMode',
    'onAssetOverwritten',
  ),
  DownloadAssetsOptions: parameters<client.DownloadAssetsOptions>(
    'datasetId',
    'saveDir',
    'overwrite',
    'onProgress',
  ),
  DeleteAssetOptions: parameters<client.DeleteAssetOptions>('datasetId', 'assetId'),
  WaitUntilDoneOptions: parameters<client.WaitUntilDoneOptions>('datasetId', 'assetIngestionSessionId'),
};

/** One of each type, as the client itself makes it of what the service sends. */
function oneOfEach(): Readonly<Record<string, object>> {
  const asset = assetSchema.parse({ ...assetJson, contents: contentsJson });
  const session = ingestionSessionSchema.parse(sessionJson);
  const { metadata, contents } = asset;
  const [error, progress] = session.status.events;
  const nothing = { totalFiles: 0, failures: [] };
  const none = { length: 0, items: () => [] };
  const order: client.AssetSortCriterion = { criterion: 'filename', order: 'd' };
  const deleted: client.DeletedAsset = { assetId: 'a', datasetId: 'd', organizationId: 'o', deleted: true };
  const params: client.PaginationParams = { pageSize: 1, pageToken: 't' };
  const page = { items: [], nextPage: null, prevPage: null };
  return {
    Asset: asset,
    AssetMetadata: metadata,
    AssetGenerations: metadata.generations ?? {},
    AssetAnnotations: metadata.annotations ?? {},
    AssetDimensions: metadata.dimensions ?? {},
    AssetPixelRatio: metadata.pixelRatio ?? {},
    AssetHash: metadata.hash ?? {},
    AssetCustomMetadata: metadata.customMetadata ?? {},
    AssetContents: contents ?? {},
    Contents: contents?.asset ?? {},
    AssetUploadResult: new client.AssetUploadResult({
      ...nothing,
      totalSucceeded: 0,
      totalPending: 0,
      sessions: [session],
      unconfirmed: none,
      notAttempted: none,
      skipped: none,
      errors: [],
    }),
    AssetDownloadResult: new client.AssetDownloadResult({
      ...nothing,
      saveDir: '',
      folder: '',
      totalDownloaded: 0,
      totalSkipped: 0,
      totalBytes: 0,
      kept: [],
      renamed: none,
      unverified: none,
    }),
    DeletedAsset: deleted,
    AssetIngestionSession: session,
    AssetIngestionSessionSpec: session.spec,
    AssetIngestionSessionStatus: session.status,
    AssetIngestionProgressCount: session.status.progressCount,
    AssetIngestionEvent: error ?? {},
    AssetIngestionEventError: error ?? {},
    AssetIngestionEventProgress: progress ?? {},
    UploadedAssetMetadata: session.spec.assets?.[0] ?? {},
    AssetForUpload: session.status.assets?.[0] ?? {},
    ResourceMetadata: session.metadata,
    ResourceCondition: session.status.conditions[0] ?? {},
    AssetSortCriterion: order,
    PaginationParams: params,
    PaginatedResponse: new client.PaginatedResponse(page, { pageToken: null, number: 1 }, async () => page),
    assets: new client.ViClient({ secretKey, organizationId, env: {} }).assets,
    ...optionSamples(),
  };
}

/** The names of a call's parameters, as an object that has them. */
function optionSamples(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(options).map(([type, names]) => [
      type,
      Object.fromEntries(names.map((name) => [name, true])),
    ]),
  );
}

const page = await readFile(new URL('../../docs/api-parity.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, without back-ticks. */
function rowsOf(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const members = (table: Readonly<Record<string, string>>): string[] =>
  Object.entries(table).flatMap(([name, inner]) => words(inner).map((word) => `${name}.${word}`));
const first = (rows: readonly string[][]): (string | undefined)[] => rows.map(([cell]) => cell);

describe('the table of parity has a row for', () => {
  test('every method', () => {
    expect(first(rowsOf('Methods'))).toEqual(Object.keys(reference.methods).map((name) => `${name}()`));
  });
  test('every parameter', () => {
    const all = Object.entries(reference.methods).flatMap(([method, names]) =>
      words(names).map((name) => `${method}(${name})`),
    );
    expect(first(rowsOf('Parameters'))).toEqual(all);
  });
  test('every type', () => {
    expect(first(rowsOf('Types'))).toEqual(Object.keys(reference.types));
  });
  test('every property', () => {
    expect(first(rowsOf('Properties'))).toEqual(members(reference.types));
  });
  test('every enum value', () => {
    expect(first(rowsOf('Enums'))).toEqual(members(reference.enums));
  });
  test('every format', () => {
    expect(rowsOf('Formats').map(([format, extensions]) => [format, extensions])).toEqual(
      Object.entries(reference.formats),
    );
    expect(
      rowsOf('Formats')
        .flatMap(([, extensions = '']) => words(extensions))
        .sort(),
    ).toEqual([...supportedExtensions].sort());
  });
});

test('every name of ours in the table exists', () => {
  const samples = oneOfEach();
  const rows = ['Methods', 'Parameters', 'Types', 'Properties'].flatMap(rowsOf);
  expect(rows.length).toBeGreaterThan(100);
  for (const [, name = ''] of rows) {
    const [type = '', member] = name.split('.');
    const sample = samples[type];
    expect(sample, `${name} has a type`).toBeDefined();
    if (member !== undefined && sample !== undefined) expect(member in sample, `${name} exists`).toBe(true);
    if (member !== undefined && options[type] === undefined) {
      expect(Reflect.get(sample ?? {}, member), `${name} has a value`).toBeDefined();
    }
  }
});

test('every enum value in the table has the wire value that it says', () => {
  const enums: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    SortCriterion: client.SortCriterion,
    SortOrder: client.SortOrder,
    FailureMode: client.FailureMode,
    ResourceRetentionMode: client.ResourceRetentionMode,
    AssetIngestionError: client.AssetIngestionError,
  };
  for (const [, name = '', wire] of rowsOf('Enums')) {
    const [type = '', value = ''] = name.split('.');
    expect(enums[type]?.[value], name).toBe(wire);
  }
});

test('every test that the table names exists', async () => {
  const sources = new Map<string, string>();
  const rows = ['Methods', 'Parameters', 'Types', 'Properties', 'Enums', 'Formats'].flatMap(rowsOf);
  for (const row of rows) {
    const [file = '', title = ''] = (row.at(-1) ?? '').split(' › ');
    const source = sources.get(file) ?? (await readFile(new URL(file, import.meta.url), 'utf8'));
    sources.set(file, source);
    expect(hasTest(source, title), `${file} has “${title}”`).toBe(true);
  }
});

/** Whether a file has a test of this title; what a template fills in must stand in the file as a text too. */
function hasTest(source: string, title: string): boolean {
  return [...source.matchAll(/\btest\(\s*(['"`])(.*?)\1,/gs)].some(([, , written = '']) => {
    const parts = written.split(/\$\{.*?\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const match = new RegExp(`^${parts.join('(.+)')}$`).exec(title);
    return match?.slice(1).every((filled) => source.includes(`'${filled}'`)) ?? false;
  });
}
