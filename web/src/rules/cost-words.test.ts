import { expect, test } from 'vitest';
import type { RankedCost, StoredRuleCost } from '../../../src/serve/preview-api.ts';
import { costWords, milliseconds, share } from './cost-words.ts';

const rule: RankedCost = {
  id: 'a',
  name: 'Shells',
  file: 'a.yml',
  candidates: 30,
  matches: 2,
  milliseconds: 4,
  share: 0.02,
  rank: 3,
};
const cost: StoredRuleCost = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T01:00:00.000Z',
  events: 1_000,
  isCut: false,
  others: 99,
  evaluated: 40,
  milliseconds: 900,
  rules: [rule],
  onInterval: [],
  dearest: [rule],
};

test.each([
  [
    {},
    [
      'Over 1,000 events of that time it was evaluated for 30 (3.0%) and matched 2. That took 4.0 ms, 4.00 µs an event: 2.0% of what all 100 rules take, and 2 rules cost more.',
    ],
  ],
  [{ events: 0 }, ['No event of that time is stored.']],
  [
    { rules: [{ ...rule, candidates: 0 }], isCut: true },
    [
      'Over the first 1,000 events of that time it was never evaluated: none had what it needs. It costs next to nothing.',
    ],
  ],
  [{ rules: [], onInterval: ['Counts'] }, ['It runs on its interval, and looks at no event as it comes.']],
])('tells in a sentence what a rule costs (%#)', (given, words) => {
  expect(costWords({ ...cost, ...given })).toEqual(words);
});

test('names the rules of a text with several, and says of a dear one what makes it cheaper', () => {
  const dear = { ...rule, id: 'b', name: 'All', share: 0.6, rank: 1, matches: 0 };
  const [first, second] = costWords({ ...cost, rules: [dear, rule] });
  expect(first).toMatch(/“All” was evaluated for 30 .* matched none\. .* more than any other\. A log source/);
  expect(second).toMatch(/“Shells” .* 2 rules cost more\.$/);
});

test('rounds shares and times to what can be told', () => {
  expect([0, 0.0004, 0.014, 0.5].map(share)).toEqual(['0.0%', '<0.1%', '1.4%', '50%']);
  expect([0.01, 2.34, 1234].map(milliseconds)).toEqual(['<0.1 ms', '2.3 ms', '1,234 ms']);
});
