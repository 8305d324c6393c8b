import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { readFilters } from './elastic-filters.ts';
import { inspectWhole } from './inspect.ts';

function eventOf(document: JsonObject): Event {
  const raw = new Uint8Array();
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw,
    format: 'test',
    dataStreams: [],
  });
}

const event = eventOf({
  '@timestamp': '2026-03-01T10:00:00.000Z',
  process: { name: 'cmd.exe', pid: 40, args: ['cmd.exe', '/c', 'a*b'] },
  file: { directory: 'C:\\Program Files\\WindowsPowerShell\\Modules\\x' },
});

function holds(query: JsonObject, meta: JsonObject = {}): boolean | readonly string[] {
  const { predicate, unknown } = readFilters([{ meta, query }]);
  return predicate === undefined ? unknown.map(({ name }) => name) : evaluate(predicate, event);
}

describe('filters', () => {
  const wildcard = (value: string, more: JsonObject = {}) => ({ wildcard: { 'file.directory': { value, ...more } } });

  it.each<[JsonObject, boolean | readonly string[]]>([
    [{ match_all: {} }, true],
    [{ match_none: {} }, false],
    [{ match_phrase: { 'process.name': 'cmd.exe' } }, true],
    [{ match_phrase: { 'process.name': { query: 'cmd' } } }, false],
    [{ term: { 'process.pid': 40 } }, true],
    [{ term: { 'process.args': { value: 'a*b' } } }, true],
    [{ term: { 'process.args': 'a*' } }, false],
    [{ terms: { 'process.name': ['sh', 'cmd.exe'] } }, true],
    [{ exists: { field: 'process.pid' } }, true],
    [{ exists: { field: 'user.name' } }, false],
    [{ range: { 'process.pid': { gte: 40, lt: 41 } } }, true],
    [{ range: { 'process.pid': { gt: 40 } } }, false],
    [{ range: { '@timestamp': { gte: '2026-03-01T00:00:00Z', format: 'strict_date_optional_time' } } }, true],
    [wildcard('?:\\\\program files\\\\*', { case_insensitive: true }), true],
    [wildcard('?:\\\\program files\\\\*'), false],
    [wildcard('?:\\\\Program Files\\\\*\\*'), false],
    [{ prefix: { 'process.name': 'cmd' } }, true],
    [{ bool: { should: [{ term: { 'process.pid': 1 } }, { term: { 'process.pid': 40 } }] } }, true],
    [{ bool: { must: { term: { 'process.pid': 40 } }, should: [{ term: { 'process.pid': 1 } }] } }, true],
    [{ bool: { filter: [{ term: { 'process.pid': 40 } }], must_not: [{ exists: { field: 'process.name' } }] } }, false],
    [{ script: { script: 'true' } }, ['script']],
    [{ bool: { should: [{ term: { 'process.pid': 1 } }], minimum_should_match: 2 } }, ['bool.minimum_should_match']],
    [{ bool: { boost: 1 } }, ['bool.boost']],
    [{ range: { 'process.pid': { about: 1 } } }, ['range.about']],
    [{ term: { a: 1, b: 2 } }, ['term']],
  ])('%j → %j', (query, expected) => {
    expect(holds(query)).toEqual(expected);
    if (typeof expected === 'boolean') expect(holds(query, { negate: true })).toBe(!expected);
  });

  it('count as a whole, those that are off not at all, and those of an older form too', () => {
    const filter = (pid: number, meta: JsonObject = {}) => ({ meta, query: { term: { 'process.pid': pid } } });
    expect(readFilters(undefined)).toEqual({ unknown: [] });
    expect(readFilters([filter(1, { disabled: true })])).toEqual({ unknown: [] });
    const both = readFilters([filter(40), { meta: { negate: true }, exists: { field: 'process.name' } }]);
    expect(both.predicate && evaluate(both.predicate, event)).toBe(false);
    expect(readFilters([filter(40), 7, { meta: {} }]).unknown.map(({ at }) => at)).toEqual([1, 2]);
  });

  it('are asked beside the query of a rule, of every event of a sequence; what is not followed is told', async () => {
    const rule = (query: string) => `
[metadata]
maturity = "production"
[rule]
author = ["Vedette"]
description = "A test."
language = "eql"
license = "Apache-2.0"
name = "Filtered"
risk_score = 21
rule_id = "filtered"
severity = "low"
type = "eql"
query = '''
${query}
'''
[[rule.filters]]
[rule.filters.meta]
negate = true
[rule.filters.query.match_phrase]
"user.name" = "builder"
[[rule.filters]]
[rule.filters.query.script]
script = "true"
`;
    const [one] = await inspectWhole(rule('process where process.name == "cmd.exe"'), 'rule.toml');
    expect(one?.findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'rule-key-unfollowed',
        'filters has what is not followed: script. Events that this filter leaves out still match.',
      ],
    ]);
    const plan = one?.rule?.plan;
    if (plan?.kind !== 'event') throw new Error('no plan');
    const by = (name: string) =>
      eventOf({ event: { category: ['process'] }, process: { name: 'cmd.exe' }, user: { name } });
    expect([by('ana'), by('builder')].map((each) => evaluate(plan.predicate, each))).toEqual([true, false]);
    const pair = '[process where process.name == "a"] [process where process.name == "b"]';
    const [two] = await inspectWhole(rule(`sequence by host.name ${pair} until [process where true]`), 'rule.toml');
    const sequence = two?.rule?.plan;
    if (sequence?.kind !== 'sequence') throw new Error('no sequence');
    const steps = [...sequence.steps, ...(sequence.until === undefined ? [] : [sequence.until])];
    expect(steps).toHaveLength(3);
    expect(steps.map(({ predicate }) => JSON.stringify(predicate).includes('builder'))).toEqual([true, true, true]);
  });
});
