import { createRequire } from 'node:module';
import type { KeychainAnswer, KeychainRequest } from './keychain.ts';

/**
 * The process in which the operating system's keychain is asked, started by `keychain.ts` for one request. It is a process of its
 * own because a keychain that shows a prompt, or that doesn't answer, blocks the native call, and Node can't end while it
 * does; this process can be killed. It is the only file that loads keytar.
 */
async function answer(request: KeychainRequest): Promise<KeychainAnswer> {
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
        return { ok: true, value: await keytar.getPassword(service, account) };
      case 'set':
        await keytar.setPassword(service, account, request.value);
        return { ok: true, value: null };
      case 'delete':
        return { ok: true, value: (await keytar.deletePassword(service, account)) ? 'deleted' : null };
    }
  } catch (error) {
    return { ok: false, stage: 'call', message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `process.exit` waits for a native call that blocks; a kill doesn't. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

// A Ctrl-C in the terminal reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => undefined);
process.on('disconnect', endAtOnce);
process.once('message', (request: KeychainRequest) => {
  answer(request).then((reply) => process.send?.(reply, endAtOnce), endAtOnce);
});
