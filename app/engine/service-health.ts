import {
  ViAuthenticationError,
  ViConfigurationError,
  type ViError,
  ViNetworkError,
  ViRateLimitError,
  ViResponseError,
  ViServerError,
  ViTimeoutError,
} from '../vi/index.ts';
import type { Clock, DatasetAddress, Randomness } from './environment.ts';
import { Outage } from './outage.ts';

/** What a failed call says something about, from the widest to the narrowest. */
export const scopes = ['endpoint', 'organization', 'dataset'] as const;
export type Scope = (typeof scopes)[number];

/** What one mirror knows of the way to its dataset. All but the dataset's own outage is shared with other mirrors. */
export type WayHealth = Readonly<Record<Scope, Outage>>;

/** How the services answer that an engine's mirrors use: what one mirror learns of a service, or of its key, all others know. */
export class ServiceHealth {
  readonly #clock: Clock;
  readonly #random: Randomness;
  readonly #shared = new Map<string, Outage>();

  constructor(clock: Clock, random: Randomness) {
    this.#clock = clock;
    this.#random = random;
  }

  of({ endpoint, organizationId }: DatasetAddress): WayHealth {
    return {
      endpoint: this.#find(endpoint),
      organization: this.#find(`${endpoint} ${organizationId}`),
      dataset: new Outage(this.#clock, this.#random),
    };
  }

  #find(key: string): Outage {
    const outage = this.#shared.get(key) ?? new Outage(this.#clock, this.#random);
    this.#shared.set(key, outage);
    return outage;
  }
}

/** Whom an error concerns: all mirrors of the endpoint, those of the organization, whose key it is, or only the one of the dataset. */
export function scopeOf(error: ViError): Scope {
  // Of a listing that does not end, each page was a good answer.
  if (error.code === 'EndlessListing') return 'dataset';
  if (
    error instanceof ViNetworkError ||
    error instanceof ViTimeoutError ||
    error instanceof ViServerError ||
    // A page that asks for a login, where the API should be.
    error instanceof ViResponseError
  ) {
    return 'endpoint';
  }
  if (
    error instanceof ViAuthenticationError ||
    error instanceof ViConfigurationError ||
    error instanceof ViRateLimitError
  ) {
    return 'organization';
  }
  return 'dataset';
}
