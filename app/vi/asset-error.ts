import {
  ViAuthenticationError,
  ViConfigurationError,
  ViError,
  ViNetworkError,
  ViRateLimitError,
  ViTimeoutError,
} from './errors.ts';

/**
 * Whether an error of a call about one asset may be about that asset alone, and not about the way to the service: what is wrong with one must
 * not stop the others.
 */
export function mayBeOfOneAsset(error: unknown): error is ViError {
  return (
    error instanceof ViError &&
    !(error instanceof ViNetworkError) &&
    !(error instanceof ViTimeoutError) &&
    !(error instanceof ViRateLimitError) &&
    !(error instanceof ViAuthenticationError) &&
    !(error instanceof ViConfigurationError)
  );
}
