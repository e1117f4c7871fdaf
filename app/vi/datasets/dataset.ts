import type { ResourceMetadata } from '../assets/ingestion-session.ts';
import type { OpenEnum } from '../open-enum.ts';

export const DatasetType = {
  PHRASE_GROUNDING: 'phrase-grounding',
  VQA: 'vqa',
} as const;
export type DatasetType = (typeof DatasetType)[keyof typeof DatasetType];

export interface DatasetStatistic {
  readonly assetTotal?: number | undefined;
  readonly annotationTotal?: number | undefined;
  readonly tagsCount?: Readonly<Record<string, number>> | undefined;
  /** Assets that have at least one annotation. */
  readonly assetAnnotated?: number | undefined;
}

export interface DatasetAccess {
  readonly isPublic?: boolean | undefined;
  readonly isReadOnly?: boolean | undefined;
  readonly isHidden?: boolean | undefined;
}

/** One dataset. What the service left out is `undefined`. Times are milliseconds since the epoch. */
export interface Dataset {
  /** The ID as users see it, without the organization. */
  readonly datasetId: string;
  readonly organizationId: string;
  readonly name: string;
  readonly owner?: string | undefined;
  readonly type?: OpenEnum<DatasetType> | undefined;
  /** `Image`. */
  readonly content?: string | undefined;
  readonly description?: string | undefined;
  readonly createDate?: number | undefined;
  readonly lastAccessed?: number | undefined;
  readonly statistic: DatasetStatistic;
  readonly users?: Readonly<Record<string, unknown>> | undefined;
  readonly tags?: Readonly<Record<string, unknown>> | undefined;
  readonly cohorts?: readonly unknown[] | undefined;
  /** As the service sends it: a text or a number, whose meaning it does not tell. */
  readonly status?: string | number | undefined;
  readonly isLocked?: boolean | undefined;
  readonly access?: DatasetAccess | undefined;
  readonly preference?: Readonly<Record<string, unknown>> | undefined;
  readonly assetStatuses?: Readonly<Record<string, unknown>> | undefined;
  readonly localization?: string | undefined;
  readonly dataLocalization?: string | undefined;
  readonly metadata?: ResourceMetadata | undefined;
  readonly selfLink?: string | undefined;
  readonly etag?: string | undefined;
}
