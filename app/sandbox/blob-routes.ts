import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import { finished, Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type BodyFaults, bodyFaults, ResetHere, withBodyFaults } from './body-faults.ts';
import { readRange } from './byte-range.ts';
import { storedExtension } from './content-check.ts';
import type { ActiveFault } from './faults.ts';
import type { SandboxParts } from './parts.ts';
import type { SignedPurpose } from './signed-urls.ts';
import { StorageError } from './storage-error.ts';

/** Parameters of the routes of signed URLs. */
export const blobPaths = {
  upload: '/blobs/upload/:session/:position/:name',
  download: '/blobs/download/:blob/:name',
  thumbnail: '/blobs/thumbnail/:blob/:name',
} as const;

const uploadParams = z.object({ session: z.string(), position: z.coerce.number().int().nonnegative() });
const blobParams = z.object({ blob: z.string() });
const signedQuery = z.object({ expires: z.string(), signature: z.string() });

/** Content up to this size is read at once. */
const WHOLE_UP_TO = 256 * 1024;
const READ_SIZE = 512 * 1024;

/** What is reached with a signed URL alone: uploads, downloads, thumbnails. */
export function registerBlobRoutes(app: FastifyInstance, parts: SandboxParts): void {
  // Bodies stay in the socket: the handler reads them as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.put(blobPaths.upload, { config: { route: 'upload' } }, (request, reply) =>
    receiveUpload(request, reply, parts),
  );

  app.get(blobPaths.download, { config: { route: 'download' } }, async (request, reply) => {
    const { blob: blobId } = blobParams.parse(request.params);
    checkSignature(request, parts, { action: 'download', target: blobId });
    const blob = parts.blobs.find(blobId);
    if (blob === undefined) throw new StorageError(404, 'NoSuchKey', 'The content is gone.');
    const { mime, size, sha256 } = blob;
    return sendFile(request, reply, { path: parts.blobs.path(blobId), mime, size, etag: `"${sha256}"` });
  });

  app.get(blobPaths.thumbnail, { config: { route: 'thumbnail' } }, async (request, reply) => {
    const { blob: blobId } = blobParams.parse(request.params);
    checkSignature(request, parts, { action: 'thumbnail', target: blobId });
    const thumbnail =
      parts.blobs.find(blobId) === undefined ? undefined : await parts.thumbnails.find(parts.blobs, blobId);
    if (thumbnail === undefined) throw new StorageError(404, 'NoSuchKey', 'There is no thumbnail.');
    return sendFile(request, reply, { ...thumbnail, etag: `"${blobId}-thumbnail"` });
  });
}

async function receiveUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: SandboxParts,
): Promise<FastifyReply> {
  const { sessions, blobs, seen, ingestion } = parts;
  const { session: sessionId, position } = uploadParams.parse(request.params);
  const session = sessions.find(sessionId);
  const file = session === undefined ? undefined : sessions.file(session.id, position);
  checkSignature(request, parts, {
    action: 'upload',
    target: `${sessionId}/${position}`,
    contentType: file?.mime ?? '',
  });
  if (session === undefined || file === undefined) {
    throw new StorageError(404, 'NoSuchUpload', 'The ingestion session is gone.');
  }
  if (request.headers['content-type'] !== file.mime) {
    throw new StorageError(403, 'SignatureDoesNotMatch', `The URL is signed for Content-Type: ${file.mime}.`);
  }
  const upload = ingestion.receiving(session.id);
  // A body that breaks off takes the socket from its request.
  const { socket } = request.raw;
  try {
    const faults = bodyFaults(request.faults);
    const body =
      faults.resetAfter === undefined && faults.bytesPerSecond === undefined
        ? request.raw
        : Readable.from(withBodyFaults(request.raw, faults));
    const blob = await blobs.receive(body, {
      mime: file.mime,
      extension: storedExtension(file.filename),
      onWhole: (blobId, bytes) => seen.look(blobId, bytes, file),
      onStored: ({ blobId }) => sessions.arrived(session.id, position, blobId),
    });
    upload.arrived(position);
    return reply.header('etag', `"${blob.sha256}"`).code(200).send();
  } catch (error) {
    if (error instanceof ResetHere) {
      reply.hijack();
      socket.resetAndDestroy();
      return reply;
    }
    throw error;
  } finally {
    upload.ended();
  }
}

