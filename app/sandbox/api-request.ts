import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { DatasetRow } from './dataset-store.ts';
import type { RouteName } from './faults.ts';
import type { SandboxParts } from './parts.ts';
import { wireDatasetId } from './wire.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What requests to the route are counted as, and which faults happen to them. */
    route?: RouteName;
  }
}

/** Path of a dataset; `org` and `dataset` are its parameters. */
export const DATASET_PATH = '/workspaces/:org/datasets/:dataset';

/** @throws ApiError 401 without the right key, 403 for another organization than the key's */
export function authenticate(request: FastifyRequest, parts: SandboxParts): void {
  const [scheme, key, ...rest] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || key === undefined || rest.length > 0) {
    throw new ApiError(401, 'The secret key is missing: send it as “Authorization: Bearer …”.');
  }
  if (!sameText(key, parts.secretKey)) throw new ApiError(401, 'The secret key is not valid.');
  const organization = request.headers['organization-id'];
  if (organization === undefined) throw new ApiError(401, 'The Organization-Id header is missing.');
  if (organization !== parts.organization.organizationId) {
    throw new ApiError(403, 'The secret key does not belong to this organization.');
  }
}

function sameText(given: string, right: string): boolean {
  const [first, second] = [Buffer.from(given), Buffer.from(right)];
  return first.length === second.length && timingSafeEqual(first, second);
}

const datasetParams = z.object({ org: z.string(), dataset: z.string() });

/** @throws ApiError 403 when the path is of another organization than the key */
export function checkOrganization(organizationId: string, parts: SandboxParts): void {
  if (organizationId !== parts.organization.organizationId) {
    throw new ApiError(403, `The secret key gives no access to the organization ${organizationId}.`);
  }
}

/** The dataset that a path names. @throws ApiError 403, 404 */
export function datasetOf(request: FastifyRequest, parts: SandboxParts): DatasetRow {
  const { org, dataset } = datasetParams.parse(request.params);
  checkOrganization(org, parts);
  const prefix = wireDatasetId(org, '');
  const row = dataset.startsWith(prefix) ? parts.datasets.find(dataset.slice(prefix.length)) : undefined;
  if (row === undefined) throw new ApiError(404, `There is no dataset ${dataset}.`);
  return row;
}

/** A flag in a query: `y` is on, anything else or nothing is off. */
export const flag = z
  .string()
  .optional()
  .transform((value) => value === 'y');

/** Page token and size, as every listing takes them. */
export const pageQuery = {
  p: z.string().optional(),
  s: z.coerce.number().int().min(1).max(1000).default(10),
};
