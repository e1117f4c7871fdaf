import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ViClient, type ViClientOptions, ViConfigurationError } from '../../app/vi/index.ts';
import { organizationId, secretKey } from './wire-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function configFile(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function failure(options: ViClientOptions): ViConfigurationError {
  try {
    new ViClient({ env: {}, ...options });
  } catch (error) {
    if (error instanceof ViConfigurationError) return error;
    throw error;
  }
  throw new Error('The client accepted this.');
}

describe('credentials', () => {
  test('come from the arguments', () => {
    const client = new ViClient({ secretKey, organizationId, env: {} });
    expect(client.organizationId).toBe(organizationId);
    expect(client.endpoint).toBe('https://api.vi.datature.com');
  });

  test('come from the environment', () => {
    const client = new ViClient({
      env: {
        DATATURE_VI_SECRET_KEY: secretKey,
        DATATURE_VI_ORGANIZATION_ID: 'from-env',
        DATATURE_VI_API_ENDPOINT: 'https://other.example/vi/',
      },
    });
    expect(client.organizationId).toBe('from-env');
    expect(client.endpoint).toBe('https://other.example/vi');
  });

  test('come from a JSON file', async () => {
    const path = await configFile(
      'good.json',
      JSON.stringify({ secret_key: secretKey, organization_id: 'from-file' }),
    );
    expect(new ViClient({ configFile: path, env: {} }).organizationId).toBe('from-file');
  });

  test('an argument goes before the environment, and that before the file, each value by itself', async () => {
    const path = await configFile(
      'third.json',
      JSON.stringify({ secret_key: secretKey, organization_id: 'file' }),
    );
    const env = { DATATURE_VI_ORGANIZATION_ID: 'env', DATATURE_VI_SECRET_KEY: '' };
    expect(new ViClient({ configFile: path, env }).organizationId).toBe('env');
    expect(new ViClient({ configFile: path, env, organizationId: 'argument' }).organizationId).toBe(
      'argument',
    );
  });

  test('white space around a pasted key is dropped', () => {
    expect(new ViClient({ secretKey: ` ${secretKey}\n`, organizationId, env: {} }).organizationId).toBe(
      organizationId,
    );
  });
});

describe('a clear error', () => {
  test('for a missing key', () => {
    const error = failure({ organizationId });
    expect(error.code).toBe('SecretKeyMissing');
    expect(error.suggestion).toContain('DATATURE_VI_SECRET_KEY');
  });

  test('for a missing organization', () => {
    expect(failure({ secretKey }).code).toBe('OrganizationIdMissing');
  });

  const wrongKeys = {
    'of wrong prefix': `abcd_${secretKey.slice(5)}`,
    'that is too short': secretKey.slice(0, -1),
    'that is too long': `${secretKey}x`,
    'with a line break inside': `${secretKey.slice(0, 50)}\n${secretKey.slice(51)}`,
  };
  for (const [what, key] of Object.entries(wrongKeys)) {
    test(`for a key ${what}, without a part of it`, () => {
      const error = failure({ secretKey: key, organizationId });
      expect(error.code).toBe('SecretKeyInvalid');
      const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${error.stack}`;
      for (let at = 5; at + 8 <= key.length; at += 4) expect(shown).not.toContain(key.slice(at, at + 8));
    });
  }

  test('for a key in the place of the organization, without repeating it', () => {
    const error = failure({ secretKey, organizationId: secretKey });
    expect(error.code).toBe('OrganizationIdInvalid');
    expect(inspect(error)).not.toContain(secretKey.slice(5));
  });

  test('for an organization that is no ID', () => {
    expect(failure({ secretKey, organizationId: '../x' }).code).toBe('OrganizationIdInvalid');
  });

  for (const endpoint of [
    'not a url',
    'ftp://x',
    'https://user:pass@host',
    'https://host/?a=b',
    'http://example.com',
  ]) {
    test(`for the endpoint ${endpoint}`, () => {
      expect(failure({ secretKey, organizationId, endpoint }).code).toBe('EndpointInvalid');
    });
  }

  test('for a configuration file that does not exist', () => {
    const error = failure({ configFile: join(folder, 'none.json') });
    expect(error.code).toBe('ConfigurationFileInvalid');
    expect(error.message).toContain('none.json');
  });

  test('for one that is no JSON, without quoting what it holds', async () => {
    const path = await configFile('bad.json', `{"secret_key": "${secretKey}`);
    const error = failure({ configFile: path });
    expect(error.code).toBe('ConfigurationFileInvalid');
    expect(inspect(error, { depth: 9 })).not.toContain(secretKey.slice(0, 20));
  });

  test('for one of other types', async () => {
    expect(failure({ configFile: await configFile('types.json', '{"secret_key": 5}') }).code).toBe(
      'ConfigurationFileInvalid',
    );
  });
});
