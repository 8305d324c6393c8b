import { expect, test } from 'vitest';
import { LookBudget } from './look-budget.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
/** How many of the events that come in at these times are looked at. */
const looked = (budget: LookBudget, times: readonly number[]) =>
  times.filter((time) => budget.take(START + time)).length;
const times = (count: number, step: number, from = 0) =>
  Array.from({ length: count }, (_, index) => from + index * step);

test('all of a slow source and of a burst, ten a second in a rush', () => {
  expect(looked(new LookBudget(), times(1_000, 150))).toBe(1_000);
  expect(looked(new LookBudget(), times(500, 0))).toBe(20);
  expect(looked(new LookBudget(), times(10_000, 1))).toBe(20 + 99);
  const budget = new LookBudget();
  looked(budget, times(500, 0));
  expect(looked(budget, times(500, 0, 3_600_000))).toBe(20);
});

test('a clock that is set back stops nothing', () => {
  const budget = new LookBudget();
  looked(budget, times(500, 0));
  expect(looked(budget, times(1_000, 1, -86_400_000))).toBe(9);
});
