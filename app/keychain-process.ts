import { answerKeychain } from './keychain-answer.ts';
import type { KeychainRequest } from './keychain-messages.ts';

/**
 * The process in which the operating system's keychain is asked, started by `keychain.ts` for one request. It is a process of its
 * own because a keychain that shows a prompt, or that doesn't answer, blocks the native call, and Node can't end while it
 * does; this process can be killed. In the desktop app `desktop/keychain-process.ts` takes its place.
 */

/** `process.exit` waits for a native call that blocks; a kill doesn't. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

// A Ctrl-C in the terminal reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => undefined);
process.on('disconnect', endAtOnce);
process.once('message', (request: KeychainRequest) => {
  answerKeychain(request).then((reply) => process.send?.(reply, endAtOnce), endAtOnce);
});
