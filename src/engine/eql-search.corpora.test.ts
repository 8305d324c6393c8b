/**
 * Elasticsearch's own cases asked as a hunt is asked: of files, with a mapping, answered in the shape of its API. Their
 * events are not ECS, and a format takes some of them for its own.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { eqlAnswer } from './eql-answer.ts';
import { searchEql } from './eql-search.ts';

interface Case {
  readonly name: string;
  readonly dataset: string;
  readonly query: string;
  readonly expected_event_ids: readonly unknown[];
  readonly join_keys?: readonly unknown[];
  readonly size?: number;
  readonly max_samples_per_key?: number;
}

interface Dataset {
  readonly category: string;
  readonly timestamp: string;
  readonly tiebreaker: string | null;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a mapping of an index can say and one of a hunt cannot. */
const SKIPPED: readonly { readonly why: string; readonly holds: (each: Case) => boolean }[] = [
  { why: 'a value that stands for null (null_value)', holds: ({ query }) => query.includes('default_null') },
  {
    why: 'a form of dates of one’s own',
    holds: ({ dataset, query }) => dataset === 'samples' && /\bby (@timestamp_pretty|date)\b/.test(query),
  },
];

/** A query has as many answers as Elasticsearch gives unasked. */
const SIZE_OF_EVENTS = 10;

test('hunts over events that are not ECS answer as Elasticsearch does', async (context) => {
  const folder = requireCorpora(context, 'eql');
  const datasets = JSON.parse(readFileSync(`${folder}/datasets.json`, 'utf8')) as Readonly<Record<string, Dataset>>;
  const cases = readFileSync(`${folder}/cases.ndjson`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
  const wrong: unknown[] = [];
  for (const each of cases.filter((one) => !SKIPPED.some(({ holds }) => holds(one)))) {
    const dataset = datasets[each.dataset] as Dataset;
    const isEvents = !/^\s*(sequence|sample)\b/.test(each.query);
    const search = await searchEql({
      // TOML has no null: in the cases, a bare one before a comma or a bracket became this text, in queries too.
      query: each.query.replaceAll('"__null__"', 'null'),
      over: [`${folder}/datasets/${each.dataset}.ndjson`],
      fields: Object.fromEntries(Object.entries(dataset.fields).map(([name, type]) => [name, type.replace(/;.*/, '')])),
      eventCategoryField: dataset.category,
      timestampField: dataset.timestamp,
      size: each.size ?? (isEvents ? SIZE_OF_EVENTS : 1_000),
      ...(dataset.tiebreaker === null ? {} : { tiebreakerField: dataset.tiebreaker }),
      ...(each.max_samples_per_key === undefined ? {} : { maxSamplesPerKey: each.max_samples_per_key }),
    });
    if (search.read === undefined) {
      wrong.push([each.name, search.diagnostics]);
      continue;
    }
    const { hits } = eqlAnswer(search.kind, search.matches, 0, false);
    const events = hits.events ?? hits.sequences?.flatMap((sequence) => sequence.events) ?? [];
    const ids = JSON.stringify(events.map(({ missing, _source }) => (missing ? -1 : _source[dataset.id])));
    const keys = hits.sequences?.flatMap(({ join_keys }) => join_keys ?? []).map(String);
    const { expected_event_ids: expected, join_keys } = each;
    const isPiped = /\|\s*(head|tail)\b/.test(each.query);
    const wanted = JSON.stringify(isEvents && !isPiped ? expected.slice(0, SIZE_OF_EVENTS) : expected);
    const isRight = wanted.startsWith('[[') ? wanted.includes(ids) : wanted === ids;
    if (!isRight || (join_keys !== undefined && String(keys) !== String(join_keys.map(String)))) {
      wrong.push([each.name, each.query, ids, wanted, keys, join_keys]);
    }
  }
  expect(wrong).toEqual([]);
});
