import type { OpenEnum } from '../open-enum.ts';
import type { AssetIngestionError } from './enums.ts';

/** A code of the service in words. */
export interface IngestionErrorText {
  /** What happened, as the end of "the service did not take it: …". */
  readonly reason: string;
  readonly suggestion: string;
  readonly isRetryable: boolean;
}

const again = 'Upload the file again.';
const support =
  'Upload the file again; if it stays so, name the file and this code to the service’s support.';

const texts: Readonly<Record<AssetIngestionError, IngestionErrorText>> = {
  EALREADY: {
    reason: 'the dataset already has this file',
    suggestion: 'Nothing is to be done if the asset is the one that you want.',
    isRetryable: false,
  },
  EBADMIME: {
    reason: 'its content is not of the format that its extension says',
    suggestion: 'Save the picture in the format of its extension, or give it the extension of its format.',
    isRetryable: false,
  },
  EBADSIZE: {
    reason: 'the bytes that arrived are more or fewer than announced',
    suggestion: 'Upload the file again when nothing writes to it any more.',
    isRetryable: true,
  },
  ECORRUPT: {
    reason: 'the bytes that arrived are not the announced ones, or the picture is damaged',
    suggestion: 'Open the picture to see whether it is whole, then upload it again.',
    isRetryable: true,
  },
  ENOQUOTA: {
    reason: 'the organization’s quota of data rows is used up',
    suggestion: 'Delete assets that are not needed (each gives back 5 data rows), or ask for a larger quota.',
    isRetryable: false,
  },
  ETIMEOUT: { reason: 'its bytes did not arrive in time', suggestion: again, isRetryable: true },
  EUNKNOWN: {
    reason: 'it failed there for a reason that the service does not tell',
    suggestion: support,
    isRetryable: true,
  },
  EOLDMETA: {
    reason: 'a newer upload of the same filename came before it',
    suggestion: again,
    isRetryable: true,
  },
  ERESNENT: { reason: 'something that it belongs to is not there', suggestion: support, isRetryable: false },
  EPROJECT: { reason: 'the dataset does not accept it', suggestion: support, isRetryable: false },
  ENOASSET: { reason: 'the asset is not there', suggestion: support, isRetryable: false },
  ESEQMETA: {
    reason: 'uploads of the same filename got into each other’s way',
    suggestion: again,
    isRetryable: true,
  },
};

/** Explains a code of the service; one that this client does not know is explained as such. */
export function ingestionErrorText(code: OpenEnum<AssetIngestionError>): IngestionErrorText {
  return isKnown(code)
    ? texts[code]
    : { reason: `it failed there with the code ${code}`, suggestion: support, isRetryable: false };
}

function isKnown(code: string): code is AssetIngestionError {
  return Object.hasOwn(texts, code);
}
