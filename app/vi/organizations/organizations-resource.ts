import { ViOperationError } from '../errors.ts';
import type { PaginatedList, PaginationParams } from '../pagination.ts';
import type { Organization } from './organization.ts';

export interface ListOrganizationsOptions {
  readonly pagination?: PaginationParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOrganizationOptions {
  /** The client's own organization when left out. */
  readonly organizationId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `client.organizations`. */
export class OrganizationsResource {
  /** The organizations that the secret key gives access to. */
  list(options: ListOrganizationsOptions = {}): PaginatedList<Organization> {
    throw new ViOperationError(`not built yet ${JSON.stringify(options)}`);
  }
  async get(options: GetOrganizationOptions = {}): Promise<Organization> {
    throw new ViOperationError(`not built yet ${JSON.stringify(options)}`);
  }
}
