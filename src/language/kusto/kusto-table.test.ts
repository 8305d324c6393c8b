import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from './kusto-table.ts';
import { relationText } from './table/plan-text.fixture.ts';
import { HOUSE_FUNCTIONS, TABLES } from './table/schema.fixture.ts';
import { TABLE_OPERATORS } from './table/support.fixture.ts';

const compile = (text: string, settled: readonly SettledColumns[] = []): Promise<CompiledTable> =>
  compileKustoTable(text, { tables: TABLES, functions: HOUSE_FUNCTIONS, settled });

describe.each(TABLE_OPERATORS)('$what', ({ cases }) => {
  test.each(Object.entries(cases))('%s', async (query, expected) => {
    const { plan, diagnostics } = await compile(query);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan && shown(plan)).toBe(expected);
  });
});

function shown({ relation, isOrdered, render }: NonNullable<CompiledTable['plan']>): string {
  const hint = render === undefined ? '' : `, ${render.chart} ${JSON.stringify(render.properties)}`;
  const names = relation.columns.map(({ name }) => name).join(' ');
  return `${relationText(relation)} => ${names}${isOrdered ? ', ordered' : ''}${hint}`;
}

/** Query → what is wrong: the code, and the place. */
const REFUSALS: Readonly<Record<string, string>> = {
  'Event | count': 'kusto-table-unknown Event',
  'Events | where Nam == "x"': 'kusto-name-unknown Nam',
  'Events | where Name > 5m': 'kusto-type >',
  'Events | fork (count) (take 1)': 'kusto-unsupported fork (count) (take 1)',
  'Events | evaluate basket()': 'kusto-unsupported basket',
  'Events | partition by Name { Logs | take 1 }': 'kusto-unsupported { Logs | take 1 }',
  'Events | make-series count() on Time in range(ago(1d), now(), 1h)': 'kusto-unsupported in range(ago(1d), now(), 1h)',
  'declare query_parameters(a:long = 1); print 1': 'kusto-unsupported declare query_parameters(a:long = 1)',
  'database("x").Events | count': 'kusto-unsupported database("x").Events',
  'Events | join Logs on Time | where ingestion_time() > ago(1d)': 'kusto-unsupported ingestion_time()',
  'Events | where extent_id() == guid(null)': 'kusto-unsupported extent_id',
  'Events | extend N = row_number()': 'kusto-type row_number',
  'Events | serialize | summarize max(prev(Pid))': 'kusto-type prev',
  'Events | serialize P = prev(Pid, 0)': 'kusto-type 0',
  'Events | serialize | scan with (step s: prev(Pid) > 1;)': 'kusto-type prev',
  'Events | where Bag.a == Bag.b': 'kusto-type Bag.a == Bag.b',
  'Events | extend X = Bag.a * Bag.b': 'kusto-type Bag.a * Bag.b',
  'Events | extend X = floor(Score)': 'kusto-syntax floor',
  'Events | extend X = coalesce(Pid, 2.5)': 'kusto-type 2.5',
  'Events | extend X = extract_all(@"a", Name)': 'kusto-type @"a"',
  'Events | where Name matches regex "("': 'kusto-regex "("',
  'Events | extend X = format_datetime(Time, "yyyy-MM-ddTHH")': 'kusto-type "yyyy-MM-ddTHH"',
  'Events | extend X = format_datetime(Time, "hh t")': 'kusto-type "hh t"',
  'Events | extend X = make_datetime("2020-01-01")': 'kusto-type make_datetime',
  'Events | extend X = round(Pid, -1)': 'kusto-unsupported -1',
  'Events | make-series kind=nonempty count() on Time step 1d': 'kusto-unsupported nonempty',
  'print 9223372036854775808': 'kusto-literal 9223372036854775808',
  'print datetime(soon)': 'kusto-literal datetime(soon)',
  'Events | extend X = geo_h3cell_level("x")': 'kusto-unsupported geo_h3cell_level',
  'Events | extend X = punycode_to_string("x")': 'kusto-function-unsupported punycode_to_string',
  'Events | extend X = nonsense(1)': 'kusto-function-unknown nonsense',
  'Events | join Logs on $left.Name > $right.Host': 'kusto-syntax $left.Name > $right.Host',
  'union isfuzzy=true Nope, Neither': 'kusto-table-unknown union isfuzzy=true Nope, Neither',
  'print series_decompose(dynamic([1, 2]))': 'kusto-unsupported series_decompose',
  'print series_seasonal(dynamic([1, 2]), -1)': 'kusto-unsupported -1',
  'print (a, b) = series_decompose_anomalies(dynamic([1, 2]), 1.5)': 'kusto-unsupported series_decompose_anomalies',
  'print (a, b) = series_decompose_anomalies(dynamic([1, 2]), 1.5, -1, "linefit")': 'kusto-unsupported -1',
  'print series_outliers(dynamic([1, 2]), "ctukey", 0, 5, 95)': 'kusto-unsupported 5',
  'print geo_info_from_ip_address("192.0.2.1")': 'kusto-unsupported geo_info_from_ip_address',
  'Events | summarize N = count(), Five = 5 by Name': 'kusto-unsupported Five = 5',
  'Events | summarize hll(Pid)': 'kusto-function-unsupported hll',
  'let f = (x:long) { toscalar(Events | where Pid > x | count) }; Events | extend N = f(Pid)': 'kusto-unsupported Pid',
  'let f = (name:string) { table(strcat(name, "s")) | count }; f("Event")': 'kusto-unsupported strcat(name, "s")',
  'let f = (name:string) { table(name) | count }; f("Nope")': 'kusto-table-unknown name',
  'let f = (name:string) { table(name) | where Nope > 1 }; f("Events")': 'kusto-name-unknown Nope',
  'let f = (name:string) { table(name) | where Name > 1d }; f("Events")': 'kusto-type >',
  'let g = (name:string) { table(name) | where Nope > 1 }; let f = (t:string) { g(t) | count }; f("Events")':
    'kusto-name-unknown Nope',
  'union withsource=Name Events, Logs': 'kusto-unsupported Name',
  'find withsource=Text in (Logs) where Host == "x"': 'kusto-unsupported Text',
  'let f = (b:dynamic) { print b = b | evaluate bag_unpack(b) }; f(dynamic({}))':
    'kusto-unsupported evaluate bag_unpack(b)',
  'let f = () { print x = 1 | where y > 1 }; f()': 'kusto-name-unknown y',
  '': 'kusto-syntax ',
};

