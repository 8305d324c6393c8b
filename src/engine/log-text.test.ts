import { expect, test } from 'vitest';
import { logText } from './log-text.ts';

test('a line of JSON becomes one for people', () => {
  const line = {
    level: 40,
    time: Date.UTC(2026, 2, 2),
    part: 'live',
    waiting: 3,
    file: 'a b',
    msg: 'storing events failed',
  };
  expect(logText(JSON.stringify(line))).toBe(
    '2026-03-02 00:00:00.000 warn   live   storing events failed  waiting=3  file=a b\n',
  );
});

test('an error follows below, and nothing steers the terminal', () => {
  const line = {
    level: 50,
    time: 0,
    part: 'serve',
    msg: 'x\u001b[2J',
    err: { message: 'full', stack: 'Error: full\n  at a' },
  };
  const text = logText(JSON.stringify(line));
  expect(text).toContain('\n    Error: full\n      at a\n');
  expect(text).not.toContain('\u001b');
  expect(logText('no JSON\n')).toBe('no JSON\n');
});
