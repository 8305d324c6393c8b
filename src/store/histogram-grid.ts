/**
 * The bars of a histogram: a width that people read at a glance (1 s … 1 day … 1 year) on bounds that are round in UTC,
 * so that bars stay where they are while alerts come in.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WIDTHS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

export interface HistogramGrid {
  /** Epoch milliseconds of the first bar's start, a multiple of `width`. */
  readonly start: number;
  readonly width: number;
  readonly count: number;
}

/**
 * The finest grid that covers `[from, to)` with at most `buckets` bars.
 * @param buckets at least 2: a range on both sides of a round bound needs two bars of any width.
 */
export function histogramGrid(from: number, to: number, buckets: number): HistogramGrid {
  for (let step = 0; ; step += 1) {
    const width = WIDTHS[step] ?? 365 * DAY * 2 ** (step - WIDTHS.length + 1);
    const start = Math.floor(from / width) * width;
    const count = Math.ceil((to - start) / width);
    if (count <= Math.max(2, buckets)) return { start, width, count };
  }
}
