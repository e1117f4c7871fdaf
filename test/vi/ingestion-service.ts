import {
  handled,
  refuse,
  type SeenRequest,
  secretKey,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

/** One file as a session announces it, after VI-API.md. */
interface Announced {
  readonly kind: string;
  readonly filename: string;
  readonly mime: string;
  readonly size: number;
  readonly crc32c: number;
  readonly customMetadata?: Record<string, unknown>;
}

export interface Session {
  readonly id: string;
  readonly spec: { kind: string; failureMode: string; onAssetOverwritten: string; assets: Announced[] };
  readonly put: Map<string, Buffer>;
  polls: number;
}

/**
 * The ingestion part of the service, written by hand and separate from the sandbox: sessions, signed URLs on another host,
 * and whatever end of a session the test wants.
 */
export interface IngestionService {
  readonly api: WireServer;
  readonly storage: WireServer;
  readonly sessions: Session[];
  /** Codes that files end with; the others succeed. */
  readonly codes: Map<string, string>;
  /** How often a session is asked for before it is over. */
  pollsUntilDone: number;
  /** Answers a PUT in place of taking it. */
  onPut: ((filename: string, session: Session, request: SeenRequest) => number | undefined) | undefined;
  /** Refuses a new session with a status. */
  onCreate: ((number: number) => number | undefined) | undefined;
  /** Changes the answer about a session. */
  adorn: (session: Session, json: Record<string, unknown>) => unknown;
  close(): Promise<void>;
}

const prefix =
  '/workspaces/org_1/datasets/org_1_ds/assetSources/managed/datature/transient/assetIngestionSessions';

export async function startIngestionService(): Promise<IngestionService> {
  const sessions: Session[] = [];
  const codes = new Map<string, string>();
  const storage = await startWireServer((request, response) => {
    const [, sessionId, name] = request.path.split('/');
    const filename = decodeURIComponent(name ?? '');
    const session = sessions.find(({ id }) => id === sessionId);
    if (session === undefined) return refuse(response, 404);
    const status = service.onPut?.(filename, session, request);
    if (status !== undefined)
      return refuse(response, status, { message: status === 403 ? 'Request has expired' : 'no' });
    session.put.set(filename, request.body);
    response.end();
    return handled;
  });
  const api = await startWireServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${secretKey}`) return refuse(response, 401);
    if (request.method === 'POST' && request.path === prefix) {
      const status = service.onCreate?.(sessions.length + 1);
      if (status !== undefined) return refuse(response, status);
      const session: Session = {
        id: `session-${sessions.length + 1}`,
        spec: JSON.parse(String(request.body)).spec,
        put: new Map(),
        polls: 0,
      };
      sessions.push(session);
      return service.adorn(session, { ...describe(session), ...withUrls(session) });
    }
    const session = sessions.find(({ id }) => request.path === `${prefix}/${id}`);
    if (session === undefined) return refuse(response, 404);
    session.polls++;
    return service.adorn(session, describe(session));
  });

  function describe(session: Session): Record<string, unknown> {
    const isDone = session.polls > service.pollsUntilDone;
    const failed = session.spec.assets.filter(
      ({ filename }) => codes.has(filename) && session.put.has(filename),
    );
    const files = Object.fromEntries(failed.map(({ filename }) => [filename, codes.get(filename)]));
    return {
      workspaceId: 'org_1',
      datasetId: 'org_1_ds',
      assetIngestionSessionId: session.id,
      spec: { ...session.spec, assets: undefined },
      status: {
        conditions: [
          { condition: 'Started', status: 'Reached', lastTransitionTime: 1 },
          { condition: 'Finished', status: isDone ? 'Reached' : 'Waiting', lastTransitionTime: 2 },
        ],
        events: isDone && failed.length > 0 ? [{ kind: 'Error', files, time: 3 }] : [],
        progressCount: {
          total: session.spec.assets.length,
          succeeded: isDone ? session.put.size - failed.length : 0,
          errored: isDone ? failed.length : 0,
        },
      },
    };
  }

  function withUrls(session: Session): Record<string, unknown> {
    return {
      status: {
        conditions: [{ condition: 'Started', status: 'Waiting', lastTransitionTime: 1 }],
        events: [],
        progressCount: { total: session.spec.assets.length, succeeded: 0, errored: 0 },
        assets: session.spec.assets.map((metadata) => ({
          metadata,
          upload: {
            url: `${storage.origin}/${session.id}/${encodeURIComponent(metadata.filename)}?signature=x`,
            expiry: Date.now() + 900_000,
            headers: { 'content-type': metadata.mime },
            method: 'PUT',
          },
        })),
      },
    };
  }

  const service: IngestionService = {
    api,
    storage,
    sessions,
    codes,
    pollsUntilDone: 0,
    onPut: undefined,
    onCreate: undefined,
    adorn: (_session, json) => json,
    close: async () => {
      await api.close();
      await storage.close();
    },
  };
  return service;
}
