import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { text } from '../text/format.ts';
import { IconButton } from './button.tsx';

/** Puts a text on the clipboard and says so for a moment. */
export function CopyButton({ label, value }: { readonly label: string; readonly value: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      (error: unknown) => console.warn('The text could not be copied.', error),
    );
  };
  return (
    <IconButton
      label={copied ? text.copied : label}
      icon={copied ? <Check size={14} /> : <Copy size={14} />}
      onClick={copy}
    />
  );
}
