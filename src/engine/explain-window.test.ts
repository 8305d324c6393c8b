import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import { correlated } from '../rule/correlated.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { inspectWhole } from '../rule/inspect.ts';
import { correlationOf } from './explain.ts';
import { explainTogether } from './explain-events.ts';
import type { ExplainedCorrelation } from './stream-explainer.ts';

const START = Date.UTC(2026, 0, 1);

/** `AB@12:user=ada,size=3`: kinds, seconds, fields. */
function eventOf(text: string, at: number): Event {
  const [, kinds = '', seconds = '', fields = ''] = /^([A-Z]+)@(\d+)(?::(.*))?$/.exec(text) ?? [];
  const told = fields.split(',').filter((field) => field !== '');
  return new Event({
    time: { ms: START + Number(seconds) * 1_000, ticks: 0 },
    source: documentSource({
      kind: [...kinds],
      event: { category: ['test'] },
      ...Object.fromEntries(told.map((field) => field.split('='))),
    }),
    raw: new TextEncoder().encode(text),
    format: 'test',
    dataStreams: [],
    id: `${at + 1}`,
  });
}

const base = (name: string) =>
  `---\ntitle: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {category: test}\ndetection:\n  s: {kind: ${name}}\n  condition: s\n`;
const correlation = (body: string, name = 'together') =>
  `---\ntitle: ${name}\nid: ${name}\nname: ${name}\ncorrelation:\n${body.trim().replaceAll(/^ */gm, '  ')}\n`;

async function ruleOf(text: string): Promise<ExplainedCorrelation> {
  const whole = `${text}${base('A')}${base('B')}${base('C')}`.slice(4);
  const rules = correlated(await inspectWhole(whole, 'a.yml')).flatMap(({ rule }): readonly LoadedRule[] =>
    rule === undefined ? [] : [rule],
  );
  const found = rules.map(correlationOf).find((rule) => rule?.document.id === 'together');
  if (found === undefined) throw new Error('no correlation');
  return found;
}

async function explained(
  body: string,
  events: string,
  ...more: [number?, ((id: string) => { id: string; name: string })?]
) {
  const arrived = events.split(' ').map(eventOf);
  return explainTogether(await ruleOf(correlation(body)), arrived, ...more);
}

const COUNT = 'type: event_count\nrules: [A]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}';
const ORDER = 'type: temporal_ordered\nrules: [A, B, C]\ngroup-by: [user]\ntimespan: 1m';
const TEMPORAL = 'type: temporal\nrules: [A, B, C]\ngroup-by: [user]\ntimespan: 1m';

