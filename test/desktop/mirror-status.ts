import { fileStateSchema, type MirrorStatus, mirrorStatusSchema } from '../../app/contract.ts';

const still = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

/** A mirror that is in sync, but for what is given. */
export function mirrorStatus({
  counts,
  ...given
}: Partial<Omit<MirrorStatus, 'counts'>> & { counts?: Partial<MirrorStatus['counts']> } = {}): MirrorStatus {
  const none = Object.fromEntries(fileStateSchema.options.map((state) => [state, 0]));
  return {
    mirrorId: 'one',
    folder: '/home/ada/Pictures & more',
    datasetId: 'shelves',
    datasetName: 'Shelves',
    organizationId: 'northwind',
    endpoint: 'https://api.vi.datature.com',
    sandbox: false,
    phase: 'in-sync',
    isApproved: true,
    settings: { direction: 'two-way', deletePolicy: 'keep', retentionMode: null, duplicates: 'leave' },
    isPaused: false,
    problem: null,
    counts: mirrorStatusSchema.shape.counts.parse({ ...none, ...counts }),
    fileTotal: 12,
    upload: still,
    download: still,
    nextSessionAt: null,
    retryAt: null,
    lastScanAt: 1,
    lastListingAt: 1,
    ...given,
  };
}

export const moving = (bytesDone: number, bytesTotal: number, filesDone = 1, filesTotal = 4) => ({
  filesDone,
  filesTotal,
  bytesDone,
  bytesTotal,
  bytesPerSecond: 1,
});
