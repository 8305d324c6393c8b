/** `ingestion_time()` over stored events: kept by operators that keep rows, and known by none but the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newEvent } from '../../store/event.fixture.ts';
import { openSegments } from '../../store/open-event-store.ts';
import { runQueryOverStore } from './run-query.ts';

const HAPPENED = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'vedette-ingestion-'));
let store: Awaited<ReturnType<typeof openSegments>>['store'];
let now = HAPPENED;

beforeAll(async () => {
  const limits = { keepMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
  ({ store } = await openSegments(folder, { limits, now: () => now }));
  for (const [index, host] of ['web-01', 'web-02', 'web-03'].entries()) {
    now = HAPPENED + (index + 1) * HOUR;
    await store.append([newEvent(host, { host, timeMs: HAPPENED + index })]);
  }
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function ask(query: string, isOfThePast = false) {
  const options = { store, now: BigInt(HAPPENED + 3 * HOUR) * 10_000n, window: { isOfThePast } };
  const { answer, diagnostics } = await runQueryOverStore(query, options);
  return answer?.rows ?? diagnostics.map(({ message }) => message);
}

const LATE = 'ingestion_time() >= ago(90m)';

test.each<[query: string, rows: readonly unknown[]]>([
  [`imProcessCreate | where ${LATE} | project DvcHostname | sort by DvcHostname asc`, [['web-02'], ['web-03']]],
  [`imProcessCreate | project H = DvcHostname | where ${LATE} | distinct H | count`, [[2n]]],
  [
    'imProcessCreate | sort by TimeGenerated desc | take 1 | extend A = (ingestion_time() - TimeGenerated) / 1h | project round(A)',
    [[3]],
  ],
  ['imProcessCreate | summarize H = max(ingestion_time()) - min(ingestion_time())', [[72_000_000_000n]]],
  ['imProcessCreate | summarize count() | extend T = ingestion_time() | project isnull(T)', [[true]]],
  [
    `union (imProcessCreate | project DvcHostname), (print DvcHostname = 'x') | where isnull(ingestion_time()) or ${LATE} | count`,
    [[3n]],
  ],
  [
    `let T = imProcessCreate | project DvcHostname; T | where ${LATE} | join kind=inner T on DvcHostname | count`,
    [[2n]],
  ],
  [
    `imProcessCreate | mv-expand E = dynamic([1, 2]) | parse DvcHostname with "web-" N | where ${LATE} | summarize count() by N | sort by N asc`,
    [
      ['02', 2n],
      ['03', 2n],
    ],
  ],
  [`print x = toscalar(imProcessCreate | where ${LATE} | count)`, [[2n]]],
  [`imProcessCreate | where DvcHostname in ((imProcessCreate | where ${LATE} | project DvcHostname)) | count`, [[2n]]],
  [`SigninLogs | where ${LATE} | count`, [[0n]]],
  [`_GetWatchlist('x') | where ${LATE} | count`, [[0n]]],
  [
    `imProcessCreate | join kind=inner (imDns) on DvcHostname | where ${LATE}`,
    [expect.stringMatching(/not known after “join”/)],
  ],
])('%s', async (query, rows) => {
  expect(await ask(query)).toEqual(rows);
});

test('a table that nothing fills is told of, at its place', async () => {
  const text = 'union isfuzzy=true imProcessCreate, SigninLogs | count';
  const { diagnostics } = await runQueryOverStore(text, { store, now: 0n });
  expect(diagnostics.map(({ code, severity, span }) => [code, severity, text.slice(span.start, span.end)])).toEqual([
    ['kusto-table-empty', 'warning', 'SigninLogs'],
  ]);
});

test('over the past an event counts as stored when it happened', async () => {
  expect(await ask(`imProcessCreate | where ${LATE} | count`, true)).toEqual([[0n]]);
  expect(await ask('imProcessCreate | where ingestion_time() == TimeGenerated | count', true)).toEqual([[3n]]);
});
