import { expect, it } from 'vitest';
import { markdownText } from './markdown-text.ts';
import { style } from './terminal.ts';

const PLAIN = style({}, {});
const COLOURED = style({}, { FORCE_COLOR: '1' });
const text = (markdown: string, width = 60): string => markdownText(markdown, PLAIN, width).join('\n');

it.each([
  ['headings', '## Triage `now`\n\nText', 'Triage now\n\nText'],
  ['paragraphs', 'one two\nthree', 'one two three'],
  ['lists', '- one\n- two\n  more\n1. three', '• one\n• two more\n1. three'],
  ['nested lists', '- one\n  - two', '• one\n  • two'],
  ['links', 'see [the docs](https://example.org/a), now', 'see the docs (https://example.org/a), now'],
  ['code', 'run `ls  -l`:\n\n```sh\nls  -l | head\n```\nend', 'run ls  -l:\n\n    ls  -l | head\nend'],
  ['quotes', '> be\n> careful', '  be careful'],
  ['strong words', '**Stop** and **think twice**.', 'Stop and think twice.'],
  ['what it does not know', 'a * b, `open', 'a * b, `open'],
  ['control characters', 'a\x1b[2J', 'a\\u{1b}[2J'],
])('writes %s', (_, markdown, expected) => {
  expect(text(markdown)).toBe(expected);
});

it('fills to the width, hanging under the bullet', () => {
  expect(text('- one two three four', 12)).toBe('• one two\n  three four');
  expect(text('averyveryverylongword and', 8)).toBe('averyveryverylongword\nand');
});

it('colours do not count towards the width', () => {
  const lines = markdownText('**one two** `three` four', COLOURED, 13);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('\x1b[1mone\x1b[22m');
});
