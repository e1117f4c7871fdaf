import { type UtilityProcess, utilityProcess } from 'electron';
import { type KeychainRequest, keychainAnswerSchema, type ToEngine } from '../app/desktop/messages.ts';

export type KeychainReply = Omit<Extract<ToEngine, { type: 'keychain-answer' }>, 'type'>;

/**
 * Asks the system's keychain for the engine, each time by a process of its own that can be ended whatever the keychain does. The engine can't
 * start one: the fuses of the installed program keep it from running as Node.
 */
export class KeychainHost {
  readonly #entry: string;
  readonly #reply: (reply: KeychainReply) => void;
  readonly #running = new Map<number, UtilityProcess>();

  /** @param entry the process's program, compiled */
  constructor(entry: string, reply: (reply: KeychainReply) => void) {
    this.#entry = entry;
    this.#reply = reply;
  }

  ask(id: number, request: KeychainRequest): void {
    const child = utilityProcess.fork(this.#entry, [], { serviceName: 'Vi Sync keychain', stdio: 'ignore' });
    this.#running.set(id, child);
    child.once('spawn', () => child.postMessage(request));
    child.once('message', (message: unknown) => {
      const answer = keychainAnswerSchema.safeParse(message);
      this.#replyOnce(
        answer.success
          ? { id, answer: answer.data, failure: null }
          : { id, answer: null, failure: 'with something that is no answer' },
      );
    });
    child.once('exit', (code) => this.#replyOnce({ id, answer: null, failure: `code ${code}` }));
  }

  /** Nobody waits for it any more. */
  end(id: number): void {
    const child = this.#running.get(id);
    this.#running.delete(id);
    child?.kill();
  }

  /** Ends all of them: the engine that has asked is gone. */
  endAll(): void {
    for (const id of [...this.#running.keys()]) this.end(id);
  }

  #replyOnce(reply: KeychainReply): void {
    if (!this.#running.has(reply.id)) return;
    this.end(reply.id);
    this.#reply(reply);
  }
}
