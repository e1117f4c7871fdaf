import { describe, expect, test } from 'vitest';
import { withSandbox } from './with-sandbox.ts';

describe('authentication', () => {
  test('a key has the form that clients check', async () => {
    const { sandbox } = await withSandbox();
    expect(sandbox.secretKey).toMatch(/^dtvi_[a-z0-9]{98}$/);
    expect(sandbox.secretKey).toHaveLength(103);
    expect(sandbox.organizationId).toMatch(/^[a-zA-Z0-9_-]{1,255}$/);
  });

  test.each([
    ['no key', {}, 401],
    ['a key without its scheme', { authorization: 'KEY' }, 401],
    ['another scheme', { authorization: 'Basic KEY' }, 401],
    ['another key', { authorization: `Bearer dtvi_${'x'.repeat(98)}` }, 401],
    ['a key and more', { authorization: 'Bearer KEY more' }, 401],
    ['no organization', { authorization: 'Bearer KEY', 'organization-id': '' }, 403],
    ['another organization', { authorization: 'Bearer KEY', 'organization-id': 'other' }, 403],
  ])('%s is refused', async (_case, headers, status) => {
    const { sandbox, api } = await withSandbox();
    const all = { 'organization-id': sandbox.organizationId, ...headers };
    const filled = Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, value.replace('KEY', sandbox.secretKey)]),
    );
    for (const path of ['/workspaces', api.dataset, `${api.dataset}/assets`, '/sandbox/requests']) {
      const response = await fetch(sandbox.endpoint + path, { headers: filled });
      expect(response.status, path).toBe(status);
      const { message } = (await response.json()) as { message: string };
      expect(message).not.toContain(sandbox.secretKey);
    }
    expect(sandbox.requests['organizations.list']).toBe(0);
  });

  test('a missing Organization-Id header is refused', async () => {
    const { sandbox } = await withSandbox();
    const response = await fetch(`${sandbox.endpoint}/workspaces`, {
      headers: { authorization: `Bearer ${sandbox.secretKey}` },
    });
    expect(response.status).toBe(401);
  });

  test('the key opens no other organization', async () => {
    const { api } = await withSandbox();
    expect((await api.fetch('/workspaces/other')).status).toBe(403);
    expect((await api.fetch('/workspaces/other/datasets')).status).toBe(403);
    expect((await api.fetch('/workspaces/other/datasets/other_ds/assets')).status).toBe(403);
  });

  test('a dataset is named with its organization', async () => {
    const { api, sandbox } = await withSandbox();
    const short = `/workspaces/${sandbox.organizationId}/datasets/ds`;
    expect((await api.fetch(short)).status).toBe(404);
    expect((await api.fetch(api.dataset)).status).toBe(200);
  });

  test('what is not there answers 404 in JSON', async () => {
    const { api, sandbox } = await withSandbox();
    for (const [path, method] of [
      ['/nothing', 'GET'],
      [api.dataset, 'PUT'],
      [`${api.dataset}/assets/none`, 'GET'],
      [`${api.sessions}/none`, 'GET'],
      [`${api.dataset}/deleteManyAssetsSessions/none`, 'GET'],
      [`${api.dataset}/assetSources/managed/other/transient/assetIngestionSessions`, 'POST'],
    ] as const) {
      const response = await api.fetch(path, method, method === 'GET' ? undefined : {});
      expect(response.status, path).toBe(404);
      expect(await response.json(), path).toMatchObject({ error: 'ResourceNotFound' });
    }
    expect(sandbox.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('organization and key can be given, and are checked', async () => {
    const secretKey = `dtvi_${'k'.repeat(98)}`;
    const { sandbox, api } = await withSandbox({ secretKey, organizationId: 'my_org' });
    expect(sandbox).toMatchObject({ secretKey, organizationId: 'my_org' });
    expect(await api.json('/workspaces/my_org')).toMatchObject({ datasets: ['my_org_ds'] });
    await expect(withSandbox({ secretKey: 'dtvi_short' })).rejects.toThrow('98 characters');
    await expect(withSandbox({ organizationId: 'my org' })).rejects.toThrow('organization ID');
  });
});
