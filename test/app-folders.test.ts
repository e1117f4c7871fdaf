import path from 'node:path';
import { expect, test } from 'vitest';
import { appFolders } from '../app/app-folders.ts';

test('the folders are those of the system, under the name of the product alone', () => {
  const folders = appFolders({});
  for (const folder of Object.values(folders)) {
    expect(path.isAbsolute(folder)).toBe(true);
    expect(folder).toContain('vi-sync');
    expect(folder).not.toContain('nodejs');
  }
});

test('VI_SYNC_DATA puts everything into one folder, made absolute', () => {
  const data = path.resolve('somewhere');
  expect(appFolders({ VI_SYNC_DATA: 'somewhere' })).toEqual({
    data,
    config: path.join(data, 'config'),
    cache: path.join(data, 'cache'),
    log: path.join(data, 'logs'),
  });
});

test('an empty VI_SYNC_DATA counts as none', () => {
  expect(appFolders({ VI_SYNC_DATA: '' })).toEqual(appFolders({}));
});
