import { ViInvalidParameterError } from './errors.ts';

/** What the service takes as an ID; source: VI-API, "Connection". */
const idPattern = /^[a-zA-Z0-9_-]{1,255}$/;

export function isId(text: string): boolean {
  return idPattern.test(text);
}

/**
 * Checks an ID before it becomes part of a path.
 *
 * @throws ViInvalidParameterError
 */
export function checkId(id: string, parameter: string): string {
  if (typeof id === 'string' && isId(id)) return id;
  throw new ViInvalidParameterError(
    `${parameter} ${JSON.stringify(id)} is not an ID: 1 to 255 letters, digits, "_" or "-".`,
    { details: { parameter } },
  );
}

/** The dataset's ID as the service's paths and bodies have it: `{organization}_{dataset}`. The long form is taken too. */
export function wireDatasetId(datasetId: string, organizationId: string): string {
  checkId(datasetId, 'datasetId');
  return isLong(datasetId, organizationId) ? datasetId : `${organizationId}_${datasetId}`;
}

/**
 * The dataset's ID as users see it. The organization's own prefix is what is taken off, so that an ID that has a `_` of
 * its own survives; without that prefix, everything up to the last `_` is.
 */
export function shortDatasetId(datasetId: string, organizationId: string): string {
  if (isLong(datasetId, organizationId)) return datasetId.slice(organizationId.length + 1);
  return datasetId.slice(datasetId.lastIndexOf('_') + 1);
}

function isLong(datasetId: string, organizationId: string): boolean {
  return (
    organizationId !== '' &&
    datasetId.length > organizationId.length + 1 &&
    datasetId.startsWith(`${organizationId}_`)
  );
}
