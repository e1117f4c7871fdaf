import { checkPagination, pageQuery } from '../page-query.ts';
import { PaginatedList, type PaginationParams } from '../pagination.ts';
import { datasetPath, type Service } from '../service.ts';
import { datasetSchema } from '../wire/dataset.ts';
import { asPage, pageSchema } from '../wire/page.ts';
import type { Dataset } from './dataset.ts';

export interface ListDatasetsOptions {
  readonly pagination?: PaginationParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetDatasetOptions {
  readonly datasetId: string;
  readonly signal?: AbortSignal | undefined;
}

const listSchema = pageSchema(datasetSchema);

/** `client.datasets`. */
export class DatasetsResource {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /** The datasets of the client's organization: `await` for the first page, `for await` for pages, or `allItems()`. */
  list(options: ListDatasetsOptions = {}): PaginatedList<Dataset> {
    checkPagination(options.pagination);
    const service = this.#service;
    return new PaginatedList(
      (pageToken) =>
        service.api.request({
          method: 'GET',
          path: ['workspaces', service.organizationId, 'datasets'],
          query: pageQuery(options.pagination, pageToken),
          schema: listSchema,
          reshape: asPage,
          what: `list the datasets of organization ${service.organizationId}`,
          signal: options.signal,
        }),
      options.pagination?.pageToken ?? null,
    );
  }

  /** One dataset. */
  async get(options: GetDatasetOptions): Promise<Dataset> {
    return await this.#service.api.request({
      method: 'GET',
      path: datasetPath(this.#service, options.datasetId),
      schema: datasetSchema,
      what: `get dataset ${options.datasetId}`,
      signal: options.signal,
    });
  }
}
