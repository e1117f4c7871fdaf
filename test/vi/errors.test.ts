import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ViAuthenticationError,
  type ViClient,
  ViConflictError,
  ViError,
  ViFileTooLargeError,
  ViNetworkError,
  ViNotFoundError,
  ViOperationError,
  ViRateLimitError,
  ViResponseError,
  ViServerError,
  ViTimeoutError,
  ViValidationError,
} from '../../app/vi/index.ts';
import {
  clientOf,
  handled,
  refuse,
  rejection,
  rejectionOf,
  secretKey,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

let server: WireServer;
let client: ViClient;
beforeEach(async () => {
  server = await startWireServer(() => ({}));
  client = clientOf(server, { retry: { tries: 1, rateLimitTries: 1 } });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const get = () => client.assets.get({ datasetId: 'ds', assetId: 'a' });

const statuses: [number, new (message: string) => ViError, string, boolean][] = [
  [400, ViValidationError, 'ValidationFailed', false],
  [401, ViAuthenticationError, 'AuthenticationFailed', false],
  [402, ViOperationError, 'RequestRefused', false],
  [403, ViAuthenticationError, 'PermissionDenied', false],
  [404, ViNotFoundError, 'ResourceNotFound', false],
  [409, ViConflictError, 'ResourceConflict', false],
  [413, ViFileTooLargeError, 'FileTooLarge', false],
  [429, ViRateLimitError, 'RateLimitExceeded', true],
  [500, ViServerError, 'ServerError', true],
  [502, ViServerError, 'ServerError', true],
  [503, ViServerError, 'ServerError', true],
  [504, ViServerError, 'ServerError', true],
];

describe('an answer', () => {
  for (const [status, kind, code, isRetryable] of statuses) {
    test(`${status} is a ${kind.name} (${code})`, async () => {
      server.answer = (_request, response) =>
        refuse(
          response,
          status,
          { message: 'words of the service', extra: 1 },
          { 'x-cloud-trace-context': 'trace7/span8' },
        );
      const error = await rejectionOf(ViError, get());
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ name: kind.name, code, status, isRetryable, traceId: 'trace7' });
      expect(error.message).toContain('words of the service');
      expect(error.suggestion).not.toBe('');
      expect(error.details.response).toEqual({ message: 'words of the service', extra: 1 });
      expect(server.requests).toHaveLength(1);
    });
  }

  test('with "error" instead of "message" is read too', async () => {
    server.answer = (_request, response) => refuse(response, 400, { error: 'other words' });
    expect((await rejectionOf(ViError, get())).message).toContain('other words');
    server.answer = (_request, response) => refuse(response, 400, { error: { message: 'inner words' } });
    expect((await rejectionOf(ViError, get())).message).toContain('inner words');
  });

  test('with Retry-After in seconds tells it in milliseconds', async () => {
    server.answer = (_request, response) => refuse(response, 429, {}, { 'retry-after': '7' });
    expect((await rejectionOf(ViRateLimitError, get())).retryAfter).toBe(7000);
  });

  test('with Retry-After as a date is read against the date of the answer', async () => {
    server.answer = (_request, response) =>
      refuse(
        response,
        429,
        {},
        { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:29:30 GMT' },
      );
    expect((await rejectionOf(ViRateLimitError, get())).retryAfter).toBe(90_000);
  });

  test('without readable Retry-After has none', async () => {
    server.answer = (_request, response) => refuse(response, 429, {}, { 'retry-after': 'soon' });
    expect((await rejectionOf(ViRateLimitError, get())).retryAfter).toBeUndefined();
  });

  test('that is a redirect is not followed', async () => {
    const other = await startWireServer(() => ({}));
    server.answer = (_request, response) => refuse(response, 302, {}, { location: `${other.origin}/x` });
    const error = await rejectionOf(ViOperationError, get());
    expect(error.code).toBe('UnexpectedRedirect');
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  const unreadable: Record<string, [contentType: string, body: string, words: RegExp]> = {
    'malformed JSON': ['application/json', '{"assetId": ', /no JSON/],
    HTML: ['text/html', '<!DOCTYPE html><html>Sign in</html>', /a web page/],
    'an empty body': ['application/json', '', /nothing/],
    'JSON of another shape': ['application/json', '[]', /not as its API says/],
    'an asset without ID': ['application/json', '{"filename":"x"}', /assetId/],
  };
  for (const [what, [contentType, body, words]] of Object.entries(unreadable)) {
    test(`of 200 with ${what} is a ViResponseError`, async () => {
      server.answer = (_request, response) => {
        response.setHeader('content-type', contentType).end(body);
        return handled;
      };
      const error = await rejectionOf(ViResponseError, get());
      expect(error.message).toMatch(words);
      expect(error.isRetryable).toBe(false);
    });
  }
});

describe('no answer', () => {
  test('from a closed port is a ViNetworkError', async () => {
    await server.close();
    const error = await rejectionOf(ViNetworkError, get());
    expect(error).toMatchObject({ code: 'NetworkError', isRetryable: true });
    expect(error.details.errno).toBe('ECONNREFUSED');
  });

  test('after a reset is a ViNetworkError', async () => {
    server.answer = (_request, response) => {
      response.destroy();
      return handled;
    };
    expect((await rejectionOf(ViNetworkError, get())).isRetryable).toBe(true);
  });

  test('in time is a ViTimeoutError', async () => {
    server.answer = () => handled;
    const impatient = clientOf(server, { retry: { tries: 1 }, timeouts: { idleMs: 50 } });
    const error = await rejectionOf(ViTimeoutError, impatient.assets.get({ datasetId: 'ds', assetId: 'a' }));
    expect(error.code).toBe('Timeout');
    await impatient.close();
  });

  test('when half of the body is missing is a ViNetworkError', async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"assetId"');
      setTimeout(() => response.destroy(), 20);
      return handled;
    };
    await rejectionOf(ViNetworkError, get());
  });

  test('because the signal was aborted throws its reason', async () => {
    server.answer = () => handled;
    const abort = new AbortController();
    const pending = rejection(client.assets.get({ datasetId: 'ds', assetId: 'a', signal: abort.signal }));
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 30);
    expect(await pending).toBe(reason);
  });
});

describe('the secret key', () => {
  function everything(value: unknown): string {
    return `${inspect(value, { depth: 20, showHidden: true, getters: true })}${JSON.stringify(value)}`;
  }

  test('is not in a client that is printed', () => {
    expect(everything(client)).not.toContain(secretKey.slice(5));
    expect(everything({ ...client })).not.toContain(secretKey.slice(5));
    expect(inspect(client)).toContain(server.origin);
  });

  test('is not in errors, even when the server sends it back', async () => {
    const answers = [
      (status: number) =>
        (server.answer = (_request, response) =>
          refuse(response, status, { message: secretKey, all: [secretKey] })),
      () =>
        (server.answer = (request, response) => {
          response.end(`not json ${request.headers.authorization}`);
          return handled;
        }),
      () =>
        (server.answer = (_request, response) => {
          response.destroy();
          return handled;
        }),
    ];
    for (const answer of answers) {
      answer(400);
      const error = await rejectionOf(ViError, get());
      let shown = '';
      for (
        let cause: unknown = error;
        cause !== undefined;
        cause = cause instanceof Error ? cause.cause : undefined
      ) {
        shown += everything(cause) + (cause instanceof Error ? cause.stack : '');
      }
      expect(shown).not.toContain(secretKey.slice(5, 40));
    }
  });

  test('is not in the error of a failed TLS connection', async () => {
    const plain = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => plain.once('listening', resolve));
    const { port } = plain.address() as AddressInfo;
    const wrong = clientOf(server, { endpoint: `https://127.0.0.1:${port}`, retry: { tries: 1 } });
    const error = await rejectionOf(ViNetworkError, wrong.assets.get({ datasetId: 'ds', assetId: 'a' }));
    expect(everything(error) + everything(error.cause)).not.toContain(secretKey.slice(5));
    await wrong.close();
    plain.close();
  });
});

test('an error as JSON has what a person and a program need', async () => {
  server.answer = (_request, response) => refuse(response, 404, { message: 'no such asset' });
  const error = await rejectionOf(ViNotFoundError, get());
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    name: 'ViNotFoundError',
    code: 'ResourceNotFound',
    status: 404,
    isRetryable: false,
    message: expect.stringContaining('asset a of dataset ds'),
  });
});
