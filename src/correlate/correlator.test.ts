import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import { anyEvents, anySequencePlan, eventsOf, sequencePlan, shown, stepsPassed, told } from './correlation.fixture.ts';
import type { CorrelationMatch } from './correlation.ts';
import { type CorrelatedPlan, Correlator, type CorrelatorOptions, type StepHit } from './correlator.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import { findSequences } from './reference.ts';

const NOW = 1_000_000;

function hits(plans: readonly CorrelatedPlan[]): (event: Event) => readonly StepHit[] {
  return (event) =>
    plans.flatMap(({ plan }, at) => {
      const steps = stepsPassed(plan, { event } as PlacedEvent);
      return steps.length === 0 ? [] : [{ plan: at, steps }];
    });
}

const named = (text: string): CorrelatedPlan => ({ name: text, plan: sequencePlan(text) });

function open(plans: readonly CorrelatedPlan[], options: Partial<CorrelatorOptions> = {}) {
  const found: CorrelationMatch[] = [];
  const correlator = new Correlator({ plans, found: (_, match) => found.push(match), ...options });
  const hitsOf = hits(plans);
  return { correlator, found, hitsOf, see: (event: Event, now = NOW) => correlator.observe(event, hitsOf(event), now) };
}

/** As they come: each at most so much later than an event of a later time. */
function delayed(events: readonly PlacedEvent[], delays: readonly number[]): readonly PlacedEvent[] {
  return events
    .map((placed, at) => ({ placed, comes: placed.time.ms + (delays[at] ?? 0), at }))
    .sort((a, b) => a.comes - b.comes || a.at - b.at)
    .map(({ placed }) => placed);
}

describe('events out of order', () => {
  const lateness = 10;
  const anyDelays = fc.array(fc.nat({ max: lateness }), { minLength: 25, maxLength: 25 });

  it('are put in order within the lateness: live finds what the reference finds over all', () => {
    fc.assert(
      fc.property(anySequencePlan, anyEvents, anyDelays, (plan, events, delays) => {
        const { correlator, found, see } = open([{ name: 'plan', plan }], { lateness });
        const arriving = delayed(events, delays);
        for (const { event } of arriving) {
          see(event);
          correlator.advance(NOW);
        }
        correlator.end();
        const placed = arriving.map((one, arrival) => ({ ...one, arrival }));
        expect(correlator.status.late).toBe(0);
        expect(told(found.map(byName))).toEqual(told(findSequences(plan, placed).map(byName)));
      }),
      { numRuns: runs(400) },
    );
  });

  it('are put in order whatever their lateness, where all of them can be held', () => {
    fc.assert(
      fc.property(
        anySequencePlan,
        fc.shuffledSubarray([...eventsOf('A@1 B@2 C@3 M@4 A@5 M@6 B@7 C@8 B@9')]),
        (plan, events) => {
          const { correlator, found, see } = open([{ name: 'plan', plan }]);
          for (const { event } of events) see(event);
          correlator.end();
          expect(told(found.map(byName))).toEqual(told(findSequences(plan, events).map(byName)));
        },
      ),
    );
  });

  it('are counted where they come too late', () => {
    const { correlator, found, see } = open([named('A B')], { lateness: 10 });
    const [a, b, late] = eventsOf('A@100 B@200 A@150') as [PlacedEvent, PlacedEvent, PlacedEvent];
    see(a.event);
    see(b.event);
    correlator.advance(NOW);
    see(late.event);
    correlator.end();
    expect(correlator.status).toMatchObject({ late: 1, forced: 0, held: 0 });
    expect(shown(found)).toEqual(['A@100 B@200']);
  });

  it('are ordered by the tiebreaker where their times are equal', () => {
    const { correlator, found, see } = open([named('A B')], { tiebreaker: 'name' });
    for (const { event } of eventsOf('B@5:x A@5:x')) see(event);
    correlator.end();
    expect(shown(found)).toEqual(['A@5:x B@5:x']);
  });
});

