import { expect, test } from 'vitest';
import { LearningBudget } from './learning-budget.ts';

test('so much may be learned as was asked about, and comes back slowly where it was given up', () => {
  const budget = new LearningBudget(8);
  for (let line = 0; line < 8; line += 1) budget.asked(line % 4 === 0 ? 5 : 0);
  expect(budget.isSpent).toBe(true);
  let learned = 0;
  let givenUp = 0;
  for (let line = 0; line < 6_400; line += 1) {
    if (budget.isSpent) {
      budget.gaveUp();
      givenUp += 1;
    } else {
      budget.asked(2);
      learned += 2;
    }
  }
  expect(learned).toBeGreaterThan(100);
  expect(learned * 4).toBeLessThanOrEqual(givenUp / 8 + learned / 2 + 8);
  // What was learned is of use.
  for (let line = 0; budget.isSpent && line < 100; line += 1) budget.gaveUp();
  for (let line = 0; line < 100; line += 1) budget.asked(0);
  expect(budget.isSpent).toBe(false);
});
