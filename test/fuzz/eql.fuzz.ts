/**
 * EQL texts of any content, events, sequences, samples and pipes: compiling must not throw or hang, and must keep its promises: a plan or an error, places
 * inside the text, plans that serialise, evaluate, and mean the same with other white space.
 *
 * Half of the texts follow the grammar (so that they get through to lowering), most of those are then damaged; some are
 * made long by repetition, because what is quadratic shows only there.
 */
import fc from 'fast-check';
import { renderDiagnostic } from '../../src/diagnostic/render.ts';
import { documentSource, Event } from '../../src/event/event.ts';
import { completeEql } from '../../src/language/eql/complete.ts';
import { compileEql } from '../../src/language/eql/eql.ts';
import { highlightEql } from '../../src/language/eql/highlight.ts';
import { hoverEql } from '../../src/language/eql/hover.ts';
import type { CorrelationPlan, EventPlan } from '../../src/plan/plan.ts';
import { evaluate, evaluateValue } from '../../src/plan/predicate/evaluate.ts';

const PIECES = [
  ...[
    'process',
    'where',
    'any',
    'and',
    'or',
    'not',
    'in',
    'in~',
    'like',
    'like~',
    'regex',
    'regex~',
    'null',
    'true',
    'of',
  ],
  ...[
    'sequence',
    'sample',
    'until',
    'by',
    'with',
    'maxspan=5m',
    'runs=3',
    'runs',
    'head',
    'tail 2',
    'length',
    'concat(',
    'substring(',
    'cidrMatch(',
    'endsWith~',
    'AND',
    'contains',
    'is',
    '?',
    '`a b`',
    '`',
    '@timestamp',
    '__proto__',
  ],
  ...[
    '==',
    '!=',
    '<',
    '>=',
    ':',
    '=',
    '=~',
    '&&',
    '||',
    '!',
    '+',
    '-',
    '*',
    '/',
    '%',
    '.',
    ',',
    '(',
    ')',
    '[',
    ']',
    '|',
    '![',
  ],
  ...['"x*"', '"(a|b"', '"\\u{1F600}"', '"\\x"', '"""raw"""', '"""', '"', "'a'", '?"a"', '//', '/*', '*/', '\n', '\t'],
  ...[
    '0',
    '1',
    '1.5',
    '.5',
    '1e400',
    '9007199254740993',
    '99999999999999999999',
    '\u0000',
    '\ud800',
    '😀',
    '\u202e',
    '“',
  ],
];

/** Seconds that one text may take: a text of 200,000 characters takes 0.2 on a slow machine. */
const SLOW = 5;

const EVENT = new Event({
  time: { ms: 0, ticks: 0 },
  source: documentSource({ 'event.category': ['process'], process: { name: 'Python3', pid: 7, args: ['a', 'b*'] } }),
  raw: new Uint8Array(),
  format: 'test',
  dataStreams: [],
});

