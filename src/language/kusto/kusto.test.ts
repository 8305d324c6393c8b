import { expect, test } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import type { EventPlan } from '../../plan/plan.ts';
import { evaluate, evaluateValue } from '../../plan/predicate/evaluate.ts';
import type { Compiled } from '../language.ts';
import { FUNCTIONS_BY_NAME } from './functions.ts';
import { compileKusto, type KustoOptions } from './kusto.ts';
import { TEXT_OPERATORS } from './operators.ts';
import { isKustoLoaded } from './parsers.ts';
import { BARE, FULL, FUNCTIONS, OPERATORS } from './support.fixture.ts';

const eventOf = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
const full = eventOf(FULL);
const bare = eventOf(BARE);

async function compiled(
  query: string,
  options?: KustoOptions,
): Promise<Required<Pick<Compiled<EventPlan>, 'plan' | 'output'>>> {
  const { plan, output, diagnostics } = await compileKusto(query, options);
  if (plan === undefined || output === undefined) throw new Error(`${query}: ${JSON.stringify(diagnostics)}`);
  return { plan, output };
}

async function holds(query: string, ...events: Event[]): Promise<boolean[]> {
  const { plan } = await compiled(query);
  return events.map((event) => evaluate(plan.predicate, event));
}

const cases = [...OPERATORS, ...FUNCTIONS].flatMap(({ cases }) => Object.entries(cases));

test.each(cases)('%s: %s', async (condition, on) => {
  expect(await holds(`imProcessCreate | where ${condition}`, full, bare)).toEqual([
    on === 'both' || on === 'full',
    on === 'both' || on === 'bare',
  ]);
});

test('every operator and function that is compiled has a case, so the table in the docs lists it', () => {
  const named = (rows: typeof OPERATORS) => new Set(rows.flatMap(({ what }) => what.split(' ')));
  const operators = Object.values(TEXT_OPERATORS).map(({ operator }) => operator.replace('matches regex', 'regex'));
  expect(operators.filter((operator) => !named(OPERATORS).has(operator))).toEqual([]);
  // `parse_json` reads dynamic columns, of which this table has none: kql-tables.test.ts has cases of it.
  const functions = Object.keys(FUNCTIONS_BY_NAME).filter((name) => name !== 'not' && name !== 'parse_json');
  expect(functions.filter((name) => !named(FUNCTIONS).has(name))).toEqual([]);
});

test('the parser runs once a query came', async () => {
  await compiled('imProcessCreate');
  expect(isKustoLoaded()).toBe(true);
});

test('only process starts are rows, by either name, with or without ()', async () => {
  const ended = eventOf({ ...FULL, event: { category: ['process'], type: ['end'] } });
  for (const name of ['imProcessCreate', 'imProcessCreate()', '_Im_ProcessCreate', '_Im_ProcessCreate()']) {
    expect(await holds(name, full, ended)).toEqual([true, false]);
  }
});

test('a field of several values satisfies a condition that one of them does', async () => {
  expect(await holds('imProcessCreate | where DvcIpAddr == "10.0.0.5"', full)).toEqual([true]);
  expect(await holds('imProcessCreate | where DvcIpAddr != "10.0.0.5"', full)).toEqual([false]);
});

test('let, several where, extend, and names that change their meaning', async () => {
  const query = [
    'let names = dynamic(["python3.11"]);',
    'let wanted = tolower("HTTP");',
    'let started = imProcessCreate | where isnotempty(CommandLine);',
    'started',
    '| extend Process = tolower(TargetProcessFilename), n = strlen(CommandLine)',
    '| where Process in (names)',
    '| extend long_one = n > 10',
    '| where long_one and CommandLine has wanted',
  ].join('\n');
  expect(await holds(query, full, bare)).toEqual([true, false]);
});

test('strings of every form', async () => {
  const strings = [
    "'http.server'",
    'h"http.server"',
    '@"http.server"',
    '```http.server```',
    '"http" ".server"',
    '"\\x68ttp\\u002eserver"',
  ];
  for (const text of strings)
    expect(await holds(`imProcessCreate | where CommandLine contains ${text}`, full)).toEqual([true]);
});

test('the output: columns, take, count', async () => {
  const { output } = await compiled(
    'imProcessCreate | project User, Id = tolong(TargetProcessId), strlen(Dvc) | take 5 | count',
  );
  const cells = output.columns?.map(({ name, type, value }) => [
    name,
    type,
    evaluateValue(value, full),
    evaluateValue(value, bare),
  ]);
  expect(cells).toEqual([
    ['User', 'string', 'Ünal', ''],
    ['Id', 'long', 4242, null],
    ['strlen_Dvc', 'long', 6, 0],
  ]);
  expect(output).toMatchObject({ extended: [], take: 5, count: 'Count' });
  const { output: extended } = await compiled('imProcessCreate | extend IsShell = Process endswith "sh"');
  expect(extended.columns).toBeUndefined();
  expect(extended.extended.map(({ name, value }) => [name, evaluateValue(value, full)])).toEqual([['IsShell', false]]);
});

test('now is a moment where one is given', async () => {
  const now = Date.UTC(2024, 4, 6, 8);
  const { plan } = await compiled('imProcessCreate | where TimeGenerated between (ago(1h) .. now())', { now });
  expect(evaluate(plan.predicate, full)).toBe(true);
  const { plan: later } = await compiled('imProcessCreate | where TimeGenerated > ago(1m)', { now });
  expect(evaluate(later.predicate, full)).toBe(false);
});

test('plans are data', async () => {
  const { plan, output } = await compiled('imProcessCreate | where User =~ "root" | extend a = iff(User == "x", 1, 2)');
  expect(JSON.parse(JSON.stringify({ plan, output }))).toEqual({ plan, output });
  expect(Object.isFrozen(plan.predicate)).toBe(true);
});
