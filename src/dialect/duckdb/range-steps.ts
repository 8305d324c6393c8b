/**
 * `range` as steps that are counted: how many there are, and the value of each. Whole numbers are computed in 128 bits,
 * since a step may reach beyond 64 before it is added.
 */
import type { Cell } from '../../plan/relation/cell.ts';
import { convertCell } from '../../plan/relation/cell-number.ts';
import type { Range, Scalar } from '../../plan/relation/node.ts';
import { constantValue } from './emit-scalar.ts';
import { cellText } from './sql-text.ts';

interface RangeSteps {
  /** @param index SQL of the step's number, from 0 on */
  readonly value: (index: string) => string;
  readonly count: bigint;
}

const MOST = 2n ** 63n - 1n;

/** @param now ticks since 1970 */
export function rangeSteps({ columns, from, to, step }: Range, now: bigint): RangeSteps {
  const type = columns[0]?.type ?? 'long';
  const of = (node: Scalar, as: typeof type): Cell =>
    convertCell(constantValue(node, now)?.value ?? null, node.type, as);
  const [first, last, by] = [of(from, type), of(to, type), of(step, type === 'datetime' ? 'timespan' : type)];
  if (typeof first === 'bigint' && typeof last === 'bigint' && typeof by === 'bigint' && by !== 0n) {
    const isAway = last > first ? by < 0n : last < first && by > 0n;
    const steps = isAway ? 0n : (last - first) / by + 1n;
    const value = (index: string) => `(${first}::HUGEINT + ${index}::HUGEINT * ${by}::HUGEINT)::BIGINT`;
    return { value, count: steps < MOST ? steps : MOST };
  }
  if (typeof first === 'number' && typeof last === 'number' && typeof by === 'number' && by !== 0)
    return {
      value: (index) => `${cellText(first, 'real')} + ${index} * ${cellText(by, 'real')}`,
      count: realSteps(first, last, by),
    };
  return { value: () => cellText(null, type), count: 0n };
}

/** As counting one after the other gives it. */
function realSteps(first: number, last: number, by: number): bigint {
  const isWithin = (index: number) => (by > 0 ? first + index * by <= last : first + index * by >= last);
  const near = Math.floor((last - first) / by);
  if (Number.isNaN(near) || near < -1) return 0n;
  if (near > Number.MAX_SAFE_INTEGER) return MOST;
  const end = [near + 1, near, near - 1].find((index) => index >= 0 && isWithin(index));
  return end === undefined ? 0n : BigInt(end) + 1n;
}
