/**
 * How many events fell into each stretch of time, without knowing the range beforehand: buckets widen whenever there
 * would be too many, so that memory is bounded and every event is counted.
 */
export interface TimeHistogram {
  /** Epoch ms of the first bucket's begin. */
  readonly start: number;
  readonly widthMs: number;
  readonly counts: readonly number[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Widths that people think in, each a multiple of the one before; after the last they double. */
const WIDTHS = [
  ...[1, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 5, 15].map((count) => count * MINUTE),
  ...[1, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 7, 28].map((count) => count * DAY),
];
const MOST_BUCKETS = 4_096;

export class TimeCounter {
  private width = SECOND;
  private buckets = new Map<number, number>();
  private lowest = Number.POSITIVE_INFINITY;
  private highest = Number.NEGATIVE_INFINITY;

  add(ms: number): void {
    const bucket = Math.floor(ms / this.width);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
    this.lowest = Math.min(this.lowest, bucket);
    this.highest = Math.max(this.highest, bucket);
    while (this.buckets.size > MOST_BUCKETS) this.widen();
  }

  /** In at most so many columns (two at least, as 1970 is always a border) of equal width; `undefined` without events. */
  summary(columns: number): TimeHistogram | undefined {
    if (this.buckets.size === 0) return undefined;
    while (this.highest - this.lowest + 1 > Math.max(2, columns)) this.widen();
    const counts = Array.from({ length: this.highest - this.lowest + 1 }, () => 0);
    for (const [bucket, count] of this.buckets) counts[bucket - this.lowest] = count;
    return { start: this.lowest * this.width, widthMs: this.width, counts };
  }

  private widen(): void {
    const wider = WIDTHS.find((width) => width > this.width) ?? this.width * 2;
    const factor = wider / this.width;
    const merged = new Map<number, number>();
    for (const [bucket, count] of this.buckets) {
      const at = Math.floor(bucket / factor);
      merged.set(at, (merged.get(at) ?? 0) + count);
    }
    this.buckets = merged;
    this.width = wider;
    this.lowest = Math.floor(this.lowest / factor);
    this.highest = Math.floor(this.highest / factor);
  }
}
