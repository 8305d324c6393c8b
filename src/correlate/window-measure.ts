/**
 * What a window's test says of what was gathered: plain, over all items at once. The engine asks it where a window is
 * decided at its end, and the reference evaluator always.
 */
import type { Bounds, Presence, WindowTest } from '../plan/window.ts';
import type { WindowItem } from './window-entry.ts';

type Measured = Pick<WindowItem, 'members' | 'values'>;

export interface Measure {
  readonly holds: boolean;
  /** The count, sum, average or percentile; absent where nothing is measured. */
  readonly value?: number;
}

/** @param test any but `in-order`, which does not follow from what was there alone */
export function measure(test: WindowTest, items: readonly Measured[]): Measure {
  switch (test.kind) {
    case 'event-count':
      return within(test.bounds, items.length);
    case 'value-count':
      return within(test.bounds, new Set(items.flatMap(({ values }) => values)).size);
    case 'value-sum':
      return within(test.bounds, sum(numbersOf(items)));
    case 'value-average': {
      const numbers = numbersOf(items);
      return numbers.length === 0 ? { holds: false } : within(test.bounds, sum(numbers) / numbers.length);
    }
    case 'value-percentile': {
      const numbers = numbersOf(items).sort((a, b) => a - b);
      return numbers.length === 0 ? { holds: false } : within(test.bounds, percentile(numbers, test.percentile));
    }
    case 'member-count':
      return within(test.bounds, membersOf(items).size);
    case 'presence':
      return { holds: isPresent(test.condition, membersOf(items)) };
    case 'in-order':
      throw new Error('order is not measured');
  }
}

export function within(bounds: Bounds, value: number): Measure {
  return { holds: bounds.every((bound) => satisfies(value, bound.operator, bound.value)), value };
}

export function isPresent(condition: Presence, members: ReadonlySet<number>): boolean {
  switch (condition.kind) {
    case 'member':
      return members.has(condition.member);
    case 'not':
      return !isPresent(condition.child, members);
    case 'and':
      return condition.children.every((child) => isPresent(child, members));
    case 'or':
      return condition.children.some((child) => isPresent(child, members));
  }
}

export function membersOf(items: readonly Measured[]): ReadonlySet<number> {
  return new Set(items.flatMap(({ members }) => members));
}

function satisfies(value: number, operator: Bounds[number]['operator'], bound: number): boolean {
  switch (operator) {
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}

function numbersOf(items: readonly Measured[]): number[] {
  return items.flatMap(({ values }) => values as readonly number[]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Between the two nearest values in proportion (as `percentile_cont` of SQL). */
function percentile(sorted: readonly number[], percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}
