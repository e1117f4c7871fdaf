import { z } from 'zod';
import type { Organization } from '../organizations/organization.ts';
import { anyList, anyRecord, flag, number, optionalObject, text, textOrEmpty } from './lenient.ts';

/** An organization. Only its ID must be there. */
export const organizationSchema = z
  .looseObject({
    workspaceId: z.string().min(1),
    name: textOrEmpty,
    kind: text,
    lastAccess: number,
    datasets: anyList,
    billing: optionalObject({ payer: text, email: text, subscriberId: text, ledger: anyList, tier: text }),
    users: z
      .record(z.string(), z.looseObject({ workspaceRole: text, datasets: anyRecord }))
      .optional()
      .catch(undefined),
    metadata: optionalObject({
      createDate: number,
      isPublic: flag,
      accountManager: text,
      salesEngineer: text,
    }),
    features: anyRecord,
    lockStatus: optionalObject({ isLocked: flag }),
    selfLink: text,
    etag: text,
  })
  .transform(
    ({ workspaceId, ...organization }): Organization => ({ ...organization, organizationId: workspaceId }),
  );
