/**
 * Rule files of any content and form: reading, checking and placing findings must not throw, hang, or point outside the
 * file.
 *
 * Inputs are rules of each form with lines and characters changed, doubled, swapped or cut, because text that is nearly
 * right reaches furthest. Index patterns are compared with a plain regular expression on the way, and a Sigma rule whose
 * indentation is put back is led back to its source character by character.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compileIndexPatterns } from '../../src/rule/index-pattern.ts';
import { repairSigmaIndentation } from '../../src/rule/sigma-indentation.ts';
import { inspectFuzzed } from './inspect-fuzzed.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const BUNDLED = read('rules/elastic/execution_python_webserver_spawned.toml');
const SMALL = '[rule]\nname = "n"\nrule_id = "i"\ntype = "eql"\nlanguage = "eql"\nquery = "any where \\"a\\" == b"\n';
const SIGMA = read('rules/sigma/proc_creation_lnx_python_webserver.yml');
const FLAT = SIGMA.replace(/^ +/gm, '');
const PAGE = read('test/golden/rule-forms/elastic-page.md');
const HUNTING = read('test/golden/rule-forms/hunting-page.txt');
const EXPORT = [
  '{"rule_id":"a","name":"A \\u0041","type":"eql","language":"eql","query":"any where \\"a\\" == b","risk_score":21}',
  '{"rule_id":"b","name":"B","type":"eql","language":"eql","query":"any where = ","exceptions_list":[{"list_id":"l"}],',
  '{"list_id":"l","type":"simple","entries":[{"field":"a"}]}',
  '{"exported_count":2,"missing_rules":[]}',
].join('\n');

/** A text to start from, and the name of a file that holds such. */
const STARTS: readonly (readonly [string, string])[] = [
  [BUNDLED, 'fuzz.toml'],
  [SMALL, 'fuzz.toml'],
  ['', 'fuzz.toml'],
  [EXPORT, 'fuzz.ndjson'],
  ['', 'fuzz.ndjson'],
  [SIGMA, 'fuzz.yml'],
  [FLAT, 'fuzz.yml'],
  [PAGE, 'fuzz.md'],
  [HUNTING, 'fuzz.txt'],
];

const PIECES = [
  ...BUNDLED.split('\n').filter((line) => line !== ''),
  ...SMALL.split('\n'),
  ...[SIGMA, PAGE, HUNTING, EXPORT].flatMap((text) => text.split('\n')),
  ...['---', '```', '- ', ': ', '|', '**', '## ', '    ', 'detection:', 'condition: 1 of them', 'Scenario: '],
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
    .tuple(fc.constantFrom(...STARTS), fc.array(edit, { maxLength: 12 }))
    .map(([[start, file], edits]) => ({ text: edits.reduce(apply, start), file }));
  const pattern = fc.array(fc.constantFrom('a', 'b', '.', '*', '-', ',', ':'), { maxLength: 12 });
  const stream = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 12 });

  const result = fc.check(
    fc.property(text, pattern, stream, ({ text, file }, pattern, stream) => {
      inspectFuzzed(text, file);
      leadBack(text);
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

function leadBack(source: string): void {
  const repaired = repairSigmaIndentation(source);
  if (!('text' in repaired)) return;
  for (let at = 0; at < repaired.text.length; at += 1) {
    const character = repaired.text[at] ?? '';
    if (/\s/.test(character)) continue;
    const from = repaired.toSource(at);
    if (source[from] !== character) throw new Error(`${at} of the repaired text is led to ${from} of the source`);
  }
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
