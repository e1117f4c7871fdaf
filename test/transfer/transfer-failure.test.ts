import { describe, expect, test } from 'vitest';
import {
  failedIngestion,
  failedTransfer,
  isServiceError,
  nextRetryMs,
} from '../../app/transfer/transfer-failure.ts';
import { AssetIngestionError } from '../../app/vi/assets/enums.ts';
import {
  ViAuthenticationError,
  ViDownloadError,
  ViNetworkError,
  ViRateLimitError,
  ViServerError,
  ViUploadError,
  ViValidationError,
} from '../../app/vi/index.ts';

const systemError = (code: string) => Object.assign(new Error(code), { code, errno: -1 });

describe('every failure is told in words, and has its time for another try', () => {
  test.for([...Object.values(AssetIngestionError), 'ENEWCODE'])('%s', (code) => {
    const { problem, retryMs, isService } = failedIngestion('train/a.png', code);
    expect(problem).toMatchObject({ code, title: expect.stringMatching(/\w/) });
    expect(problem.detail).toContain('train/a.png');
    expect(problem.suggestion.length).toBeGreaterThan(10);
    expect(isService).toBe(false);
    const forGood = ['EALREADY', 'EBADMIME', 'ERESNENT', 'EPROJECT', 'ENEWCODE'];
    expect(retryMs === null).toBe(forGood.includes(code));
  });

  test('a full disk is called so and tried again; another fault of the disk later', () => {
    const full = failedTransfer(systemError('ENOSPC'), 'a.png');
    expect(full).toMatchObject({ problem: { title: 'The disk is full' }, retryMs: 60_000, isService: false });
    expect(failedTransfer(systemError('EACCES'), 'a.png').retryMs).toBe(600_000);
  });

  test('a fault of the service is no fault of the file', () => {
    for (const error of [new ViNetworkError('x'), new ViServerError('x'), new ViAuthenticationError('x')]) {
      expect(failedTransfer(error, 'a.png').isService).toBe(true);
      expect(isServiceError(error)).toBe(true);
    }
    const busy = failedTransfer(new ViRateLimitError('x', { retryAfter: 9000 }), 'a.png');
    expect(busy.retryMs).toBe(9000);
    expect(isServiceError(new ViValidationError('x'))).toBe(false);
  });

  test('an old URL, changed content and a refusal', () => {
    expect(failedTransfer(new ViUploadError('x', { isExpired: true }), 'a').retryMs).toBe(1000);
    expect(failedTransfer(new ViDownloadError('x', { code: 'ContentMismatch' }), 'a').retryMs).toBe(10_000);
    expect(failedTransfer(new ViValidationError('x'), 'a').retryMs).toBeNull();
  });

  test('a fault of the program is passed on', () => {
    expect(() => failedTransfer(new TypeError('oh'), 'a')).toThrow('oh');
  });

  test('tries are further and further apart, and end; those of the service go on', () => {
    const file = failedIngestion('a', 'EUNKNOWN');
    expect([1, 2, 3, 5, 6, 7].map((tries) => nextRetryMs(file, tries))).toEqual([
      60_000,
      120_000,
      240_000,
      960_000,
      null,
      null,
    ]);
    const service = failedTransfer(new ViNetworkError('x'), 'a');
    expect(nextRetryMs(service, 50)).toBe(3_600_000);
    expect(nextRetryMs(failedIngestion('a', 'EBADMIME'), 1)).toBeNull();
  });
});
