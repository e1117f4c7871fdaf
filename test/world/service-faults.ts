import type { Remote } from '../../app/engine/environment.ts';
import { ViNetworkError, ViRateLimitError, ViServerError, ViTimeoutError } from '../../app/vi/index.ts';
import type { SeededRandom } from './seeded-random.ts';

export type ServiceCall = Exclude<keyof Remote, 'endpoint' | 'organizationId' | 'datasetId'>;

export type ServiceFaultKind =
  /** The connection breaks. */
  | 'network'
  | 'timeout'
  /** 503. */
  | 'server'
  /** 429, with a time to wait. */
  | 'rate-limit'
  /** A page of a listing ends early, and says that nothing follows. */
  | 'cut-listing'
  /** A listing or a count of some seconds ago. */
  | 'stale'
  /** A download that ends early, or with a wrong byte in it. */
  | 'truncate'
  | 'corrupt';

/** Something that goes wrong at the service or on the way to it. */
export interface ServiceFault {
  readonly kind: ServiceFaultKind;
  /** Only these calls; left out, all that it can happen to. */
  readonly calls?: readonly ServiceCall[];
  /** `after`: the call has done its work, and only its answer is lost. */
  readonly when?: 'before' | 'after';
  readonly skip?: number;
  readonly times?: number;
}

/** Faults that strike at random. */
export interface ServiceTrouble {
  /** Part of all calls that fail, 0 to 1. */
  readonly rate: number;
  readonly kinds: readonly ServiceFaultKind[];
}

const onlyListings: ReadonlySet<ServiceFaultKind> = new Set(['cut-listing', 'stale']);
const onlyDownloads: ReadonlySet<ServiceFaultKind> = new Set(['truncate', 'corrupt']);

/** The faults of the way between one computer and the service, and how often each has happened. */
export class ServiceFaults {
  /** Put another array in its place to change it. */
  list: readonly ServiceFault[] = [];
  trouble: ServiceTrouble | null = null;
  /** Nothing gets through. */
  isOffline = false;
  readonly #random: SeededRandom;
  readonly #met = new WeakMap<ServiceFault, number>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** What goes wrong with a call. Counts. */
  next(call: ServiceCall): { kind: ServiceFaultKind; when: 'before' | 'after' } | null {
    if (this.isOffline) return { kind: 'network', when: 'before' };
    for (const fault of this.list) {
      if (fault.calls !== undefined && !fault.calls.includes(call)) continue;
      if (!concerns(fault.kind, call)) continue;
      const met = (this.#met.get(fault) ?? 0) + 1;
      this.#met.set(fault, met);
      const skip = fault.skip ?? 0;
      if (met > skip && met <= skip + (fault.times ?? Number.POSITIVE_INFINITY)) {
        return { kind: fault.kind, when: fault.when ?? 'before' };
      }
    }
    const { trouble } = this;
    if (trouble === null || !this.#random.chance(trouble.rate)) return null;
    const kind = this.#random.pick(trouble.kinds);
    const when = this.#random.chance(0.5) ? 'before' : 'after';
    return concerns(kind, call) ? { kind, when } : null;
  }
}

function concerns(kind: ServiceFaultKind, call: ServiceCall): boolean {
  if (onlyListings.has(kind))
    return (
      call === 'list' ||
      (kind === 'stale' && call === 'locatePage') ||
      (kind === 'stale' && call === 'dataset')
    );
  return onlyDownloads.has(kind) ? call === 'fetch' : true;
}

/** The client's error for a call that has failed; null for faults that are no failures. */
export function errorOf(kind: ServiceFaultKind, call: ServiceCall): Error | null {
  switch (kind) {
    case 'network':
      return new ViNetworkError(`Cannot ${call}: the connection was closed by the other side.`);
    case 'timeout':
      return new ViTimeoutError(`Cannot ${call}: it took too long.`);
    case 'server':
      return new ViServerError(`Cannot ${call}: the service answered 503.`, { status: 503 });
    case 'rate-limit':
      return new ViRateLimitError(`Cannot ${call}: too many requests.`, { status: 429, retryAfter: 3000 });
    default:
      return null;
  }
}