export function fuzzEql(seconds: number, seed: number): { runs: number } {
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
    .map(([pieces, times]) => `any where ${pieces.join(' ').concat(' ').repeat(times)}`);
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

const CALLED = [
  ...['length', 'startsWith~', 'endsWith', 'stringContains', 'indexOf', 'substring', 'between~', 'concat', 'string'],
  ...['number', 'add', 'divide', 'modulo', 'cidrMatch', 'foo'],
];

const pipes = fc.constantFrom('', '', '| head 3', '| tail 1 + 1 | head 2', '| head -1', '| unique x');

const { query } = fc.letrec((tie) => {
  const field = fc.constantFrom(
    'process.name',
    'process.pid',
    'process.args',
    '?nowhere',
    '`a b`.c',
    'process.interactive',
    '@timestamp',
    'source.ip',
  );
  const literal = fc.constantFrom(
    '"Python3"',
    '"py*"',
    '"""a?"""',
    '7',
    '7.5',
    '-1',
    'true',
    'null',
    '9007199254740993',
    '"(a|b)~c"',
    '"now-1d/d"',
    '"10.0.0.0/8"',
  );
  const pattern = literal.filter((text) => text !== '-1');
  const expression = tie('expression') as fc.Arbitrary<string>;
  const value = fc.oneof(
    { maxDepth: 3 },
    field,
    literal,
    fc.tuple(field, fc.constantFrom('+', '-', '*', '/', '%'), literal).map((parts) => parts.join(' ')),
    expression.map((text) => `(${text})`),
  );
  const list = (item: fc.Arbitrary<string>) =>
    fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => `(${items.join(', ')})`);
  return {
    event: fc
      .tuple(fc.constantFrom('process where', 'any where', '"x" where'), expression)
      .map((parts) => parts.join(' ')),
    query: fc.oneof(
      { weight: 5, arbitrary: tie('event') as fc.Arbitrary<string> },
      { weight: 1, arbitrary: fc.tuple(tie('event'), pipes).map((parts) => parts.join(' ')) },
      { weight: 2, arbitrary: sequence(tie('event') as fc.Arbitrary<string>) },
    ),
    expression: fc.oneof(
      { maxDepth: 4 },
      field,
      fc.tuple(value, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), value).map((parts) => parts.join(' ')),
      fc
        .tuple(field, fc.constantFrom(':', 'like', 'like~', 'regex', 'regex~'), fc.oneof(pattern, list(pattern)))
        .map((parts) => parts.join(' ')),
      fc.tuple(field, fc.constantFrom('in', 'in~', 'not in', 'not in~'), list(value)).map((parts) => parts.join(' ')),
      expression.map((text) => `not (${text})`),
      fc.tuple(expression, fc.constantFrom('and', 'or'), expression).map((parts) => parts.join(' ')),
      fc.tuple(fc.constantFrom(...CALLED), list(value)).map(([name, args]) => name + args),
    ),
  };
}) as { query: fc.Arbitrary<string> };

/** `sequence` and `sample` with what may stand in them, most of it in its place. */
function sequence(event: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const by = fc.constantFrom('', '', 'by process.pid', 'by ?x, process.name');
  const term = fc
    .tuple(event, by, fc.constantFrom('', '', 'with runs=3', 'with runs=101'))
    .map(([query, keys, runs]) => `[${query}] ${keys} ${runs}`);
  return fc
    .tuple(
      fc.constantFrom('sequence', 'sequence', 'sample'),
      by,
      fc.constantFrom('', 'with maxspan=5m', 'with maxspan=1.5h'),
      fc
        .array(
          fc.oneof(
            term,
            term.map((text) => `!${text}`),
          ),
          { minLength: 1, maxLength: 4 },
        )
        .map((terms) => terms.join(' ')),
      fc.oneof(
        fc.constant(''),
        event.map((text) => `until [${text}]`),
      ),
      pipes,
    )
    .map((parts) => parts.join(' '));
}

function check(text: string): void {
  const began = performance.now();
  const { plan, diagnostics } = compileEql(text, { now: 0 });
  const took = (performance.now() - began) / 1000;
  const offset = text.length >> 1;
  completeEql(text, offset);
  hoverEql(text, offset);
  if (highlightEql(text).some(({ start, end }) => start > end || end > text.length)) throw new Error('a token outside');
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
  const outcome = outcomeOf(plan);
  if (outcome !== outcomeOf(JSON.parse(JSON.stringify(plan)))) throw new Error('a serialised plan differs');
  const spaced = compileEql(`\n/* x */ ${text}\t// y`);
  if (spaced.plan === undefined || outcomeOf(spaced.plan) !== outcome)
    throw new Error('white space changes the meaning');
}

/** What each event query of a plan says of the event, with the values of its keys. */
function outcomeOf(plan: EventPlan | CorrelationPlan): string {
  if (plan.kind === 'event') return String(evaluate(plan.predicate, EVENT));
  return JSON.stringify(
    plan.steps.map(({ predicate, keys }) => [
      evaluate(predicate, EVENT),
      keys.map(({ value }) => evaluateValue(value, EVENT)),
    ]),
  );
}

function applyEdit(text: string, { at, cut, piece }: { at: number; cut: number; piece: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + piece + text.slice(start + cut);
}
