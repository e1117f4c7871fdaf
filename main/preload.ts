// All that the page gets of Electron: a way to the engine that carries texts. It runs sandboxed, in a world of its own.
import { contextBridge, ipcRenderer } from 'electron';
import type { BridgeListener, DesktopBridge } from '../app/contract.ts';
import { channels } from './ipc-channels.ts';

const listeners = new Map<number, BridgeListener>();
let lastNumber = 0;

const bridge: DesktopBridge = {
  connect({ onOpen, onText, onClose }) {
    lastNumber += 1;
    const number = lastNumber;
    listeners.set(number, { onOpen, onText, onClose });
    ipcRenderer.send(channels.open, number);
    return {
      post: (text) => {
        if (listeners.has(number)) ipcRenderer.send(channels.post, number, text);
      },
      close: () => {
        if (!listeners.delete(number)) return;
        ipcRenderer.send(channels.close, number);
        onClose();
      },
    };
  },
};

// What the main process sends is its own: only that there is still somebody who wants it has to be looked at.
ipcRenderer.on(channels.opened, (_event, number: number) => listeners.get(number)?.onOpen());
ipcRenderer.on(channels.text, (_event, number: number, text: string) => listeners.get(number)?.onText(text));
ipcRenderer.on(channels.closed, (_event, number: number) => {
  const listener = listeners.get(number);
  listeners.delete(number);
  listener?.onClose();
});

contextBridge.exposeInMainWorld('viSync', bridge);
