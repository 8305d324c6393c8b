import { expect, test } from 'vitest';
import { openStream } from '../format/stream.ts';
import type { SourceStatus } from './live-status.ts';
import { SourceTally } from './source-tally.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const status: SourceStatus = { name: 'a', kind: 'file', state: 'running', events: 0, rejected: 0 };

function bring() {
  const tally = new SourceTally();
  const clock = { now: START };
  const reader = openStream(
    { standsInForEndpoint: true, now: () => clock.now },
    { event: (event) => tally.addEvent(event, clock.now), reject: (reject) => tally.addReject(reject) },
  );
  const line = (text: string) =>
    reader.line({ bytes: Buffer.from(text), origin: { path: 'a.log', offset: 0, line: 1 } });
  return { tally, clock, line, profile: () => tally.profile(status, clock.now) };
}

const document = (parts: object) =>
  JSON.stringify({
    '@timestamp': '2026-01-01T00:00:00Z',
    event: { category: ['process'], type: ['start'], dataset: 'endpoint.events.process' },
    ...parts,
  });

test('a source that brought nothing', () => {
  expect(bring().profile()).toMatchObject({
    name: 'a',
    hosts: 0,
    rate: { last_minute: 0, last_quarter_hour: 0 },
    counts: { formats: { top: [] }, unrouted: 0 },
    fields: { sampled: 0, fields: [] },
    recent: [],
  });
});

test('counts, a sample of the fields, rejects and the last events', () => {
  const { line, clock, profile } = bring();
  for (let index = 0; index < 41; index += 1) {
    line(document({ host: { name: `web-${index % 2}` }, process: { pid: index } }));
    clock.now += 1_000;
  }
  line('what is this');
  const { counts, fields, recent, rejects, hosts, formats } = profile();
  expect(formats.top).toEqual([{ name: 'elastic-defend', count: 41 }]);
  expect(hosts).toBe(2);
  expect(counts.kinds.top).toEqual([{ name: 'process · start', count: 41 }]);
  expect(fields.sampled).toBe(41);
  expect(fields.fields.find(({ field }) => field === 'process.pid')).toMatchObject({
    events: 41,
    different: 16,
    manyMore: true,
  });
  expect(recent).toHaveLength(20);
  expect(recent[0]).toMatchObject({ number: 41, is_cut: false, document: { process: { pid: 40 } } });
  expect(recent[0]?.raw).toContain('"pid":40');
  expect(rejects).toMatchObject({ total: 1, byCode: [{ count: 1, first: { text: 'what is this' } }] });
});

test('the rate follows the clock of receipt, forward and back', () => {
  const { line, clock, tally } = bring();
  const rate = (now: number) => tally.summary(status, now).rate;
  line(document({}));
  clock.now += 600_000;
  line(document({}));
  expect(rate(clock.now)).toEqual({ last_minute: 1, last_quarter_hour: 2 });
  expect(rate(clock.now + 120_000)).toEqual({ last_minute: 0, last_quarter_hour: 2 });
  expect(rate(clock.now + 3_600_000)).toEqual({ last_minute: 0, last_quarter_hour: 0 });
  clock.now = START - 3_600_000;
  line(document({}));
  expect(rate(clock.now)).toEqual({ last_minute: 1, last_quarter_hour: 1 });
});

test('in a rush the fields of some are counted; the last are kept, long ones by their beginning', () => {
  const { line, clock, profile } = bring();
  for (let index = 0; index < 1_000; index += 1) line(document({ process: { pid: index } }));
  expect(profile().recent.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => 1_000 - index));
  expect(profile().fields.sampled).toBe(20);
  clock.now += 100;
  line(document({ message: 'é'.repeat(200_000) }));
  const [long] = profile().recent;
  expect(long).toMatchObject({ number: 1_001, is_cut: true });
  expect(long?.document).toBeUndefined();
  expect(long?.raw.length).toBeLessThanOrEqual(32 * 1024);
});

test('what never repeats does not grow without bound, and crosses threads', () => {
  const { line, profile } = bring();
  for (let index = 0; index < 3_000; index += 1) {
    const host = `${index}${'h'.repeat(1_000)}`;
    line(document({ host: { name: host }, [`field${index}`]: host, ['f'.repeat(400)]: 1, labels: { __proto: 'x' } }));
  }
  const seen = profile();
  expect(seen.counts.hosts).toMatchObject({ different: 2_000, exceeded: true });
  expect(seen.counts.hosts.top[0]?.name.length).toBe(300);
  expect(seen.fields.notFollowed).toBe(true);
  expect(seen.fields.fields.every(({ field }) => field.length <= 300)).toBe(true);
  expect(structuredClone(seen)).toEqual(seen);
  expect(JSON.stringify(seen).length).toBeLessThan(1_000_000);
});
