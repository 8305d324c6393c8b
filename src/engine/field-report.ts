/**
 * Which fields events have: in how many, and with which values.
 *
 * Bounded: so many fields, and of each so many different values, are followed; of a long value its beginning. Where an
 * event was read (`log.file.*`, `log.offset`) says nothing of it.
 */
import type { Event } from '../event/event.ts';
import { BoundedCount, type Counted } from './bounded-count.ts';

export interface FieldUse {
  readonly field: string;
  /** Events that have a value of it. */
  readonly events: number;
  /** Different values, exactly up to as many as are followed. */
  readonly different: number;
  readonly manyMore: boolean;
  /** The most frequent of those that are followed. */
  readonly examples: readonly Counted[];
}

export interface FieldReport {
  /** By name. */
  readonly fields: readonly FieldUse[];
  /** Fields that came when enough were followed. */
  readonly notFollowed: boolean;
}

const MOST_FIELDS = 5_000;
const MOST_VALUES = 64;
const LONGEST_FIELD = 300;
const LONGEST_VALUE = 120;
const EXAMPLES = 3;

interface Use {
  events: number;
  /** Of which event the field was last seen, so that an array counts once. */
  last: number;
  readonly values: BoundedCount;
}

export class FieldTally {
  private readonly mostFields: number;
  private readonly mostValues: number;
  private readonly uses = new Map<string, Use>();
  private notFollowed = false;
  private events = 0;

  /** How many fields, and values of each, are followed. */
  constructor(mostFields = MOST_FIELDS, mostValues = MOST_VALUES) {
    this.mostFields = mostFields;
    this.mostValues = mostValues;
  }

  add(event: Event): void {
    this.events += 1;
    for (const { field, value } of event.allScalars()) {
      const use = this.uses.get(field) ?? this.follow(field);
      if (use === undefined) continue;
      if (use.last !== this.events) use.events += 1;
      use.last = this.events;
      use.values.add(String(value).slice(0, LONGEST_VALUE));
    }
  }

  summary(): FieldReport {
    const fields = [...this.uses].map(([field, { events, values }]): FieldUse => {
      const { top, different, exceeded } = values.summary(EXAMPLES);
      return { field, events, different, manyMore: exceeded, examples: top };
    });
    fields.sort((a, b) => (a.field < b.field ? -1 : 1));
    return { fields, notFollowed: this.notFollowed };
  }

  private follow(field: string): Use | undefined {
    if (this.uses.size >= this.mostFields || field.length > LONGEST_FIELD) {
      this.notFollowed = true;
      return undefined;
    }
    const use: Use = { events: 0, last: 0, values: new BoundedCount(this.mostValues) };
    this.uses.set(field, use);
    return use;
  }
}
