// `node --import` of this gives a child process the `process.parentPort` that Electron gives a utility process.
import { EventEmitter } from 'node:events';

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
