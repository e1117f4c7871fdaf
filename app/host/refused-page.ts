import { createHash } from 'node:crypto';
import type { Refusal } from './access.ts';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; }
h1 { font-size: 1.25rem; margin: 0 0 0.5rem; }
p { margin: 0 0 0.75rem; opacity: 0.8; }
svg { width: 2.5rem; height: 2.5rem; margin: 0 0 1rem; }
`;

/** The source expression that lets the page's one style sheet through the content security policy. */
export const refusedPageStyleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

const mark =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#2557d6"/><path d="M8 13.5h13.5L17 9M24 18.5H10.5L15 23" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>';

const words: Record<Refusal, { readonly title: string; readonly text: string }> = {
  'no-session': {
    title: 'This page needs the address that Vi Sync printed',
    text: 'Open the whole address that Vi Sync printed when it started, with the token at its end. The token makes sure that only you see your files.',
  },
  'wrong-token': {
    title: 'This address is from an earlier start of Vi Sync',
    text: 'Each start makes a new token. Open the address that Vi Sync printed last.',
  },
  'wrong-host': {
    title: 'Vi Sync does not answer under this name',
    text: 'Open the address that Vi Sync printed: it begins with http://127.0.0.1.',
  },
  'foreign-origin': {
    title: 'Vi Sync does not answer other sites',
    text: 'The request came from a page that is not its own.',
  },
};

/** A page in words for a refused request. It holds nothing of the request. */
export function refusedPage(refusal: Refusal): string {
  const { title, text } = words[refusal];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Vi Sync</title><style>${style}</style></head>
<body><main>${mark}<h1>${title}</h1><p>${text}</p></main></body></html>
`;
}
