import { expect, it } from 'vitest';
import { Patience } from './patience.ts';

/** Of what half was known, and the others not learned. */
function halfKnown(): Patience {
  const patience = new Patience();
  for (let asked = 0; asked < 1_000; asked += 1) patience.told(asked % 2 === 0);
  return patience;
}

it('is used up by learning, not by what comes for the first time and is not learned', () => {
  const patience = halfKnown();
  expect(patience.isLeft).toBe(true);
  let learned = 0;
  for (; patience.isLeft && learned < 1_000; learned += 1) patience.learned();
  expect(learned).toBeGreaterThan(0);
  expect(patience.isLeft).toBe(false);
  for (let known = 0; known < 3; known += 1) patience.told(true);
  expect(patience.isLeft).toBe(true);
});

it('is lost where hardly anything is known', () => {
  const patience = halfKnown();
  expect(patience.isLost).toBe(false);
  for (let asked = 0; asked < 1_000; asked += 1) patience.told(asked % 10 === 0);
  expect(patience.isLost).toBe(true);
});
