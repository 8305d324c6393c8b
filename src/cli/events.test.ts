import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import type { EventsReport } from '../engine/events-report.ts';
import type { Event } from '../event/event.ts';
import { eventShowLines } from './event-show.ts';
import { eventsReportLines, fieldLines } from './events-report-lines.ts';
import { style } from './terminal.ts';

const plain = style({ isTTY: false }, {});
const counts = (...top: [string, number][]) => ({
  top: top.map(([name, count]) => ({ name, count })),
  different: top.length,
  rest: 0,
  exceeded: false,
});
const REPORT: EventsReport = {
  files: 2,
  bytes: 4_200_000,
  events: 1_200,
  forced: 0,
  milliseconds: 800,
  problems: [],
  rejects: {
    total: 3,
    byCode: [
      {
        code: 'unknown-format',
        count: 3,
        first: { file: 'a\u001b[31m.log', line: 7, offset: 9, code: 'unknown-format', reason: 'No format.', text: '' },
      },
    ],
  },
  first: '2026-01-01T00:00:00.000Z',
  last: '2026-01-02T07:00:00.000Z',
  histogram: { start: 0, widthMs: 43_200_000, counts: [100, 0, 1_100] },
  formats: counts(['auditd', 1_000], ['syslog', 200]),
  hosts: { ...counts(['web-1', 900]), different: 4, rest: 300 },
  kinds: counts(['process · start · exec', 1_200]),
  dataStreams: counts(),
  unrouted: 5,
};

test('the report as people read it', () => {
  expect(eventsReportLines(REPORT, plain, 80)).toEqual([
    '1,200 events in 2 files (4.20 MB) in 0.80 s, 1,500 a second',
    '2026-01-01 00:00:00 to 2026-01-02 07:00:00 UTC (1 d 7 h, 39 an hour on average)',
    '▁ █',
    'a column is 12 h; the fullest has 1,100 events',
    '',
    'Formats',
    `  auditd  1,000    83 %  ${'█'.repeat(30)}`,
    `  syslog    200    17 %  ${'█'.repeat(6)}`,
    '',
    'Hosts',
    `  web-1  900    75 %  ${'█'.repeat(30)}`,
    '  and 3 others with 300 events',
    '',
    'Kinds',
    `  process · start · exec  1,200   100 %  ${'█'.repeat(30)}`,
    '  5 events of no known data stream, read by every rule',
    '',
    '  not read  3 lines (unknown-format): No format. First: a\\u{1b}[31m.log:7',
  ]);
  for (const width of [1, 20, 40]) eventsReportLines(REPORT, plain, width);
});

test('fields, with what they hold', () => {
  const fields = [
    { field: 'host.name', events: 1_200, different: 64, manyMore: true, examples: [{ name: 'web-1', count: 900 }] },
    { field: 'user.name', events: 3, different: 1, manyMore: false, examples: [{ name: 'a\u001b', count: 1 }] },
  ];
  expect(fieldLines({ fields, notFollowed: false }, 1_200, plain, 80)).toEqual([
    'Field      events   values  most frequent',
    'host.name   100 %      >64  web-1 ×900',
    'user.name    <1 %        1  a',
  ]);
});

const LINE = `{"@timestamp":"2026-01-01T00:00:00Z","event":{"category":["process"]},"process":{"args":["a b","c"],"name":"x\u202ey"},"message":"${'word '.repeat(40)}end"}`;
const [event] = readEvents(LINE).events as [Event];

test('an event as it came and in ECS, one above the other', () => {
  const lines = eventShowLines(event, event.raw, plain, 80);
  expect(lines[0]).toBe('test.log:1, at byte 0 · elastic-defend · of no known data stream');
  expect(lines.indexOf('As received')).toBeLessThan(lines.indexOf('In ECS'));
  expect(lines).toContain('process.args    "a b", "c"');
  expect(lines).toContain('process.name    x\\u{202e}y');
  expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('side by side where there is room; whole where the width is none', () => {
  const wide = eventShowLines(event, event.raw, plain, 140);
  const at = wide.find((line) => line.startsWith('As received'))?.indexOf(' │ ');
  expect(at).toBeGreaterThan(40);
  expect(wide.slice(3).every((line) => line[(at ?? 0) + 1] === '│')).toBe(true);
  expect(Math.max(...wide.slice(1).map((line) => line.length))).toBeLessThanOrEqual(140);
  expect(
    eventShowLines(event, event.raw, plain, Number.POSITIVE_INFINITY).some((line) => line.endsWith('word end')),
  ).toBe(true);
});
