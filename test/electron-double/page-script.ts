/** Name of the function by which the page’s side of the double reaches the main process. It is taken out of the page’s sight at once. */
export const bindingName = 'electronDoubleSend';
/** Where the main process’s side reaches the page’s; nobody but the double knows it. */
export const receiverName = `electronDouble${Math.random().toString(36).slice(2)}`;

/** What runs in a window before its page: Electron’s two preload modules as far as they are used, and then the built preload itself. */
export function pageScript(preload: string): string {
  return `(() => {
  if (window.top !== window) return;
  const send = window.${bindingName};
  delete window.${bindingName};
  const listeners = new Map();
  const only = (name, known) => new Proxy(known, {
    get(target, key) {
      if (!(key in target)) throw new Error('The double of ' + name + ' does not do “' + String(key) + '”.');
      return target[key];
    },
  });
  // As Electron’s bridge does: functions become functions of the other world, everything else is copied, and what can’t be copied is refused.
  const bridged = (value) => {
    if (typeof value === 'function') return (...args) => bridged(value(...args.map(bridged)));
    if (value === null || typeof value !== 'object') {
      if (typeof value === 'symbol') throw new Error('A symbol can’t cross the bridge.');
      return value;
    }
    if (value instanceof Promise) return value.then(bridged);
    if (Array.isArray(value)) return value.map(bridged);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bridged(each)]));
  };
  const frozen = (value) => {
    if (value !== null && typeof value === 'object') Object.values(value).forEach(frozen);
    return Object.freeze(value);
  };
  const ipcRenderer = only('ipcRenderer', {
    send: (channel, ...args) => void send(channel, structuredClone(args)),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
  });
  const contextBridge = only('contextBridge', {
    exposeInMainWorld(key, api) {
      if (key in window) throw new Error('“' + key + '” is there already.');
      Object.defineProperty(window, key, { value: frozen(bridged(api)), enumerable: true });
    },
  });
  Object.defineProperty(window, '${receiverName}', {
    value: (channel, args) => {
      for (const listener of listeners.get(channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...args);
    },
  });
  const require = (name) => {
    if (name !== 'electron') throw new Error('A sandboxed preload has no “' + name + '”.');
    return only('electron', { ipcRenderer, contextBridge });
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })(require, module, module.exports);
})();`;
}
