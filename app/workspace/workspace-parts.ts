import type { z } from 'zod';
import type { Connections } from '../accounts/connections.ts';
import type {
  CallResult,
  Calls,
  EngineApi,
  EventPayload,
  Place,
  WorkspaceCallName,
  workspaceEvents,
} from '../contract.ts';
import type { Log } from '../log.ts';

export type WorkspaceEventName = keyof typeof workspaceEvents;

/** What each concern of the workspace works with. */
export interface WorkspaceParts {
  /** It may run in another process. */
  readonly engine: EngineApi;
  readonly connections: Connections;
  readonly log: Log;
  /** Aborted when the workspace is closed. */
  readonly signal: AbortSignal;
  readonly emit: <N extends WorkspaceEventName>(name: N, payload: EventPayload<N>) => void;
}

/** What answers these calls; arguments are parsed already. */
export type WorkspaceHandlers<N extends WorkspaceCallName = WorkspaceCallName> = {
  readonly [Name in N]: (args: z.output<Calls[Name]['args']>) => CallResult<Name> | Promise<CallResult<Name>>;
};

/** Has the mirrors of an organization, or of one of its datasets, look at both sides now. One that can't does not matter to the caller. */
export async function syncMirrorsOf(
  { engine, log }: Pick<WorkspaceParts, 'engine' | 'log'>,
  { endpoint, organizationId, datasetId }: Place & { readonly datasetId?: string },
): Promise<void> {
  try {
    const { mirrors } = await engine.call('status', {});
    const concerned = mirrors.filter(
      (mirror) =>
        mirror.endpoint === endpoint &&
        mirror.organizationId === organizationId &&
        (datasetId === undefined || mirror.datasetId === datasetId) &&
        mirror.phase !== 'stopped',
    );
    await Promise.all(concerned.map(({ mirrorId }) => engine.call('syncNow', { mirrorId })));
  } catch (error) {
    log.warn('Mirrors could not be told to look again', { error });
  }
}
