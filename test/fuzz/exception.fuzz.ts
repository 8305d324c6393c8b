/**
 * Exceptions from files of any content: reading, checking, writing and reading again must not throw or hang, and what was
 * written as Elastic's is read as the same exceptions.
 *
 * Inputs are files of each form with lines and characters changed, doubled, swapped or cut, because text that is nearly
 * right reaches furthest.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { VALUE_LIST_TYPES } from '../../src/detect/exception.ts';
import { writeElasticExceptions } from '../../src/detect/exceptions/elastic-export.ts';
import { readElasticExceptions } from '../../src/detect/exceptions/elastic-list.ts';
import { readExceptionText, writeExceptions } from '../../src/detect/exceptions/exception-file.ts';
import { readListValue } from '../../src/detect/exceptions/value-list.ts';

const ITEM =
  '{"item_id":"i","list_id":"l","name":"n","description":"d","namespace_type":"single","os_types":["linux"],' +
  '"expire_time":"2027-01-01T00:00:00Z","comments":[{"comment":"c","created_by":"a","created_at":"2026-01-01T00:00:00Z"}],' +
  '"entries":[{"field":"a.caseless","operator":"included","type":"match","value":"x"},' +
  '{"field":"b","operator":"excluded","type":"match_any","value":["x","y"]},{"field":"c","operator":"included","type":"exists"},' +
  '{"field":"d","operator":"included","type":"wildcard","value":"C:\\\\\\\\T\\\\\\\\*"},' +
  '{"field":"e","operator":"included","type":"list","list":{"id":"l","type":"ip"}},' +
  '{"field":"f","type":"nested","entries":[{"field":"g","operator":"included","type":"match","value":"x"}]}]}';
const EXPORT = [
  '{"rule_id":"r","name":"R","exceptions_list":[{"list_id":"l","namespace_type":"single"}]}',
  '{"list_id":"l","name":"L","type":"detection","namespace_type":"single"}',
  ITEM,
  '{"exported_exception_list_count":1,"missing_exception_lists":[]}',
].join('\n');
const OWN = `exceptions:
  - name: n
    rules: [r]
    reason: because
    expires: "2027-01-01T00:00:00Z"
    windows: [{ kind: weekly, days: [1], from: "09:00", to: "17:00", zone: UTC }]
    condition: { kind: entries, entries: [{ field: a, operator: is, value: "x" }] }
  - { name: m, rules: all, reason: r, condition: { kind: query, language: eql, query: any where true } }
lists:
  - { id: l, type: ip, values: ["10.0.0.1"] }
`;

const PIECES = [
  ...EXPORT.split('\n'),
  ...OWN.split('\n'),
  ...[
    '"',
    '\\',
    '\\\\',
    '*',
    '?',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\n',
    '\r\n',
    '\ufeff',
    '\0',
    '- ',
    '  ',
    '&a ',
    '*a',
    '!!js/x ',
  ],
  ...['null', 'true', '1e999', '[]', '{}', '""', '__proto__', 'constructor', 'nested', 'wildcard', 'excluded', '.text'],
];

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly piece: string;
}

export function fuzzException(seconds: number, seed: number): { runs: number } {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(500)),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5, unit: 'binary' })),
  });
  const text = fc
    .tuple(fc.constantFrom(EXPORT, OWN, ''), fc.array(edit, { maxLength: 8 }))
    .map(([start, edits]) => edits.reduce(apply, start));
  const result = fc.check(
    fc.property(text, (text) => {
      roundTrip(text);
      for (const type of VALUE_LIST_TYPES) readTwice(type, text.slice(0, 60));
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

function roundTrip(text: string): void {
  const context = { now: '2026-01-01T00:00:00.000Z' };
  const { exceptions } = readExceptionText(text, context);
  const own = readExceptionText(writeExceptions(exceptions, []), { now: '2026-01-01T00:00:00.000Z' });
  if (own.exceptions.length !== exceptions.length) throw new Error(`own form lost some: ${own.problems[0]?.message}`);
  const written = writeElasticExceptions(exceptions, () => 'ip');
  const back = readElasticExceptions(written.text, context).exceptions;
  const left = new Set(written.leftOut.map(({ id }) => id));
  for (const exception of exceptions) {
    if (left.has(exception.id)) continue;
    const again = back.find(({ id }) => id === exception.id);
    for (const key of ['name', 'condition', 'reason', 'expires', 'comments'] as const) {
      if (!isDeepStrictEqual(again?.[key], exception[key])) {
        throw new Error(`${key} came back as ${JSON.stringify(again?.[key])}: ${JSON.stringify(exception[key])}`);
      }
    }
  }
}

/** What is kept of a value is read as itself. */
function readTwice(type: (typeof VALUE_LIST_TYPES)[number], text: string): void {
  const once = readListValue(type, text);
  if (!('value' in once)) return;
  const twice = readListValue(type, once.value);
  if (!isDeepStrictEqual(once, twice)) throw new Error(`the ${type} ${JSON.stringify(text)} is read in two ways`);
}
