import { z } from 'zod';
import { nothing, total } from './paging.ts';

/** Folders of this computer, for choosing one; and files shown where they lie. */
export const folderCalls = {
  /** The folders in a folder, by name. Null: the person's home. Hidden ones are left out. */
  folders: {
    args: z.object({ path: z.string().max(4000).nullable().default(null) }),
    result: z.object({
      /** Absolute. */
      path: z.string(),
      /** Null: it is the root of a disk. */
      parent: z.string().nullable(),
      folders: z.array(z.object({ name: z.string(), path: z.string() })),
      /** Files in it, and those among them that look like images. */
      files: total,
      images: total,
      /** There are more folders than are shown. */
      isCut: z.boolean(),
      /** Places to begin from: the home, pictures, disks. */
      places: z.array(z.object({ name: z.string(), path: z.string() })),
    }),
  },
  /** Makes a folder. Refused when there is something of that name. */
  makeFolder: {
    args: z.object({ parent: z.string().max(4000), name: z.string().min(1).max(255) }),
    result: z.object({ path: z.string() }),
  },
  /** Shows the system's own dialog for a folder; null: none was chosen. Only where the host can, see `capabilities`. */
  chooseFolder: {
    args: z.object({ from: z.string().max(4000).nullable().default(null) }),
    result: z.object({ path: z.string().nullable() }),
  },
  /** Shows a file of a mirror, or its folder, in the system's file manager. */
  showInFolder: {
    args: z.object({ mirrorId: z.string(), path: z.string().max(4000).nullable().default(null) }),
    result: nothing,
  },
} as const;
