import { ViUploadError } from '../errors.ts';
import type { OpenEnum } from '../open-enum.ts';
import type { AssetIngestionError } from './enums.ts';
import { type IngestionErrorText, ingestionErrorText } from './ingestion-error-text.ts';
import type { UploadFailure } from './upload-result.ts';

/**
 * A file that was sent, and that the service did not take. Its error is made when it is asked for: a repeated upload may
 * meet one for each file, and errors are large.
 */
export class RefusedFile implements UploadFailure {
  readonly path: string;
  readonly filename: string;
  readonly code: OpenEnum<AssetIngestionError>;
  readonly #sessionId: string;

  constructor(
    file: { readonly path: string; readonly filename: string },
    code: OpenEnum<AssetIngestionError>,
    sessionId: string,
  ) {
    this.path = file.path;
    this.filename = file.filename;
    this.code = code;
    this.#sessionId = sessionId;
  }

  get message(): string {
    const text = ingestionErrorText(this.code);
    return `${this.#reason(text)} ${text.suggestion}`;
  }

  get error(): ViUploadError {
    const text = ingestionErrorText(this.code);
    const { path, filename, code } = this;
    return new ViUploadError(this.#reason(text), {
      code,
      suggestion: text.suggestion,
      isRetryable: text.isRetryable,
      details: { path, filename, assetIngestionSessionId: this.#sessionId },
    });
  }

  #reason(text: IngestionErrorText): string {
    return `${this.path} was sent, but the service did not take it: ${text.reason}.`;
  }
}
