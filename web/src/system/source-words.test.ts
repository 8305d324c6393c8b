import { expect, it } from 'vitest';
import { kindWords, lagWords } from './source-words.ts';

it('says how late events come, and what kind of source it is', () => {
  expect(lagWords(300)).toBe('within a second of its own time');
  expect(lagWords(-900)).toBe('within a second of its own time');
  expect(lagWords(90_000)).toMatch(/ after its own time$/);
  expect(lagWords(-90_000)).toMatch(/ before its own time: a clock is ahead$/);
  expect(kindWords('bulk')).toBe('sent by a shipper');
  expect(kindWords('new')).toBe('new');
});
