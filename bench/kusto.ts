/**
 * What questions in Kusto take over stored events, beside hand-written SQL for the same ones (`kusto-questions.ts`).
 *
 *   node bench/kusto.ts [--events 2000000] [--rounds 5] [--only WORDS] [--folder DIR] [--json]
 *
 *   events ──store──▶ segments ─┬─ Kusto ──compiled once──▶ plan ──▶ rows ─┐
 *                               └─ SQL ────────────────────────────▶ rows ─┴─▶ equal? processor time of each
 *
 * Time is the processor time of the process, all threads, since other work on the machine counts little there; that is
 * also where calls back into JavaScript show. Rounds are interleaved, the first only warms up, the median counts. Exits
 * with 1 where rows differ. `--folder` keeps the events for the next time.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileTableQuery, type RangeReader, runPlanOverStore } from '../src/engine/tables/run-query.ts';
import { openEventReader, openSegments } from '../src/store/open-event-store.ts';
import { kustoEvents } from './kusto-events.ts';
import { QUESTIONS, type Question } from './kusto-questions.ts';

interface Measured {
  readonly question: string;
  readonly rows: number;
  readonly isSame: boolean;
  /** Milliseconds of the processor. */
  readonly sql: number;
  readonly kusto: number;
  readonly ratio: number;
}

const BATCH = 5_000;
const LIMITS = { threads: 2, memoryMb: 1_024 };
/** The events are of the past, and none may go. */
const KEPT = { keepMs: 100 * 365 * 24 * 3_600_000, maxBytes: 100 * 1024 ** 3 };
/** `now()`: after all events. */
const NOW = BigInt(Date.UTC(2026, 0, 16)) * 10_000n;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'vedette-bench-'));
try {
  if (!existsSync(join(folder, 'events'))) await fill(folder, Number(values.events));
  const reader = await openEventReader(folder, LIMITS);
  if (reader === undefined) throw new Error(`no events in ${folder}`);
  const { events } = await reader.status();
  const rows: Measured[] = [];
  for (const question of QUESTIONS.filter(({ name }) => name.includes(values.only ?? '')))
    rows.push(await measure(question, reader, Math.max(1, Number(values.rounds))));
  await reader.close();
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  if (values.json) console.log(JSON.stringify({ machine, events, rows }, null, 2));
  else console.log(`${machine}; ${events.toLocaleString('en-US')} events`);
  if (rows.some(({ isSame }) => !isSame)) process.exitCode = 1;
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

async function fill(into: string, count: number): Promise<void> {
  const { store } = await openSegments(into, { limits: KEPT });
  let batch = [];
  for (const event of kustoEvents(count)) {
    batch.push(event);
    if (batch.length < BATCH) continue;
    await store.append(batch);
    batch = [];
  }
  await store.append(batch);
  while (await store.prune(0));
  await store.close();
}

async function measure(question: Question, store: RangeReader, rounds: number): Promise<Measured> {
  const { plan, diagnostics } = await compileTableQuery(question.kusto, {});
  if (plan === undefined) throw new Error(`${question.name}: ${diagnostics.map(({ message }) => message).join(' ')}`);
  const byKusto = async () => (await runPlanOverStore(plan, { store, now: NOW })).rows;
  const bySql = () =>
    store.withRange({}, async (connection) => (await connection.runAndReadAll(question.sql)).getRows());
  const times: Record<'sql' | 'kusto', number[]> = { sql: [], kusto: [] };
  let expected: readonly string[] = [];
  let isSame = true;
  for (let round = 0; round <= rounds; round += 1) {
    // In turn first: whoever comes second clears away after the other.
    const isSqlFirst = round % 2 === 0;
    const first = await timed(isSqlFirst ? bySql : byKusto);
    const second = await timed(isSqlFirst ? byKusto : bySql);
    const [sql, kusto] = isSqlFirst ? [first, second] : [second, first];
    if (round === 0) {
      expected = shown(sql.rows, question);
      const given = shown(kusto.rows, question);
      const differing = expected.findIndex((row, at) => row !== given[at]);
      isSame = differing === -1 && expected.length === given.length;
      if (!isSame)
        console.error(`${question.name}: ${expected.length} rows by SQL, ${given.length} by Kusto, the first to differ:
  ${expected[differing]}\n  ${given[differing]}`);
      continue;
    }
    times.sql.push(sql.ms);
    times.kusto.push(kusto.ms);
  }
  const [sql, kusto] = [median(times.sql), median(times.kusto)];
  const measured = { question: question.name, rows: expected.length, isSame, sql, kusto, ratio: round2(kusto / sql) };
  const columns = [expected.length, sql, kusto, measured.ratio.toFixed(2)].map((cell) => String(cell).padStart(9));
  if (!values.json) console.log(`${question.name.padEnd(36)}${columns.join('')}${isSame ? '' : '  differs'}`);
  return measured;
}

type Rows = readonly (readonly unknown[])[];

async function timed(action: () => Promise<Rows>): Promise<{ readonly rows: Rows; readonly ms: number }> {
  const started = process.cpuUsage();
  const rows = await action();
  const { user, system } = process.cpuUsage(started);
  return { rows, ms: Math.round((user + system) / 1_000) };
}

/** JSON of each row; lists as such, whether they came as JSON or not. */
function shown(rows: Rows, { isOrdered }: Question): readonly string[] {
  const texts = rows.map((row) =>
    JSON.stringify(
      row.map((cell) => {
        if (typeof cell === 'bigint') return `${cell}`;
        if (typeof cell === 'string' && cell.startsWith('[')) return JSON.parse(cell) as unknown;
        return typeof cell === 'number' && Number.isInteger(cell) ? `${cell}` : cell;
      }),
    ),
  );
  return isOrdered === true ? texts : texts.sort();
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
