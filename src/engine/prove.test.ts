/** Conversions of rules over several events, proved by running both sides; and that a wrong one is found out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runs } from '../../test/effort.ts';
import { documentSource, Event } from '../event/event.ts';
import { type Conversion, convertRule } from '../rule/convert.ts';
import { inspectText, inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import { type Proof, ProofRun, readBack } from './prove.ts';

const named = (name: string) =>
  `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {product: linux, category: process_creation}\ndetection:\n  selection: {Image|contains: ${name}}\n  condition: selection\n`;

async function correlation(body: string): Promise<LoadedRule> {
  const own = `title: Case\nid: case\nname: case\ncorrelation:\n${body.replaceAll(/^/gm, '  ')}\n`;
  const [first] = await inspectWhole([own, named('A'), named('B'), named('C')].join('---\n'), 'case.yml');
  if (first?.rule === undefined) throw new Error(first?.findings.map(({ message }) => message).join(' '));
  return first.rule;
}

/** A process whose name says which of the rules match it. */
function event(names: string, ms: number, host: string): Event {
  const document = {
    'event.category': ['process'],
    'event.type': ['start'],
    'host.os.type': 'linux',
    'host.name': host,
    'process.executable': names,
  };
  return new Event({
    time: { ms, ticks: 0 },
    source: documentSource(document),
    raw: new TextEncoder().encode(`${names} ${ms} ${host}`),
    format: 'test',
    dataStreams: [],
  });
}

async function prove(rule: LoadedRule, conversion: Conversion, events: readonly Event[]): Promise<Proof> {
  const sides = await readBack(rule, conversion);
  if ('reason' in sides) return { verdict: 'not-provable', reason: sides.reason };
  const run = new ProofRun(sides);
  for (const each of events) run.take(each);
  return run.proof();
}

const anyEvents = fc
  .array(
    fc.record({
      names: fc.subarray(['A', 'B', 'C'], { minLength: 1 }),
      gap: fc.nat({ max: 40_000 }),
      host: fc.constantFrom('x', 'y'),
    }),
    { maxLength: 20 },
  )
  .map((items) => {
    let ms = 0;
    return items.map(({ names, gap, host }) => {
      ms += gap;
      return event(names.join(''), ms, host);
    });
  });

test.each(['A, B', 'A, B, C', 'A, A, B'])('rules in order (%s) find what their EQL finds', async (rules) => {
  const rule = await correlation(`type: temporal_ordered\nrules: [${rules}]\ngroup-by: [host.name]\ntimespan: 1m`);
  const conversion = convertRule(rule, { to: 'eql' });
  await fc.assert(
    fc.asyncProperty(anyEvents, async (events) => {
      expect(await prove(rule, conversion, events)).toMatchObject({ verdict: 'same', events: events.length });
    }),
    { numRuns: runs(60) },
  );
});

test('a query that looks at another timespan is found out', async () => {
  const rule = await correlation('type: temporal_ordered\nrules: [A, B]\ngroup-by: [host.name]\ntimespan: 1m');
  const { query = '', ...rest } = convertRule(rule, { to: 'eql' });
  const events = [event('A', 0, 'x'), event('B', 50_000, 'x')];
  const shorter = { ...rest, query: query.replace('maxspan=1m', 'maxspan=30s') };
  expect(await prove(rule, shorter, events)).toMatchObject({
    verdict: 'different',
    first: { fires: true, event: events[1] },
  });
  const later = [event('A', 0, 'x'), event('B', 100_000, 'x')];
  const longer = { ...rest, query: query.replace('maxspan=1m', 'maxspan=1h') };
  expect(await prove(rule, longer, later)).toMatchObject({
    verdict: 'different',
    first: { fires: false, event: later[1] },
  });
});

test('a sequence of EQL finds what its text finds', async () => {
  const query =
    'sequence by host.name with maxspan=1m [process where process.executable == "A"] ![process where process.executable == "C"] [process where process.executable == "B"] with runs=1';
  const [inspection] = inspectText(
    JSON.stringify({ rule_id: 'r', name: 'r', type: 'eql', language: 'eql', query, severity: 'low', risk_score: 1 }),
    'rule.ndjson',
  );
  const rule = inspection?.rule;
  if (rule === undefined) throw new Error(inspection?.findings[0]?.message);
  const events = [
    event('A', 0, 'x'),
    event('B', 9, 'x'),
    event('A', 10, 'y'),
    event('C', 11, 'y'),
    event('B', 12, 'y'),
  ];
  expect(await prove(rule, convertRule(rule, { to: 'eql' }), events)).toEqual({
    verdict: 'same',
    events: 5,
    matched: 1,
  });
  expect(await prove(rule, convertRule(rule, { to: 'esql' }), events)).toMatchObject({ verdict: 'not-provable' });
});

test('what Kusto scans for is not run here', async () => {
  const rule = await correlation('type: event_count\nrules: [A]\ntimespan: 1m\ncondition: {gte: 3}');
  const conversion = convertRule(rule, { to: 'kql-xdr' });
  expect(conversion.query).toContain('| scan ');
  expect(await prove(rule, conversion, [])).toMatchObject({ verdict: 'not-provable' });
});

test('rules to import look back as far as their timespan', async () => {
  const rule = await correlation('type: temporal_ordered\nrules: [A, B]\ngroup-by: [host.name]\ntimespan: 90m');
  const sentinel = parse(convertRule(rule, { to: 'kql-asim', form: 'rule' }).text ?? '');
  expect(sentinel).toMatchObject({
    queryFrequency: '1h',
    queryPeriod: '150m',
    entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'HostName', columnName: 'DvcHostname' }] }],
  });
  for (const to of ['eql', 'esql'] as const) {
    const { text = '' } = convertRule(rule, { to, form: 'rule' });
    expect(JSON.parse(text)).toMatchObject({ type: to, language: to, from: 'now-99m', enabled: false });
  }
});

test('Sentinel looks back 14 days at most', async () => {
  const rule = await correlation('type: temporal_ordered\nrules: [A, B]\ntimespan: 14d');
  const { diagnostics } = convertRule(rule, { to: 'kql-xdr', form: 'rule' });
  expect(diagnostics.find(({ severity }) => severity === 'error')).toMatchObject({ code: 'convert-too-large' });
  expect(convertRule(rule, { to: 'kql-xdr' }).query).toBeDefined();
});
