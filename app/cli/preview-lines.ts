import type { Preview } from '../contract.ts';
import { formatBytes, formatCount, formatDuration, formatNumberOf } from './format.ts';

/** What a sync would do and what it costs, in lines for a person. */
export function previewLines(preview: Preview): string[] {
  const { upload, overwrites, download, compare, trash, deleteAssets, sessions, sessionsWaitMs } = preview;
  const files = ({ files: count, bytes }: { files: number; bytes: number }) =>
    `${formatNumberOf(count, 'file')}${count === 0 ? '' : `, ${formatBytes(bytes)}`}`;
  const lines: (readonly [string, string])[] = [
    [
      'Upload',
      `${files(upload)}${overwrites === 0 ? '' : `; ${formatNumberOf(overwrites, 'of them replaces an asset', 'of them replace assets')}`}`,
    ],
    ['Download', files(download)],
  ];
  if (compare.files > 0) lines.push(['Compare', `${files(compare)} by their content`]);
  lines.push(['In sync', formatNumberOf(preview.inSync, 'file')]);
  if (trash > 0) lines.push(['To the trash', formatNumberOf(trash, 'file')]);
  if (deleteAssets > 0) lines.push(['Delete', formatNumberOf(deleteAssets, 'asset')]);
  const holds = Object.entries(preview.holds);
  if (holds.length > 0) {
    const reasons = holds.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
    lines.push(['Wait for you', reasons]);
  }
  if (preview.problems > 0) {
    lines.push(['Left out', `${formatNumberOf(preview.problems, 'file')} with a problem`]);
  }
  const wait = sessionsWaitMs < 1000 ? '' : `, the last of them in ${formatDuration(sessionsWaitMs)}`;
  lines.push([
    'Cost',
    `${formatNumberOf(preview.dataRows, 'data row')}, ${formatNumberOf(sessions, 'session')}${wait}`,
  ]);
  return lines.map(([label, text]) => `  ${label.padEnd(14)}${text}`);
}

/** True when a sync would change something on either side. */
export function changesAnything({ upload, download, compare, trash, deleteAssets }: Preview): boolean {
  return upload.files + download.files + compare.files + trash + deleteAssets > 0;
}
