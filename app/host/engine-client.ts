import net from 'node:net';
import type { EngineApi, Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import { linePort } from './line-port.ts';
import { CallRefused, EngineLost, engineClientOn } from './port-client.ts';

/** An engine that runs in another process. */
export interface EngineClient extends EngineApi {
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** The longest message from an engine, in bytes: a page of 1,000 long paths is far below. */
const longestAnswer = 64 * 1024 * 1024;
/** How long an engine may take for the first, small answer. Milliseconds. */
const firstAnswerMs = 15_000;

/**
 * Connects to the engine that listens at an address, and makes sure that it answers. Null: nobody listens there.
 *
 * @throws CallRefused when it does not answer, or is of another version
 */
export async function connectToEngine(address: string, log: Log): Promise<EngineClient | null> {
  const socket = net.connect(address);
  const client = engineClientOn(linePort(socket, { longestMessage: longestAnswer, log }), log);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isOpen) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CallRefused(silentEngine)), firstAnswerMs);
  });
  try {
    await Promise.race([client.call('settings', {}), late]);
    return client;
  } catch (error) {
    client.close();
    if (error instanceof EngineLost) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const silentEngine: Problem = {
  code: 'engine-silent',
  title: 'The other Vi Sync does not answer',
  detail: 'Vi Sync runs in another process, which has not answered for 15 seconds.',
  suggestion: 'Repeat the command in a while. If it stays so, end the other process, and start it again.',
};
