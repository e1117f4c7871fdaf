import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The yardstick: `node:http` and a file for each PUT, nothing else. `node sandbox-bare-server.ts FOLDER`; prints its address. */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: sandbox-bare-server.ts FOLDER');
const server = http.createServer(async (request, response) => {
  const file = path.join(folder, path.basename(request.url ?? ''));
  if (request.method === 'PUT') {
    await pipeline(request, fs.createWriteStream(file));
    response.end();
  } else {
    await pipeline(fs.createReadStream(file), response);
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port.');
  process.stdout.write(`${JSON.stringify({ endpoint: `http://127.0.0.1:${address.port}` })}\n`);
});
