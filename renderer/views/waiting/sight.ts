/** What part of a picture is in sight. `x`, `y`: how far its middle is from the frame's, in parts of the frame's size. */
export interface Sight {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const fitted: Sight = { scale: 1, x: 0, y: 0 };

const mostScale = 16;

/** Nearer (over 1) or farther, around the middle of the frame. */
export function zoomed({ scale, x, y }: Sight, factor: number): Sight {
  const next = Math.min(mostScale, Math.max(1, scale * factor));
  return bounded({ scale: next, x: (x * next) / scale, y: (y * next) / scale });
}

/** Moved with the hand, in parts of the frame's size. */
export function moved({ scale, x, y }: Sight, byX: number, byY: number): Sight {
  return bounded({ scale, x: x + byX, y: y + byY });
}

/** A picture never leaves its frame: at most its edge comes to the frame's. */
function bounded({ scale, x, y }: Sight): Sight {
  const most = (scale - 1) / 2;
  // A zero has no sign here: two sights that look the same are the same.
  const within = (part: number): number => Math.min(most, Math.max(-most, part)) + 0;
  return { scale, x: within(x), y: within(y) };
}
