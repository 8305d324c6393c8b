/**
 * Rule files of any content: reading, checking and placing findings must not throw, hang, or point outside the file.
 *
 * Inputs are the bundled rule and small rules with lines and characters changed, doubled, swapped or cut, because text
 * that is nearly right reaches furthest. Index patterns are compared with a plain regular expression on the way.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compileIndexPatterns } from '../../src/rule/index-pattern.ts';
import { inspectFuzzed } from './inspect-fuzzed.ts';

const BUNDLED = readFileSync(
  new URL('../../rules/elastic/execution_python_webserver_spawned.toml', import.meta.url),
  'utf8',
);
const SMALL = '[rule]\nname = "n"\nrule_id = "i"\ntype = "eql"\nlanguage = "eql"\nquery = "any where \\"a\\" == b"\n';

const PIECES = [
  ...BUNDLED.split('\n').filter((line) => line !== ''),
  ...SMALL.split('\n'),
  ...[
    '[',
    ']',
    '[[',
    ']]',
    '{',
    '}',
    '"',
    "'",
    '"""',
    "'''",
    '=',
    '.',
    ',',
    '#',
    '\\',
    '\n',
    '\r\n',
    '\t',
    '\0',
    '\ufeff',
  ],
  ...[
    '\\u0041',
    '\\U0001F600',
    '\\x41',
    '\\\n  ',
    '𝒳',
    '\u202e',
    '2026-01-31',
    '1e400',
    'nan',
    '-0',
    '0x7fffffffffffffff',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '[rule.threat]',
    '[[rule.threat.tactic]]',
    'threat = [[1]]',
    'from = "now-"',
  ],
];

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly piece: string;
}

export function fuzzRule(seconds: number, seed: number): { runs: number } {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(2000)),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5, unit: 'binary' })),
  });
  const text = fc
    .tuple(fc.constantFrom(BUNDLED, SMALL, ''), fc.array(edit, { maxLength: 12 }))
    .map(([start, edits]) => edits.reduce(apply, start));
  const pattern = fc.array(fc.constantFrom('a', 'b', '.', '*', '-', ',', ':'), { maxLength: 12 });
  const stream = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 12 });

  const result = fc.check(
    fc.property(text, pattern, stream, (text, pattern, stream) => {
      inspectFuzzed(text, 'fuzz.toml');
      comparePattern(pattern.join(''), stream);
    }),
    { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false },
  );
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: result.numRuns };
}

function apply(text: string, { at, cut, piece }: Edit): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + piece + text.slice(start + cut);
}

function comparePattern(entry: string, stream: string): void {
  let read: boolean | undefined;
  for (const part of entry.split(',').map((part) => part.trim())) {
    if (part === '') continue;
    read ??= false;
    const body = part.replace(/^-/, '').replace(/^[^:]*:/, '');
    const source = body.replaceAll(/[.:]/g, '\\$&').replaceAll(/\*+/g, '.*');
    if (new RegExp(`^${source}$`).test(stream)) read = !part.startsWith('-');
  }
  if (compileIndexPatterns([entry])([stream]) !== (read ?? true)) throw new Error(`pattern "${entry}" on "${stream}"`);
}
