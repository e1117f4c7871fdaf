import type { ViClient } from '../vi/client.ts';
import { askYes, canAsk } from './ask.ts';
import type { CommandContext } from './command.ts';
import { CommandFailure } from './failure.ts';
import { formatNumberOf } from './format.ts';

/**
 * Asks before an upload drops annotations: they are hand work, and can't be had back. Counts those of the assets that the upload would
 * overwrite, at this moment.
 * @throws CommandFailure when the answer is no, or when there is nobody to ask and `yes` is not given; what an upload of the
 * paths would throw before it sends anything
 */
export async function allowAnnotationLoss(
  client: ViClient,
  context: CommandContext,
  upload: { readonly datasetId: string; readonly paths: readonly string[]; readonly yes: boolean },
): Promise<void> {
  if (upload.yes) return;
  const { datasetId } = upload;
  const { signal } = context;
  const { statistic } = await client.datasets.get({ datasetId, signal });
  if (statistic.annotationTotal === 0) return;

  const { findUploadFiles } = await import('../vi/assets/upload-files.ts');
  const files = await findUploadFiles(upload.paths, signal);
  let annotations = 0;
  let assets = 0;
  const listing = client.assets.list({ datasetId, pagination: { pageSize: 1000 }, signal });
  for await (const asset of listing.allItems()) {
    const total = asset.metadata.annotations?.total ?? 0;
    if (total > 0 && files.find(asset.filename) !== undefined) {
      annotations += total;
      assets += 1;
    }
  }
  if (annotations === 0) return;

  const stake = `${formatNumberOf(annotations, 'annotation')} on ${formatNumberOf(assets, 'image')}`;
  if (canAsk() && !context.output.json) {
    if (
      await askYes(`Files of the same name are overwritten, and ${stake} deleted, for good. Go on?`, signal)
    ) {
      return;
    }
  }
  throw new CommandFailure({
    code: 'annotations-at-stake',
    title: 'Nothing was uploaded: annotations would be lost.',
    detail: `The upload would overwrite annotated assets and delete ${stake}.`,
    suggestion: 'Leave --annotations remove out to keep them, or add --yes if they may go.',
  });
}
