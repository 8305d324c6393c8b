import { expect, it } from 'vitest';
import { RetryPause } from './retry-pause.ts';

it('a pause is over in time, and at once where the clock is set back', () => {
  let now = 1_000_000;
  const pause = new RetryPause(() => now);
  expect(pause.isOver).toBe(true);
  pause.begin(5_000);
  expect(pause.isOver).toBe(false);
  now += 4_999;
  expect(pause.isOver).toBe(false);
  now += 1;
  expect(pause.isOver).toBe(true);
  pause.begin(5_000);
  now -= 3_600_000;
  expect(pause.isOver).toBe(true);
});
