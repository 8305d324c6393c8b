/**
 * Whole queries in Kusto, run: over rows that they write themselves DuckDB gives what the reference gives, whatever texts
 * and names hold; real ones with pieces changed end with a table or a diagnostic, within their limits, and with nothing
 * of a file outside the folder that they may read.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { kustoEvents } from '../../bench/kusto-events.ts';
import { QUESTIONS } from '../../bench/kusto-questions.ts';
import { externalFiles } from '../../src/engine/tables/external-files.ts';
import { compileTableQuery, runQueryOverStore, type TableQueryOptions } from '../../src/engine/tables/run-query.ts';
import type { Cell, Row } from '../../src/plan/relation/cell.ts';
import { evaluateRelation } from '../../src/plan/relation/evaluate-relation.ts';
import { LooseEvents } from '../../src/store/segments/loose-events.ts';

/** Milliseconds of a run, and of processor time that one may take with its compiling; a busy machine costs none. */
const TIME = 4_000;
/** Where an answer is expected: of a clock on the wall, which a busy machine holds up. */
const PATIENT = 120_000;
const SLOW = 20_000;
const LIMITS = { rows: 5_000, staged: 5_000, characters: 1_000_000 };
const DUCK = { threads: 1, memoryMb: 128 };
const NOW = BigInt(Date.UTC(2026, 0, 16)) * 10_000n;
const EVENTS = 300;
const SECRET = 'canary-d41d8cd9';

// --- Queries over rows of their own ----------------------------------------------------------------------------------

const TEXTS = [
  "it's",
  '"',
  "';DROP TABLE events;--",
  '/*',
  '*/',
  '\\',
  '\0',
  '$1',
  '%_',
  'ſK',
  'İ',
  '😀',
  '',
  'a',
  'A b',
  '7',
];
const NAMES = ['S', 's', 'a"b', "c'd", '--', '#row', '#n1', 'x;y', 'ſ', 'select', '1', '/*'];
const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme', maxLength: 4 }));
const written = (value: string) => `"${[...value].map(escaped).join('')}"`;
const nameText = (name: string) => `['${[...name].map(escaped).join('')}']`;

/** A sign as Kusto's texts write it. */
function escaped(sign: string): string {
  if (sign === "'" || sign === '"' || sign === '\\') return `\\${sign}`;
  const code = sign.codePointAt(0) ?? 0;
  return code < 32 || code === 127 || code === 0x2028 || code === 0x2029 || code === 0x85
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : sign;
}

const LONG = nameText('L');
const TEXT = nameText('t\'x"t');
const TRUTH = nameText('B');
const MOMENT = nameText('T');
const BAG = nameText('D--');
const COLUMNS = `${LONG}: long, ${TEXT}: string, ${TRUTH}: bool, ${MOMENT}: datetime, ${BAG}: dynamic`;
const row = fc
  .record({
    long: fc.oneof(fc.constant('long(null)'), fc.integer({ min: -3, max: 3 }).map(String)),
    text: text.map(written),
    truth: fc.constantFrom('true', 'false', 'bool(null)'),
    moment: fc.constantFrom('datetime(null)', 'datetime(2026-01-15 01:02:03.0000001)', 'datetime(1999-12-31)'),
    bag: fc.constantFrom('dynamic(null)', 'dynamic([1,"b",null])', 'dynamic({"a":1,"b\'":"x"})', 'dynamic("s")'),
  })
  .map((cells) => Object.values(cells).join(', '));

const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('==', '!=', '=~', 'contains', 'has', 'startswith', 'endswith_cs', 'hasprefix', '!has'), text)
    .map(([operator, value]) => `${TEXT} ${operator} ${written(value)}`),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((values) => `${TEXT} in~ (${values.map(written).join(', ')})`),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((values) => `${TEXT} has_any (${values.map(written).join(', ')})`),
  fc.integer({ min: -3, max: 3 }).map((value) => `${LONG} > ${value}`),
  fc.constantFrom(TRUTH, `isnull(${LONG})`, `isempty(${TEXT})`, `not(${TRUTH})`, `${MOMENT} < datetime(2020-01-01)`),
);
const anyCondition = fc
  .tuple(condition, fc.constantFrom(' and ', ' or '), condition)
  .map(([one, word, other]) => one + word + other);
