import { describe, expect, test } from 'vitest';
import { fileItem } from '../../app/manifest/entry-table.ts';
import type { UploadOperation } from '../../app/plan/operation.ts';
import { mostOperations } from '../../app/plan/work.ts';
import { SessionBatches } from '../../app/transfer/session-batches.ts';
import { mostAssetsASession } from '../../app/vi/assets/session-requests.ts';
import { ViOperationError, ViValidationError } from '../../app/vi/index.ts';
import { localFile } from '../manifest/temp-manifest.ts';

function upload(name: string, changes: Partial<UploadOperation> = {}): UploadOperation {
  const local = localFile(name, name);
  const operation = { item: fileItem(local.key), local, filename: name, replaces: null } as const;
  return { kind: 'upload', ...operation, annotations: 'none', agreedAnnotations: null, ...changes };
}

const uploads = (count: number) => Array.from({ length: count }, (_, index) => upload(`${index}.png`));
const namesOf = (batch: readonly UploadOperation[]) => batch.map(({ filename }) => filename);
const endless = Number.POSITIVE_INFINITY;
const unwanted = new ViValidationError('no', { status: 400 });

describe('a session', () => {
  test('never has more files than the service takes, however many are urgent besides', () => {
    expect(mostOperations).toBeLessThanOrEqual(mostAssetsASession);
    const batches = new SessionBatches();
    expect(batches.cut(uploads(mostOperations + 20), endless)).toHaveLength(mostOperations);
  });

  test('has each name once, one way with annotations, and no more bytes than can be sent in time', () => {
    const batches = new SessionBatches();
    const twice = [upload('a.png'), upload('b/a.png', { filename: 'a.png' }), upload('c.png')];
    expect(namesOf(batches.cut(twice, endless))).toEqual(['a.png', 'c.png']);
    const mixed = [upload('a.png', { annotations: 'RemoveLinkedResource' }), upload('b.png')];
    expect(namesOf(batches.cut(mixed, endless))).toEqual(['a.png']);
    // Each has 100 bytes.
    expect(batches.cut(uploads(9), 350)).toHaveLength(3);
    expect(batches.cut(uploads(9), 1)).toHaveLength(1);
  });
});

describe('a session that is refused', () => {
  /** Uploads all, with a service that wants none with this name; gives the refused files and the number of sessions. */
  function uploadAll(
    count: number,
    badName: string,
  ): { refused: string[]; done: string[]; sessions: number } {
    const batches = new SessionBatches();
    let left = uploads(count);
    const refused: string[] = [];
    const done: string[] = [];
    let sessions = 0;
    while (left.length > 0) {
      const batch = batches.cut(left, endless);
      sessions += 1;
      let ended = batch;
      if (namesOf(batch).includes(badName)) {
        ended = [...batches.refuse(batch, unwanted)];
        refused.push(...namesOf(ended));
      } else {
        batches.accept(batch);
        done.push(...namesOf(batch));
      }
      left = left.filter((operation) => !ended.includes(operation));
    }
    return { refused, done, sessions };
  }

  test('because of one file costs a few more, and only that file', () => {
    for (const count of [1, 2, 3, 17, 1000]) {
      for (const bad of [0, Math.floor(count / 2), count - 1]) {
        const { refused, done, sessions } = uploadAll(count, `${bad}.png`);
        expect(refused).toEqual([`${bad}.png`]);
        expect(done).toHaveLength(count - 1);
        expect(sessions).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count)) + 2);
      }
    }
  });

  test('goes on with the others before it looks for the one', () => {
    const batches = new SessionBatches();
    const all = uploads(8);
    batches.refuse(batches.cut(all, endless), unwanted);
    const first = batches.cut(all, endless);
    expect(first).toHaveLength(4);
    batches.refuse(first, unwanted);
    expect(namesOf(batches.cut(all, endless))).toEqual(['4.png', '5.png', '6.png', '7.png']);
    const fresh = upload('fresh.png');
    expect(namesOf(batches.cut([...all, fresh], endless))[0]).toBe('fresh.png');
  });

  test('for a reason that is no file’s is refused for all', () => {
    const batches = new SessionBatches();
    const all = uploads(3);
    expect(batches.refuse(all, new ViOperationError('no', { status: 418 }))).toEqual(all);
    expect(batches.cut(all, endless)).toHaveLength(3);
  });
});
