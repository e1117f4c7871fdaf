/** The proxy of an answer in the form of a PAC script (`PROXY host:port; DIRECT`), as an address; null: none that Vi Sync speaks. */
export function proxyOfPac(answer: string): string | null {
  for (const step of answer.split(';')) {
    const [kind = '', place = ''] = step.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return null;
    const scheme = schemes[kind.toUpperCase()];
    const url = scheme === undefined ? null : URL.parse(`${scheme}://${place}`);
    if (url !== null && url.hostname !== '' && url.username === '' && url.pathname === '/') return url.origin;
  }
  return null;
}

const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' };