describe('the clock', () => {
  it('decides what waits when nothing more comes', () => {
    const { correlator, found, see } = open([named('A !M maxspan 60000')], { lateness: 10_000 });
    for (const { event } of eventsOf(`A@${NOW}`)) see(event);
    correlator.advance(NOW + 70_000);
    expect(found).toEqual([]);
    correlator.advance(NOW + 70_001);
    expect(found).toHaveLength(1);
  });

  it('that is set back decides nothing twice, calls what comes late, and goes on where it was', () => {
    const hour = 3_600_000;
    const { correlator, found, see } = open([named('A B')], { lateness: 10_000 });
    const at = (text: string, now: number) => {
      for (const { event } of eventsOf(text)) see(event, now);
    };
    const now = 10 * hour;
    at(`A@${now - 2} B@${now - 1}`, now);
    correlator.advance(now + 20_000);
    const back = now - hour;
    at(`A@${back} B@${back + 1}`, back + 1);
    for (let later = back; later < now + 20_000; later += 60_000) correlator.advance(later);
    expect(correlator.status.late).toBe(2);
    expect(correlator.takeLate()).toEqual(new Map([['A B', { from: back, to: back + 1 }]]));
    at(`A@${now + 20_001} B@${now + 20_002}`, now + 20_002);
    correlator.advance(now + 31_000);
    expect(correlator.status.late).toBe(2);
    expect(found).toHaveLength(2);
  });

  it('does not run ahead after a restart that it was set back before', () => {
    const hour = 3_600_000;
    const first = open([named('A B')], { lateness: 10_000 });
    for (const { event } of eventsOf(`A@${10 * hour}`)) first.see(event, 10 * hour);
    first.correlator.advance(10 * hour);
    const next = open([named('A B')], { lateness: 10_000 });
    next.correlator.restore(first.correlator.changes().changed, next.hitsOf);
    for (let now = 9 * hour; now <= 10 * hour; now += 60_000) next.correlator.advance(now);
    for (const { event } of eventsOf(`B@${10 * hour + 1}`)) next.see(event, 10 * hour + 1);
    next.correlator.advance(10 * hour + 10_002);
    expect(next.correlator.status.late).toBe(0);
    expect(next.found).toHaveLength(1);
  });

  it('does not run away with an event from the future', () => {
    const { correlator, found, see } = open([named('A B')], { lateness: 10_000 });
    for (const { event } of eventsOf(`A@${NOW * 9} A@${NOW} B@${NOW + 1}`)) see(event);
    correlator.advance(NOW + 10_002);
    expect(shown(found)).toEqual([`A@${NOW} B@${NOW + 1}`]);
  });
});

describe('memory', () => {
  it('is bounded for events held, and what is forced is counted', () => {
    const { correlator, found, see } = open([named('A B by k')], { limits: { heldEvents: 10 } });
    for (let at = 0; at < 50; at += 1) for (const { event } of eventsOf(`A@${at}:k${at} B@${at}:k${at}`)) see(event);
    expect(correlator.status).toMatchObject({ held: 10, forced: 90, late: 0 });
    correlator.end();
    expect(found).toHaveLength(50);
  });

  it('is bounded for events remembered: the plan that remembers most gives up its oldest', () => {
    const plans = [named('A B by k'), named('C B')];
    const { correlator, found, see } = open(plans, { limits: { heldEvents: 0, events: 100 } });
    for (const { event } of eventsOf('C@0')) see(event);
    for (let at = 1; at <= 1_000; at += 1) for (const { event } of eventsOf(`A@${at}:k${at}`)) see(event);
    for (const { event } of eventsOf('B@2000:k1000 B@2001:k1')) see(event);
    const [first, second] = correlator.status.plans;
    expect(first?.events).toBeLessThanOrEqual(100);
    expect(first?.dropped).toBeGreaterThanOrEqual(900);
    expect(second?.dropped).toBe(0);
    expect(shown(found)).toEqual(['A@1000:k1000 B@2000:k1000', 'C@0 B@2000:k1000']);
  });
});

