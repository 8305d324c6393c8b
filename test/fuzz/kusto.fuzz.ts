/**
 * Kusto texts of any content: compiling must not throw or hang, and must keep its promises: a plan or an error, places
 * inside the text, plans that serialise, mean the same when they are read again, and evaluate.
 */
import fc from 'fast-check';
import { documentSource, Event } from '../../src/event/event.ts';
import { compileKusto } from '../../src/language/kusto/kusto.ts';
import { BARE, FULL, FUNCTIONS, OPERATORS } from '../../src/language/kusto/support.fixture.ts';
import { evaluate, evaluateValue } from '../../src/plan/predicate/evaluate.ts';

const CONDITIONS = [...OPERATORS, ...FUNCTIONS].flatMap(({ cases }) => Object.keys(cases));
const PIECES = [
  ...CONDITIONS,
  ...CONDITIONS.flatMap((condition) => condition.split(/(?=[ (),"])|(?<=[ (),"])/)),
  ...[
    '| where ',
    '| extend x = ',
    '| project ',
    '| take ',
    '| count',
    '| summarize count() by User',
    'let a = ',
    ';',
    'imProcessCreate',
    '_Im_ProcessCreate()',
  ],
  ...[
    'dynamic([',
    '])',
    'x',
    'a',
    '==',
    'null',
    'int(null)',
    'real(nan)',
    '1e400',
    '-',
    '1d',
    '```',
    '@"',
    "h'",
    '\\',
    '\0',
    '𝒳',
    '//',
    '\n',
    '9223372036854775808',
    '[0]',
    '.b',
  ],
];

/** Milliseconds of processor time that one text may take, in the parser's thread, too. */
const SLOW = 8_000;

const events = [FULL, BARE].map(
  (document) =>
    new Event({
      time: { ms: 0, ticks: 0 },
      source: documentSource(document),
      raw: new Uint8Array(),
      format: 'fuzz',
      dataStreams: [],
    }),
);

export async function fuzzKusto(seconds: number, seed: number): Promise<{ runs: number }> {
  const sound = fc
    .array(fc.tuple(fc.constantFrom(...CONDITIONS), fc.constantFrom(' and ', ' or ', '\n| where ')), {
      minLength: 1,
      maxLength: 4,
    })
    .map(
      (parts) =>
        `imProcessCreate | where ${parts.map(([condition], at) => (at === 0 ? '' : (parts[at - 1]?.[1] ?? '')) + condition).join('')}`,
    );
  const edits = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      piece: fc.constantFrom(...PIECES),
      times: fc.constantFrom(1, 1, 1, 50),
    }),
    { maxLength: 4 },
  );
  const text = fc.tuple(fc.oneof(sound, fc.constant('')), edits).map(([start, changes]) =>
    changes.reduce((before, { at, cut, piece, times }) => {
      const place = Math.floor(at * before.length);
      return before.slice(0, place) + piece.repeat(times) + before.slice(place + cut);
    }, start),
  );
  // The parser takes seconds to start, which is not what is timed.
  await compileKusto('imProcessCreate');
  const result = await fc.check(fc.asyncProperty(text, check), {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: result.numRuns };
}

async function check(text: string): Promise<void> {
  const began = process.cpuUsage();
  const { plan, output, diagnostics } = await compileKusto(text);
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1_000;
  if (took > SLOW) throw new Error(`took ${Math.round(took)} ms of processor time`);
  for (const { span, code } of diagnostics) {
    if (span.start < 0 || span.end < span.start || span.end > text.length)
      throw new Error(`${code} is outside the text`);
    if (code === 'kusto-parser') throw new Error('the parser broke');
  }
  if ((plan === undefined) !== diagnostics.some(({ severity }) => severity === 'error'))
    throw new Error('neither a plan nor an error');
  if (plan === undefined) return;
  const again = JSON.parse(JSON.stringify(plan.predicate)) as typeof plan.predicate;
  for (const event of events) {
    if (evaluate(plan.predicate, event) !== evaluate(again, event))
      throw new Error('a plan means something else when it is read again');
    for (const { value } of [...(output?.columns ?? []), ...(output?.extended ?? [])]) evaluateValue(value, event);
  }
}