const value = fc.oneof(
  text.map((piece) => `strcat(${TEXT}, ${written(piece)})`),
  text.map((piece) => `replace_string(${TEXT}, "a", ${written(piece)})`),
  text.map((piece) => `tostring(split(${TEXT}, ${written(piece === '' ? 'a' : piece)})[0])`),
  fc.constantFrom(
    `tolower(${TEXT})`,
    `strlen(${TEXT})`,
    `substring(${TEXT}, 1, 2)`,
    `${LONG} * 2 + 1`,
    `iff(${TRUTH}, ${LONG}, 0)`,
    `bin(${LONG}, 2)`,
    `tostring(${BAG}[0])`,
    `tostring(${BAG}.a)`,
    `tostring(${BAG})`,
    `array_length(${BAG})`,
    `coalesce(${LONG}, 5)`,
    `case(${TRUTH}, "x", ${LONG} > 0, ${TEXT}, "z")`,
    `startofday(${MOMENT})`,
    `${MOMENT} + 1h`,
    `extract(@"(\\w)\\W?", 1, ${TEXT})`,
    `toint(${TEXT})`,
  ),
);
const sorted = `sort by ${LONG} asc, ${TEXT} asc, ${TRUTH} asc, ${MOMENT} asc, tostring(${BAG}) asc`;
/** Each keeps the columns that the others name. */
const step = fc.oneof(
  anyCondition.map((test) => `where ${test}`),
  fc.tuple(fc.constantFrom(...NAMES), value).map(([name, given]) => `extend ${nameText(name)} = ${given}`),
  fc.integer({ min: 0, max: 5 }).map((count) => `${sorted} | take ${count}`),
  fc.constantFrom(
    `${sorted} | extend ${nameText('n"')} = row_number()`,
    `${sorted} | extend Before = prev(${TEXT})`,
    `mv-expand ${nameText('e;')} = ${BAG}`,
    `parse ${TEXT} with "a" ${nameText("p'")}`,
  ),
);
const last = fc.oneof(
  fc.constant('project-reorder *'),
  fc
    .constantFrom(...NAMES)
    .map((name) => `summarize ${nameText(name)} = count(), Least = min(${LONG}) by ${TEXT}, ${TRUTH}`),
  anyCondition.map((test) => `summarize Some = countif(${test}), Sum = sum(${LONG})`),
  fc.constant(`project ${TEXT}, ${LONG} | distinct *`),
  fc
    .constantFrom('inner', 'leftouter', 'leftanti', 'rightsemi', 'fullouter')
    .map((kind) => `join kind=${kind} (rows | project ${TEXT}, Other = ${LONG}) on ${TEXT}`),
  fc.constant('union (rows | where isnotnull(L))'),
);
const ownQuery = fc
  .tuple(fc.array(row, { maxLength: 8 }), fc.array(step, { maxLength: 4 }), last)
  .map(([rows, steps, end]) => {
    const table = `let rows = datatable(${COLUMNS})[${rows.join(', ')}];`;
    return `${table}\n${['rows', ...steps, end].join('\n| ')}`;
  });

export async function fuzzKustoTables(seconds: number, seed: number): Promise<{ runs: number }> {
  return withStore((options) =>
    checked(ownQuery, seconds, seed, async (query) => {
      const { answer, plan, diagnostics } = await runWithin(query, { ...options, timeMs: PATIENT });
      if (answer === undefined || plan === undefined) {
        const told = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
        throw new Error(`refused: ${told.join(' ')}`);
      }
      const expected = evaluateRelation(plan.relation, { now: NOW, tables: () => [], external: () => [] });
      const [given, wanted] = [answer.rows, expected].map((rows) => rows.map(shown).sort());
      if (JSON.stringify(given) !== JSON.stringify(wanted))
        throw new Error(`DuckDB gives\n${given?.join('\n')}\nand the reference\n${wanted?.join('\n')}`);
    }),
  );
}

function shown(cells: Row): string {
  return JSON.stringify(cells.map((cell: Cell) => (typeof cell === 'bigint' ? `${cell}n` : cell)));
}

// --- Real queries with pieces changed --------------------------------------------------------------------------------

