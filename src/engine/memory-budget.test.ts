import { expect, test } from 'vitest';
import { DEFAULT_MEMORY, divideMemory, memoryShares } from './memory-budget.ts';

test('the shares are all of the budget, and no more', () => {
  const shares = Object.values(memoryShares(divideMemory()));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(DEFAULT_MEMORY);
  const odd = Object.values(memoryShares(divideMemory(1_037)));
  expect(odd.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1_037);
});

test('what hunts may take can be said by itself', () => {
  expect(divideMemory(2_048).hunts).toBe(512);
  expect(divideMemory(2_048, 3_000)).toEqual({ ...divideMemory(2_048), hunts: 3_000 });
});
