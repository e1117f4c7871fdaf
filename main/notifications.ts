import { Notification } from 'electron';
import type { Notice } from '../app/desktop/notices.ts';

export interface NotificationsOptions {
  readonly show: (address: string) => void;
  /** A person who looks at the window sees it there. */
  readonly isLookedAt: () => boolean;
}

/** What happens in a burst is told once, as it is at the end of it. Milliseconds. */
const burstMs = 1_500;

/** The system's notifications. Those that are shown are held: one that nobody holds loses its click. */
export class Notifications {
  readonly #options: NotificationsOptions;
  readonly #waiting = new Map<string, Notice>();
  readonly #shown = new Map<string, Notification>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  tell(notice: Notice | null): void {
    if (notice === null || this.#options.isLookedAt() || !Notification.isSupported()) return;
    this.#waiting.set(notice.about, notice);
    this.#timer ??= setTimeout(() => this.#flush(), burstMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const shown of this.#shown.values()) shown.close();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const notice of this.#waiting.values()) this.#show(notice);
    this.#waiting.clear();
  }

  #show({ about, title, text, address }: Notice): void {
    this.#shown.get(about)?.close();
    const notification = new Notification({ title, body: text });
    this.#shown.set(about, notification);
    const forget = (): void => {
      if (this.#shown.get(about) === notification) this.#shown.delete(about);
    };
    notification.on('click', () => {
      forget();
      this.#options.show(address);
    });
    notification.on('close', forget);
    notification.show();
  }
}