describe('rows', () => {
  it('let it go on as if it had never stopped', () => {
    const anyStops = fc.array(fc.nat({ max: 24 }));
    const anyDelays = fc.array(fc.nat({ max: 5 }), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(
        anySequencePlan,
        anySequencePlan,
        anyEvents,
        anyStops,
        anyDelays,
        (one, two, events, stops, delays) => {
          const plans = [
            { name: 'one', plan: one },
            { name: 'two', plan: two },
          ];
          const arriving = delayed(events, delays);
          const whole = open(plans, { lateness: 5 });
          for (const { event } of arriving) {
            whole.see(event);
            whole.correlator.advance(NOW);
          }
          whole.correlator.end();
          const rows = new Map<string, { plan: string; key: string; state: string }>();
          const found: CorrelationMatch[] = [];
          let part = open(plans, { lateness: 5 });
          for (const [at, { event }] of arriving.entries()) {
            part.see(event);
            part.correlator.advance(NOW);
            if (!stops.includes(at)) continue;
            const { changed, removed } = part.correlator.changes();
            for (const { plan, key } of removed) expect(rows.delete(`${plan} ${key}`)).toBe(true);
            for (const row of changed) rows.set(`${row.plan} ${row.key}`, row);
            found.push(...part.found);
            part = open(plans, { lateness: 5 });
            part.correlator.restore(rows.values(), part.hitsOf);
          }
          part.correlator.end();
          found.push(...part.found);
          expect(told(found)).toEqual(told(whole.found));
        },
      ),
      { numRuns: runs(400) },
    );
  });

  it('are decided in time after a restart, though nothing comes any more', () => {
    const plans = [named('A B')];
    const first = open(plans, { lateness: 10_000 });
    for (const { event } of eventsOf(`A@${NOW} B@${NOW + 1}`)) first.see(event);
    first.correlator.advance(NOW);
    const next = open(plans, { lateness: 10_000 });
    next.correlator.restore(first.correlator.changes().changed, next.hitsOf);
    next.correlator.advance(NOW * 2);
    expect(next.found).toEqual([]);
    next.correlator.advance(NOW * 2 + 10_002);
    expect(shown(next.found)).toEqual([`A@${NOW} B@${NOW + 1}`]);
  });

  it('go with the plan they belong to', () => {
    const first = open([named('A B'), named('A C')], { limits: { heldEvents: 0 } });
    for (const { event } of eventsOf('A@1')) first.see(event);
    const rows = first.correlator.changes().changed;
    expect(rows.map(({ plan }) => plan)).toEqual(['A B', 'A C', '']);
    const next = open([named('A C'), named('C B')]);
    next.correlator.restore(rows, next.hitsOf);
    for (const { event } of eventsOf('B@2 C@3')) next.see(event);
    next.correlator.end();
    expect(shown(next.found)).toEqual(['A@1 C@3']);
    expect(next.correlator.changes().removed).toContainEqual({ plan: 'A B', key: '' });
  });

  it('stay for plans that stay when others come and go', () => {
    const { correlator, found, see } = open([named('A B'), named('A C')], { limits: { heldEvents: 0 } });
    for (const { event } of eventsOf('A@1')) see(event);
    correlator.changes();
    const plans = [named('A C')];
    correlator.replace(plans, hits(plans));
    for (const { event } of eventsOf('C@2')) correlator.observe(event, hits(plans)(event), NOW);
    expect(shown(found)).toEqual(['A@1 C@2']);
    expect(correlator.changes().removed).toContainEqual({ plan: 'A B', key: '' });
  });
});

/** Events read back are others than those written, and arrivals are counted anew. */
function byName({ key, events }: CorrelationMatch): CorrelationMatch {
  return {
    key,
    events: events.map((placed) => {
      const raw = placed === undefined ? '' : new TextDecoder().decode(placed.event.raw);
      return placed === undefined ? undefined : { ...placed, arrival: Number(raw.split(' ')[0]) };
    }),
  };
}

it('orders events strictly', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const sorted = [...events].sort(comparePlaces);
      for (const [at, placed] of sorted.entries())
        if (at > 0) expect(comparePlaces(sorted[at - 1] as PlacedEvent, placed)).toBeLessThan(0);
    }),
  );
});
