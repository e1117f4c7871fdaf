import { z } from 'zod';
import { IngestionCode } from './ingestion-codes.ts';

/** What requests are for: faults are aimed at one of these, and requests are counted by them. */
export const routeNames = [
  'organizations.list',
  'organizations.get',
  'datasets.list',
  'datasets.get',
  'assets.list',
  'assets.get',
  'assets.delete',
  'sessions.create',
  'sessions.get',
  'bulkDelete.create',
  'bulkDelete.get',
  'upload',
  'download',
  'thumbnail',
] as const;
export type RouteName = (typeof routeNames)[number];

/** Routes of the API proper; the others are signed URLs. */
export function isApiRoute(route: RouteName): boolean {
  return route !== 'upload' && route !== 'download' && route !== 'thumbnail';
}

const selection = {
  /** Only requests for these; left out, all that the fault can happen to. */
  route: z.union([z.enum(routeNames), z.array(z.enum(routeNames))]).optional(),
  /** Only the file of this name; `*` stands for any characters. */
  filename: z.string().optional(),
  /** How often it happens; left out, until it is taken away. */
  times: z.number().int().positive().optional(),
  /** How many matching requests go well before. */
  skip: z.number().int().nonnegative().optional(),
};
const moment = z.enum(['before', 'after']).default('before');

/**
 * Something that goes wrong, for tests of clients. It happens to requests that match all of its conditions, in the order of
 * the list. `when: 'after'`: the request does its work, and only its answer is lost.
 */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The request waits before anything else happens. */
  z.strictObject({ ...selection, kind: z.literal('delay'), ms: z.number().nonnegative() }),
  /** Answers with an error status (500, 503, 429 …), with `Retry-After` when given. */
  z.strictObject({
    ...selection,
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    when: moment,
  }),
  /** The connection is reset: before or after the work, or after so many bytes of a body (of an upload or a download). */
  z.strictObject({
    ...selection,
    kind: z.literal('reset'),
    when: moment,
    afterBytes: z.number().int().nonnegative().optional(),
  }),
  /** A download ends after so many bytes (half of it, left out) as if that were all of it. */
  z.strictObject({
    ...selection,
    kind: z.literal('truncate'),
    bytes: z.number().int().nonnegative().optional(),
  }),
  /** One byte of a download is wrong: this one (the middle one, left out). */
  z.strictObject({ ...selection, kind: z.literal('corrupt'), at: z.number().int().nonnegative().optional() }),
  /** A signed URL answers as if it had expired. */
  z.strictObject({ ...selection, kind: z.literal('expired-url') }),
  /** A body (upload or download) flows no faster than this. */
  z.strictObject({ ...selection, kind: z.literal('slow'), bytesPerSecond: z.number().positive() }),
  /** The JSON of an answer breaks off in its middle. */
  z.strictObject({ ...selection, kind: z.literal('malformed-json') }),
  /** A web page instead of JSON, as hotel networks and proxies send it. */
  z.strictObject({
    ...selection,
    kind: z.literal('html'),
    status: z.number().int().min(200).max(599).default(200),
  }),
  /** The asset's JSON says a size that is so many bytes off. */
  z.strictObject({
    ...selection,
    kind: z.literal('wrong-size'),
    by: z
      .number()
      .int()
      .refine((by) => by !== 0)
      .default(1),
  }),
  /** The asset's JSON says the hash of other content. */
  z.strictObject({ ...selection, kind: z.literal('wrong-hash') }),
  /** Sends the client elsewhere. */
  z.strictObject({
    ...selection,
    kind: z.literal('redirect'),
    location: z.string(),
    status: z
      .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
      .default(307),
  }),
  /** An uploaded file fails in its session with this code. */
  z.strictObject({ ...selection, kind: z.literal('ingestion-error'), code: z.enum(IngestionCode) }),
]);

/** A fault as it is given: fields with a default may be left out. */
export type Fault = z.input<typeof faultSchema>;
export type ActiveFault = z.output<typeof faultSchema>;
export type FaultKind = ActiveFault['kind'];
export type Faults = Fault[];

/** What happens only to answers about assets, or inside a session: never to a request as such. */
const BEHIND_REQUESTS: readonly FaultKind[] = ['wrong-size', 'wrong-hash', 'ingestion-error'];
const ONLY_SIGNED: readonly FaultKind[] = ['truncate', 'corrupt', 'expired-url', 'slow'];
const ONLY_API: readonly FaultKind[] = ['malformed-json', 'html'];

/** The faults of a sandbox, and how often each has happened. */
export class FaultBook {
  /** Add to it, take from it, or put another array in its place. */
  list: Faults;
  readonly #parsed = new WeakMap<Fault, ActiveFault>();
  readonly #met = new WeakMap<Fault, number>();

  constructor(list: readonly Fault[] = []) {
    this.list = [...list];
    // A fault that can't be is said at once, not at the first request.
    for (const fault of list) this.#active(fault);
  }

  /** The faults that happen to a request. Counts them as happened. */
  forRequest(route: RouteName, filename?: string): ActiveFault[] {
    const api = isApiRoute(route);
    return this.#take(route, filename, (kind) => {
      if (BEHIND_REQUESTS.includes(kind)) return false;
      return api ? !ONLY_SIGNED.includes(kind) : !ONLY_API.includes(kind);
    });
  }

  /** The lies that an answer tells about an asset. */
  forAsset(route: RouteName, filename: string): ActiveFault[] {
    if (this.list.length === 0) return [];
    return this.#take(route, filename, (kind) => kind === 'wrong-size' || kind === 'wrong-hash');
  }

  /** The code with which a file fails in its session, if it is to. */
  ingestionCode(filename: string): IngestionCode | undefined {
    const [fault] = this.#take('upload', filename, (kind) => kind === 'ingestion-error');
    return fault?.kind === 'ingestion-error' ? fault.code : undefined;
  }

  #take(
    route: RouteName,
    filename: string | undefined,
    applies: (kind: FaultKind) => boolean,
  ): ActiveFault[] {
    const taken: ActiveFault[] = [];
    for (const given of this.list) {
      const fault = this.#active(given);
      if (!applies(fault.kind) || !selects(fault, route, filename)) continue;
      const met = (this.#met.get(given) ?? 0) + 1;
      this.#met.set(given, met);
      const skip = fault.skip ?? 0;
      if (met > skip && met <= skip + (fault.times ?? Number.POSITIVE_INFINITY)) taken.push(fault);
    }
    return taken;
  }

  #active(given: Fault): ActiveFault {
    let fault = this.#parsed.get(given);
    if (fault === undefined) {
      fault = faultSchema.parse(given);
      this.#parsed.set(given, fault);
    }
    return fault;
  }
}

function selects(fault: ActiveFault, route: RouteName, filename: string | undefined): boolean {
  const routes = typeof fault.route === 'string' ? [fault.route] : fault.route;
  if (routes !== undefined && !routes.includes(route)) return false;
  if (fault.filename === undefined) return true;
  if (filename === undefined) return false;
  return fits(filename, fault.filename);
}

/** Whether a name fits a pattern in which `*` stands for any characters. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
