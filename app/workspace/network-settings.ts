import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import type { AppSettings, Problem } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { WorkspaceError } from './workspace-error.ts';

type NetworkSettings = Pick<AppSettings, 'proxy' | 'extraCaFile'>;

/** A bundle of every public authority has about 250 kB. */
const mostPemBytes = 4 * 1024 * 1024;
const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @throws WorkspaceError when the address of a proxy can't be used */
export function checkProxy(proxy: string): string {
  const url = URL.parse(proxy.trim());
  const refuse = (kind: string, why: string, suggestion: string): never => {
    throw new WorkspaceError({
      code: 'proxy-unusable',
      facts: { case: kind, protocol: url?.protocol ?? '' },
      title: 'The proxy can’t be used',
      detail: `The proxy’s address ${why}.`,
      suggestion,
    });
  };
  const example = 'Give an address such as http://proxy.example.com:3128.';
  if (url === null || url.hostname === '') return refuse('no-address', 'is no web address', example);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refuse('protocol', `begins with ${url.protocol}//, which Vi Sync does not speak`, example);
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'secret',
      'has a user name or a password in it, and settings are no place for secrets',
      'Leave them out here, and set HTTPS_PROXY in the environment that Vi Sync is started from.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return refuse('more', 'has more than a host and a port', example);
  return url.origin;
}

/**
 * The certificates of a PEM file.
 *
 * @throws WorkspaceError when it can't be read, or has none
 */
export async function readAuthorities(file: string): Promise<string[]> {
  const refuse = (kind: string, why: string, cause?: unknown): never => {
    throw new WorkspaceError(
      {
        code: 'ca-file-unusable',
        facts: { case: kind, file, code: systemCode(cause) ?? '' },
        title: 'The file of authorities can’t be used',
        detail: `“${file}” ${why}.`,
        suggestion: 'Choose the PEM file (.pem, .crt) that your administrator gave you.',
      },
      { cause },
    );
  };
  if (!path.isAbsolute(file)) return refuse('relative', 'does not say where it begins');
  let text: string;
  try {
    const { size } = await fs.stat(file);
    if (size > mostPemBytes) return refuse('too-large', 'is too large for a file of certificates');
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return refuse('unreadable', `can’t be read (${code})`, error);
  }
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0) return refuse('none', 'has no certificate in PEM form');
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (error) {
      return refuse('damaged', 'has a certificate that is damaged', error);
    }
  }
  return blocks;
}

/**
 * Has every connection that this process makes from now on use the proxy and trust the authorities. To be called before the first one is
 * made. What can't be used is left out, and told.
 */
export async function applyNetworkSettings(
  { proxy, extraCaFile }: NetworkSettings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      problems.push(error.problem);
    }
  };
  if (proxy !== null) {
    await attempt(async () => {
      const address = checkProxy(proxy);
      // Lower case goes before upper case wherever both are looked at.
      for (const name of ['https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY']) env[name] = address;
    });
  }
  if (extraCaFile !== null) {
    await attempt(async () => {
      const authorities = await readAuthorities(extraCaFile);
      tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...authorities]);
    });
  }
  return problems;
}
