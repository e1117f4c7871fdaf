/** The engine's process as it speaks to the one that has started it. What arrives is data of unknown shape. */
export interface ProcessPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** As Electron gives it to a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** The port of a process that Electron has started as a utility process. @throws TypeError when it is none */
export function parentProcessPort(): ProcessPort {
  const parent: unknown = Reflect.get(process, 'parentPort');
  if (!isParentPort(parent)) throw new TypeError('This program is started by Vi Sync’s desktop app alone.');
  return {
    post: (message) => parent.postMessage(message),
    onMessage: (listener) => {
      parent.on('message', ({ data }) => listener(data));
    },
  };
}

function isParentPort(value: unknown): value is ParentPort {
  return (
    typeof value === 'object' &&
    value !== null &&
    'postMessage' in value &&
    typeof value.postMessage === 'function' &&
    'on' in value &&
    typeof value.on === 'function'
  );
}
