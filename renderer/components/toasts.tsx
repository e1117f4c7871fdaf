import { X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { ObservableValue } from '../engine/observable.ts';
import { useObservable } from '../engine/use-engine.ts';
import { text } from '../text/format.ts';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './toasts.module.css';

/** Something short that has happened because a person asked for it. */
export interface Message {
  readonly tone: 'ok' | 'bad';
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly onChoose: () => void };
}

interface Shown extends Message {
  readonly id: number;
}

const shown = new ObservableValue<readonly Shown[]>([]);
const most = 3;
const shownForMs = 6_000;
let lastId = 0;

/** Tells something for a few seconds at the edge of the window, and to screen readers. */
export function tell(message: Message): void {
  lastId += 1;
  shown.set([...shown.get(), { ...message, id: lastId }].slice(-most));
}

/** Where what {@link tell} tells is shown. */
export function Toasts() {
  const messages = useObservable(shown);
  return (
    <Toast.Provider label={text.frame.notifications} duration={shownForMs} swipeDirection="right">
      {messages.map(({ id, tone, title, detail, action }) => (
        <Toast.Root
          key={id}
          className={classNames(styles.toast, styles[tone])}
          onOpenChange={(open) => {
            if (!open) shown.set(shown.get().filter((message) => message.id !== id));
          }}
        >
          <Toast.Title className={styles.title}>{title}</Toast.Title>
          {detail === undefined ? null : (
            <Toast.Description className={styles.detail}>{detail}</Toast.Description>
          )}
          <span className={styles.actions}>
            {action === undefined ? null : (
              <Toast.Action asChild altText={action.label}>
                <Button look="quiet" onClick={action.onChoose}>
                  {action.label}
                </Button>
              </Toast.Action>
            )}
            <Toast.Close asChild>
              <IconButton label={text.frame.close} icon={<X size={14} />} />
            </Toast.Close>
          </span>
        </Toast.Root>
      ))}
      <Toast.Viewport className={styles.viewport} />
    </Toast.Provider>
  );
}
