/**
 * `make-series … in range(start, stop, step)`: points are multiples of the step from the start on, the stop among them.
 *
 * Microsoft's page leaves open where a series begins whose start is no multiple of the step; what follows from the text of
 * the query is enough to tell that it is one (`startofday(…)` by hours). Others are refused.
 */
import type { Scalar } from '../../../plan/relation/node.ts';
import { call } from './build.ts';

const TICKS_A_DAY = 864_000_000_000n;

export interface SeriesRange {
  readonly from: Scalar;
  /** Exclusive. */
  readonly to: Scalar;
}

/** The same by `from … to …`. */
export function alignedRange(start: Scalar, stop: Scalar, step: Scalar): SeriesRange | undefined {
  const size = step.kind === 'constant' ? step.value : undefined;
  if (typeof size !== 'bigint' || size <= 0n || !isMultiple(start, size)) return undefined;
  const { type, span } = stop;
  return { from: start, to: call('+', [call('bin', [stop, step], type, span), step], type, span) };
}

const DAYS: ReadonlySet<string> = new Set(['startofday', 'startofmonth', 'startofweek', 'startofyear']);

function isMultiple(value: Scalar, size: bigint): boolean {
  if (value.kind === 'constant') {
    // Times count from a midnight.
    if (typeof value.value !== 'bigint') return false;
    return value.value % size === 0n && (value.type !== 'datetime' || TICKS_A_DAY % size === 0n);
  }
  if (value.kind !== 'call') return false;
  const [first, second] = value.args;
  if (DAYS.has(value.function)) return TICKS_A_DAY % size === 0n;
  const by = second?.kind === 'constant' && typeof second.value === 'bigint' ? second.value : undefined;
  if (by === undefined || first === undefined) return false;
  if (value.function === 'bin') return by % size === 0n;
  return (value.function === '+' || value.function === '-') && by % size === 0n && isMultiple(first, size);
}
