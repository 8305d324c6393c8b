/**
 * What one query may take: time, memory, rows; whoever gives up is heard also while this thread computes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { LooseEvents } from '../../store/segments/loose-events.ts';
import { compileTableQuery, runPlanOverStore, runQueryOverStore, type TableQueryOptions } from './run-query.ts';

let store: LooseEvents;
let large: LooseEvents;

beforeAll(() => {
  store = new LooseEvents({ threads: 1, memoryMb: 24 });
  large = new LooseEvents({ threads: 1, memoryMb: 512 });
});

afterAll(() => Promise.all([store.close(), large.close()]));

/** Half a minute of work for an operator without SQL, with so few rows at a time that no other limit ends it before. */
const LONG = `range x from 1 to 50000 step 1
  | mv-apply d = range(1, 1000, 1) to typeof(long) on (summarize s = sum(d))`;

test('time is up while the query is understood', async () => {
  const [told] = await findings('range x from 1 to 2 step 1', { timeMs: 1 });
  expect(told?.code).toBe('kusto-time');
  expect(told?.hint).toContain('hunts.seconds');
});

test('a query whose tables double is understood, and its time is up while it runs', async () => {
  const doubled = Array.from({ length: 40 }, (_, at) => `let a${at + 1} = union a${at}, a${at};`);
  const query = ['let a0 = print x = 1;', ...doubled, 'a40 | count'].join('\n');
  expect((await findings(query, { timeMs: 3_000 })).map(({ code }) => code)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^kusto-(time|memory)$/)]),
  );
});

/** @throws {TableRefusal} where its time is up: running alone has so much. */
async function ranFor(query: string, timeMs: number): Promise<void> {
  const { plan } = await compileTableQuery(query, {});
  if (plan === undefined) throw new Error('no plan');
  await runPlanOverStore(plan, { store, now: 0n, timeMs });
}

test('time is up while this thread computes', async () => {
  await expect(ranFor(LONG, 1)).rejects.toMatchObject({
    code: 'kusto-time',
    hint: expect.stringContaining('hunts.seconds'),
  });
});

test('of operators whose rows look at each other, too', async () => {
  const rows = 'range x from 1 to 20000 step 1 | sort by x asc';
  for (const operator of [
    'partition by x (where x > 0)',
    'scan declare (n:long) with (step s: true => n = s.n + 1;)',
    'make-series count() on x from 0 to 20000 step 1 by y = x % 50',
  ]) {
    await expect(ranFor(`${rows} | ${operator}`, 1)).rejects.toMatchObject({ code: 'kusto-time' });
  }
});

test('giving up is heard while this thread computes', async () => {
  const giving = new AbortController();
  // The parser is there already: the query is under way when the clock has gone round once.
  const asked = answer(LONG, { signal: giving.signal });
  setTimeout(() => giving.abort(new Error('Given up.')), 50);
  await expect(asked).rejects.toThrow('Given up.');
});

test('memory', async () => {
  const query = `range x from 1 to 80000 step 1 | summarize l = make_list(strcat(x, strrep("y", 500)))`;
  const [told] = await findings(query);
  expect(told?.code).toBe('kusto-memory');
  expect(told?.hint).toContain('hunts.megabytes');
});

test('more parts than DuckDB takes', async () => {
  const [told] = await findings(`union ${Array.from({ length: 1_200 }, () => '(print 1)').join(', ')}`);
  expect(told?.code).toBe('kusto-refused');
  expect(told?.message).toContain('more parts than can be run');
});

test('a group that is handed over whole: by its rows, and by its texts', async () => {
  const long = `strcat(${Array.from({ length: 20 }, () => 'strrep("x", 1000)').join(', ')})`;
  const texts = `range x from 1 to 3500 step 1 | summarize make_bag(bag_pack("a", strcat(${long}, x)))`;
  expect((await findings(texts, { store: large }))[0]?.code).toBe('kusto-memory');
  const query = 'range x from 1 to 1000001 step 1 | summarize make_bag(bag_pack("a", x))';
  const [told] = await findings(query, { store: large });
  expect(told?.code).toBe('kusto-memory');
  expect(told?.message).toContain('make_bag');
});

test('rows and values that operators without SQL make', async () => {
  const limits = { rows: 100, staged: 1_000 };
  const many = 'print d = range(1, 400, 1) | mv-apply d to typeof(long) on (mv-expand e = range(1, 10, 1))';
  expect((await findings(many, { limits }))[0]?.message).toContain('gives more than 2000 rows');
  const series = 'range x from 1 to 50 step 1 | make-series count() on x from 0 to 10000 step 1 by y = x';
  expect((await findings(series, { limits }))[0]?.message).toContain('gives more than 40000 values');
});

type Options = Partial<TableQueryOptions> & { readonly store?: LooseEvents };

function answer(query: string, options: Options = {}) {
  return runQueryOverStore(query, { now: 0n, store, ...options });
}

async function findings(query: string, options: Options = {}): Promise<readonly Diagnostic[]> {
  const { answer: given, diagnostics } = await answer(query, options);
  expect(given).toBeUndefined();
  return diagnostics;
}
