import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('lets in what its rate allows, one large request whole', () => {
  const bucket = new TokenBucket(100, 0);
  expect(bucket.take(5_000, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBe(41);
  expect(bucket.take(1, 39_000)).toBe(2);
  expect(bucket.take(1, 41_000)).toBe(0);
});

it('saves up ten seconds at most, and is not confused by a clock set back', () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.take(100, 1_000_000)).toBe(0);
  expect(bucket.take(1, 0)).toBe(1);
  expect(new TokenBucket(Number.POSITIVE_INFINITY, 0).take(1e9, 0)).toBe(0);
});
