import { setTimeout as sleep } from 'node:timers/promises';
import type { ActiveFault } from './faults.ts';

/** What goes wrong with a body on its way. Each is undefined when it doesn't. */
export interface BodyFaults {
  readonly resetAfter: number | undefined;
  readonly bytesPerSecond: number | undefined;
  /** Bytes after which a download ends, of so many. */
  truncatedTo(size: number): number | undefined;
  /** Place of the wrong byte, of so many. */
  corruptedAt(size: number): number | undefined;
}

export function bodyFaults(faults: readonly ActiveFault[]): BodyFaults {
  let resetAfter: number | undefined;
  let bytesPerSecond: number | undefined;
  let truncated: ((size: number) => number) | undefined;
  let corrupted: ((size: number) => number) | undefined;
  for (const fault of faults) {
    if (fault.kind === 'reset') resetAfter ??= fault.afterBytes;
    if (fault.kind === 'slow') bytesPerSecond ??= fault.bytesPerSecond;
    if (fault.kind === 'truncate')
      truncated ??= (size) => Math.min(size, fault.bytes ?? Math.floor(size / 2));
    if (fault.kind === 'corrupt') corrupted ??= (size) => fault.at ?? Math.floor(size / 2);
  }
  return {
    resetAfter,
    bytesPerSecond,
    truncatedTo: (size) => truncated?.(size),
    corruptedAt: (size) => corrupted?.(size),
  };
}

/** The connection is to be reset here: whoever carries the body does it. */
export class ResetHere extends Error {
  override readonly name = 'ResetHere';
}

/** A body as the faults leave it. `start` is the place of its first byte in the whole content. */
export async function* withBodyFaults(
  body: AsyncIterable<Uint8Array>,
  { resetAfter, bytesPerSecond }: BodyFaults,
  corruptedAt?: number,
  start = 0,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const whole of body) {
    for (const piece of pieces(whole, bytesPerSecond)) {
      if (resetAfter !== undefined && passed + piece.length > resetAfter) {
        if (resetAfter > passed) yield piece.subarray(0, resetAfter - passed);
        throw new ResetHere('The connection is reset here on purpose.');
      }
      yield corrupted(piece, corruptedAt === undefined ? undefined : corruptedAt - start - passed);
      passed += piece.length;
      if (bytesPerSecond !== undefined) await sleep((piece.length / bytesPerSecond) * 1000);
    }
  }
  // The body was shorter than that: it is reset at its end.
  if (resetAfter !== undefined) throw new ResetHere('The connection is reset here on purpose.');
}

/** Slow bodies flow in about ten pieces a second, not in lumps. */
function* pieces(whole: Uint8Array, bytesPerSecond: number | undefined): Generator<Uint8Array> {
  const size = bytesPerSecond === undefined ? whole.length : Math.max(1, Math.ceil(bytesPerSecond / 10));
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

function corrupted(piece: Uint8Array, at: number | undefined): Uint8Array {
  if (at === undefined || at < 0 || at >= piece.length) return piece;
  const copy = Uint8Array.from(piece);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
