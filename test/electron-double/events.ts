/** An event of Electron’s: with details, and with a default that can be prevented. */
export interface DoubleEvent {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

export function eventWith<T extends object>(details: T): T & DoubleEvent {
  let isPrevented = false;
  return {
    ...details,
    preventDefault: () => {
      isPrevented = true;
    },
    get defaultPrevented() {
      return isPrevented;
    },
  };
}