const PATHS = [
  '../secret.csv',
  '/etc/passwd',
  'link.csv',
  'in.csv',
  'file:///etc/passwd',
  'https://example.com/x',
  '..%2fsecret.csv',
  'a/../../secret.csv',
  '\\\\host\\x',
  '',
];
const REAL = [
  ...QUESTIONS.map(({ kusto }) => kusto),
  ...PATHS.map((path) => `externaldata(a: string, b: long)[@"${path}"] with (format="csv") | take 5`),
  'range x from 1 to 100000000 step 1 | summarize sum(x)',
  'range x from 1 to 3000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 3000 step 1 | extend k = 1) on k | count',
  'imProcessCreate | extend d = parse_json(CommandLine) | mv-apply d on (summarize count()) | evaluate narrow()',
  'imNetworkSession | make-series count() on TimeGenerated step 1h by DvcHostname | render timechart',
  'search "nginx" | take 3',
];
const PIECES = [
  ...REAL.flatMap((query) => query.split(/\s+/)),
  ...['"', "'", '""', "');", '--', '/*', ';', '\0', '\ud800', '😀', '0', '-1', '9223372036854775807', 'long(null)'],
  ...['1e308', '[0]', '.a', '["\'"]', 'dynamic([[[1]]])', "read_csv('/etc/passwd')", 'by', '*', '| take 0', '(', ')'],
];
const changedQuery = fc
  .tuple(
    fc.constantFrom(...REAL),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2), fc.constantFrom(...PIECES)), {
      maxLength: 4,
    }),
  )
  .map(([start, changes]) => {
    const words = start.split(/(\s+)/);
    for (const [place, cut, piece] of changes) words.splice(Math.floor(place * words.length), cut, piece);
    return words.join('');
  });

export async function fuzzKustoRuns(seconds: number, seed: number): Promise<{ runs: number }> {
  return withStore((options) =>
    checked(changedQuery, seconds, seed, async (query) => {
      const { answer, diagnostics } = await runWithin(query, options);
      if ((answer === undefined) !== diagnostics.some(({ severity }) => severity === 'error'))
        throw new Error('neither an answer nor an error');
      const told = answer?.rows.map(shown).join() ?? '';
      if (told.includes(SECRET) || told.includes('root:x:')) throw new Error('read a file that it must not read');
    }),
  );
}

// --- Both ------------------------------------------------------------------------------------------------------------

type Options = TableQueryOptions & { readonly store: LooseEvents };

async function withStore<T>(action: (options: Options) => Promise<T>): Promise<T> {
  const outside = mkdtempSync(join(tmpdir(), 'vedette-fuzz-'));
  const folder = join(outside, 'allowed');
  mkdirSync(folder);
  writeFileSync(join(outside, 'secret.csv'), `${SECRET},1\n`);
  writeFileSync(join(folder, 'in.csv'), 'inside,1\n');
  symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'));
  const store = new LooseEvents(DUCK);
  try {
    for (const event of kustoEvents(EVENTS)) store.append(event);
    await store.seal();
    return await action({ store, now: NOW, limits: LIMITS, timeMs: TIME, external: externalFiles(folder) });
  } finally {
    await store.close();
    rmSync(outside, { recursive: true, force: true });
  }
}

async function runWithin(query: string, options: Options): ReturnType<typeof runQueryOverStore> {
  const began = process.cpuUsage();
  const result = await runQueryOverStore(query, options);
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1_000;
  if (took > SLOW) throw new Error(`took ${Math.round(took)} ms of processor time`);
  return result;
}

async function checked(
  queries: fc.Arbitrary<string>,
  seconds: number,
  seed: number,
  check: (query: string) => Promise<void>,
): Promise<{ runs: number }> {
  // When the time is up a run may be under way, and a thread that ends within one of DuckDB's calls ends the process.
  let underWay: Promise<void> = Promise.resolve();
  const property = fc.asyncProperty(queries, (query) => {
    underWay = check(query);
    return underWay;
  });
  // Kusto's parser takes seconds to start, which is not what is timed.
  await compileTableQuery('print 1', {});
  const [first = ''] = fc.sample(queries, { seed, numRuns: 1 });
  await check(first);
  const result = await fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  await underWay.catch(() => {});
  // Without any run in its time fast-check reports a failure, too.
  if (result.failed && result.counterexample !== null)
    throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: 1 + result.numRuns };
}
