/**
 * The values of one field of the current event, read once, and each form in which tests ask for them, made once.
 *
 *   event ──values──▶ as they are ──folded when a test ignores case──▶ ASCII / Unicode lower case
 */
import type { Event } from '../event/event.ts';
import { NO_VALUES, type Values } from '../event/field-path.ts';
import type { CaseFold } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';

/** Counts events, so that what was remembered of the last one need not be cleared. */
export interface EventClock {
  now: number;
}

export class FieldValues {
  readonly name: string;
  private readonly clock: EventClock;
  private readAt = -1;
  private read: Values = NO_VALUES;
  private readonly texts: Record<CaseFold, readonly string[] | undefined> = {
    none: undefined,
    ascii: undefined,
    unicode: undefined,
  };

  constructor(name: string, clock: EventClock) {
    this.name = name;
    this.clock = clock;
  }

  of(event: Event): Values {
    if (this.readAt !== this.clock.now) this.turnTo(event);
    return this.read;
  }

  /** Every value as text under a fold. */
  textsOf(event: Event, fold: CaseFold): readonly string[] {
    if (this.readAt !== this.clock.now) this.turnTo(event);
    const known = this.texts[fold];
    if (known !== undefined) return known;
    const texts = this.read.map((value) => foldCase(String(value), fold));
    this.texts[fold] = texts;
    return texts;
  }

  private turnTo(event: Event): void {
    this.readAt = this.clock.now;
    this.read = event.read(this.name);
    const { texts } = this;
    texts.none = undefined;
    texts.ascii = undefined;
    texts.unicode = undefined;
  }
}
