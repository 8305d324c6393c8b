import { describe, expect, test } from 'vitest';
import { KUERY_CASES } from '../../../test/kuery-cases.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileKuery } from './kuery.ts';

function eventOf(document: JsonObject): Event {
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
}

describe.each(KUERY_CASES)('$title', ({ cases }) => {
  test.each(cases)('$feature', ({ query, matches, misses }) => {
    const { plan, diagnostics } = compileKuery(query);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const holds = (document: JsonObject) => plan !== undefined && evaluate(plan.predicate, eventOf(document));
    expect(matches.filter((document) => !holds(document))).toEqual([]);
    expect(misses.filter(holds)).toEqual([]);
  });
});
