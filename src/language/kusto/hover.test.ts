import { expect, test } from 'vitest';
import { hoverKusto } from './hover.ts';

test.each([
  ['imProcessCreate | where Command^Line has "x"', 'CommandLine: string', 'From process.command_line.'],
  ['imProcessCreate | where CommandLine !h^as "x"', '!has', 'Not: has the whole term; upper and lower case alike.'],
  ['imProcessCreate | sum^marize count()', 'summarize', 'Groups rows, and computes aggregates of each group.'],
  ['imProcessCreate | mv-ex^pand CommandLine', 'mv-expand', 'Gives a row for each element of an array or a bag.'],
  ['print strl^en("x")', 'strlen(string): long', 'How many characters.'],
  ['let x = 5h; print a^go(x)', 'ago(timespan): datetime', 'The time so long before now.'],
  ['let x = 5h; print ago(^x)', 'x: timespan = 5h', 'A name that “let” gives.'],
  ['print a = 1.5 | extend b = ^a', 'a: real', 'A column.'],
])('%s', async (marked, title, doc) => {
  const offset = marked.indexOf('^');
  const text = marked.replace('^', '');
  const help = await hoverKusto(text, offset);
  expect({ title: help?.title, doc: help?.doc }).toEqual({ title, doc });
  expect(text.slice(help?.start, help?.end)).toContain(text[offset]);
});

test('a table names some of its columns, called or not', async () => {
  for (const text of ['imProcessCreate | count', 'imProcessCreate() | count', 'SecurityEvent | take 1']) {
    const help = await hoverKusto(text, 3);
    expect(help?.doc).toMatch(/^A table: \w+, .* and \d+ more\.$/);
  }
});

test('nothing is said of what is no word, of texts, and of what is no query', async () => {
  for (const [text, offset] of [
    ['print "strlen"', 9],
    ['print 1 + 2', 8],
    ['// where', 4],
    ['print "http://" // where', 20],
    ['', 0],
    ['((((', 2],
  ] as const)
    expect(await hoverKusto(text, offset)).toBeUndefined();
});
