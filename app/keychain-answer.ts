import { createRequire } from 'node:module';
import { isLockedAway } from './keychain-lock.ts';
import type { KeychainAnswer, KeychainRequest } from './keychain-messages.ts';

/** Asks the system's keychain. The only file that loads keytar; only processes that may be killed run it. */
export async function answerKeychain(request: KeychainRequest): Promise<KeychainAnswer> {
  let keytar: typeof import('keytar');
  try {
    // By require: keytar is CommonJS with a native part, and a failure to load that part must arrive here as an error.
    keytar = createRequire(import.meta.url)('keytar');
  } catch (error) {
    return { ok: false, stage: 'load', message: messageOf(error) };
  }
  const { service, account } = request;
  try {
    switch (request.operation) {
      case 'get':
        return await unlessLocked(request, await keytar.getPassword(service, account));
      case 'set':
        await keytar.setPassword(service, account, request.value);
        return { ok: true, value: null };
      case 'delete':
        return await unlessLocked(
          request,
          (await keytar.deletePassword(service, account)) ? 'deleted' : null,
        );
    }
  } catch (error) {
    return { ok: false, stage: 'call', message: messageOf(error) };
  }
}

/** “There is none” is believed only of a keychain that is open. */
async function unlessLocked(request: KeychainRequest, value: string | null): Promise<KeychainAnswer> {
  if (value !== null || process.platform !== 'linux' || !(await isLockedAway(request)))
    return { ok: true, value };
  return { ok: false, stage: 'call', message: 'The keyring that holds the entry is locked' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
