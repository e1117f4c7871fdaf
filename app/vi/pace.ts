/**
 * Asks for leave to move bytes of a file. Resolves once some of them may move, with how many: from 1 up to `bytes`. For the others it is
 * asked again, so that a slow pace comes in small pieces and an unlimited one costs nothing. Rejects with the signal's reason.
 */
export type Pace = (bytes: number, signal?: AbortSignal) => Promise<number>;
