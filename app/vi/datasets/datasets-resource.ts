import { ViOperationError } from '../errors.ts';
import type { PaginatedList, PaginationParams } from '../pagination.ts';
import type { Dataset } from './dataset.ts';

export interface ListDatasetsOptions {
  readonly pagination?: PaginationParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetDatasetOptions {
  readonly datasetId: string;
  readonly signal?: AbortSignal | undefined;
}

/** `client.datasets`. */
export class DatasetsResource {
  /** The datasets of the client's organization. */
  list(options: ListDatasetsOptions = {}): PaginatedList<Dataset> {
    throw new ViOperationError(`not built yet ${JSON.stringify(options)}`);
  }
  async get(options: GetDatasetOptions): Promise<Dataset> {
    throw new ViOperationError(`not built yet ${JSON.stringify(options)}`);
  }
}
