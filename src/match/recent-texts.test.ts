import { expect, test } from 'vitest';
import { RecentTexts } from './recent-texts.ts';

const known = (recent: RecentTexts<number>, texts: readonly string[]) =>
  texts.flatMap((text) => recent.find(text) ?? []);
const numbered = (count: number, letters = '') => Array.from({ length: count }, (_, at) => `${at}${letters}`);

test('of short texts some hundreds are known, those that came last', () => {
  const recent = new RecentTexts<number>();
  const texts = numbered(1_000);
  for (const [at, text] of texts.entries()) recent.add(text, at);
  const found = known(recent, texts);
  expect(found.length).toBeGreaterThanOrEqual(256);
  expect(found.length).toBeLessThanOrEqual(512);
  expect(found).toEqual(Array.from({ length: found.length }, (_, at) => 1_000 - found.length + at));
});

test('of long ones a few, and of the longest none', () => {
  const recent = new RecentTexts<number>();
  const texts = numbered(6, 'x'.repeat(300));
  for (const [at, text] of texts.entries()) recent.add(text, at);
  recent.add('y'.repeat(100_000), 7);
  expect(known(recent, [...texts, 'y'.repeat(100_000)])).toEqual([2, 3, 4, 5]);
});

test('a text is known whole, by what was said of it last', () => {
  const recent = new RecentTexts<number>();
  for (const [at, text] of ['', 'a', 'a'.repeat(256), 'a'.repeat(257), 'a'].entries()) recent.add(text, at);
  expect(known(recent, ['', 'a', 'aa', 'a'.repeat(256), 'a'.repeat(257), 'a'.repeat(258)])).toEqual([0, 4, 2, 3]);
});
