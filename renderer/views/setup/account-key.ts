import type { Account, Place } from '../../../app/contract.ts';

/** An account in one text: for lists of choices, and the window's address. */
export const accountKey = ({ endpoint, organizationId }: Place): string => `${organizationId} ${endpoint}`;

/** The account of a key. Without one: the only one there is, else none. */
export function accountOfKey(accounts: readonly Account[], key: string | null): Account | undefined {
  if (key !== null) return accounts.find((account) => accountKey(account) === key);
  return accounts.length === 1 ? accounts[0] : undefined;
}
