import { expect, test } from 'vitest';
import { compileKustoTable } from '../../language/kusto/kusto-table.ts';
import { usedColumns } from './used-columns.ts';

async function used(query: string, names: readonly string[]): Promise<readonly string[]> {
  const { plan } = await compileKustoTable(query);
  if (plan === undefined) throw new Error(query);
  const found = usedColumns(plan.relation);
  return names.filter((name) => found.has(name));
}

const NAMES = ['DeviceName', 'DeviceId', 'OSPlatform', 'Model'];

test.each([
  ['DeviceInfo | count', []],
  ['DeviceInfo | where DeviceName == "a" | summarize count()', ['DeviceName']],
  ['DeviceInfo | take 1', NAMES],
  ['DeviceInfo | project DeviceName, X = strcat(Model, "x") | summarize count() by X', ['Model']],
  ['DeviceInfo | project DeviceId, Model | distinct * | count', ['DeviceId', 'Model']],
  ['DeviceInfo | where DeviceName in ((DeviceInfo | project DeviceId)) | count', ['DeviceName', 'DeviceId']],
  ['DeviceInfo | extend X = toscalar(DeviceInfo | project Model) | summarize by X', ['Model']],
  [
    'DeviceInfo | project DeviceId, Model | join (DeviceInfo | project DeviceId, OSPlatform) on DeviceId | count',
    ['DeviceId'],
  ],
])('%s', async (query, names) => {
  expect(await used(query, NAMES)).toEqual(names);
});
