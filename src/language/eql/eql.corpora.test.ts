/**
 * Elasticsearch's own cases and Elastic's rules, read from the corpora: what parses, what is refused and why, what
 * constants fold to, what the event queries find, and what is found wrong in the rules.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { expect, type TestContext, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import { documentSource, Event } from '../../event/event.ts';
import { type JsonObject, parseJson } from '../../event/json.ts';
import { throughPipes } from '../../plan/pipes.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import { ConstantFolder } from './constants.ts';
import { compileEql } from './eql.ts';
import { EXPECTED_FINDINGS } from './expected-findings.fixture.ts';
import { parseEql } from './parse-eql.ts';

interface Case {
  readonly name: string;
  readonly dataset: string;
  readonly query: string;
  readonly expected_event_ids: readonly unknown[];
}

interface Dataset {
  readonly category: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

function readLines<T>(context: TestContext, ...path: string[]): T[] {
  const text = readFileSync(requireCorpora(context, ...path), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseJson(line) as T);
}

interface Folding {
  readonly section: string;
  readonly expression: string;
  readonly expected: unknown;
}

/** Why Elasticsearch does not give what is recorded, which is the classic EQL's answer. */
const SKIPPED_EXPRESSIONS: readonly { readonly why: string; readonly holds: (folding: Folding) => boolean }[] = [
  {
    why: 'the classic comparison ignores case; Elasticsearch’s does not',
    holds: ({ section }) => section === 'string_case_insensitive_match_comparison',
  },
  {
    why: 'the classic form of a call, "text":length(); Elasticsearch’s grammar has none',
    holds: ({ expression }) => /:\w+\(/.test(expression),
  },
  {
    why: 'Elasticsearch’s reference and code: an empty text where there is nothing between',
    holds: ({ section, expected, expression }) =>
      section === 'between' && expected === null && !/\bnull\b/.test(expression),
  },
  {
    why: 'Elasticsearch’s code: the whole text where a mark is empty',
    holds: ({ expression }) => /^between\(.*""/.test(expression),
  },
];

/** Two entries of the list are pieces of one file of queries that was cut inside a string. */
const isPiece = (query: string) => query.includes('Library/Preferences\n') || query.startsWith("'");

test('what Elasticsearch parses', (context) => {
  const queries = readLines<{ query: string }>(context, 'eql', 'must-parse.ndjson').map(({ query }) => query);
  const refused = queries
    .filter((query) => !isPiece(query))
    .map((query) => ({ query, diagnostic: parseEql(query).diagnostics[0] }))
    .filter(({ diagnostic }) => diagnostic !== undefined);
  expect(refused.filter(({ diagnostic }) => diagnostic?.code !== 'eql-unsupported')).toEqual([]);
  const unexpected = refused.filter(({ query }) => !/^\s*join\b/.test(query));
  expect(unexpected).toEqual([]);
});

test('what Elasticsearch refuses', (context) => {
  const queries = readLines<{ query: string }>(context, 'eql', 'must-refuse.ndjson');
  expect(queries.filter(({ query }) => compileEql(query).plan !== undefined)).toEqual([]);
});

test('Elastic’s rules compile, and what is found in them is true', (context) => {
  const folder = requireCorpora(context, 'elastic');
  const files = globSync(join(folder, '{rules,rules_building_block}', '**', '*.toml')).filter(
    (file) => !file.includes('/rules/_deprecated/'),
  );
  const found: string[] = [];
  let compiled = 0;
  for (const file of files) {
    const { rule } = parseToml(readFileSync(file, 'utf8')) as {
      rule?: { rule_id: string; language?: string; query?: string };
    };
    if (rule?.language !== 'eql' || rule.query === undefined) continue;
    const { plan, diagnostics } = compileEql(rule.query);
    if (plan !== undefined) compiled += 1;
    found.push(...diagnostics.map(({ code }) => `${rule.rule_id} ${code}`));
  }
  expect(compiled).toBe(1_024);
  const expected = EXPECTED_FINDINGS.flatMap(([id, code, times]) => new Array(times).fill(`${id} ${code}`));
  expect(found.sort()).toEqual(expected.sort());
});

test('constant expressions fold as Elasticsearch folds them', (context) => {
  const wrong: unknown[] = [];
  for (const folding of readLines<Folding>(context, 'eql', 'expressions.ndjson')) {
    if (SKIPPED_EXPRESSIONS.some(({ holds }) => holds(folding))) continue;
    const { section, expression, expected } = folding;
    const { statement, diagnostics } = parseEql(`any where ${expression}`);
    const folder = new ConstantFolder();
    const value = statement?.query.kind === 'event-query' ? folder.fold(statement.query.condition)?.value : undefined;
    if (value !== expected) wrong.push([section, expression, expected, value, diagnostics[0]?.message]);
  }
  expect(wrong).toEqual([]);
});

test('event queries find what Elasticsearch finds', (context) => {
  const datasets = parseJson(
    readFileSync(requireCorpora(context, 'eql', 'datasets.json'), 'utf8'),
  ) as unknown as Record<string, Dataset>;
  const wrong: unknown[] = [];
  let ran = 0;
  for (const each of readLines<Case>(context, 'eql', 'cases.ndjson')) {
    const dataset = datasets[each.dataset] as Dataset;
    // TOML has no null: in the cases, a bare one before a comma or a bracket became this text, in queries too.
    const { plan, diagnostics } = compileEql(each.query.replaceAll('"__null__"', 'null'), {
      categoryField: dataset.category,
      fieldType: (name) => /^[a-z]+(?=;|$)/.exec(dataset.fields[name] ?? '')?.[0] as FieldType | undefined,
    });
    if (plan === undefined) wrong.push([each.name, each.query, diagnostics]);
    // Sequences and samples are run by `correlate/`, over the same cases.
    if (plan?.kind !== 'event') continue;
    ran += 1;
    const found: unknown[] = [];
    const matches = throughPipes<unknown>(plan.pipes ?? [], (id) => found.push(id));
    for (const document of readLines<JsonObject>(context, 'eql', 'datasets', `${each.dataset}.ndjson`)) {
      if (evaluate(plan.predicate, eventOf(document, dataset))) matches.give(document[dataset.id]);
    }
    matches.end();
    // Elasticsearch gives ten events unless asked for more.
    if (JSON.stringify(found.slice(0, 10)) !== JSON.stringify(each.expected_event_ids.slice(0, 10))) {
      wrong.push([each.name, each.query, found, each.expected_event_ids]);
    }
  }
  expect(wrong).toEqual([]);
  expect(ran).toBeGreaterThan(0);
});

/** An index may store a value for an explicit null (`null_value`). */
function eventOf(document: JsonObject, { fields }: Dataset): Event {
  const stored = Object.entries(document).map(([name, value]) => {
    const inPlace = /;null_value=(.*)$/.exec(fields[name] ?? '')?.[1];
    return [name, value === null && inPlace !== undefined ? inPlace : value] as const;
  });
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(Object.fromEntries(stored)),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
}
