import { expect, test } from 'vitest';
import { namedTables } from './named-tables.ts';

const TABLES = [['imDns', '_Im_Dns'], ['imFileEvent'], ['SigninLogs'], ['DeviceInfo']].map((names) => ({ names }));

test.each([
  ['imDns | count', [0]],
  ['_Im_Dns(pack=true)', [0]],
  ["table('SigninLogs') | take 1", [2]],
  ['union im*, DeviceInfo', [0, 1, 3]],
  ['union withsource=T * | count', [0, 1, 2, 3]],
  ['search "mimikatz"', [0, 1, 2, 3]],
  ['imDns | union (search "mimikatz")', [0, 1, 2, 3]],
  ['imDns | where a == 1 |\n search "mimikatz"', [0]],
  ['print 2*3', []],
  ['SigninLogs | summarize count(), arg_max(TimeGenerated, *)', [2]],
  ['imdns', []],
])('%s', (query, named) => expect(namedTables([query], TABLES)).toEqual(named));

test('a function may name tables that the query does not', () => {
  expect(namedTables(['Mine() | count', 'imFileEvent | take 5'], TABLES)).toEqual([1]);
});
