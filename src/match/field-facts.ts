/**
 * What a field is in all lines of one shape and log source: always the same, or made of which members.
 *
 *   line read anew ──the field──▶ members that this read, beside those that all these lines have alike
 */
import type { Copies, Event, OwnWords } from '../event/event.ts';
import { NO_VALUES, type Values } from '../event/field-path.ts';
import type { RecordedJson } from '../format/recorded-json.ts';

import { type Literal, numberText, searchedForm } from './literal.ts';
import type { Witness } from './witness.ts';

/** An event of a line whose reading is noted. */
export interface NotedLine {
  readonly event: Event;
  readonly recorded: RecordedJson;
}

export type FieldFact =
  /** The same in all these lines. */
  | { readonly kind: 'constant'; readonly values: Values }
  /** The text of some members of the line; and of one of them where it says something, where that is known. */
  | { readonly kind: 'copy'; readonly copies: Copies; readonly member: number | undefined }
  /** Made of members that reading it tells. */
  | { readonly kind: 'made' }
  /** Made of when it happened, which is not looked at. */
  | { readonly kind: 'unknown' };

export class FieldFacts {
  private readonly facts = new Map<string, FieldFact>();
  private readonly forms = new Map<string, readonly string[]>();
  private readonly read: () => NotedLine | undefined;
  private readonly readAtOtherTime: () => NotedLine | undefined;
  private readonly decided: ReadonlySet<number>;
  private readonly mayBeTaught: (field: string) => boolean;

  /**
   * @param read reads one of the lines anew
   * @param readAtOtherTime the same line, with other times in it
   * @param decided members that all these lines have alike
   * @param mayBeTaught whether events before may give the field where the line does not
   */
  constructor(
    read: () => NotedLine | undefined,
    readAtOtherTime: () => NotedLine | undefined,
    decided: ReadonlySet<number>,
    mayBeTaught: (field: string) => boolean,
  ) {
    this.mayBeTaught = mayBeTaught;
    this.read = read;
    this.readAtOtherTime = readAtOtherTime;
    this.decided = decided;
  }

  of(field: string): FieldFact {
    let fact = this.facts.get(field);
    if (fact === undefined) {
      fact = this.find(field);
      this.facts.set(field, fact);
    }
    return fact;
  }

  /** Whether no line has the field, whatever it says. */
  lacks(field: string): boolean {
    const fact = this.of(field);
    return fact.kind === 'constant' && fact.values.length === 0;
  }

  /** Whether a fact is true of the line. */
  shows({ field, literal }: Witness): boolean {
    let forms = this.forms.get(field);
    if (forms === undefined) {
      forms = (this.read()?.event.read(field) ?? NO_VALUES).map((value) => searchedForm(String(value)));
      this.forms.set(field, forms);
    }
    return literal === undefined ? forms.length > 0 : forms.some((form) => standsIn(literal, form));
  }

  /** As `find` reads it, of another of these lines. */
  valuesIn(
    read: () => NotedLine | undefined,
    readAtOtherTime: () => NotedLine | undefined,
    field: string,
  ): Noted | undefined {
    const line = read();
    if (line === undefined) return undefined;
    const before = line.recorded.read.length;
    const values = line.event.read(field);
    if (values.length === 0 && this.mayBeTaught(field)) return undefined;
    const made = line.recorded.read.slice(before).filter((member) => !this.decided.has(member));
    return isAlike(readAtOtherTime()?.event.read(field), values) ? { values, made } : undefined;
  }

  /** Of an event of one of these lines, where it alone tells. */
  valuesOf(event: Event | undefined, field: string): Values | undefined {
    const values = event?.read(field);
    return values?.length === 0 && this.mayBeTaught(field) ? undefined : values;
  }

  /** What the events of all these lines promise of their words: what is made of a line's values would have to be made to be looked through. */
  words(): OwnWords | undefined {
    const line = this.read();
    const before = line?.recorded.read.length;
    const own = line?.event.words();
    return line?.recorded.read.slice(before).every((member) => this.decided.has(member)) === true ? own : undefined;
  }

  private find(field: string): FieldFact {
    const line = this.read();
    if (line === undefined) return { kind: 'unknown' };
    const { event } = line;
    if (event.lacks(field)) return { kind: 'constant', values: NO_VALUES };
    const copies = event.copies(field);
    const noted = this.valuesIn(() => line, this.readAtOtherTime, field);
    if (noted?.made.length === 0) return { kind: 'constant', values: noted.values };
    // Whether there is a value nobody promises.
    if (copies !== undefined && !this.mayBeTaught(field)) {
      const isMember = noted?.made.length === 1 && event.form(field) === 'same';
      return { kind: 'copy', copies, member: isMember ? noted.made[0] : undefined };
    }
    return noted === undefined ? { kind: 'unknown' } : { kind: 'made' };
  }
}

/** The values of a field, and the members that they were made of, beside those that are decided. */
export interface Noted {
  readonly values: Values;
  readonly made: readonly number[];
}

export function isAlike(some: Values | undefined, others: Values): boolean {
  return some?.length === others.length && some.every((value, at) => value === others[at]);
}

function standsIn({ text, anchor }: Literal, form: string): boolean {
  if (anchor === 'whole') return form === text;
  if (anchor === 'number') return numberText(form) === text;
  if (anchor === 'start') return form.startsWith(text);
  if (anchor === 'end') return form.endsWith(text);
  return anchor === 'anywhere' && form.includes(text);
}
