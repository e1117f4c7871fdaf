import type { Place } from '../contract.ts';

/** Where in the window a click outside of it leads: the hash of the page's address, as the page writes it itself. */
export const addresses = {
  overview: '#/overview',
  settings: '#/settings',
  addMirror: '#/add-mirror',
  activity: '#/activity',
  datasets: '#/datasets',
  waiting: (mirrorId: string | null) => hashOf('waiting', ...(mirrorId === null ? [] : [mirrorId])),
  mirror: (mirrorId: string) => hashOf('mirror', mirrorId),
  dataset: ({ endpoint, organizationId }: Place, datasetId: string) =>
    hashOf('datasets', endpoint, organizationId, datasetId),
} as const;

function hashOf(...steps: readonly string[]): string {
  return `#/${steps.map(encodeURIComponent).join('/')}`;
}
