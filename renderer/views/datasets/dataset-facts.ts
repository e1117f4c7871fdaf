import type { DatasetRow, MirrorStatus, Place } from '../../../app/contract.ts';
import { text } from '../../text/format.ts';

/** What kind of dataset it is, in words; a kind that is not known as the service calls it. */
export function datasetType({ type }: DatasetRow): string {
  if (type === null) return '';
  const { types } = text.datasets;
  return Object.hasOwn(types, type) ? (types[type] ?? type) : type;
}

/** The mirrors of a dataset. */
export function mirrorsOf(
  mirrors: readonly MirrorStatus[],
  { endpoint, organizationId }: Place,
  datasetId: string,
): readonly MirrorStatus[] {
  return mirrors.filter(
    (mirror) =>
      mirror.datasetId === datasetId &&
      mirror.endpoint === endpoint &&
      mirror.organizationId === organizationId,
  );
}
