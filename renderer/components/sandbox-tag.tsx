import { text } from '../text/format.ts';
import styles from './sandbox-tag.module.css';

/** Marks what is of the server inside this app. */
export function SandboxTag() {
  return (
    <span className={styles.tag} title={text.sandboxMeaning}>
      {text.sandbox}
    </span>
  );
}
