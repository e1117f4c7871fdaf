import type { Account } from '../../../app/contract.ts';
import { text } from '../../text/format.ts';

/** What an account is called. */
export function accountName({ source, organizationName, organizationId }: Account): string {
  return source === 'sandbox' ? text.setup.sandboxAccount : (organizationName ?? organizationId);
}
