/**
 * Elasticsearch's own cases of sequences, missing events and samples, through the correlator as a hunt asks it.
 */
import { readFileSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { documentSource, Event } from '../event/event.ts';
import { type Json, type JsonObject, parseJson } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { CorrelationPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import type { FieldType } from '../plan/predicate/node.ts';
import { stepPredicates } from './correlation.ts';
import { Correlator } from './correlator.ts';
import { ResultList } from './result-list.ts';

interface Case {
  readonly name: string;
  readonly dataset: string;
  readonly query: string;
  readonly expected_event_ids: readonly number[] | readonly (readonly number[])[];
  readonly join_keys?: readonly (string | null)[];
  readonly size?: number;
  readonly max_samples_per_key?: number;
}

interface Dataset {
  readonly category: string;
  readonly tiebreaker: string | null;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

test('sequences, missing events and samples find what Elasticsearch finds', (context) => {
  const datasets = parseJson(read(context, 'datasets.json')) as unknown as Readonly<Record<string, Dataset>>;
  const cases = lines<Case>(context, 'cases.ndjson').filter(({ query }) => /^\s*(sequence|sample)\b/.test(query));
  const wrong: unknown[] = [];
  for (const each of cases) {
    const dataset = datasets[each.dataset] as Dataset;
    const documents = lines<JsonObject>(context, 'datasets', `${each.dataset}.ndjson`);
    const answer = ask(each, dataset, documents);
    if ('diagnostics' in answer) {
      wrong.push([each.name, each.query, answer.diagnostics]);
      continue;
    }
    const { ids, keys } = answer;
    const expected = JSON.stringify(each.expected_event_ids);
    const isRight = expected.startsWith('[[')
      ? expected.includes(JSON.stringify(ids))
      : expected === JSON.stringify(ids);
    const joined = (each.join_keys ?? []).map(String);
    if (!isRight) wrong.push([each.name, each.query, ids, each.expected_event_ids]);
    else if (each.join_keys !== undefined && joined.join() !== keys.map(String).join()) {
      wrong.push([each.name, each.query, keys, each.join_keys]);
    }
  }
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThan(0);
});

function ask(each: Case, dataset: Dataset, documents: readonly JsonObject[]) {
  // TOML has no null: in the cases, a bare one before a comma or a bracket became this text, in queries too.
  const query = each.query.replaceAll('"__null__"', 'null');
  const { plan, diagnostics } = compileEql(query, {
    categoryField: dataset.category,
    fieldType: (name) => /^[a-z]+(?=;|$)/.exec(dataset.fields[name] ?? '')?.[0] as FieldType | undefined,
  });
  if (plan === undefined || plan.kind === 'event') return { diagnostics };
  const size = { kind: 'head', count: each.size ?? 1_000 } as const;
  const list = new ResultList({ cuts: plan.pipes.length > 0 ? plan.pipes : [size], ordered: plan.kind === 'sequence' });
  const correlator = new Correlator({
    plans: [{ name: 'query', plan }],
    found: (_, match) => list.add(match),
    ...(dataset.tiebreaker === null ? {} : { tiebreaker: dataset.tiebreaker }),
    ...(each.max_samples_per_key === undefined ? {} : { samplesPerKey: each.max_samples_per_key }),
  });
  for (const document of documents) {
    const event = eventOf(document, dataset);
    const steps = stepsOf(plan, event);
    if (steps.length > 0) correlator.observe(event, [{ plan: 0, steps }], 0);
  }
  correlator.end();
  const matches = list.results();
  return {
    ids: matches.flatMap(({ events }) => events.map((placed) => placed?.event.values(dataset.id)[0] ?? -1)),
    keys: matches.flatMap(({ key }) => key),
  };
}

function stepsOf(plan: CorrelationPlan, event: Event): readonly number[] {
  return stepPredicates(plan).flatMap((predicate, step) => (evaluate(predicate, event) ? [step] : []));
}

/** Stored as the index of the data set stores it: a value for an explicit null, dates in the index's own form. */
function eventOf(document: JsonObject, { fields }: Dataset): Event {
  const stored = Object.entries(document).map(([name, value]): [string, Json] => {
    const inPlace = /;null_value=(.*)$/.exec(fields[name] ?? '')?.[1];
    const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(String(value)) ?? [];
    if (fields[name] === 'date' && day !== undefined) return [name, `${year}-${month}-${day}`];
    return [name, value === null && inPlace !== undefined ? inPlace : value];
  });
  const time = String(document['@timestamp'] ?? 0);
  return new Event({
    time: /^\d+$/.test(time) ? { ms: Number(time), ticks: 0 } : (parseTime(time) ?? { ms: 0, ticks: 0 }),
    source: documentSource(Object.fromEntries(stored)),
    raw: new TextEncoder().encode(JSON.stringify(document)),
    format: 'test',
    dataStreams: [],
  });
}

function read(context: TestContext, ...path: string[]): string {
  return readFileSync(requireCorpora(context, 'eql', ...path), 'utf8');
}

function lines<T>(context: TestContext, ...path: string[]): T[] {
  return read(context, ...path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseJson(line) as T);
}