test.each(Object.entries(REFUSALS))('%s', async (query, expected) => {
  const { plan, diagnostics } = await compile(query);
  expect(plan).toBeUndefined();
  const said = diagnostics.map(({ code, span }) => `${code} ${query.slice(span.start, span.end)}`);
  expect(said).toContain(expected);
});

test('numbers of different types become the wider one', async () => {
  const { plan } = await compile('Events | project iff(Pid > 1, Pid, 2.5), max_of(1, 2.5), coalesce(int(1), Pid)');
  expect(plan && relationText(plan.relation)).toBe(
    'Events | project Column1=iff(>(Pid, 1), toreal(Pid), 2.5r), Column2=max_of(1r, 2.5r), Column3=coalesce(1, Pid)',
  );
});

test('functions of one’s own take values of the row, as the types that they declare', async () => {
  const { plan } = await compile(
    'let half = (x:real) { x / 2 }; let both = (a:string, b:string = "z") { strcat(a, b) }; Events | project half(Pid), half(half(Score)), both(Name), both(b = Name, a = "n")',
  );
  expect(plan && relationText(plan.relation)).toBe(
    'Events | project Column1=/(toreal(Pid), 2), Column2=/(/(Score, 2), 2), Column3=strcat(Name, "z"), Column4=strcat("n", Name)',
  );
});

test('what is only odd is warned of', async () => {
  const { plan, diagnostics } = await compile('set notruncation; union isfuzzy=true Logs, Nope');
  expect(plan).toBeDefined();
  expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning kusto-warning',
    'warning kusto-warning',
  ]);
});

test('columns that follow from the rows are asked for, and the query is bound with them', async () => {
  const query = 'Events | evaluate bag_unpack(Bag) | where a > 1 | summarize count() by b';
  const first = await compile(query);
  expect(first.plan).toBeUndefined();
  expect(first.unsettled).toMatchObject({ plugin: 'bag_unpack', isSettled: false });
  expect(first.unsettled?.columns.map(({ name }) => name)).toEqual(['Time', 'Name', 'Pid', 'Score']);
  const columns = [
    { name: 'Name', type: 'string' },
    { name: 'a', type: 'long' },
    { name: "it's \\ b", type: 'real' },
    { name: 'b', type: 'string' },
  ] as const;
  const span = first.unsettled?.span ?? { start: 0, end: 0 };
  const second = await compile(query, [{ span, columns }]);
  expect(second.diagnostics).toEqual([]);
  expect(second.plan?.relation.columns).toEqual([
    { name: 'b', type: 'string' },
    { name: 'count_', type: 'long' },
  ]);
  // Places stay those of the text.
  const wrong = await compile(`${query} | where nope > 1`, [{ span, columns }]);
  expect(wrong.diagnostics.map(({ span: place }) => `${query} | where nope > 1`.slice(place.start, place.end))).toEqual(
    ['nope'],
  );
});

test('a plan is frozen data that survives being sent, and says where its parts stand', async () => {
  const query = 'let f = (n:long) { Events | where Pid > n }; f(2) | extend X = toupper(Name)';
  const { plan } = await compile(query);
  expect(structuredClone(plan)).toEqual(plan);
  const project = plan?.relation;
  expect(Object.isFrozen(project)).toBe(true);
  if (project?.kind !== 'project' || project.input.kind !== 'filter') throw new Error('another plan');
  const text = ({ start, end }: { start: number; end: number }) => query.slice(start, end);
  expect(text(project.values.at(-1)?.value.span ?? { start: 0, end: 0 })).toBe('toupper(Name)');
  expect(text(project.input.condition.span)).toBe('Pid > n');
});

test('what grows when it is put together is refused', async () => {
  const doubling = Array.from({ length: 40 }, (_, at) => `let a${at + 1} = a${at} + a${at};`).join(' ');
  const { diagnostics } = await compile(`let a0 = 1; ${doubling} print a40`);
  expect(diagnostics.map(({ code }) => code)).toEqual(['kusto-too-deep']);
});

test('any sequence of pieces is answered', async () => {
  const pieces = Object.values(TABLE_OPERATORS).flatMap(({ cases }) =>
    Object.keys(cases).flatMap((query) => query.split(' ')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), async (chosen) => {
      const { plan, unsettled, diagnostics } = await compile(chosen.join(' '));
      const isRefused = diagnostics.some(({ severity }) => severity === 'error');
      expect(isRefused).toBe(plan === undefined && unsettled === undefined);
    }),
    { numRuns: runs(60) },
  );
}, 60_000);
