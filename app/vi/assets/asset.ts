import type { Contents } from '../contents.ts';
import type { OpenEnum } from '../open-enum.ts';
import { assetInfo } from './asset-info.ts';
import type { AssetCustomMetadata } from './custom-metadata.ts';
import type { AssetKind } from './enums.ts';

/** Names of the asset's two renditions at the service. */
export interface AssetGenerations {
  /** The full-size asset. */
  readonly asset?: string | undefined;
  readonly thumbnail?: string | undefined;
}

export interface AssetAnnotations {
  /** Annotations of each tag. */
  readonly withTag: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Size in pixels; `depth` only for volumes. */
export interface AssetDimensions {
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly depth?: number | undefined;
}

/** Aspect of one pixel. */
export interface AssetPixelRatio {
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly depth?: number | undefined;
}

/** The service's hash of the content. Comparable only when we can compute `algorithm`: see `comparableHash`. */
export interface AssetHash {
  /** E.g. `sha256`. */
  readonly algorithm: string;
  /** Hex or base64. */
  readonly contents: string;
}

/** Signed URLs of the asset; present only when asked for with `contents`. */
export interface AssetContents {
  readonly asset?: Contents | undefined;
  readonly thumbnail?: Contents | undefined;
}

/**
 * What the service knows about an asset. A property that it left out, or that is not of its documented type, is
 * `undefined`, never a made-up 0: unknown is not the same as none. Times are milliseconds since the epoch.
 */
export interface AssetMetadata {
  /** Pixels. */
  readonly width?: number | undefined;
  /** Pixels. */
  readonly height?: number | undefined;
  /** Bytes. */
  readonly fileSize?: number | undefined;
  readonly mimeType?: string | undefined;
  readonly uploadStatus?: string | undefined;
  /** Processing status. */
  readonly status?: string | undefined;
  /** Number of frames; 1 for a still. */
  readonly frames?: number | undefined;
  readonly visibility?: string | undefined;
  readonly source?: string | undefined;
  readonly generations?: AssetGenerations | undefined;
  readonly annotations?: AssetAnnotations | undefined;
  readonly dimensions?: AssetDimensions | undefined;
  readonly pixelRatio?: AssetPixelRatio | undefined;
  readonly hash?: AssetHash | undefined;
  /** ID of who uploaded it. */
  readonly insertedBy?: string | undefined;
  readonly cohorts?: readonly string[] | undefined;
  readonly userDefined?: Readonly<Record<string, unknown>> | undefined;
  readonly customMetadata?: AssetCustomMetadata | undefined;
  readonly customMetadataCount?: number | undefined;
  /** Number of comments. */
  readonly comments?: number | undefined;
  readonly contentsFrom?: string | undefined;
  readonly framesChange?: Readonly<Record<string, unknown>> | undefined;
  readonly timeCreated?: number | undefined;
  readonly lastUpdated?: number | undefined;
  /** When the bytes last changed. */
  readonly contentsLastUpdated?: number | undefined;
}

/** The properties of an {@link Asset}, without its method. */
export interface AssetFields {
  readonly assetId: string;
  readonly datasetId: string;
  readonly organizationId: string;
  readonly filename: string;
  readonly kind: OpenEnum<AssetKind>;
  readonly owner: string;
  readonly metadata: AssetMetadata;
  readonly selfLink: string;
  readonly etag: string;
  readonly contents?: AssetContents | undefined;
}

/** One asset of a dataset. */
export class Asset implements AssetFields {
  readonly assetId: string;
  /** The dataset's ID as users see it. */
  readonly datasetId: string;
  readonly organizationId: string;
  /** Its name, unique in the dataset. As the service has it: not safe as a file name, see `safeFilename`. */
  readonly filename: string;
  readonly kind: OpenEnum<AssetKind>;
  readonly owner: string;
  readonly metadata: AssetMetadata;
  readonly selfLink: string;
  readonly etag: string;
  /** Signed URLs, when they were asked for with `contents: true`. */
  readonly contents: AssetContents | undefined;

  constructor(fields: AssetFields) {
    this.assetId = fields.assetId;
    this.datasetId = fields.datasetId;
    this.organizationId = fields.organizationId;
    this.filename = fields.filename;
    this.kind = fields.kind;
    this.owner = fields.owner;
    this.metadata = fields.metadata;
    this.selfLink = fields.selfLink;
    this.etag = fields.etag;
    this.contents = fields.contents;
  }

  /**
   * A summary of the asset, several lines of text. The Python client's `info()` prints it; this one returns it, so that
   * a program without a terminal can use it: `console.log(asset.info())`.
   */
  info(): string {
    return assetInfo(this);
  }
}
