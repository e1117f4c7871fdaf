import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkOrganization } from './api-request.ts';
import type { SandboxParts } from './parts.ts';
import { organizationJson } from './wire.ts';

const params = z.object({ org: z.string() });

export function registerOrganizationRoutes(app: FastifyInstance, parts: SandboxParts): void {
  const json = () => {
    const datasetIds = parts.datasets.after(0, Number.MAX_SAFE_INTEGER).map(({ datasetId }) => datasetId);
    return organizationJson(parts.organization, datasetIds, parts.now());
  };

  // A key belongs to one organization: one page, whatever size is asked for.
  app.get('/workspaces', { config: { route: 'organizations.list' } }, async () => ({ items: [json()] }));

  app.get('/workspaces/:org', { config: { route: 'organizations.get' } }, async (request) => {
    checkOrganization(params.parse(request.params).org, parts);
    return json();
  });
}
