import { ViInvalidParameterError } from '../errors.ts';
import { checkId } from '../ids.ts';
import { datasetPath, type Service } from '../service.ts';
import { deleteSessionSchema } from '../wire/delete-session.ts';
import type { DeleteManyAssetsOptions } from './assets-options.ts';
import type { DeleteManyAssetsSession } from './delete-session.ts';
import { sessionState } from './ingestion-session.ts';
import { queryFields } from './list-assets.ts';
import { defaultWaitMs, poll } from './wait-until-done.ts';

/** `client.assets.deleteMany`. */
export async function deleteMany(
  service: Service,
  options: DeleteManyAssetsOptions,
): Promise<DeleteManyAssetsSession> {
  const { datasetId, signal, timeoutMs = defaultWaitMs } = options;
  const spec = queryFields(options);
  const emptyFilter =
    spec.filter !== undefined && /^\s*(\{\s*\}|\[\s*\]|null|"\s*"|\*)\s*$/.test(spec.filter);
  if (
    (spec.filter === undefined && spec.metadataQuery === undefined && spec.ruleQuery === undefined) ||
    emptyFilter
  ) {
    throw new ViInvalidParameterError('A bulk deletion needs a filter, a metadata query or a rule query.', {
      code: 'FilterMissing',
      suggestion:
        'Say which assets to delete; without a filter the service may delete every one of the dataset.',
      details: { datasetId },
    });
  }
  const path = [...datasetPath(service, datasetId), 'deleteManyAssetsSessions'];
  const what = `delete assets of dataset ${datasetId}`;
  // Not repeated when it may have run: assets that came after the first run would be deleted by the second.
  const created = await service.api.request({
    method: 'POST',
    path,
    json: { spec },
    schema: deleteSessionSchema,
    what,
    signal,
    repeat: 'whenNotSent',
  });
  const sessionId = checkId(created.deleteManyAssetsSessionId, 'deleteManyAssetsSessionId');
  return await poll(
    (pollSignal) =>
      service.api.request({
        method: 'GET',
        path: [...path, sessionId],
        schema: deleteSessionSchema,
        what,
        signal: pollSignal,
      }),
    (session) => sessionState(session) !== 'running',
    {
      what: `Bulk deletion ${sessionId}`,
      timeoutMs,
      signal,
      details: { datasetId, deleteManyAssetsSessionId: sessionId },
    },
  );
}
