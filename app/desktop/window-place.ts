import { z } from 'zod';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Bounds = z.infer<typeof boundsSchema>;

/** Where the window was, in the screen's own pixels. */
export const windowPlaceSchema = z.object({ bounds: boundsSchema, isMaximized: z.boolean() });
export type WindowPlace = z.infer<typeof windowPlaceSchema>;

export const smallestWindow = { width: 640, height: 480 } as const;
const usualWindow = { width: 1180, height: 780 } as const;
/** So much of a window must be seen on a screen to be taken hold of. */
const leastVisible = { width: 120, height: 60 } as const;

/** Where to show the window: where it was, as far as a screen still shows that, else in the middle of the first screen. */
export function windowPlace(kept: WindowPlace | null, workAreas: readonly Bounds[]): WindowPlace {
  const [first = { x: 0, y: 0, ...usualWindow }] = workAreas;
  const area = kept === null ? undefined : workAreas.find((each) => isSeen(kept.bounds, each));
  if (kept === null || area === undefined) {
    return { bounds: centred(usualWindow, first), isMaximized: kept?.isMaximized ?? false };
  }
  const { x, y, width, height } = kept.bounds;
  const size = {
    width: Math.min(Math.max(width, smallestWindow.width), area.width),
    height: Math.min(Math.max(height, smallestWindow.height), area.height),
  };
  // Its bar of title is above its content: it must not be above the screen.
  return { bounds: { ...size, x, y: Math.max(y, area.y) }, isMaximized: kept.isMaximized };
}

function isSeen(window: Bounds, area: Bounds): boolean {
  const overlap = (start: number, length: number, areaStart: number, areaLength: number): number =>
    Math.min(start + length, areaStart + areaLength) - Math.max(start, areaStart);
  return (
    overlap(window.x, window.width, area.x, area.width) >= leastVisible.width &&
    overlap(window.y, leastVisible.height, area.y, area.height) >= leastVisible.height / 2
  );
}

function centred(size: { readonly width: number; readonly height: number }, area: Bounds): Bounds {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    width,
    height,
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
  };
}
