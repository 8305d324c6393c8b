/**
 * Rules that alert on events whose values stand in a list of indicators.
 *
 *   event ──a value that a mapping names──▶ indicators that have it ──the mapping's other entries hold too?──▶ match
 *
 * An indicator is found by the first entry of a mapping that is not negated; what it must have besides, or must not
 * have, is looked at then. An event is one match, however many indicators it fits: they all stand in its enrichments.
 */
import type { Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import type { IndicatorEntry, Indicators } from '../../plan/tally.ts';
import type { Indicator } from './indicator-book.ts';
import {
  type TallyFinder,
  type TallyMatch,
  type TallyWindow,
  type TimedEvent,
  TimedEvents,
  timedEvent,
} from './tally-finder.ts';

/** Enrichments of one alert at most, as in Elastic. */
const MOST_ENRICHMENTS = 200;

interface Mapping {
  readonly lead: IndicatorEntry;
  readonly others: readonly IndicatorEntry[];
  /** By a value of the lead's field, the indicators that have it. */
  readonly byValue: ReadonlyMap<string, readonly Indicator[]>;
}

export class IndicatorFinder implements TallyFinder {
  dropped = 0;
  private readonly mappings: readonly Mapping[];
  private readonly rows = new TimedEvents<TimedEvent & { readonly enrichments: readonly JsonObject[] }>();

  /** @param indicators those that the rule's query for indicators holds for */
  constructor(tally: Indicators, indicators: readonly Indicator[]) {
    this.mappings = tally.mappings.map((entries) => {
      const lead = entries.find(({ negated }) => !negated) as IndicatorEntry;
      const byValue = new Map<string, Indicator[]>();
      for (const indicator of indicators) {
        for (const value of new Set(indicator.event.values(lead.indicatorField).map(String))) {
          const others = byValue.get(value);
          if (others === undefined) byValue.set(value, [indicator]);
          else others.push(indicator);
        }
      }
      return { lead, others: entries.filter((entry) => entry !== lead), byValue };
    });
  }

  get held(): number {
    return this.rows.size;
  }

  observe(event: Event, ms?: number): void {
    const enrichments = this.enrichmentsOf(event);
    if (enrichments.length > 0) this.rows.add({ ...timedEvent(event, ms), enrichments });
  }

  giveUp(): void {
    this.dropped += this.rows.takeHalf().length;
  }

  find({ to }: TallyWindow): readonly TallyMatch[] {
    return this.rows.takeBefore(to).map(({ id, event, enrichments }) => ({
      identity: [id],
      events: [event],
      tallied: { kind: 'indicators', enrichments },
    }));
  }

  memory(): ReadonlyMap<string, string | undefined> {
    return new Map();
  }

  private enrichmentsOf(event: Event): readonly JsonObject[] {
    const enrichments = new Map<string, JsonObject>();
    for (const { lead, others, byValue } of this.mappings) {
      for (const value of event.values(lead.field)) {
        for (const indicator of byValue.get(String(value)) ?? []) {
          if (!others.every((entry) => holds(entry, event, indicator))) continue;
          const key = `${indicator.id} ${lead.field} ${value}`;
          if (enrichments.size >= MOST_ENRICHMENTS || enrichments.has(key)) continue;
          enrichments.set(key, enrichmentOf(indicator, lead, String(value)));
        }
      }
    }
    return [...enrichments.values()];
  }
}

/** A negated entry holds where the value is not there, also where there is none at all. */
function holds({ field, indicatorField, negated }: IndicatorEntry, event: Event, indicator: Indicator): boolean {
  const values = new Set(event.values(field).map(String));
  return indicator.event.values(indicatorField).some((value) => values.has(String(value))) !== negated;
}

/** In the shape of ECS, as Elastic's alerts have it. */
function enrichmentOf({ event, id, source }: Indicator, { field }: IndicatorEntry, atomic: string): JsonObject {
  const indicator = event.json('threat.indicator');
  const feed = event.json('threat.feed');
  return {
    ...(indicator === undefined ? {} : { indicator }),
    ...(feed === undefined ? {} : { feed }),
    matched: { atomic, field, id, index: source, type: 'indicator_match_rule' },
  };
}
