import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../app/cli/exit-code.ts';
import { CommandFailure, exitCodeOf, problemOf, usageFailure } from '../../app/cli/failure.ts';
import { refuseSecretArguments } from '../../app/cli/secret-arguments.ts';
import { ViAuthenticationError, ViOperationError, ViServerError } from '../../app/vi/errors.ts';

describe('problemOf', () => {
  test('tells an error of the service in words, with status and trace', () => {
    const error = new ViServerError('It broke.', { status: 503, traceId: 't1' });
    expect(problemOf(error)).toEqual({
      code: 'ServerError',
      title: 'The service has a problem.',
      detail: 'It broke. (HTTP 503; trace ID t1)',
      suggestion: error.suggestion,
    });
  });

  test('knows words for a code it has not met', () => {
    const problem = problemOf(new ViOperationError('No.', { code: 'NeverSeen' }));
    expect(problem).toMatchObject({ code: 'NeverSeen', detail: 'No.' });
    expect(problem.title).not.toBe('');
  });

  test('passes on what carries its own words', () => {
    const words = { code: 'c', title: 'T.', detail: 'D.', suggestion: 'S.' };
    expect(problemOf(new CommandFailure(words))).toEqual(words);
  });

  test('tells an error of the system', async () => {
    const error = await readFile('/does/not/exist').catch((reason: unknown) => reason);
    expect(problemOf(error)).toMatchObject({ code: 'ENOENT' });
    expect(problemOf(error).detail).toContain('/does/not/exist');
  });

  test.each([new Error('odd'), 'odd', null, undefined, { code: 1 }])('has words for %s', (thrown) => {
    const problem = problemOf(thrown);
    expect(problem.code).toBe('unexpected');
    expect(problem.detail).not.toBe('');
  });
});

test('exit codes: wrong usage is 2, everything else thrown is 1', () => {
  expect(exitCodeOf(usageFailure('a', 'b'))).toBe(ExitCode.WRONG_USAGE);
  expect(exitCodeOf(new ViAuthenticationError('no'))).toBe(ExitCode.FAILED);
  expect(exitCodeOf('anything')).toBe(ExitCode.FAILED);
});

describe('refuseSecretArguments', () => {
  const key = `dtvi_${'x'.repeat(98)}`;
  test.each([
    [['login', key]],
    [['login', `--key=${key}`]],
    [['login', '--organization', `a${key}`]],
    [['login', '--key', 'anything']],
    [['login', '--secret-key=anything']],
    [['whoami', '--api-key', 'anything']],
    [['upload', 'ds', '--', key]],
  ])('refuses %j without repeating a key', (args) => {
    const refusal = refuseSecretArguments(args);
    expect(refusal?.exitCode).toBe(ExitCode.WRONG_USAGE);
    expect(JSON.stringify(problemOf(refusal))).not.toMatch(/dtvi_x|anything/u);
  });

  test.each([[['login']], [['assets', 'list', 'ds', '--page-token', 'abc']], [['upload', 'ds', 'keys.jpg']]])(
    'lets %j pass',
    (args) => {
      expect(refuseSecretArguments(args)).toBeNull();
    },
  );
});
