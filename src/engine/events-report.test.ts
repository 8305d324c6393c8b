import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { BoundedCount } from './bounded-count.ts';
import { findEvent, reportEvents } from './events-report.ts';
import { TimeCounter } from './time-histogram.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

const document = (second: number, host: string, action: string) =>
  JSON.stringify({
    '@timestamp': `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    host: { name: host },
    event: { category: ['process'], type: ['start'], action, dataset: 'endpoint.events.process' },
    process: { args: ['a', 'b', 'a'] },
  });
const path = join(folder, 'mixed.log');
const lines = [
  document(1, 'web-1', 'exec'),
  document(31, 'web-1', 'exec'),
  'what is this',
  document(5, 'web-2', 'fork'),
  'Jan  1 00:00:07 web-2 sshd[7]: Failed password for eve from 192.0.2.7 port 9 ssh2',
];
writeFileSync(path, lines.join('\n'));

test('what is in a file', async () => {
  const seen: string[] = [];
  const report = await reportEvents({ logs: [path], fields: true }, (event) => seen.push(event.format));
  expect(seen).toHaveLength(4);
  expect(report).toMatchObject({
    events: 4,
    files: 1,
    bytes: lines.join('\n').length,
    last: '2026-01-01T00:00:31.000Z',
    formats: {
      top: [
        { name: 'elastic-defend', count: 3 },
        { name: 'syslog', count: 1 },
      ],
      rest: 0,
    },
    hosts: { different: 2 },
    unrouted: 0,
    rejects: { total: 1 },
  });
  expect(report.kinds.top.map(({ name }) => name)).toEqual([
    'process · start · exec',
    'authentication · info · ssh_login',
    'process · start · fork',
  ]);
  const args = report.fields?.fields.find(({ field }) => field === 'process.args');
  expect(args).toEqual({
    field: 'process.args',
    events: 3,
    different: 2,
    manyMore: false,
    examples: [
      { name: 'a', count: 6 },
      { name: 'b', count: 3 },
    ],
  });
});

test('one event, by its place', async () => {
  const first = await findEvent([path], 'first');
  expect(Buffer.from(first.found?.raw ?? []).toString()).toBe(lines[0]);
  const offset = `${lines[0]}\n`.length;
  const second = await findEvent([path], { offset, file: path });
  expect(second.found?.event.text('@timestamp')).toBe('2026-01-01T00:00:31Z');
  expect((await findEvent([path], { offset: 3 })).found).toBeUndefined();
  expect((await findEvent([path], { offset, file: 'other' })).found).toBeUndefined();
});

test('names beyond the limit are counted together, and said', () => {
  const counts = new BoundedCount(2);
  for (const name of ['a', 'b', 'b', 'c', 'd', 'b']) counts.add(name);
  expect(counts.summary(1)).toEqual({ top: [{ name: 'b', count: 3 }], different: 2, rest: 3, exceeded: true });
});

test('every event falls into one column, however far the times are apart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e12, max: 4e12 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 2, max: 80 }),
      (times, columns) => {
        const counter = new TimeCounter();
        for (const ms of times) counter.add(ms);
        const histogram = counter.summary(columns);
        if (histogram === undefined) throw new Error('no histogram');
        const { start, widthMs, counts } = histogram;
        expect(counts.length).toBeLessThanOrEqual(columns);
        const expected = counts.map((_, at) => times.filter((ms) => Math.floor((ms - start) / widthMs) === at).length);
        expect(counts).toEqual(expected);
      },
    ),
  );
});
