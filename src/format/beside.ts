/**
 * What a shipper's JSON says around a message that is an event of its own.
 *
 *   {"message": "<38>…", "relay": "r1", "host": "r1"} ──▶ message: derived      relay ──▶ relay      host ──▶ json.host
 *
 * A name stands as it is where nothing derived begins with it, else below `json`, so that neither hides the other.
 */
import type { Copies, FieldSource, Form, OwnWords } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import type { Json, JsonObject } from '../event/json.ts';
import type { DerivationTable } from './derivation.ts';

/** First names of the fields that tables derive. */
export function firstNames(...tables: readonly Pick<DerivationTable<never>, 'byField'>[]): ReadonlySet<string> {
  return new Set(tables.flatMap(({ byField }) => [...byField.keys()].map(firstName)));
}

/** The object's fields at places where none of these names stands. */
export function fieldsBeside(fields: JsonObject, taken: ReadonlySet<string>): JsonObject {
  const free: [string, Json][] = [];
  const others: [string, Json][] = [];
  for (const entry of Object.entries(fields)) {
    const first = firstName(entry[0]);
    (taken.has(first) || first === 'json' || first === 'log' ? others : free).push(entry);
  }
  return Object.fromEntries(others.length === 0 ? free : [...free, ['json', Object.fromEntries(others)]]);
}

/** What `fieldsBeside` makes of an object without its message; of that no more is read than is asked for. */
export class LaidBeside {
  private readonly json: JsonObject;
  private readonly member: string;
  private readonly taken: ReadonlySet<string>;

  /**
   * @param member the name of what holds the message
   * @param taken as of `fieldsBeside`; the message's name is one of them
   */
  constructor(json: JsonObject, member: string, taken: ReadonlySet<string>) {
    this.json = json;
    this.member = member;
    this.taken = taken;
  }

  get(field: string): Json | undefined {
    const first = firstName(field);
    if (first === 'json') return jsonAt(this.document(), field);
    return this.isFree(first) ? jsonAt(this.json, field) : undefined;
  }

  copies(field: string): Copies | undefined {
    return this.isFree(firstName(field)) ? { names: [field], isPart: false } : undefined;
  }

  /** Whether there is such a field in no such object. */
  lacks(field: string): boolean {
    const first = firstName(field);
    return first !== 'json' && !this.isFree(first);
  }

  /** Whether some name begins so. */
  names(first: string): boolean {
    for (const name in this.json) if (firstName(name) === first) return true;
    return false;
  }

  document(): JsonObject {
    const { [this.member]: _, ...fields } = this.json;
    return fieldsBeside(fields, this.taken);
  }

  private isFree(first: string): boolean {
    return !this.taken.has(first) && first !== 'json' && first !== 'log';
  }
}

/** Derived fields with those of the object around, at places that are none of theirs. */
export class SourceWithBeside implements FieldSource {
  private readonly derived: FieldSource;
  private readonly beside: LaidBeside;

  constructor(derived: FieldSource, beside: LaidBeside) {
    this.derived = derived;
    this.beside = beside;
  }

  get(field: string): Json | undefined {
    return this.derived.get(field) ?? this.beside.get(field);
  }

  document(): JsonObject {
    return { ...this.derived.document(), ...this.beside.document() };
  }

  words(): OwnWords | undefined {
    return this.derived.words?.();
  }

  /** What is derived says where the event comes from, unless the object around does. */
  sort(): string | undefined {
    for (const first of LOG_SOURCE_NAMES) if (this.beside.names(first)) return undefined;
    const sort = this.derived.sort?.();
    // The same message by itself lacks more.
    return sort === undefined ? undefined : `${sort} in an object`;
  }

  lacks(field: string): boolean {
    return this.derived.lacks?.(field) === true && this.beside.lacks(field);
  }

  form(field: string): Form | undefined {
    return this.derived.form?.(field);
  }

  copies(field: string): Copies | undefined {
    return this.derived.copies?.(field) ?? this.beside.copies(field);
  }
}

/** First names of fields that say which log source an event is of, and that messages are not derived into. */
const LOG_SOURCE_NAMES = ['data_stream', 'winlog'];

/** The name of a field up to its first dot. */
export function firstName(field: string): string {
  const dot = field.indexOf('.');
  return dot === -1 ? field : field.slice(0, dot);
}
