import type { CallResult } from '../../app/contract.ts';
import type { Query } from './use-query.ts';
import { useRefreshed } from './use-refreshed.ts';

/** The organizations that can be worked with, kept fresh. */
export function useAccounts(): Query<CallResult<'accounts'>> {
  return useRefreshed('accounts', {}, 'accountsChanged');
}
