import { expect, test } from 'vitest';
import { PidCounter } from './pid-counter.ts';

function counter(pids: readonly number[]): PidCounter {
  const result = new PidCounter();
  for (const pid of pids) result.saw(pid);
  return result;
}

test('rises with the pids, whatever processor they come from', () => {
  const steady = counter([1000, 1002, 1001, 1100, 1050]);
  expect(steady.position).toBe(1100);
  expect(steady.hasPassed(1000, 1000)).toBe(false);
});

test('one low pid is an old process seen late, two in a row mean that it wrapped', () => {
  const late = counter([30_000, 500, 30_001, 700, 30_002]);
  expect(late.hasPassed(500, 30_000)).toBe(false);
  const pids = counter([30_000]);
  const born = pids.position;
  for (const pid of [400, 410]) pids.saw(pid);
  expect(pids.hasPassed(405, born)).toBe(true);
  expect(pids.hasPassed(600, born)).toBe(false);
  expect(pids.hasPassed(30_000, born)).toBe(false);
  for (let pid = 500; pid <= 30_000; pid += 100) pids.saw(pid);
  expect(pids.hasPassed(30_000, born)).toBe(true);
  // A process of this round is not passed in it.
  expect(pids.hasPassed(600, pids.position)).toBe(false);
});
