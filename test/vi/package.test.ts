import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { version } from '../../app/vi/version.ts';

test('the version that the client tells the service is that of the package', async () => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  expect(version).toBe(z.object({ version: z.string() }).parse(JSON.parse(text)).version);
});
