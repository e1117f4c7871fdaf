import { checkId } from '../ids.ts';
import { checkPagination, pageQuery } from '../page-query.ts';
import { PaginatedList, type PaginationParams } from '../pagination.ts';
import type { Service } from '../service.ts';
import { organizationSchema } from '../wire/organization.ts';
import { asPage, pageSchema } from '../wire/page.ts';
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

const listSchema = pageSchema(organizationSchema);

/** `client.organizations`. */
export class OrganizationsResource {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /** The organizations that the secret key gives access to. */
  list(options: ListOrganizationsOptions = {}): PaginatedList<Organization> {
    checkPagination(options.pagination);
    return new PaginatedList(
      (pageToken) =>
        this.#service.api.request({
          method: 'GET',
          path: ['workspaces'],
          query: pageQuery(options.pagination, pageToken),
          schema: listSchema,
          reshape: asPage,
          what: 'list the organizations',
          signal: options.signal,
        }),
      options.pagination?.pageToken ?? null,
    );
  }

  /** One organization. */
  async get(options: GetOrganizationOptions = {}): Promise<Organization> {
    const organizationId = checkId(options.organizationId ?? this.#service.organizationId, 'organizationId');
    return await this.#service.api.request({
      method: 'GET',
      path: ['workspaces', organizationId],
      schema: organizationSchema,
      what: `get organization ${organizationId}`,
      signal: options.signal,
    });
  }
}
