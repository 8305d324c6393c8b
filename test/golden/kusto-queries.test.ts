/**
 * Hunting queries and analytics rules as people write them for Sentinel and Defender, over stored events.
 *
 *   events ──▶ a store ──▶ NAME.kql, the way a hunt goes ──┐
 *                     └──▶ NAME.sql, written by hand ──────┴──▶ the same rows
 *
 * `sample/` is asked of the repository's own capture, `captures/` of other people's: of each kind of event of each capture
 * the first hundred and what tells of the attack, by every second query; all of it in the long test. The SQL knows nothing
 * of the vocabulary: it reads documents, through the views of `views.sql`. Lines at the head of a query say what else
 * belongs to it:
 *
 *   // now: 2022-08-04T03:00:00Z     what now() is
 *   // rows: 12                      how many rows it has; of captures, where the first hundred are asked
 *   // any order: Users, set_Process columns of lists whose elements come in no order
 */
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { readEvents } from '../../src/engine/read-events.ts';
import { runQueryOverStore } from '../../src/engine/tables/run-query.ts';
import { writtenEvent } from '../../src/engine/written-event.ts';
import type { Json } from '../../src/event/json.ts';
import { toTime } from '../../src/plan/predicate/scalar.ts';
import type { Cell, ScalarType } from '../../src/plan/relation/cell.ts';
import { plainJson } from '../../src/plan/relation/exact-number.ts';
import type { RelationColumn } from '../../src/plan/relation/node.ts';
import { LooseEvents } from '../../src/store/segments/loose-events.ts';
import { oneIn } from '../effort.ts';
import { requireCorpora } from '../requirement.ts';

