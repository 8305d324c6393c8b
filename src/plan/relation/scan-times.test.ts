import { expect, test } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { compileKustoTable } from '../../language/kusto/kusto-table.ts';
import { isVoid } from './is-void.ts';
import type { Relation, Scalar } from './node.ts';
import { scanTimes } from './scan-times.ts';

const DAY = 864_000_000_000n;
const NOW = 100n * DAY;

/** Days since 1970, for each scan in the order of the plan. */
async function timesOf(query: string): Promise<string> {
  const { plan } = await compileKustoTable(query);
  if (plan === undefined) throw new Error(query);
  const found = scanTimes(plan.relation, { column: () => 'TimeGenerated', constant });
  const day = (ticks: bigint | undefined) => (ticks === undefined ? '' : String(Number(ticks / DAY)));
  return [...found.values()].map(({ from, to }) => `${day(from)}..${day(to)}`).join(' ');
}

function constant(node: Scalar): bigint | undefined {
  if (node.kind === 'parameter') return NOW;
  if (node.kind === 'constant') return typeof node.value === 'bigint' ? node.value : undefined;
  if (node.kind !== 'call') return undefined;
  const [a, b] = node.args.map(constant);
  if (node.function === 'ago' && a !== undefined) return NOW - a;
  return node.function === '-' && a !== undefined && b !== undefined ? a - b : undefined;
}

test.each([
  ['DeviceInfo', '..'],
  ['DeviceInfo | where TimeGenerated > ago(1d)', '99..'],
  ['DeviceInfo | where ago(1d) <= TimeGenerated and DeviceName == "a"', '99..'],
  ['DeviceInfo | where TimeGenerated between (ago(7d) .. ago(2d))', '93..98'],
  ['DeviceInfo | where TimeGenerated > ago(9d) | where TimeGenerated < ago(3d) and TimeGenerated > ago(5d)', '95..97'],
  ['DeviceInfo | where TimeGenerated > ago(1d) or DeviceName == "a"', '..'],
  ['DeviceInfo | project T = TimeGenerated, DeviceName | where T > ago(1d)', '99..'],
  ['DeviceInfo | extend TimeGenerated = ago(1d) | where TimeGenerated > ago(2d)', '..'],
  ['DeviceInfo | where Timestamp > ago(1d)', '..'],
  ['DeviceInfo | take 5 | where TimeGenerated > ago(1d)', '..'],
  ['DeviceInfo | summarize TimeGenerated = max(TimeGenerated) by DeviceName | where TimeGenerated > ago(1d)', '..'],
  ['union SigninLogs, DeviceInfo | where TimeGenerated > ago(1d)', '99.. 99..'],
  [
    'DeviceInfo | where TimeGenerated > ago(1d) | join (SigninLogs | where TimeGenerated > ago(3d)) on $left.DeviceName == $right.Computer',
    '99.. 97..',
  ],
  ['DeviceInfo | where TimeGenerated > ago(1d) and DeviceName in ((SigninLogs | project Computer))', '.. 99..'],
  [
    'let T = materialize(DeviceInfo | where TimeGenerated > ago(4d)); T | where TimeGenerated > ago(1d) | union T',
    '96..',
  ],
])('%s', async (query, times) => {
  expect(await timesOf(query)).toBe(times);
});

test('what names itself twice, fifty times over, is looked at once', () => {
  const scan: Relation = { kind: 'scan-table', table: 'T', args: {}, columns: [], span: NO_SPAN };
  let doubled: Relation = scan;
  for (let at = 0; at < 50; at += 1) {
    const shared: Relation = { kind: 'shared', id: `shared-${at}`, relation: doubled, columns: [], span: NO_SPAN };
    doubled = { kind: 'union', inputs: [shared, shared], columns: [], span: NO_SPAN };
  }
  expect([...scanTimes(doubled, { column: () => undefined, constant }).keys()]).toEqual([scan]);
  expect(isVoid(doubled, new Set(['T']))).toBe(true);
});
