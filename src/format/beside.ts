/**
 * What a shipper's JSON says around a message that is an event of its own.
 *
 *   {"message": "<38>…", "relay": "r1", "host": "r1"} ──▶ message: derived      relay ──▶ relay      host ──▶ json.host
 *
 * A name stands as it is where nothing derived begins with it, else below `json`, so that neither hides the other.
 */
import type { FieldSource } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import type { Json, JsonObject } from '../event/json.ts';
import type { DerivationTable } from './derivation.ts';

/** The message out of an object, and the rest of it. */
export interface Beside {
  readonly original: string;
  readonly fields: JsonObject;
}

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

/** Derived fields with others beside them, whose first names are none of theirs. */
export function sourceWithBeside(derived: FieldSource, beside: JsonObject): FieldSource {
  return {
    get: (field) => derived.get(field) ?? jsonAt(beside, field) ?? undefined,
    document: () => ({ ...derived.document(), ...beside }),
  };
}

function firstName(field: string): string {
  const dot = field.indexOf('.');
  return dot === -1 ? field : field.slice(0, dot);
}
