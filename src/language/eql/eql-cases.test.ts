import { describe, expect, test } from 'vitest';
import { EQL_CASES, EQL_SEQUENCES } from '../../../test/eql-cases.ts';
import { stepPredicates } from '../../correlate/correlation.ts';
import { Correlator } from '../../correlate/correlator.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileEql } from './eql.ts';

function eventOf(document: JsonObject, seconds = 0): Event {
  return new Event({
    time: { ms: seconds * 1000, ticks: 0 },
    source: documentSource(document),
    raw: new TextEncoder().encode(JSON.stringify([seconds, document])),
    format: 'test',
    dataStreams: [],
  });
}

describe.each(EQL_CASES)('$title', ({ cases }) => {
  test.each(cases)('$feature', ({ condition, matches, misses }) => {
    const query = / where /.test(condition) ? condition : `any where ${condition}`;
    const { plan, diagnostics } = compileEql(query);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (plan?.kind !== 'event') throw new Error('no event query');
    expect(matches.filter((document) => !evaluate(plan.predicate, eventOf(document)))).toEqual([]);
    expect(misses.filter((document) => evaluate(plan.predicate, eventOf(document)))).toEqual([]);
  });
});

test.each(EQL_SEQUENCES)('$feature', ({ query, events, found }) => {
  const { plan, diagnostics } = compileEql(query);
  expect(diagnostics).toEqual([]);
  if (plan === undefined || plan.kind === 'event') throw new Error('no sequence');
  const matches: string[] = [];
  const correlator = new Correlator({
    plans: [{ name: 'plan', plan }],
    found: (_, match) => matches.push(`[${match.events.map((placed) => placed?.event.text('name') ?? '-').join(' ')}]`),
  });
  for (const [, category = '', second = '', host] of events.matchAll(/([A-Z])@(\d+)(?: ([a-z]))?/g)) {
    const document = {
      name: `${category}@${second}`,
      event: { category },
      ...(host === undefined ? {} : { host: { id: host, name: host } }),
    };
    const event = eventOf(document, Number(second));
    const steps = stepPredicates(plan).flatMap((predicate, at) => (evaluate(predicate, event) ? [at] : []));
    if (steps.length > 0) correlator.observe(event, [{ plan: 0, steps }], 0);
  }
  correlator.end();
  expect(matches.join(' ')).toBe(found);
});
