/**
 * Events that an earlier Vedette stored, without the columns of today: every query gives of them what it gives of new ones,
 * wherever they lie, beside new ones, in what they become together, and where the list of files was lost.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EVENT_TIME, newEvent } from '../../store/event.fixture.ts';
import { openEventReader, openSegments } from '../../store/open-event-store.ts';
import { EventFiles } from '../../store/segments/event-files.ts';
import { saySecondVersion, toFirstLayout } from '../../store/segments/first-layout.fixture.ts';
import type { SegmentEventStore } from '../../store/segments/segment-store.ts';
import { huntStored } from '../hunt-query.ts';
import { searchStore } from '../store-search.ts';
import { runQueryOverStore } from './run-query.ts';

const root = mkdtempSync(join(tmpdir(), 'vedette-old-segments-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

const open = async (folder: string, logBytes = 1): Promise<SegmentEventStore> =>
  (
    await openSegments(folder, {
      limits: { keepMs: 24 * 3_600_000, maxBytes: 1024 ** 3 },
      now: () => EVENT_TIME,
      logBytes,
    })
  ).store;

const move = async (store: SegmentEventStore): Promise<void> => {
  while (await store.prune(Number.MIN_SAFE_INTEGER));
  expect(await store.status()).not.toHaveProperty('problem');
};

let count = 0;
/** Each with a field of every later column that the queries below read. */
const events = (id: string, howMany = 1) =>
  Array.from({ length: howMany }, (_, at) => {
    count += 1;
    return newEvent(`${id}-${at}`, {
      timeMs: EVENT_TIME + count,
      document: {
        event: { category: ['process'], type: ['start'], kind: 'event', outcome: 'success' },
        host: { name: 'web-01', id: 'h-1', os: { type: 'linux' } },
        user: { name: 'ana', id: '1000' },
        process: {
          pid: 10,
          name: 'x',
          executable: '/bin/x',
          command_line: 'x -y',
          parent: { pid: 7, name: 'bash', executable: '/bin/bash', command_line: 'BASH İ' },
        },
        // Not at its dotted path.
        ...(at === 1 ? { 'process.title': 'odd' } : {}),
      },
    });
  });

const KUSTO = [
  'imProcessCreate | where tolower(ActingProcessCommandLine) == "bash İ" | count',
  'imProcessCreate | where ActingProcessCommandLine contains "bash" and ActorUserId == "1000" | count',
  'DeviceProcessEvents | where InitiatingProcessFileName == "bash" and DeviceId == "h-1" | count',
];
const OTHERS = [
  {
    language: 'eql',
    text: 'process where process.parent.pid == 7 and event.outcome == "success" and user.id == "1000"',
  },
  {
    language: 'sigma',
    text: 'title: t\nlogsource: { category: process_creation, product: linux }\ndetection: { a: { ParentImage|endswith: /bash, ParentCommandLine|contains: bash }, condition: a }\n',
  },
] as const;

/** How many events each query finds. */
async function found(folder: string, store: SegmentEventStore): Promise<readonly unknown[]> {
  const counts: unknown[] = [];
  const reader = await openEventReader(folder);
  try {
    for (const query of KUSTO) {
      for (const asked of [store, reader]) {
        if (asked === undefined) throw new Error('no events');
        const { answer, diagnostics } = await runQueryOverStore(query, {
          store: asked,
          now: BigInt(EVENT_TIME) * 10_000n,
        });
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        counts.push(Number(answer?.rows[0]?.[0]));
      }
    }
    for (const { language, text } of OTHERS) {
      const { finds, diagnostics } = await huntStored(
        searchStore(() => store),
        { language, text, filter: {}, now: EVENT_TIME },
        {},
      );
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      counts.push(finds?.found);
    }
    counts.push(await store.count({ where: { 'user.name': 'ana' }, category: 'process' }));
    return [...new Set(counts)];
  } finally {
    await reader?.close();
  }
}

test('old segments and an old log answer as new ones do, alone, mixed, compacted, and listed again', async () => {
  const folder = freshFolder();
  let store = await open(folder);
  for (const id of ['a', 'b', 'c', 'd']) {
    await store.append(events(id, 2));
    await move(store);
  }
  await store.append(events('log'));
  await store.close();
  await toFirstLayout(folder);

  store = await open(folder, 1024 ** 2);
  await store.append(events('new'));
  expect(await found(folder, store)).toEqual([10]);
  await store.close();

  store = await open(folder);
  await move(store);
  expect(await found(folder, store)).toEqual([10]);
  for (const id of ['e', 'f', 'g']) {
    await store.append(events(id, 2));
    await move(store);
  }
  expect(await found(folder, store)).toEqual([16]);
  await store.close();

  const { manifest } = new EventFiles(folder);
  for (const end of ['', '-wal', '-shm']) rmSync(manifest + end, { force: true });
  store = await open(folder);
  expect(await found(folder, store)).toEqual([16]);
  await store.close();
});

test('segments of old rows that were said to be of today answer, too', async () => {
  const folder = freshFolder();
  let store = await open(folder);
  for (const id of ['a', 'b', 'c']) {
    await store.append(events(id));
    await move(store);
  }
  await store.close();
  await toFirstLayout(folder);
  store = await open(folder);
  for (const id of ['d', 'e', 'f']) {
    await store.append(events(id));
    await move(store);
  }
  expect((await store.status()).events).toBe(6);
  await store.close();
  saySecondVersion(folder);
  store = await open(folder);
  expect(await found(folder, store)).toEqual([6]);
  await store.close();
});
