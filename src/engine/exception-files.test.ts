import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '../detect/alert.ts';
import { runScan } from './scan.ts';

let folder = '';
const path = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-exceptions-'));
  const start = (id: number, user: string, args: readonly string[], source?: string) =>
    JSON.stringify({
      '@timestamp': `2026-01-05T10:00:0${id}Z`,
      event: { id: `e${id}`, category: ['process'], type: ['start'], module: 'endpoint', action: 'exec' },
      data_stream: { type: 'logs', dataset: 'endpoint.events.process' },
      host: { id: 'h', os: { type: 'linux' } },
      user: { name: user },
      process: { pid: id, entity_id: `p${id}`, name: 'python3', executable: '/usr/bin/python3', args },
      ...(source === undefined ? {} : { source: { ip: source } }),
    });
  const server = ['python3', '-m', 'http.server'];
  writeFileSync(
    path('events.ndjson'),
    [
      start(1, 'ada', [...server, '-b', '127.0.0.1']),
      start(2, 'ada', [...server, '--bind=localhost', '9000']),
      start(3, 'ada', [...server, '-b', '127.0.0.1', '-b', '0.0.0.0']),
      start(4, 'bob', server, '10.1.2.3'),
      start(5, 'eve', server, '8.8.8.8'),
    ].join('\n'),
  );
  writeFileSync(
    path('exceptions.yaml'),
    `exceptions:
  - name: loopback
    rules: [99c2b626-de44-4322-b1f9-157ca408c17e]
    reason: nobody else can reach it
    expires: 2027-01-31T00:00:00Z
    windows:
      - { kind: weekly, days: [1], from: "09:00", to: "17:00", zone: UTC }
    condition:
      kind: entries
      entries:
        - { field: python.web_server.reach, operator: is, value: loopback }
  - name: office
    rules: all
    reason: the office's own network
    condition:
      kind: entries
      entries:
        - { field: source.ip, operator: in_list, list: office }
        - { field: user.name, operator: is_not, value: eve }
  - name: lost list
    rules: all
    reason: to be told of
    condition:
      kind: entries
      entries:
        - { field: source.ip, operator: in_list, list: gone }
lists:
  - { id: office, name: office, type: ip_range, values: [10.0.0.0/8, no address] }
`,
  );
  writeFileSync(path('broken.yaml'), 'exceptions: [');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a scan says which exception removed what, and which were not applied', async () => {
  const alerts: Alert[] = [];
  const summary = await runScan(
    { logs: [path('events.ndjson')], exceptions: ['exceptions.yaml', 'broken.yaml', 'none.yaml'].map(path) },
    (found) => {
      alerts.push(...found);
    },
  );
  const rule = summary.byRule.find(({ id }) => id === '99c2b626-de44-4322-b1f9-157ca408c17e');
  expect(rule?.funnel).toMatchObject({ matched: 5, excepted: 3, created: 2 });
  expect(rule?.byException.map(({ name, removed }) => [name, removed])).toEqual([
    ['loopback', 2],
    ['office', 1],
  ]);
  const users = alerts
    .filter((alert) => alert.rule.id === rule?.id)
    .map(({ events }) => (events[0] as { user: { name: string } }).user.name);
  expect(users).toEqual(['ada', 'eve']);
  expect(summary.exceptions?.applied).toBe(2);
  const told = summary.exceptions?.problems.map(({ file, exception, message }) => [
    file.split('/').at(-1),
    exception,
    message,
  ]);
  expect(told).toContainEqual(['exceptions.yaml', 'lost list', 'There is no value list “gone”.']);
  expect(told).toContainEqual([
    'exceptions.yaml',
    undefined,
    'In the list office, “no address”: It is not an address, a network (10.0.0.0/8) or a range (10.0.0.1-10.0.0.9).',
  ]);
  expect(told?.map(([file]) => file)).toEqual(expect.arrayContaining(['broken.yaml', 'none.yaml']));
});
