export {
  type DownloadContentsOptions,
  type DownloadedContents,
  downloadContents,
} from './download-contents.ts';
export { type ContentsSource, type PutContentsOptions, putContents } from './put-contents.ts';
