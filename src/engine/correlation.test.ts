/**
 * Sequences and samples through the doors a user uses: a scan, and the live detector, which must find the same however
 * often it is stopped.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { CorrelationRow } from '../correlate/correlator.ts';
import { documentSource, Event } from '../event/event.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { loadRules } from '../rule/load.ts';
import { Detector, LATENESS_MS, MemoryLedger } from './detector.ts';
import { readRecord } from './explain.ts';
import { scan } from './index.ts';

const START = Date.UTC(2026, 0, 1);

const QUERIES = {
  'server-then-connection': `sequence by host.name, process.entity_id with maxspan=1m
    [process where event.type == "start" and process.name : "python*"]
    [network where destination.port == 443]`,
  'start-without-end': `sequence by process.entity_id with maxspan=5s
    [process where event.type == "start"]
    ![process where event.type == "end"]`,
  'both-tools': `sample by host.name
    [process where process.name == "nmap"]
    [process where process.name == "nc"]`,
} as const;

const ruleText = (name: string, query: string): string => `
[metadata]
maturity = "production"
[rule]
author = ["Vedette"]
description = "A test."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "${name}"
risk_score = 21
rule_id = "${name}"
severity = "low"
type = "eql"
query = '''
${query}
'''
`;

interface Told {
  readonly at: number;
  readonly category: 'process' | 'network';
  readonly type: 'start' | 'end';
  readonly name: string;
  readonly entity: string;
}

function line({ at, category, type, name, entity }: Told, number: number): string {
  return JSON.stringify({
    '@timestamp': new Date(START + at).toISOString(),
    event: { id: `e${number}`, kind: 'event', category: [category], type: [type] },
    host: { name: 'web-1', os: { type: 'linux' } },
    process: { name, entity_id: entity },
    ...(category === 'network' ? { destination: { port: 443 } } : {}),
  });
}

let folder = '';
let rules: readonly LoadedRule[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-correlation-'));
  for (const [name, query] of Object.entries(QUERIES)) {
    writeFileSync(join(folder, `${name}.toml`), ruleText(name, query));
  }
  ({ rules } = await loadRules([folder]));
  expect(rules).toHaveLength(3);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scanLines(lines: readonly string[]) {
  const log = join(folder, 'events.ndjson');
  writeFileSync(log, lines.map((text) => `${text}\n`).join(''));
  const run = scan({ logs: [log], rules: [folder] });
  const alerts = await run.alerts();
  return { alerts, summary: await run.summary };
}

const start = (at: number, name: string, entity: string): Told => ({
  at,
  category: 'process',
  type: 'start',
  name,
  entity,
});

describe('an alert of a sequence', () => {
  it('holds its events in order, what they share, and what made each of them match', async () => {
    const told = [
      { ...start(1_000, 'python3', 'p1'), category: 'network' as const },
      { ...start(9_000, 'python3', 'p1'), type: 'end' as const },
      start(0, 'python3', 'p1'),
      { ...start(3_000, 'curl', 'p2'), category: 'network' as const },
    ];
    const { alerts, summary } = await scanLines(told.map(line));
    const [alert] = alerts.filter(({ rule }) => rule.id === 'server-then-connection');
    expect(alert?.events.map((event) => event.event)).toMatchObject([{ id: 'e2' }, { id: 'e0' }]);
    expect(alert).toMatchObject({
      original_time: '2026-01-01T00:00:01.000Z',
      join_keys: ['web-1', 'p1'],
      reason: 'Someone ran python3 on web-1; 1 s later: Network by python3 as Someone on web-1',
    });
    expect(alert?.shared).toMatchObject({ host: { name: 'web-1' }, process: { name: 'python3', entity_id: 'p1' } });
    expect(alert?.shared).not.toHaveProperty('event.id');
    expect(alert?.evidence.events?.map((fields) => Object.keys(fields))).toEqual([
      expect.arrayContaining(['process.name']),
      expect.arrayContaining(['destination.port']),
    ]);
    expect(summary).toMatchObject({ correlation: { late: 0, forced: 0, dropped: 0 }, funnel: { matched: 2 } });
  });

  it('tells of a missing event, and alerts on a sample', async () => {
    const told = [
      start(0, 'nc', 'a'),
      { ...start(6_001, 'nc', 'a'), type: 'end' as const },
      start(100_000, 'nmap', 'b'),
    ];
    const { alerts } = await scanLines(told.map(line));
    expect(alerts.map(({ rule, reason, events }) => [rule.id, reason, events.length])).toEqual([
      ['start-without-end', 'Someone ran nc on web-1, and what should have followed did not', 1],
      ['both-tools', 'Someone ran nc on web-1; 100 s later: Someone ran nmap on web-1', 2],
      ['start-without-end', 'Someone ran nmap on web-1, and what should have followed did not', 1],
    ]);
  });
});

describe('an exception', () => {
  it('sees the events of a match by step, also of a sample and around what stayed away', () => {
    const asked: string[][] = [];
    const detector = new Detector({
      rules,
      now: () => START,
      exceptions: {
        size: 1,
        refused: [],
        exceptedBy: (rule, events) => {
          asked.push([rule, ...events.map((event) => event?.text('event.id') ?? '-')]);
          return undefined;
        },
        allExceptedBy: () => [],
      },
    });
    for (const [number, one] of [start(0, 'nc', 'a'), start(100_000, 'nmap', 'b')].entries()) {
      const { events } = readRecord(line(one, number));
      for (const event of events) detector.observe(event);
    }
    detector.end();
    detector.drain(new MemoryLedger());
    expect(asked).toContainEqual(['both-tools', 'e1', 'e0']);
    expect(asked).toContainEqual(['start-without-end', 'e0', '-']);
  });
});

describe('live', () => {
  const anyTold: fc.Arbitrary<Told> = fc.record({
    at: fc.nat({ max: 40_000 }),
    category: fc.constantFrom('process' as const, 'network' as const),
    type: fc.constantFrom('start' as const, 'end' as const),
    name: fc.constantFrom('python3', 'nmap', 'nc'),
    entity: fc.constantFrom('p1', 'p2'),
  });
  const anyStream = fc
    .array(fc.record({ told: anyTold, delay: fc.nat({ max: LATENESS_MS }) }), { maxLength: 30 })
    .map((items) => items.toSorted((a, b) => a.told.at + a.delay - b.told.at - b.delay).map(({ told }) => told));

  it('finds what a scan finds, in events out of order, however often it is stopped', async () => {
    await fc.assert(
      fc.asyncProperty(anyStream, fc.array(fc.nat({ max: 29 })), async (told, stops) => {
        const lines = told.map(line);
        const { alerts } = await scanLines(lines);
        const rows = new Map<string, CorrelationRow>();
        const ledger = new MemoryLedger();
        const found: string[] = [];
        let clock = START;
        const open = () => {
          const detector = new Detector({ rules, now: () => clock, lateness: LATENESS_MS, isDurable: true });
          detector.restore(rows.values());
          return detector;
        };
        const commit = (detector: Detector) => {
          detector.settle();
          const decided = detector.drain(ledger);
          ledger.record(decided);
          found.push(...decided.alerts.map(({ alert }) => alert.id));
          for (const { plan, key } of decided.correlation.removed) rows.delete(`${plan} ${key}`);
          for (const row of decided.correlation.changed) rows.set(`${row.plan} ${row.key}`, row);
        };
        let detector = open();
        for (const [at, text] of lines.entries()) {
          clock = Math.max(clock, START + (told[at] as Told).at);
          detector.observe(eventOf(text));
          commit(detector);
          if (stops.includes(at)) detector = open();
        }
        clock += 3_600_000;
        commit(detector);
        clock += 3_600_000;
        commit(detector);
        expect(found.toSorted()).toEqual(alerts.map(({ id }) => id).toSorted());
      }),
      { numRuns: runs(40) },
    );
  });
});

function eventOf(text: string): Event {
  const document = JSON.parse(text);
  return new Event({
    time: { ms: Date.parse(document['@timestamp']), ticks: 0 },
    source: documentSource(document),
    raw: new TextEncoder().encode(text),
    format: 'ecs',
    dataStreams: [],
  });
}
