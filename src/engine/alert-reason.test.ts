import { describe, expect, it } from 'vitest';
import type { Alert } from '../detect/alert.ts';
import type { JsonObject } from '../event/json.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { Plan } from '../plan/plan.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { alertReason } from './alert-reason.ts';

const event = (second: number, category: string, name: string): JsonObject => ({
  '@timestamp': `2026-01-01T00:00:0${second}.000Z`,
  event: { category: [category] },
  process: { name },
});

function reason(query: string, events: readonly JsonObject[]) {
  const rule = { document: { query } as RuleDocument, plan: compileEql(query).plan as Plan };
  return alertReason(rule, { events } as unknown as Alert);
}

describe('why an alert’s rule holds for its events', () => {
  it('of one event is a trace', () => {
    expect(reason('process where process.name == "a"', [event(1, 'process', 'a')])).toMatchObject({
      trace: { result: true },
    });
  });

  it('of a sequence is told step by step, with what stayed away', () => {
    const query =
      'sequence with maxspan=1m [process where true] ![file where true] [process where process.name == "b"]';
    const { steps } = reason(query, [event(1, 'process', 'a'), event(2, 'process', 'b')]);
    expect(steps).toMatchObject([
      { text: '[process where true]', event: 0, time: '2026-01-01T00:00:01.000Z', trace: { result: true } },
      { text: '![file where true]', missing: true },
      { text: '[process where process.name == "b"]', event: 1, trace: { result: true } },
    ]);
    expect(steps?.[1]).not.toHaveProperty('event');
  });

  it('of a sample finds which event is which step’s', () => {
    const query = 'sample by process.parent.pid [process where process.name == "b"] [process where true]';
    const { steps } = reason(query, [event(1, 'process', 'a'), event(2, 'process', 'b')]);
    expect(steps?.map((step) => step.event)).toEqual([1, 0]);
  });

  it('is nothing where the rule now has other steps, or the alert no event', () => {
    expect(reason('sequence [a where true] [b where true]', [event(1, 'process', 'a')])).toEqual({});
    expect(reason('any where true', [])).toEqual({});
  });
});
