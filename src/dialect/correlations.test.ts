/**
 * Correlations in each target, word for word (`goldens/`), and what is refused with which reason. Microsoft's parser takes
 * every Kusto query over the tables that it names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileEql } from '../language/eql/eql.ts';
import { KustoParser } from '../language/kusto/parse-kusto.ts';
import type { Plan } from '../plan/plan.ts';
import { inspectWhole } from '../rule/inspect.ts';
import type { ColumnType } from '../vocabulary/table.ts';
import type { DialectName } from './dialect-names.ts';
import { emitPlan } from './dialects.ts';
import { ASIM } from './kql-asim.ts';
import { XDR } from './kql-xdr.ts';

const rule = (name: string, category: string, selection: string) =>
  `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {product: windows, category: ${category}}\ndetection:\n  selection: ${selection}\n  condition: selection\n`;

const RULES = [
  rule('tool', 'process_creation', `{Image|endswith: '\\tool.exe'}`),
  rule('shell', 'process_creation', `{Image|endswith: '\\cmd.exe', ProcessId|gt: 4}`),
  rule('dropped', 'file_event', `{TargetFilename|endswith: '.exe'}`),
  rule('smb', 'network_connection', '{DestinationPort: 445}'),
  `title: Often\nid: often\nname: often\ncorrelation: {type: event_count, rules: [tool], group-by: [Computer], timespan: 5m, condition: {gte: 3}}\n`,
];

/** Name → the correlation. */
const CASES: Readonly<Record<string, string>> = {
  'event-count': 'type: event_count\nrules: [tool, smb]\ngroup-by: [Computer]\ntimespan: 10m\ncondition: {gt: 4}',
  'event-count-range':
    'type: event_count\nrules: [tool]\ngroup-by: [Computer]\ntimespan: 10m\ncondition: {gte: 5, lt: 10}',
  'event-count-all': 'type: event_count\nrules: [tool]\ntimespan: 90s\ncondition: {gte: 5}',
  'value-count':
    'type: value_count\nrules: [smb]\ngroup-by: [Computer]\ntimespan: 10m\ncondition: {gte: 5, field: DestinationIp}',
  'value-count-of-two':
    'type: value_count\nrules: [tool]\ngroup-by: [Computer]\ntimespan: 1h\ncondition: {gte: 5, field: [CommandLine, Image]}',
  'value-sum':
    'type: value_sum\nrules: [smb]\ngroup-by: [Computer]\ntimespan: 1h\ncondition: {gt: 1000, field: DestinationPort}',
  'value-avg':
    'type: value_avg\nrules: [smb]\ngroup-by: [Computer]\ntimespan: 1h\ncondition: {gt: 1000, field: DestinationPort}',
  'value-percentile':
    'type: value_percentile\nrules: [smb]\ngroup-by: [Computer]\ntimespan: 1d\ncondition: {gte: 5, field: DestinationPort, percentile: 95}',
  temporal: 'type: temporal\nrules: [tool, dropped]\ngroup-by: [Computer]\ntimespan: 10m',
  'temporal-words': 'type: temporal\ngroup-by: [Computer]\ntimespan: 10m\ncondition: tool and (shell or smb)',
  'temporal-not': 'type: temporal\ngroup-by: [Computer]\ntimespan: 10m\ncondition: tool and not smb',
  'temporal-ordered': 'type: temporal_ordered\nrules: [tool, shell, smb]\ngroup-by: [Computer]\ntimespan: 10m',
  aliases:
    'type: temporal_ordered\nrules: [tool, shell]\ngroup-by: [path]\naliases: {path: {tool: Image, shell: ParentImage}}\ntimespan: 10m',
  nested: 'type: temporal_ordered\nrules: [often, smb]\ngroup-by: [Computer]\ntimespan: 15m',
};

const TARGETS = ['kql-asim', 'kql-xdr', 'eql', 'esql', 'lucene'] as const;

async function planOf(correlation: string): Promise<Plan> {
  const own = `title: Case\nid: case\nname: case\ncorrelation:\n${correlation.replaceAll(/^/gm, '  ')}\n`;
  const [first] = await inspectWhole([own, ...RULES].join('---\n'), 'case.yml');
  if (first?.rule === undefined) throw new Error(first?.findings.map(({ message }) => message).join(' '));
  return first.rule.plan;
}

function said(plan: Plan, to: DialectName): string {
  const { query, diagnostics } = emitPlan(plan, to, NO_SPAN, { sources: ['logs-*'], system: 'table' });
  const told = diagnostics.map(({ severity, code, message }) => `# ${severity} ${code}: ${message}`);
  return [...new Set(told), ...(query === undefined ? [] : [query])].join('\n');
}

