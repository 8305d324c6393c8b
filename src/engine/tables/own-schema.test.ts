import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LooseEvents } from '../../store/segments/loose-events.ts';
import { readOwnSchema } from './own-schema.ts';
import { type RangeReader, runQueryOverStore } from './run-query.ts';
import { watchlistsOf } from './watchlists.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-schema-'));
let store: RangeReader & { close(): Promise<void> };
let schema: ReturnType<typeof readOwnSchema>;

beforeAll(async () => {
  const files: Readonly<Record<string, string>> = {
    'tables/Assets.yaml': 'columns: {Host: string, Cores: int, Seen: datetime}\nrows: assets.csv\n',
    'tables/assets.csv': 'host,cores,seen\nweb-01,4,2026-03-01T12:00:00Z\n"db, 1",x,\n',
    'tables/SigninLogs.yaml': 'columns: {A: string}\nrows: a.csv\n',
    'tables/Lost.yaml': 'columns: {A: text}\nrows: a.csv\n',
    'tables/Outside.yaml': 'columns: {A: string}\nrows: ../../secret.csv\n',
    'watchlists/VIPUsers.csv': 'User Principal Name,Team\nana@example.com,Red\n',
    'functions/Large.kql':
      '// Machines with many cores.\n(least: int = 2, of: string = ")") {\n  Assets | where Cores >= least\n}\n',
    'functions/AllHosts.kql': 'Assets | distinct Host',
    'functions/Not a name.kql': 'print 1',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  schema = readOwnSchema(folder, () => LISTS);
  store = new LooseEvents({ threads: 1, memoryMb: 256 });
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const LISTS = watchlistsOf({
  lists: () => [{ id: 'l1', name: 'blocked' }],
  values: (_id, _limit, after) => (after === undefined ? ['10.0.0.1', '10.0.0.2'] : []),
});

async function rowsOf(query: string) {
  const { answer, diagnostics } = await runQueryOverStore(query, { store, now: 0n, ...schema });
  return answer?.rows ?? diagnostics.map(({ message }) => message);
}

test('what cannot be read is told by its file', () => {
  expect(
    readOwnSchema(folder).problems.map(
      ({ file, diagnostic }) => `${file.slice(folder.length + 1)}: ${diagnostic.message}`,
    ),
  ).toEqual([
    'tables/Lost.yaml: The column “A” is of no type that there is: bool, datetime, dynamic, int, long, real, string.',
    'tables/SigninLogs.yaml: There is a table “SigninLogs” already.',
    'functions/Not a name.kql: Its name is no name in Kusto: letters, digits and _.',
  ]);
});

test.each([
  [
    'Assets | project Host, Cores',
    [
      ['web-01', 4n],
      ['db, 1', null],
    ],
  ],
  ['Large() | project Host', [['web-01']]],
  ['Large(least=5) | count', [[0n]]],
  ['AllHosts | count', [[2n]]],
  ['Outside', [expect.stringMatching(/only below the folder/)]],
  [
    "_GetWatchlist('vipusers') | project SearchKey, ['User Principal Name'], Team",
    [['ana@example.com', 'ana@example.com', 'Red']],
  ],
  ["_GetWatchlist('blocked') | project SearchKey | sort by SearchKey asc", [['10.0.0.1'], ['10.0.0.2']]],
  ["_GetWatchlist('nobody') | count", [[0n]]],
  ['_GetWatchlistAlias | sort by WatchlistAlias asc', [['VIPUsers'], ['l1']]],
  ["print x = '10.0.0.2' | where x in ((_GetWatchlist('blocked') | project SearchKey))", [['10.0.0.2']]],
  ["let name = toscalar(print 'blocked'); _GetWatchlist(name)", [expect.stringMatching(/constant/)]],
])('%s', async (query, rows) => {
  expect(await rowsOf(query)).toEqual(rows);
});