const FOLDER = fileURLToPath(new URL('kusto-queries', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../sample/web-07-audit.log', import.meta.url));
const LIMITS = { threads: 2, memoryMb: 1_024 };
/** Of events of one kind in one capture. */
const FEW = oneIn(100);
const MOST_OF_A_KIND = FEW.of([0, 1]).length > 1 ? Number.POSITIVE_INFINITY : 100;
/** Milliseconds; the first query waits for all events of all captures. */
const PATIENCE = Number.isFinite(MOST_OF_A_KIND) ? 240_000 : 1_800_000;
/** Of the queries over captures, each of which costs a second. */
const SOME = oneIn(3);
/** What the captures were made for, and little else. */
const OF_THE_ATTACK = /MiniNt|EventLog\\\\Security|iertutil/i;
const LINUX = ['audit-clean-raw.log', 'audit-python2-and-variants-raw.log'];
const WINDOWS = [
  'cmd_stop_event_logging_controlset001_minint_key',
  'cmd_wevtutil_modify_security_eventlog_path',
  'covenant_dcom_iertutil_dll_hijack',
  'empire_mimikatz_logonpasswords',
  'empire_psinject_PEinjection',
];

describe('queries over the sample', () => {
  const store = once(() => storeOf([SAMPLE]));
  afterAll(async () => (await store.made())?.close());
  it.for(queriesIn('sample'))('%s', async (name) => {
    await compare(await store.get(), join(FOLDER, 'sample', name), true);
  });
});

describe('queries over captures', () => {
  const store = once((context: TestContext) => capturesStore(context));
  afterAll(async () => (await store.made())?.close());
  it.for(SOME.of(queriesIn('captures')))(SOME.name('%s'), { timeout: PATIENCE }, async (name, context) => {
    requireCorpora(context);
    await compare(await store.get(context), join(FOLDER, 'captures', name), Number.isFinite(MOST_OF_A_KIND));
  });
});

async function compare(store: LooseEvents, path: string, isCounted: boolean): Promise<void> {
  const text = readFileSync(`${path}.kql`, 'utf8');
  const now = toTime(headOf(text, 'now') ?? '2026-11-23T00:00:00Z');
  const { answer, plan, diagnostics } = await runQueryOverStore(text, {
    store,
    now: BigInt(now?.ms ?? 0) * 10_000n,
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { columns, rows } = answer ?? { columns: [], rows: [] };
  const loose = new Set((headOf(text, 'any order') ?? '').split(',').map((name) => name.trim()));
  const shown = rows.map((row) => shownRow(columns, row, loose));
  const byHand = await handWritten(store, readFileSync(`${path}.sql`, 'utf8'), columns, loose);
  expect(plan?.isOrdered === true ? shown : shown.toSorted()).toEqual(
    plan?.isOrdered === true ? byHand : byHand.toSorted(),
  );
  if (isCounted) expect(rows).toHaveLength(Number(headOf(text, 'rows')));
}

/** What a line at the head of the query says. */
function headOf(text: string, name: string): string | undefined {
  return new RegExp(`^// ${name}: (.*)$`, 'm').exec(text)?.[1];
}

async function handWritten(
  store: LooseEvents,
  sql: string,
  columns: readonly RelationColumn[],
  loose: ReadonlySet<string>,
): Promise<readonly string[]> {
  return store.withRange({}, async (connection) => {
    await connection.run(readFileSync(join(FOLDER, 'views.sql'), 'utf8'));
    const result = await connection.runAndReadAll(sql);
    expect(result.columnNames()).toEqual(columns.map(({ name }) => name));
    return result.getRowsJson().map((row) =>
      shownRow(
        columns,
        row.map((value, index) => readCell(value as Json, columns[index]?.type)),
        loose,
      ),
    );
  });
}

/** DuckDB's JSON of a value as the cell of a column: whole numbers are texts in it, and a text that is missing is null. */
function readCell(value: Json, type: ScalarType | undefined): Cell {
  if (type === 'string') return value ?? '';
  if (value === null) return null;
  if (type === 'int' || type === 'long' || type === 'datetime' || type === 'timespan') return BigInt(value as string);
  if (type === 'real') return Number(value);
  return type === 'dynamic' && typeof value === 'string' ? (JSON.parse(value) as Json) : value;
}

function shownRow(columns: readonly RelationColumn[], row: readonly Cell[], loose: ReadonlySet<string>): string {
  return row
    .map((cell, index) => {
      const { name, type } = columns[index] as RelationColumn;
      if (type === 'real' && typeof cell === 'number') return `${name}=${Number(cell.toPrecision(12))}`;
      return `${name}=${type === 'dynamic' ? canonical(plainJson(cell as Json), loose.has(name)) : String(cell)}`;
    })
    .join('; ');
}

/** Names in order; elements, too, where theirs says nothing. */
function canonical(json: Json, isLoose: boolean): string {
  if (Array.isArray(json)) {
    const items = json.map((item) => canonical(item, isLoose));
    return `[${(isLoose ? items.sort() : items).join(',')}]`;
  }
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value, isLoose)}`).join(',')}}`;
}

function queriesIn(folder: string): readonly string[] {
  const names = readdirSync(join(FOLDER, folder)).filter((name) => name.endsWith('.kql'));
  return names.map((name) => basename(name, '.kql')).sort();
}

async function storeOf(files: readonly string[]): Promise<LooseEvents> {
  const store = new LooseEvents(LIMITS);
  await readEvents(files, (event) => {
    const written = writtenEvent(event, false);
    if (written !== undefined) store.append(written);
    return true;
  });
  await store.seal();
  return store;
}

async function capturesStore(context: TestContext): Promise<LooseEvents> {
  const scratch = mkdtempSync(join(tmpdir(), 'vedette-captures-'));
  try {
    const cut: string[] = [];
    for (const name of WINDOWS) {
      const path = join(scratch, `${name}.ndjson`);
      writeFileSync(path, await firstOfEachKind(requireCorpora(context, 'windows-telemetry', `${name}.ndjson.gz`)));
      cut.push(path);
    }
    return await storeOf([...cut, ...LINUX.map((name) => requireCorpora(context, 'linux-audit', name))]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function firstOfEachKind(path: string): Promise<string> {
  const seen = new Map<string, number>();
  const kept: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const kind = `${/"Channel":"[^"]*"/.exec(line)} ${/"EventID":\d+/.exec(line)}`;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (count <= MOST_OF_A_KIND || OF_THE_ATTACK.test(line)) kept.push(line);
  }
  return `${kept.join('\n')}\n`;
}

/** Made when it is first asked for, once; `made` is it where it was. */
function once<T, A extends unknown[]>(make: (...args: A) => Promise<T>) {
  let promise: Promise<T> | undefined;
  return {
    get(...args: A): Promise<T> {
      promise ??= make(...args);
      return promise;
    },
    made: () => promise,
  };
}
