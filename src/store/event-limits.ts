/** How much of the events is kept. */
export interface EventLimits {
  /** How long events are kept, by their own time, milliseconds. */
  readonly keepMs: number;
  /** Bytes on the disk. */
  readonly maxBytes: number;
}

export const EVENT_LIMITS: EventLimits = { keepMs: 7 * 24 * 3_600_000, maxBytes: 1024 ** 3 };
