import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { SamplePlan, SequencePlan } from '../plan/plan.ts';
import { explainTogether } from './explain-events.ts';

const START = Date.UTC(2026, 0, 1);

interface Told {
  readonly at: number;
  readonly category: string;
  readonly host?: string;
  readonly process?: JsonObject;
  readonly destination?: JsonObject;
  readonly stream?: string;
}

function eventOf({ at, category, host, stream, ...fields }: Told, number: number): Event {
  return new Event({
    time: { ms: START + at * 1_000, ticks: 0 },
    source: documentSource({
      '@timestamp': new Date(START + at * 1_000).toISOString(),
      event: { id: `e${number}`, category: [category] },
      ...(host === undefined ? {} : { host: { name: host } }),
      ...fields,
    }),
    raw: new TextEncoder().encode(String(number)),
    format: 'test',
    dataStreams: stream === undefined ? [] : [stream],
  });
}

const rule = (query: string, indexPatterns: readonly string[] = []) => ({
  document: { id: 'r', query, indexPatterns, schedule: { from: 'now-9m' } },
  plan: compileEql(query).plan as SequencePlan | SamplePlan,
});

const SERVER = `sequence by host.name with maxspan=1m
  [process where process.name == "python3"]
  [network where destination.port == 443]`;
const python = { category: 'process', process: { name: 'python3' } };

function explained(
  query: string,
  told: readonly Told[],
  ...more: Parameters<typeof rule> extends [string, ...infer R] ? R : never
) {
  return explainTogether(rule(query, ...more), told.map(eventOf));
}

