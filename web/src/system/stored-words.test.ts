import { expect, test } from 'vitest';
import { storedWords } from './stored-words.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const none = { events: 0, bytes: 0, pruned: 0, waiting: 0, dropped: 0 };

test('stored events are told in a sentence', () => {
  expect(storedWords(none, now)).toBe('None kept.');
  const many = { ...none, events: 61_502, bytes: 41_300_000, oldest: '2026-02-27T12:00:00.000Z' };
  expect(storedWords(many, now)).toMatch(/^61.502 events kept in 41 MB, back to .*27.*\.$/);
  expect(storedWords({ ...none, events: 1, bytes: 1_073_000_000 }, now)).toContain('1.07 GB');
});

test('what goes wrong is told, too', () => {
  const words = storedWords(
    { ...none, waiting: 1, dropped: 2, problem: 'The disk is full.', set_aside: '/data/events.damaged.sqlite' },
    now,
  );
  expect(words).toContain('Storing fails (1 event waiting): The disk is full.');
  expect(words).toContain('2 events could not be stored.');
  expect(words).toContain('moved to /data/events.damaged.sqlite.');
});
