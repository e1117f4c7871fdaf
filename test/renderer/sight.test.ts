import { describe, expect, it } from 'vitest';
import { fitted, moved, zoomed } from '../../renderer/views/waiting/sight.ts';

describe('what is in sight of a picture', () => {
  it('is never farther than the whole, nor nearer than sixteen times', () => {
    expect(zoomed(fitted, 0.1)).toEqual(fitted);
    expect(zoomed(fitted, 1000).scale).toBe(16);
  });

  it('keeps its middle while it zooms', () => {
    const near = moved(zoomed(fitted, 4), 0.5, -0.25);
    expect(near).toEqual({ scale: 4, x: 0.5, y: -0.25 });
    expect(zoomed(near, 2)).toEqual({ scale: 8, x: 1, y: -0.5 });
    expect(zoomed(near, 1 / 4)).toEqual({ scale: 1, x: 0, y: 0 });
  });

  it('never leaves the frame', () => {
    expect(moved(zoomed(fitted, 2), 9, -9)).toEqual({ scale: 2, x: 0.5, y: -0.5 });
  });
});