/** A table that several sources read, with the columns of all. */
function schema() {
  const byName = new Map<string, { names: readonly string[]; columns: Map<string, ColumnType> }>();
  for (const { table } of [...ASIM.sources, ...XDR.sources]) {
    const [name = ''] = table.names;
    const known = byName.get(name) ?? { names: table.names, columns: new Map() };
    for (const column of table.columns) known.columns.set(column.name, column.type);
    byName.set(name, known);
  }
  const tables = [...byName.values()];
  return {
    tables: tables.map(({ names, columns }) => ({
      names,
      columns: [...columns].map(([name, type]) => ({ name, type })),
    })),
  };
}

const parser = new KustoParser(schema());

test.each(Object.entries(CASES))('%s', async (name, correlation) => {
  const plan = await planOf(correlation);
  const texts = TARGETS.map((to) => `## ${to}\n${said(plan, to)}\n`);
  await expect(`${correlation}\n\n${texts.join('\n')}`).toMatchFileSnapshot(`goldens/${name}.txt`);
  for (const to of ['kql-asim', 'kql-xdr'] as const) {
    const { query } = emitPlan(plan, to, NO_SPAN, { sources: [], system: 'table' });
    if (query === undefined) continue;
    const parsed = await parser.parse(query);
    if ('failure' in parsed) throw new Error(`not parsed: ${query}`);
    const errors = parsed.diagnostics.filter(({ severity }) => severity === 'Error');
    expect(errors.map(({ message, span }) => `${message} ${query.slice(span.start, span.end)}`)).toEqual([]);
  }
});

const strip = (value: unknown) => JSON.stringify(value, (key, each: unknown) => (key === 'span' ? undefined : each));

test.each([
  'sequence by host.id with maxspan=5m\n  [process where process.name == "a"]\n  ![file where true]\n  [process where process.name == "b"]\n| head 3',
  'sequence by host.id, ?user.name with maxspan=1h\n  [process where process.pid > 4] with runs=3\n  [any where true]\nuntil [process where event.type == "end"]',
  'sequence\n  [process where true] by process.entity_id\n  [network where true] by process.parent.entity_id',
  'sequence\n  [process where true] by process.entity_id with runs=2\n  [process where false] by process.entity_id',
  'sample by host.id\n  [process where process.name == "a"]\n  [file where file.name == "b"]',
])('EQL is read back as it was: %s', (text) => {
  const { plan, diagnostics } = compileEql(text);
  if (plan === undefined) throw new Error(diagnostics[0]?.message);
  const { query = '' } = emitPlan(plan, 'eql', NO_SPAN, { sources: [], system: 'table' });
  expect(strip(compileEql(query).plan)).toBe(strip(plan));
});

test('runs are written as runs', () => {
  const { plan } = compileEql('sequence by host.id [process where true] with runs=3 [file where true]');
  if (plan === undefined) throw new Error('no plan');
  expect(said(plan, 'eql')).toBe('sequence by host.id\n  [process where true] with runs=3\n  [file where true]');
});

test('a sequence of EQL is scanned for in Kusto and paired in ES|QL', async () => {
  const { plan } = compileEql(
    'sequence by host.id with maxspan=1m [process where event.type == "start" and process.name == "a"] [process where event.type == "start" and process.name == "b"] until [process where event.type == "start" and process.pid == 4]',
  );
  if (plan?.kind !== 'sequence') throw new Error('no plan');
  const { until: _, ...withoutUntil } = plan;
  const texts = [said(plan, 'kql-xdr'), said(plan, 'esql'), said(withoutUntil, 'esql')];
  await expect(texts.join('\n\n')).toMatchFileSnapshot('goldens/eql-sequence.txt');
});

test.each<readonly [string, string]>([
  ['sample by host.id [process where true] [file where true]', 'samples'],
  ['sequence by host.id with maxspan=1m [process where true] ![file where true] [process where true]', 'missing'],
  ['sequence by host.id [process where true] [file where true] | head 1', 'first or last'],
])('%s is refused but in EQL', (text, reason) => {
  const { plan } = compileEql(text);
  if (plan === undefined) throw new Error('no plan');
  for (const to of ['kql-asim', 'esql'] as const)
    expect(said(plan, to)).toMatch(new RegExp(`^# error convert-kind: .*${reason}`));
  expect(said(plan, 'lucene')).toMatch(/^# error convert-kind: Lucene finds events one by one/);
});

test('every case of the conformance suite is said or refused, in each target', async () => {
  const folder = new URL('../../conformance/correlations/', import.meta.url);
  let plans = 0;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(`${name}/rules.yml`, folder), 'utf8');
    for (const { rule } of await inspectWhole(text, `${name}.yml`)) {
      if (rule === undefined || rule.plan.kind === 'event') continue;
      plans += 1;
      for (const to of TARGETS) {
        const { query, diagnostics } = emitPlan(rule.plan, to, NO_SPAN, { sources: ['logs-*'], system: 'table' });
        expect(query === undefined, `${name} in ${to}`).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      }
    }
  }
  expect(plans).toBeGreaterThan(10);
});