/**
 * @throws StorageError 400 with an Authorization header: a client that sends the key to a signed URL's host gives it away
 * @throws StorageError 403 for a signature that is not ours; the status that a switch says for one that has expired
 */
function checkSignature(request: FastifyRequest, parts: SandboxParts, purpose: SignedPurpose): void {
  if (request.headers.authorization !== undefined) {
    throw new StorageError(400, 'InvalidArgument', 'A signed URL takes no Authorization header.');
  }
  const query = signedQuery.safeParse(request.query);
  const check = query.success
    ? parts.urls.check(purpose, query.data.expires, query.data.signature)
    : 'forged';
  if (check === 'forged') {
    throw new StorageError(403, 'SignatureDoesNotMatch', 'The signature does not fit the request.');
  }
  if (check === 'expired' || request.faults.some(({ kind }) => kind === 'expired-url')) {
    throw new StorageError(parts.switches.expiredUrlStatus, 'ExpiredToken', 'The URL has expired.');
  }
}

interface SentFile {
  readonly path: string;
  readonly mime: string;
  readonly size: number;
  readonly etag: string;
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile): Promise<FastifyReply> {
  const faults = bodyFaults(request.faults);
  const size = faults.truncatedTo(file.size) ?? file.size;
  reply.headers({ 'accept-ranges': 'bytes', etag: file.etag, 'content-type': file.mime });
  // A part of another version would not fit what the client has.
  const sameVersion = (request.headers['if-range'] ?? file.etag) === file.etag;
  const range = sameVersion ? readRange(request.headers.range, size) : 'whole';
  if (range === 'unsatisfiable') {
    return reply
      .code(416)
      .header('content-range', `bytes */${size}`)
      .type('application/xml')
      .send(new StorageError(416, 'InvalidRange', 'The range is outside of the content.').toXml());
  }
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  if (range !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  const length = end - start + 1;
  reply.header('content-length', length);
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  if (length === 0) return reply.send('');
  if (request.faults.length === 0 && length <= WHOLE_UP_TO) {
    return reply.send(await readPart(file.path, start, length));
  }
  const content = createReadStream(file.path, { start, end, highWaterMark: READ_SIZE });
  if (request.faults.length === 0) return reply.send(content);
  return sendFaulty(request.faults, faults, reply, content, start, faults.corruptedAt(file.size));
}

/** Sends a body that breaks on purpose. Past its headers, a broken body can only be told by the connection. */
function sendFaulty(
  all: readonly ActiveFault[],
  faults: BodyFaults,
  reply: FastifyReply,
  content: AsyncIterable<Uint8Array>,
  start: number,
  corruptedAt: number | undefined,
): FastifyReply {
  const { socket } = reply.request.raw;
  const resetsAtEnd = all.some((fault) => fault.kind === 'reset' && fault.when === 'after');
  const resetAfter = faults.resetAfter ?? (resetsAtEnd ? Number.POSITIVE_INFINITY : undefined);
  const body = Readable.from(withBodyFaults(content, { ...faults, resetAfter }, corruptedAt, start));
  finished(body, (error) => {
    // What was written should arrive before the reset takes it away.
    if (error instanceof ResetHere) setTimeout(() => socket.resetAndDestroy(), 20);
  });
  return reply.send(body);
}

async function readPart(path: string, start: number, length: number): Promise<Buffer> {
  const handle = await fs.open(path);
  try {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, start + filled);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was.`);
      filled += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
