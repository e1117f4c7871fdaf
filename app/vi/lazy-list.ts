/** A list that is made when it is asked for, anew each time: it may name every file of a large upload or download. */
export interface LazyList<T> {
  readonly length: number;
  items(): readonly T[];
}
