/**
 * What is left of a rule where a line's own values are taken in: conditions on fields that no line of its sort gives, and that events
 * before it may.
 *
 *   rule ──the line's values──▶ conditions on taught fields alone ──what the table of processes teaches──▶ holds
 *
 * So no event is made of a line to ask which parent its process has. Sound where the line lacks these fields: what is taught of them is
 * then all that the event has.
 */
import { Event, type FieldSource, type Teaching } from '../event/event.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { clauseKey } from './clause-key.ts';
import { reduce } from './reduce.ts';
import type { Holds, RuleChoice } from './rule-choice.ts';
import { fieldsIn } from './told-rules.ts';

export interface OpenRest {
  /** Of an event of `taughtAlone`. */
  readonly holds: Holds;
  /** Fields that it asks for, as they are taught. */
  readonly fields: readonly string[];
  /** Whether it holds where none of them is taught. */
  readonly bare: boolean;
}

/** Rests that are remembered; they differ by what lines say of the other conditions, and few do. */
const MOST_RESTS = 4_096;

export class OpenRests {
  private readonly choice: RuleChoice;
  private readonly made = new Map<string, OpenRest>();

  constructor(choice: RuleChoice) {
    this.choice = choice;
  }

  /**
   * @param event that nobody taught
   * @param open fields that it lacks
   * @returns undefined where something else is left, or too much
   */
  of(rule: number, event: Event, open: readonly string[]): OpenRest | undefined {
    const rest = reduce(this.choice.predicateOf(rule), (field) =>
      open.includes(field) ? undefined : event.read(field),
    );
    for (const field of fieldsIn(rest)) if (!open.includes(field)) return undefined;
    return this.compiled(rest);
  }

  private compiled(rest: Predicate): OpenRest | undefined {
    const key = clauseKey(rest);
    const known = this.made.get(key);
    if (known !== undefined || this.made.size >= MOST_RESTS) return known;
    const holds = this.choice.compile(rest);
    // Of another event than the one at hand.
    this.choice.begin();
    const bare = holds(taughtAlone(undefined));
    const fields = [...fieldsIn(rest)].map((field) => field.replace(/\[.*/s, ''));
    const made = { holds, fields, bare };
    this.made.set(key, made);
    return made;
  }
}

/** An event that has nothing but what earlier ones teach of it. */
export function taughtAlone(teaching: Teaching | undefined): Event {
  const event = new Event({ time: NO_TIME, source: NOTHING, raw: NO_BYTES, format: '', dataStreams: [] });
  if (teaching !== undefined) event.enrich(teaching);
  return event;
}

const NOTHING: FieldSource = { get: () => undefined, document: () => ({}) };
const NO_TIME = { ms: 0, ticks: 0 };
const NO_BYTES = new Uint8Array(0);
