import { expect, it } from 'vitest';
import { LoopClock } from './loop-clock.ts';

it('a clock that is set back is no standstill; how far it lies behind is known until it has caught up', () => {
  let now = 1_000_000;
  const clock = new LoopClock(() => now);
  now += 5_000;
  expect([clock.look(), clock.behind]).toEqual([4_000, 0]);
  now -= 3_600_000;
  expect([clock.look(), clock.behind]).toEqual([0, 3_600_000]);
  now += 100;
  expect([clock.look(), clock.behind]).toEqual([0, 3_599_900]);
  // Held up by a commit for longer than it was set back.
  now -= 2_000;
  expect(clock.look(now - 20_000)).toBe(0);
  now += 3_600_000;
  clock.look();
  expect(clock.behind).toBe(0);
});
