/**
 * Where a format differs from a recorded pair of raw event and ECS document, and why. What no deviation names is equal;
 * the format's test holds both.
 */
export interface Deviation {
  /** The recording's file name, a space and the event's number from 1; the file alone for all of it, `*` for all. */
  readonly pair: string;
  /** The fields that differ; a parent stands for all of its parts. */
  readonly fields: readonly string[];
  readonly reason: string;
}
