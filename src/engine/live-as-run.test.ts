/** A rule whose query is filters over one table finds, event by event, what the same query finds over stored events. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { loadRules } from '../rule/load.ts';
import { backtest } from './backtest.ts';

const START = Date.UTC(2026, 2, 1);
const WORDS = ['ana', 'Ana', 'root', 'ß', 'web-01', 'http.server', 'sh', 'python3', 'x_y', '4242', 'a b'];
const word = fc.constantFrom(...WORDS);
const text = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));

const events = fc.array(
  fc.record({
    host: fc.option(word, { nil: undefined }),
    user: fc.option(word, { nil: undefined }),
    name: word,
    command: fc.option(text, { nil: undefined }),
    pid: fc.option(fc.integer({ min: 1, max: 9_999 }), { nil: undefined }),
  }),
  { minLength: 15, maxLength: 15 },
);

const column = fc.constantFrom(
  'DvcHostname',
  'ActorUsername',
  'TargetProcessFilename',
  'CommandLine',
  'TargetProcessId',
);
const operator = fc.constantFrom(
  ...['==', '!=', '=~', '!~', 'has', '!has', 'has_cs', 'contains', '!contains', 'startswith', 'endswith', 'hasprefix'],
);
const simple = fc.oneof(
  fc.tuple(column, operator, word).map(([name, sign, value]) => `${name} ${sign} "${value}"`),
  fc.tuple(column, word, word).map(([name, a, b]) => `${name} in~ ("${a}", "${b}")`),
  fc.tuple(column, word, word).map(([name, a, b]) => `${name} has_any ("${a}", "${b}")`),
  column.map((name) => `isempty(${name})`),
  column.map((name) => `tolower(${name}) matches regex @"^[a-z]+$"`),
  fc.integer({ min: 1, max: 9_999 }).map((pid) => `tolong(TargetProcessId) > ${pid}`),
);
const condition = fc.oneof(
  simple,
  fc.tuple(simple, fc.constantFrom('and', 'or'), simple).map(([a, sign, b]) => `${a} ${sign} not(${b})`),
);
const filters = fc.array(condition, { minLength: 1, maxLength: 2 });

const ruleOf = (id: string, query: string) => `id: ${id}
name: ${id}
kind: Scheduled
severity: Low
queryFrequency: 1d
queryPeriod: 1d
triggerOperator: gt
triggerThreshold: 0
tactics: []
query: ${JSON.stringify(query)}
`;

test('live is as on schedule', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-live-as-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [happened = []] = fc.sample(events, 1);
  const documents = happened.map(({ host, user, name, command, pid }, at) => ({
    '@timestamp': new Date(START + at * 1_000).toISOString(),
    event: { id: `e${at}`, category: ['process'], type: ['start'] },
    host: { name: host },
    user: { name: user },
    process: { name, executable: `/usr/bin/${name}`, command_line: command, pid },
  }));
  const logs = join(folder, 'events.ndjson');
  writeFileSync(logs, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  const queries = fc
    .sample(filters, runs(20))
    .map((each) => ['imProcessCreate', ...each.map((one) => `where ${one}`)].join(' | '));
  const rules = join(folder, 'rules.yaml');
  writeFileSync(
    rules,
    queries
      .flatMap((query, at) => [
        ruleOf(`live-${at}`, query),
        ruleOf(`run-${at}`, `${query} | sort by TimeGenerated asc`),
      ])
      .join('---\n'),
  );
  const loaded = await loadRules([rules]);
  expect(loaded.rules.map(({ tally }) => tally?.kind)).toEqual(queries.flatMap(() => [undefined, 'rows']));
  const report = await backtest({ rules: [rules], logs: [logs], uncapped: true });
  const times = (id: string) =>
    report.rules
      .find((rule) => rule.id === id)
      ?.alerts.map(({ time }) => time.slice(0, 19))
      .sort();
  for (const [at, query] of queries.entries()) {
    expect({ query, documents, times: times(`live-${at}`) }).toEqual({ query, documents, times: times(`run-${at}`) });
  }
});
