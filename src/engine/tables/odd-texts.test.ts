/**
 * Queries that fold texts give the same wherever the events lie, before and after a letter came that DuckDB folds otherwise:
 * what was known of the texts before it is not believed any longer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EVENT_TIME, newEvent } from '../../store/event.fixture.ts';
import { openSegments } from '../../store/open-event-store.ts';
import { type RangeReader, runQueryOverStore } from './run-query.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-odd-texts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUERIES = [
  'imProcessCreate | project x = tolower(CommandLine) | sort by x asc',
  "imProcessCreate | where CommandLine contains 'i' | count",
  "imProcessCreate | where CommandLine startswith 'i' | count",
  "imProcessCreate | where CommandLine =~ 'I' | count",
  "imProcessCreate | where CommandLine in~ ('I', 'o') | count",
  "imProcessCreate | extend c = CommandLine | where tolower(c) == 'i̇' | count",
  "union imProcessCreate, (print CommandLine = 'İ') | where CommandLine contains 'i' | count",
  "imProcessCreate | extend CommandLine = strcat('İ', CommandLine) | where CommandLine startswith 'i' | count",
];

const event = (id: string, line: string) =>
  newEvent(id, {
    document: {
      event: { category: 'process', type: ['start'], kind: 'event' },
      host: { name: 'web', os: { type: 'linux' } },
      process: { name: 'x', executable: '/bin/x', command_line: line },
    },
  });

const connection = (id: string, category: string | readonly string[], type: string) =>
  newEvent(id, {
    document: {
      event: { category, type: [type], kind: 'event' },
      host: { name: 'web' },
      destination: { ip: '10.0.0.1' },
    },
  });

const open = async (name: string) =>
  (
    await openSegments(join(folder, name), {
      limits: { keepMs: 24 * 3_600_000, maxBytes: 1024 ** 3 },
      now: () => EVENT_TIME,
      logBytes: 1,
    })
  ).store;

async function answerOf(query: string, store: RangeReader): Promise<unknown> {
  const { answer, diagnostics } = await runQueryOverStore(query, { store, now: BigInt(EVENT_TIME) * 10_000n });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return answer?.rows.map(([cell]) => cell);
}

test('texts fold as the reference folds them, whatever letters come', async () => {
  const store = await open('texts');
  const answers = async () => {
    const found: unknown[] = [];
    for (const query of QUERIES) found.push(await answerOf(query, store));
    return found;
  };
  try {
    await store.append([event('a', 'I'), event('b', 'ÜB'), event('c', 'zß')]);
    const before = [['i', 'zß', 'üb'], [1n], [1n], [1n], [1n], [0n], [2n], [3n]];
    expect(await answers()).toEqual(before);
    while (await store.prune(Number.MIN_SAFE_INTEGER));
    expect(await answers()).toEqual(before);
    await store.append([event('d', 'İ'), event('e', '\u{10d50}i')]);
    const after = [['i', 'zß', 'üb', 'İ', '\u{10d70}i'], [3n], [2n], [1n], [1n], [0n], [4n], [5n]];
    expect(await answers()).toEqual(after);
    while (await store.prune(Number.MIN_SAFE_INTEGER));
    expect(await answers()).toEqual(after);
  } finally {
    await store.close();
  }
});

test('categories fold, too, after all of them were written small', async () => {
  const store = await open('categories');
  const count = () => answerOf('imNetworkSession | count', store);
  try {
    await store.append([connection('a', 'network', 'start'), connection('b', 'file', 'start')]);
    expect(await count()).toEqual([1n]);
    while (await store.prune(Number.MIN_SAFE_INTEGER));
    expect(await count()).toEqual([1n]);
    await store.append([connection('c', 'NETWORK', 'start'), connection('d', ['file', 'Network'], 'STARt')]);
    expect(await count()).toEqual([3n]);
    while (await store.prune(Number.MIN_SAFE_INTEGER));
    expect(await count()).toEqual([3n]);
  } finally {
    await store.close();
  }
});
