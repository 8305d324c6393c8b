/**
 * What is asked of a time for which whole milliseconds are enough, so that its ticks need not be read: bins, and
 * comparisons with times that are whole milliseconds themselves.
 *
 * A time is its milliseconds (rounded down) and 0 to 9,999 ticks: it is at least such a time where its milliseconds are.
 */
import type { Cell } from '../../plan/relation/cell.ts';
import { FIRST_TICK } from '../../plan/relation/time-text.ts';

const TICKS_PER_MS = 10_000n;
/** Kusto's bins of time begin with the year 1. */
const YEAR_1 = -FIRST_TICK / TICKS_PER_MS;

/** The bin in ticks, NULL of NULL; `undefined` where the step has parts of a millisecond. */
export function binOfMillis(millis: string, step: Cell): string | undefined {
  const width = wholeMillis(step);
  if (width === undefined || width <= 0n) return undefined;
  return `((${millis} - (${millis} + ${YEAR_1}) % ${width}) * ${TICKS_PER_MS})`;
}

/** NULL of NULL; `undefined` where the ticks decide. */
export function comparedMillis(operator: string, millis: string, bound: Cell): string | undefined {
  const at = wholeMillis(bound);
  return at === undefined || (operator !== '<' && operator !== '>=') ? undefined : `(${millis} ${operator} ${at})`;
}

function wholeMillis(ticks: Cell): bigint | undefined {
  return typeof ticks === 'bigint' && ticks % TICKS_PER_MS === 0n ? ticks / TICKS_PER_MS : undefined;
}