describe('an explanation of a correlation rule', () => {
  it.each<[string, string, string, string]>([
    [COUNT, 'A@0:user=x A@5:user=x A@9:user=x', 'matched', '3 events within 9 s.'],
    [
      COUNT,
      'A@0:user=x A@5:user=x',
      'waiting',
      'At most 2 events within 5 s; it asks for at least 3 events within 60 s.',
    ],
    [
      COUNT,
      'A@0:user=x A@50:user=x A@90:user=x',
      'too-late',
      '3 events in all, but at most 2 events within 40 s; it asks for at least 3 events within 60 s.',
    ],
    [
      COUNT.replace('{gte: 3}', '{lt: 2}'),
      'A@0:user=x A@1:user=x',
      'unmet',
      'The window held 2 events within 1 s; it asks for less than 2 events within 60 s.',
    ],
    [
      'type: value_count\nrules: [A]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 2, field: to}',
      'A@0:user=x,to=p A@5:user=x,to=p',
      'waiting',
      'At most 1 different value within 5 s; it asks for at least 2 different values of to within 60 s.',
    ],
    [
      'type: value_avg\nrules: [A]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gt: 5, field: size}',
      'A@0:user=x,size=1 A@5:user=x,size=6',
      'unmet',
      'The window held an average of 3.5 within 5 s; it asks for an average of size of more than 5 within 60 s.',
    ],
    [TEMPORAL, 'A@0:user=x C@5:user=x B@9:user=x', 'matched', 'Matches of A, B and C within 9 s.'],
    [TEMPORAL, 'A@0:user=x C@5:user=x', 'waiting', 'A and C matched; B did not within 60 s.'],
    [
      TEMPORAL,
      'A@0:user=x C@5:user=x B@90:user=x',
      'too-late',
      'A and C matched, and B too, but not within 60 s of each other.',
    ],
    [ORDER, 'A@0:user=x B@5:user=x C@9:user=x', 'matched', 'All of the rules, in order, within 9 s.'],
    [ORDER, 'A@0:user=x B@5:user=x', 'waiting', 'A and B matched; C did not within 60 s.'],
    [
      ORDER,
      'A@0:user=x B@5:user=x C@90:user=x',
      'too-late',
      'A and B matched; C came later than within 60 s of the first.',
    ],
    [
      ORDER,
      'C@0:user=x A@1:user=x B@5:user=x',
      'out-of-order',
      'Out of order: A and B matched; C matched, but not after them.',
    ],
    [ORDER, 'B@0:user=x', 'out-of-order', 'A later one of the rules matched, but A did not match before it.'],
    [
      'type: temporal\nrules: [A, B]\ngroup-by: [user]\ntimespan: 1m\ncondition: A and not B',
      'A@0:user=x B@5:user=x',
      'unmet',
      'The window held matches of A and B within 5 s; it asks for (A and not B) within 60 s.',
    ],
  ])('case %#', async (body, events, outcome, message) => {
    const answer = await explained(body, events);
    expect(answer.keys).toMatchObject([{ key: ['x'], outcome, message }]);
    expect(answer).toMatchObject({ kind: 'window', fires: outcome === 'matched', by: ['user'], span: 60_000 });
  });

  it('counts events without a value to group by, or to measure', async () => {
    const body = 'type: value_sum\nrules: [A]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 2, field: size}';
    const answer = await explained(body, 'A@0:size=1 A@1:user=x A@2:user=x,size=1 B@3');
    expect(answer.steps).toMatchObject([{ text: 'A', passed: 3, keyless: 1, valueless: 1 }]);
    expect(answer.keys).toMatchObject([{ key: ['x'], measured: 1, begun: 1 }]);
  });

  it('tells the groups nearest to a match, and of a match its last events', async () => {
    const events = 'A@0:user=x A@1:user=y A@2:user=y A@3:user=z A@4:user=z A@5:user=z';
    const answer = await explained(COUNT, events, 2);
    expect(answer.all_keys).toBe(3);
    expect(answer.keys.map(({ key, outcome }) => [key[0], outcome])).toEqual([
      ['z', 'matched'],
      ['y', 'waiting'],
    ]);
    expect(answer.keys[0]?.steps.map(({ event }) => event?.id)).toEqual(['4', '5', '6']);
    expect(answer.keys[0]?.steps[0]?.trace?.result).toBe(true);
  });

  it('names the event that lacked least of the rule that did not match', async () => {
    const answer = await explained(ORDER, 'A@0:user=x B@5:user=x D@9:user=x');
    expect(answer.keys[0]?.steps.at(-1)).toMatchObject({ step: 2, nearest: { obstacles: [{ field: 'kind' }] } });
    expect(answer.steps[2]).toMatchObject({ passed: 0, nearest: { obstacles: [{ field: 'kind' }] } });
  });

  it('tells of the correlations in it', async () => {
    const inner = correlation(
      'type: event_count\nrules: [A]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}',
      'many',
    );
    const outer = correlation('type: temporal_ordered\nrules: [many, B]\ngroup-by: [user]\ntimespan: 1m');
    const events = 'A@0:user=x A@1:user=x B@2:user=x'.split(' ').map(eventOf);
    const answer = explainTogether(await ruleOf(`${outer}${inner}`), events);
    expect(answer.fires).toBe(false);
    expect(answer.inner).toMatchObject([
      { name: 'many', matched: 0, asks: 'at least 3 events within 10 s', keys: [{ key: ['x'], measured: 2 }] },
    ]);
    expect(answer.steps.map(({ text, passed }) => [text, passed])).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
  });

  it('names the exception that removes a match', async () => {
    const answer = await explained(COUNT, 'A@0:user=x A@5:user=x A@9:user=x', 5, () => ({ id: 'e', name: 'Known' }));
    expect(answer).toMatchObject({ fires: false, keys: [{ outcome: 'excepted', excepted_by: { id: 'e' } }] });
  });
});
