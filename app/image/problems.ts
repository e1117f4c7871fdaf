import path from 'node:path';
import type { Facts } from '../contract.ts';
import type { OtherContent } from './content-kind.ts';
import { type ImageFormat, imageFormats } from './formats.ts';

/** What is wrong with an image file. `code` is stable and for machines, the rest is for a person. */
export interface ImageProblem {
  readonly code: ImageProblemCode;
  /** A few words: "Cut short". */
  readonly title: string;
  /** A sentence that names the file and says what was found. */
  readonly detail: string;
  /** What a person can do about it. */
  readonly suggestion: string;
  readonly facts: Facts;
}

export type ImageProblemCode =
  /** The file has no bytes. */
  | 'empty'
  /** The file ends before its picture does. */
  | 'truncated'
  /** The content is no image, whatever the name says. */
  | 'not-an-image'
  /** A good image of another supported format than the extension says. */
  | 'mislabelled'
  /** The disk does not give the file out, or its content contradicts itself. */
  | 'unreadable'
  /** An image, but of none of the supported formats; or an extension that the service does not take. */
  | 'unsupported';

/** A file as sentences name it: its base name in quotation marks, or "the image" when it has none. */
export function named(filename: string): string {
  return filename === '' ? 'The image' : `“${nameOf(filename)}”`;
}

/** A file's base name, as facts have it. */
export function nameOf(filename: string): string {
  return path.basename(filename);
}

export function emptyProblem(filename: string): ImageProblem {
  return {
    code: 'empty',
    facts: { file: nameOf(filename) },
    title: 'Empty file',
    detail: `${named(filename)} has a size of 0 bytes.`,
    suggestion: 'Copy it again from where it came from, or delete it.',
  };
}

export function truncatedProblem(filename: string, format: ImageFormat): ImageProblem {
  return {
    code: 'truncated',
    facts: { file: nameOf(filename), format: format.format },
    title: 'Cut short',
    detail: `${named(filename)} ends before its ${format.format} picture does: a part of the file is missing.`,
    suggestion:
      'If it is still being copied, nothing needs to be done. Otherwise copy it again from where it came from.',
  };
}

/** `reason`: how the content contradicts itself, as the rest of a sentence on the file. */
export function damagedProblem(filename: string, format: ImageFormat, reason: string): ImageProblem {
  return {
    code: 'unreadable',
    facts: { case: 'damaged', file: nameOf(filename), format: format.format },
    title: 'Damaged image',
    detail: `${named(filename)} begins as a ${format.format} picture but ${reason}.`,
    suggestion: 'Copy it again from where it came from, or open and save it in an image editor.',
  };
}

/** The structure is whole, but what it holds is not a picture that can be shown. */
export function undecodableProblem(filename: string, format: ImageFormat): ImageProblem {
  return {
    code: 'unreadable',
    facts: { case: 'undecodable', file: nameOf(filename), format: format.format },
    title: 'Cannot be shown',
    detail: `The ${format.format} picture in ${named(filename)} cannot be decoded.`,
    suggestion:
      'Open it in an image editor. If it does not open there either, copy it again from where it came from.',
  };
}

/** `error`: what the file system answered. */
export function unreadableProblem(filename: string, error: unknown): ImageProblem {
  const { code, reason, suggestion } = readFailure(error);
  return {
    code: 'unreadable',
    facts: { case: code, file: nameOf(filename), reason },
    title: 'Cannot be read',
    detail: `${named(filename)} cannot be read: ${reason}.`,
    suggestion,
  };
}

function readFailure(error: unknown): { code: string; reason: string; suggestion: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return {
        code,
        reason: 'the permissions of the file or its folder do not allow it',
        suggestion: 'Give your user account the right to read it.',
      };
    case 'ENOENT':
      return {
        code,
        reason: 'it is not there any more',
        suggestion: 'If it was moved, nothing needs to be done.',
      };
    case 'EBUSY':
    case 'ETXTBSY':
      return { code, reason: 'another program has it open', suggestion: 'Close it in the other program.' };
    case 'EIO':
      return {
        code,
        reason: 'the disk reports an error',
        suggestion: 'Check the disk or its cable, and copy the file from a backup.',
      };
    case 'NOT_A_FILE':
      return { code, reason: 'it is not a regular file', suggestion: 'Put the image itself in its place.' };
    default:
      return {
        code: 'other',
        reason: error instanceof Error ? error.message : String(error),
        suggestion: 'Check that the file opens in another program.',
      };
  }
}

/** `content`: what the file holds instead; undefined when that cannot be told. */
export function notAnImageProblem(filename: string, content: OtherContent | undefined): ImageProblem {
  return {
    code: 'not-an-image',
    facts: { case: content?.kind ?? 'unknown', file: nameOf(filename) },
    title: 'Not an image',
    detail:
      content === undefined
        ? `${named(filename)} does not hold a picture of any known format.`
        : `${named(filename)} does not hold a picture but ${content.words}.`,
    suggestion: 'Download or export the picture again, or take the file out of the folder.',
  };
}

/** `kind`: the format that the content is of, as a person knows it. */
export function unsupportedFormatProblem(filename: string, kind: string): ImageProblem {
  return {
    code: 'unsupported',
    facts: { case: 'format', file: nameOf(filename), kind, formats: formatNames },
    title: 'Format not supported',
    detail: `${named(filename)} is a picture of the kind ${kind}, which Datature Vi does not take.`,
    suggestion: `Export it as one of ${formatNames}.`,
  };
}

/** A good picture under a name that the service does not take. */
export function unsupportedExtensionProblem(filename: string, format: ImageFormat): ImageProblem {
  const extension = path.extname(filename);
  return {
    code: 'unsupported',
    facts: {
      case: extension === '' ? 'no-extension' : 'extension',
      file: nameOf(filename),
      format: format.format,
      extension,
      endings: format.extensions.join(' · '),
    },
    title: 'Extension not supported',
    detail: `${named(filename)} is a ${format.format} picture, but Datature Vi does not take ${
      extension === '' ? 'files without an extension' : `the extension ${extension}`
    }.`,
    suggestion: `Rename it so that it ends in ${format.extensions.join(' or ')}.`,
  };
}

export function mislabelledProblem(filename: string, said: ImageFormat, found: ImageFormat): ImageProblem {
  return {
    code: 'mislabelled',
    facts: {
      file: nameOf(filename),
      said: said.format,
      found: found.format,
      ending: found.extensions[0] ?? '',
    },
    title: 'Wrong extension',
    detail: `${named(filename)} is called a ${said.format} picture, but its content is ${found.format}.`,
    suggestion: `Rename it so that it ends in ${found.extensions[0]}. The service may refuse it as it is.`,
  };
}

const formatNames = imageFormats.map((each) => each.format).join(', ');