describe('an explanation of a sequence', () => {
  it('tells a match step by step, with the clauses', () => {
    const answer = explained(SERVER, [
      { ...python, at: 0, host: 'web-1' },
      { at: 5, category: 'network', host: 'web-1', destination: { port: 443 } },
    ]);
    expect(answer).toMatchObject({ fires: true, by: ['host.name'], span: 60_000, all_keys: 1, events: 2, unread: 0 });
    expect(answer.keys).toMatchObject([
      { key: ['web-1'], outcome: 'matched', message: 'Every step, in order, in 5 s.', begun: 1, matched: 1 },
    ]);
    expect(answer.keys[0]?.steps.map(({ step, event, trace }) => [step, event?.id, trace?.result])).toEqual([
      [0, 'e0', true],
      [1, 'e1', true],
    ]);
    expect(answer.steps.map(({ text, passed }) => [text, passed])).toEqual([
      ['[process where process.name == "python3"]', 1],
      ['[network where destination.port == 443]', 1],
    ]);
  });

  it('names the event of the key that lacked least of the step that did not come', () => {
    const answer = explained(SERVER, [
      { ...python, at: 0, host: 'web-1' },
      { ...python, at: 0, host: 'web-2' },
      { at: 5, category: 'network', host: 'web-1', destination: { port: 80 } },
      { at: 6, category: 'file', host: 'web-1' },
      { at: 9, category: 'network', host: 'web-2', destination: { port: 8_443 } },
      { at: 90, category: 'network', host: 'web-1' },
    ]);
    expect(answer.fires).toBe(false);
    expect(answer.keys.map(({ key, outcome, message }) => [key[0], outcome, message])).toEqual([
      ['web-2', 'waiting', 'No event passed step 2 within 60 s.'],
      ['web-1', 'waiting', 'No event passed step 2 within 60 s.'],
    ]);
    expect(answer.keys.map(({ steps }) => steps.at(-1)?.nearest)).toMatchObject([
      { id: 'e4', obstacles: [{ field: 'destination.port', seen: ['8443'] }] },
      { id: 'e2', obstacles: [{ message: 'destination.port is “80”; wanted: “443”.' }] },
    ]);
    expect(answer.steps[1]).toMatchObject({ passed: 0, nearest: { obstacles: [{ field: 'destination.port' }] } });
  });

  it('says what broke it', () => {
    const late = explained(SERVER, [
      { ...python, at: 0, host: 'web-1' },
      { at: 75, category: 'network', host: 'web-1', destination: { port: 443 } },
    ]);
    expect(late.keys).toMatchObject([
      {
        outcome: 'too-late',
        message: 'An event of step 2 came 75 s after the first; it has to come within 60 s.',
        broken_by: { id: 'e1' },
      },
    ]);
    const early = explained(SERVER, [
      { at: 0, category: 'network', host: 'web-1', destination: { port: 443 } },
      { ...python, at: 1, host: 'web-1' },
    ]);
    expect(early.keys).toMatchObject([
      {
        outcome: 'out-of-order',
        message: 'Out of order: an event of step 2 came before those of the steps before it, and none after them.',
        broken_by: { id: 'e0' },
      },
    ]);
    const ended = explained(`${SERVER} until [process where process.name == "reboot"]`, [
      { ...python, at: 0, host: 'web-1' },
      { at: 1, category: 'process', host: 'web-1', process: { name: 'reboot' } },
      { at: 2, category: 'network', host: 'web-1', destination: { port: 443 } },
    ]);
    expect(ended.keys).toMatchObject([{ outcome: 'until', broken_by: { id: 'e1' } }]);
    const present = explained(
      'sequence by host.name with maxspan=5s [process where true] ![file where true] [network where true]',
      [
        { ...python, at: 0, host: 'web-1' },
        { at: 1, category: 'file', host: 'web-1' },
        { at: 2, category: 'network', host: 'web-1' },
      ],
    );
    expect(present.keys).toMatchObject([
      {
        outcome: 'present',
        message: 'An event came that had to stay away: step 2.',
        broken_by: { id: 'e1' },
        steps: [{ step: 0, event: { id: 'e0' } }, { step: 1 }, { step: 2, event: { id: 'e2' } }],
      },
    ]);
  });

  it('counts events without the join key, and those that the rule does not read', () => {
    const answer = explained(
      SERVER,
      [
        { ...python, at: 0, stream: 'logs-endpoint.events.process-default' },
        { ...python, at: 1, host: 'web-1', stream: 'logs-auditd_manager.auditd-default' },
      ],
      ['logs-endpoint.events.*'],
    );
    expect(answer).toMatchObject({
      events: 2,
      unread: 1,
      unread_streams: ['logs-auditd_manager.auditd-default'],
      all_keys: 0,
    });
    expect(answer.steps[0]).toMatchObject({ passed: 1, keyless: 1 });
  });

  it('names the exception that removes a match, told the events by step', () => {
    const asked: (string | undefined)[][] = [];
    const events = [
      { ...python, at: 0, host: 'web-1' },
      { at: 9, category: 'network', host: 'web-1', destination: { port: 443 } },
    ].map(eventOf);
    const answer = explainTogether(rule(SERVER), events, 5, (_, steps) => {
      asked.push(steps.map((event) => event?.text('event.id')));
      return { id: 'x', name: 'Known' };
    });
    expect(answer).toMatchObject({
      fires: false,
      keys: [{ outcome: 'excepted', message: 'The exception “Known” removes it.', excepted_by: { id: 'x' } }],
    });
    expect(asked[0]).toEqual(['e0', 'e1']);
  });

  it('tells so many keys, those nearest to a match', () => {
    const told = Array.from({ length: 50 }, (_, at) => ({ ...python, at, host: `h${at}` }));
    const answer = explainTogether(rule(SERVER), told.map(eventOf), 3);
    expect(answer.keys.map(({ key }) => key[0])).toEqual(['h49', 'h48', 'h47']);
    expect(answer.all_keys).toBe(50);
  });
});

describe('an explanation of a sample', () => {
  const BOTH =
    'sample by host.name [process where process.name == "nmap"] [process where process.name in ("nc", "nmap")]';
  const tool = (name: string, at: number) => ({ at, category: 'process', host: 'web-1', process: { name } });

  it.each([
    [[tool('nc', 0), tool('nmap', 1)], 'matched', 'Every step, in 1 s.'],
    [[tool('nc', 0)], 'waiting', 'No event passed step 1.'],
    [[tool('nmap', 0)], 'same-event', 'There are too few events: each counts for one step only.'],
    [[tool('nc', 0), tool('nmap', 1_000)], 'too-late', 'The events lie further apart than 9 min.'],
  ] as const)('case %#', (told, outcome, message) => {
    const answer = explained(BOTH, told);
    expect(answer.keys).toMatchObject([{ key: ['web-1'], outcome, message }]);
    expect(answer.fires).toBe(outcome === 'matched');
  });
});
