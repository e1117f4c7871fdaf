// `node --import` of this gives a child process the `process.parentPort` that Electron gives a utility process.
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

// As in the installed program: its fuses keep it from running as Node, and a fork would be the app once more.
childProcess.fork = () => {
  throw new Error('A program whose fuse RunAsNode is off can’t be forked.');
};
syncBuiltinESMExports();

const early: unknown[] = [];

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message);
  }

  override on(event: string, listener: (event: { readonly data: unknown }) => void): this {
    super.on(event, listener);
    // What has come before anybody listened waits, as in Electron.
    if (event === 'message') for (const data of early.splice(0)) this.emit('message', { data, ports: [] });
    return this;
  }
}

const port = new ParentPort();
process.on('message', (data) => {
  if (port.listenerCount('message') === 0) early.push(data);
  else port.emit('message', { data, ports: [] });
});
// A utility process ends with the app, however that ends.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
Object.defineProperty(process, 'parentPort', { value: port });
