import type { ReactNode } from 'react';
import { text } from '../text/format.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './facts.module.css';

/** Names and values in two columns. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  /** Null: it is not known. */
  readonly children: ReactNode;
  /** Letters and digits to be compared or copied. */
  readonly isCode?: boolean;
  readonly hint?: string;
  /** Offers to copy a text. */
  readonly copy?: { readonly label: string; readonly value: string };
}

export function Fact({ name, children, isCode = false, hint, copy }: FactProps) {
  const value = children ?? text.none;
  return (
    <>
      <dt>{name}</dt>
      <dd className={copy === undefined ? undefined : styles.copied} title={hint}>
        {isCode ? <code>{value}</code> : value}
        {copy === undefined ? null : <CopyButton {...copy} />}
      </dd>
    </>
  );
}

/** The metadata of an asset; `children` where it has none. */
export function Metadata({
  metadata,
  children = null,
}: {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly children?: ReactNode;
}) {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return children;
  return (
    <Facts>
      {entries.map(([key, value]) => (
        <Fact key={key} name={key}>
          {typeof value === 'string' ? value : JSON.stringify(value)}
        </Fact>
      ))}
    </Facts>
  );
}
