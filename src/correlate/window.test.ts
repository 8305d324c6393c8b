/**
 * Windows: the engine against the reference evaluator, and what is written and read back. Cases in words are in
 * `conformance/`.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { documentSource, Event } from '../event/event.ts';
import type { WindowPlan } from '../plan/plan.ts';
import { PLAN_VERSION } from '../plan/predicate/node.ts';
import type { Bounds, Presence, Window, WindowField, WindowMember, WindowTest } from '../plan/window.ts';
import { sequenceStep, stepsPassed } from './correlation.fixture.ts';
import type { CorrelationMatch, KeyRow } from './correlation.ts';
import type { PlacedEvent } from './placed-event.ts';
import { WindowCorrelation } from './window-correlation.ts';
import { findWindows } from './window-reference.ts';

const TAGS = ['A', 'B', 'C'] as const;
const field = (name: string): WindowField => ({ kind: 'field', name, fields: [{ name, type: 'keyword' }] });

const bound = fc.record({
  operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const, '==' as const, '!=' as const),
  value: fc.integer({ min: 0, max: 5 }),
});
const anyBounds: fc.Arbitrary<Bounds> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((value): Bounds => [{ operator: '>=', value }]),
  fc.array(bound, { minLength: 1, maxLength: 2 }),
);

const presence = fc.letrec<{ node: Presence }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    fc.nat({ max: 1 }).map((member): Presence => ({ kind: 'member', member })),
    tie('node').map((child): Presence => ({ kind: 'not', child })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.tuple(tie('node'), tie('node')))
      .map(([kind, children]): Presence => ({ kind, children })),
  ),
})).node;

const anyTest: fc.Arbitrary<WindowTest> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'event-count' as const,
        'value-count' as const,
        'value-sum' as const,
        'value-average' as const,
        'member-count' as const,
      ),
      anyBounds,
    )
    .map(([kind, bounds]): WindowTest => ({ kind, bounds })),
  anyBounds.map((bounds): WindowTest => ({ kind: 'value-percentile', percentile: 50, bounds })),
  fc.constant<WindowTest>({ kind: 'in-order' }),
  presence.map((condition): WindowTest => ({ kind: 'presence', condition })),
);

function anyWindow(depth: number): fc.Arbitrary<Window> {
  return fc
    .record({
      test: anyTest,
      timespan: fc.integer({ min: 0, max: 8 }),
      groupBy: fc.constantFrom<readonly string[]>([], ['k'], ['v']),
      inner: fc.array(
        depth === 0 ? fc.constant(undefined) : fc.option(anyWindow(depth - 1), { nil: undefined, freq: 1 }),
        { minLength: 2, maxLength: 3 },
      ),
      steps: fc.array(fc.nat({ max: 2 }), { minLength: 3, maxLength: 3 }),
    })
    .map(({ test, timespan, groupBy, inner, steps }): Window => {
      const values = test.kind.startsWith('value-') ? [field(test.kind === 'value-count' ? 'v' : 'n')] : [];
      const members = inner.map((window, at): WindowMember => {
        const keys = groupBy.map((name) =>
          window?.groupBy[0] === name ? ({ kind: 'group', at: 0 } as const) : field(name),
        );
        const step = steps[at] ?? 0;
        const from = window === undefined ? ({ kind: 'step', step } as const) : ({ kind: 'window', window } as const);
        return { name: `m${at}`, from, keys, values };
      });
      return { members, timespan, test, groupBy, span: NO_SPAN };
    });
}

const anyPlan: fc.Arbitrary<WindowPlan> = anyWindow(1).map((window) => ({
  kind: 'window',
  version: PLAN_VERSION,
  steps: TAGS.map((tag) => sequenceStep(tag, [])),
  window,
  pipes: [],
}));

const anyEvents: fc.Arbitrary<readonly PlacedEvent[]> = fc
  .array(
    fc.record({
      tags: fc.subarray([...TAGS], { minLength: 1, maxLength: 2 }),
      gap: fc.nat({ max: 3 }),
      k: fc.subarray(['x', 'y']),
      v: fc.subarray(['p', 'q', 'r']),
      n: fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined }),
    }),
    { maxLength: 25 },
  )
  .map((items) => {
    let ms = 0;
    return items.map(({ tags, gap, k, v, n }, arrival) => {
      ms += gap;
      const time = { ms, ticks: 0 };
      const document = { tags, k, v, ...(n === undefined ? {} : { n }) };
      const raw = new TextEncoder().encode(`${arrival}`);
      const event = new Event({ time, source: documentSource(document), raw, format: 'test', dataStreams: [] });
      return { event, time, tiebreaker: null, arrival };
    });
  });

const told = (key: readonly unknown[], events: readonly (PlacedEvent | undefined)[], value: number | undefined) =>
  `${key.join()} [${events.map((placed) => placed?.arrival).join(' ')}]${value === undefined ? '' : ` ${value}`}`;
const toldAll = (matches: readonly CorrelationMatch[]) =>
  matches.map(({ key, events, value }) => told(key, events, value)).sort();

it('finds what the reference evaluator finds', () => {
  let found = 0;
  fc.assert(
    fc.property(anyPlan, anyEvents, (plan, events) => {
      const matches: CorrelationMatch[] = [];
      const correlation = new WindowCorrelation(plan, (match) => matches.push(match));
      for (const placed of events) correlation.take(placed, stepsPassed(plan, placed));
      correlation.end();
      found += matches.length;
      expect(toldAll(matches)).toEqual(
        findWindows(plan, events)
          .map(({ key, events: own, value }) => told(key.values, own, value))
          .sort(),
      );
    }),
    { numRuns: runs(1_500) },
  );
  expect(found).toBeGreaterThan(runs(1_500) / 3);
});

it('goes on from its rows as if it had never stopped', () => {
  fc.assert(
    fc.property(anyPlan, anyEvents, fc.array(fc.nat({ max: 25 })), (plan, events, stops) => {
      const whole: CorrelationMatch[] = [];
      const parts: CorrelationMatch[] = [];
      const rows = new Map<string, KeyRow>();
      const straight = new WindowCorrelation(plan, (match) => whole.push(match));
      let current = new WindowCorrelation(plan, (match) => parts.push(match));
      for (const [at, placed] of events.entries()) {
        const steps = stepsPassed(plan, placed);
        straight.take(placed, steps);
        current.take(placed, steps);
        const { changed, removed } = current.changes();
        for (const key of removed) rows.delete(key);
        for (const row of changed) rows.set(row.key, row);
        if (!stops.includes(at)) continue;
        expect([...rows.keys()].sort()).toEqual([...current.writtenKeys()].sort());
        const before = current.size;
        current = new WindowCorrelation(plan, (match) => parts.push(match));
        current.restore([...rows.values()]);
        expect(current.size).toMatchObject({ keys: before.keys, events: before.events });
      }
      straight.end();
      current.end();
      expect(toldAll(parts)).toEqual(toldAll(whole));
    }),
    { numRuns: runs(120) },
  );
});
