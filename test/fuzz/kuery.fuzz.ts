/**
 * Any text as a query in Kibana's language: no crash, no hang, either a plan or an error, findings inside the text, and
 * a plan that survives being written out and means the same with other white space.
 *
 * Half of the texts follow the grammar, most of those are then damaged; some are made long by repetition, because what
 * is quadratic shows only there.
 */
import fc from 'fast-check';
import { renderDiagnostic } from '../../src/diagnostic/render.ts';
import { documentSource, Event } from '../../src/event/event.ts';
import { completeKuery } from '../../src/language/kuery/complete.ts';
import { highlightKuery } from '../../src/language/kuery/highlight.ts';
import { hoverKuery } from '../../src/language/kuery/hover.ts';
import { compileKuery } from '../../src/language/kuery/kuery.ts';
import { compilePredicate, createClauses } from '../../src/match/compile.ts';
import { evaluate } from '../../src/plan/predicate/evaluate.ts';

const PIECES = [
  ...[
    'process.name',
    'process.pid',
    'source.ip',
    '@timestamp',
    'message',
    'process.*',
    'no.such',
    '__proto__',
    'files',
  ],
  ...[
    'and',
    'or',
    'not',
    'AND',
    'null',
    'true',
    ':',
    '>',
    '>=',
    '<',
    '(',
    ')',
    '{',
    '}',
    '*',
    'py*',
    '"a b"',
    '"',
    '\\',
  ],
  ...['\\:', '\\u0041', '\\or', '=', '==', '10.0.0.0/8', '7', '1e400', '99999999999999999999', 'now-1d/d', '[1 TO 2]'],
  ...['\u00a0', '\n', '\u0000', '\ud800', '😀', '\u202e', '“'],
];

/** Seconds that one text may take: a text of 200,000 characters takes 0.2 on a slow machine. */
const SLOW = 5;

const EVENT = new Event({
  time: { ms: 0, ticks: 0 },
  source: documentSource({
    message: 'a b',
    process: { name: 'Python3', pid: 7, args: ['a', 'b*'] },
    source: { ip: '10.0.0.1' },
    files: [{ name: 'a', pid: 1 }, { name: 'b' }],
  }),
  raw: new Uint8Array(),
  format: 'test',
  dataStreams: [],
});

export function fuzzKuery(seconds: number, seed: number): { runs: number } {
  const noise = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 25,
  });
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(6),
    piece: fc.constantFrom(...PIECES),
  });
  const damaged = fc
    .tuple(query, fc.array(edit, { maxLength: 4 }))
    .map(([text, edits]) => edits.reduce(applyEdit, text));
  const long = fc
    .tuple(
      fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1_000, max: 20_000 }),
    )
    .map(([pieces, times]) => pieces.join(' ').concat(' ').repeat(times));
  const text = fc.oneof(
    { weight: 10, arbitrary: query },
    { weight: 20, arbitrary: damaged },
    { weight: 10, arbitrary: noise.map((pieces) => pieces.join(' ')) },
    { weight: 1, arbitrary: long },
  );
  const result = fc.check(fc.property(text, check), {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: result.numRuns };
}

const { query } = fc.letrec((tie) => {
  const field = fc.constantFrom('process.name', 'process.pid', 'source.ip', 'message', 'p*.name', 'name', '@timestamp');
  const value = fc.constantFrom('a', 'Python3', '"a b"', 'py*', '*', '7', '10.0.0.0/8', '2024', 'a b', '\\*');
  const list = tie('list') as fc.Arbitrary<string>;
  const inner = tie('query') as fc.Arbitrary<string>;
  const join = (one: fc.Arbitrary<string>) =>
    fc.tuple(one, fc.constantFrom(' and ', ' or ', ' AND not '), one).map((parts) => parts.join(''));
  return {
    list: fc.oneof(
      { maxDepth: 2 },
      value,
      join(list).map((text) => `(${text})`),
    ),
    query: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(field, list).map((parts) => parts.join(': ')),
      fc.tuple(field, fc.constantFrom(' > ', '<='), value).map((parts) => parts.join('')),
      value,
      join(inner),
      inner.map((text) => `not (${text})`),
      inner.map((text) => `files: { ${text} }`),
    ),
  };
}) as { query: fc.Arbitrary<string> };

function check(text: string): void {
  const began = performance.now();
  const { plan, diagnostics } = compileKuery(text, { now: 0 });
  const took = (performance.now() - began) / 1000;
  const offset = text.length >> 1;
  completeKuery(text, offset);
  hoverKuery(text, offset);
  if (highlightKuery(text).some(({ start, end }) => start > end || end > text.length))
    throw new Error('a token outside');
  if (took > SLOW) throw new Error(`took ${took.toFixed(1)} s`);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  if (failed === (plan !== undefined)) throw new Error('neither a plan nor an error, or both');
  for (const diagnostic of diagnostics.slice(0, 20)) {
    const { start, end } = diagnostic.span;
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Error(`${diagnostic.message} at ${start}-${end}`);
    renderDiagnostic(text, diagnostic, { color: false });
  }
  if (plan === undefined || text.length > 1_000) return;
  const outcome = evaluate(plan.predicate, EVENT);
  const clauses = createClauses();
  const compiled = compilePredicate(plan.predicate, clauses);
  clauses.next();
  if (outcome !== compiled(EVENT)) throw new Error('the matcher differs');
  if (outcome !== evaluate(JSON.parse(JSON.stringify(plan.predicate)), EVENT))
    throw new Error('a written plan differs');
  const spaced = compileKuery(`\n ${text}\t`, { now: 0 });
  if (spaced.plan === undefined || outcome !== evaluate(spaced.plan.predicate, EVENT))
    throw new Error('white space changes the meaning');
}

function applyEdit(text: string, { at, cut, piece }: { at: number; cut: number; piece: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + piece + text.slice(start + cut);
}
