/** A promise that was broken. */
export interface Violation {
  readonly rule: Rule;
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly what: string;
}

export type Rule =
  /** The last copy of a content was destroyed by an engine. */
  | 'version-lost'
  /** An engine destroyed a person's file, or something in the trash, whatever copies there are. */
  | 'file-destroyed'
  | 'annotation-lost'
  /** Bytes were sent that the engine knew to be there, or had sent already. */
  | 'sent-in-vain'
  /** A content became a second asset though the engine knew of the first. */
  | 'duplicate-made'
  /** A single engine has met the limit of sessions. */
  | 'budget-exceeded'
  /** Something was touched that is none of the engine's business. */
  | 'stranger-touched'
  /** A push mirror wrote to the disk, or a pull mirror to the service. */
  | 'wrong-way'
  /** A paused mirror transferred something. */
  | 'not-paused'
  | 'not-settled'
  /** A settled world went on doing something. */
  | 'not-idle'
  /** What an engine says is not what is so. */
  | 'not-true'
  /** A fault of the program. */
  | 'crash';
