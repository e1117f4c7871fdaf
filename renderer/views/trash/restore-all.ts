import type { CallResult } from '../../../app/contract.ts';
import type { RemoteEngine } from '../../engine/remote-engine.ts';

/** As many as one call takes. */
const most = 500;

/** Puts files from the trash back, however many they are. */
export async function restoreAll(
  engine: RemoteEngine,
  ids: readonly number[],
): Promise<CallResult<'restore'>> {
  const all: CallResult<'restore'> = { restored: [], failed: [] };
  for (let start = 0; start < ids.length; start += most) {
    const { restored, failed } = await engine.call('restore', { ids: ids.slice(start, start + most) });
    all.restored.push(...restored);
    all.failed.push(...failed);
  }
  return all;
}
