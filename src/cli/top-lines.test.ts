import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { RuleLoad, SourceLoad, SystemReport } from '../serve/system-api.ts';
import { style } from './terminal.ts';
import { topLines } from './top-lines.ts';

const look = style({}, {});
const funnel = (matched: number, capped = 0) => ({
  matched,
  excepted: 0,
  suppressed: 0,
  duplicate: 0,
  capped,
  created: matched - capped,
});

function report(parts: Partial<SystemReport> = {}): SystemReport {
  return {
    status: {
      version: '0.1.0',
      started: '2026-03-01T10:00:00.000Z',
      data_folder: '/var/lib/vedette',
      rules: { enabled: 4, failed: 0 },
      alerts: { open: 128, acknowledged: 12, closed: 4_000 },
      sources: [],
      funnel: { ...funnel(13_000), events: 12_345_678, unrouted: 3, rejected: 12 },
      events: { events: 1_234_567, bytes: 8.1e8, pruned: 0, waiting: 0, dropped: 0 },
    },
    time: '2026-03-03T20:59:59.123Z',
    readiness: { ready: true, reasons: [], notes: [] },
    rate: { now: 1_234, minute: 1_100 },
    history: [0, 5, 10],
    sources: [],
    rules: [],
    queues: [{ name: 'storing', depth: 9, limit: 10 }],
    commits: { count: 100, p50_ms: 4.2, p99_ms: 31 },
    storage: { state_bytes: 6.2e6, event_bytes: 8.1e8, free_bytes: 7.9e10 },
    memory: {
      resident_bytes: 4.12e8,
      serving_heap_bytes: 4e7,
      working_heap_bytes: 9.1e7,
      storing_heap_bytes: 3e7,
      limits: [],
    },
    threads: { working_busy: 0.37, serving_lag_p99_ms: 1.2 },
    ...parts,
  };
}

const source = (name: string, now: number): SourceLoad => ({
  name,
  kind: 'file',
  state: 'running',
  events: 1_000,
  rejected: 0,
  lag_ms: 2_300,
  rate: { now, minute: now },
});

test('what a service does, in eighty columns', () => {
  const sources = [source('audit-log', 12), source(`file:${'/deep'.repeat(20)}/auth.log`, 400)];
  const rules: RuleLoad[] = [{ id: 'a', name: 'Web Server Spawned via Python', funnel: funnel(8_123, 7) }];
  expect(topLines(report({ sources, rules }), { look, columns: 80, rows: 30 }).join('\n')).toMatchInlineSnapshot(`
    "▲ Vedette 0.1.0  up 2d10h  /var/lib/vedette              2026-03-03 20:59:59 UTC
    ● ready

    events     1.2k/s  ▁▅█  1.1k/s a minute
    since     12M read · 12 unreadable · 13k matched · 13k alerts
    alerts    128 open · 12 acknowledged · commit 4.2 ms, 99 % under 31 ms

    Sources                                      events/s   events  rejects      lag
    ● …ep/deep/deep/deep/deep/deep/deep/auth.log      400     1.0k        0     2.3s
    ● audit-log                                        12     1.0k        0     2.3s

    Rules                                      matched  excepted    capped   created
      Web Server Spawned via Python               8.1k         0         7      8.1k

    queues    storing 9 of 10
    storage   state 6.2 MB · events 810 MB (1.2M events) · 79 GB free
    memory    412 MB · working 91 MB · storing 30 MB · serving 40 MB
    threads   working 37 % busy · serving waits up to 1.2 ms (99 %)"
  `);
});

test('of queues those are shown that hold something', () => {
  const queues = [
    { name: 'ordering', depth: 0 },
    { name: 'ingest', depth: 2, limit: 1_000 },
    { name: 'ingest_bytes', depth: 3e6, limit: 134_217_728 },
  ];
  const lineOf = (parts: Partial<SystemReport>) =>
    topLines(report(parts), { look, columns: 80, rows: 30 }).find((line) => line.startsWith('queues'));
  expect(lineOf({ queues })).toBe('queues    ingest 2 of 1.0k · ingest 3.0 MB of 134 MB');
  expect(lineOf({ queues: queues.slice(0, 1) })).toBe('queues    nothing waits');
});

test('a wide terminal shows the whole funnel', () => {
  const rules: RuleLoad[] = [{ id: 'a', name: 'x', funnel: funnel(3) }];
  const text = topLines(report({ rules }), { look, columns: 120, rows: 30 }).join('\n');
  expect(text).toContain('matched   excepted suppressed  duplicate     capped    created');
});

describe('the second line tells', () => {
  const second = (parts: Partial<SystemReport>, trouble?: string) =>
    topLines(report(parts), { look, columns: 80, rows: 30, ...(trouble === undefined ? {} : { trouble }) })[1];

  test('why it is not ready, before what is merely wrong', () => {
    const readiness = { ready: false, reasons: ['The service is ending.'], notes: ['A source failed.'] };
    expect(second({ readiness })).toBe('● not ready: The service is ending.');
    expect(second({ readiness: { ready: true, reasons: [], notes: ['a', 'b'] } })).toBe('● ready, but: a (and 1 more)');
    expect(second({})).toBe('● ready');
    expect(second({}, 'It does not answer.')).toBe('● It does not answer.');
  });
});

test('no line is wider than the terminal, whatever things are called and however many there are', () => {
  const name = fc.string({ maxLength: 200 });
  const count = fc.double({ min: 0, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, count), { maxLength: 12 }),
      fc.integer({ min: 60, max: 160 }),
      fc.integer({ min: 20, max: 50 }),
      (named, columns, rows) => {
        const sources = named.map(([each, rate]) => ({
          ...source(each, rate),
          rejected: Math.floor(rate),
          lag_ms: rate,
        }));
        const rules = named.map(([each, rate]) => ({ id: each, name: each, funnel: funnel(Math.floor(rate)) }));
        const lines = topLines(report({ sources, rules }), { look, columns, rows });
        for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(columns);
        for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
        expect(lines.length).toBeLessThanOrEqual(rows + 8);
      },
    ),
    { numRuns: runs(100) },
  );
});
