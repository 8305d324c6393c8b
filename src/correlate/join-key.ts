/**
 * The values by which events belong together.
 *
 *   keys of a step × event ──values by type──▶ their product ──▶ one joined key each
 *
 * As Elasticsearch has it: a field with several values joins by each of them; an event without a value for a key takes
 * no part, unless the key is optional: then null joins with null. Values are compared as their type does: addresses and
 * times by what they mean, numbers by value. Two values are the same key exactly when their texts are, so a field that
 * no schema knows joins with a known one.
 */
import ipaddr from 'ipaddr.js';
import type { Event } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import { formatTime } from '../event/time.ts';
import type { JoinKey } from '../plan/plan.ts';
import { evaluateValue } from '../plan/predicate/evaluate.ts';
import type { FieldType, LiteralValue } from '../plan/predicate/node.ts';
import { toTime } from '../plan/predicate/scalar.ts';

export interface JoinedKey {
  /** Equal exactly for equal values. */
  readonly text: string;
  readonly values: readonly LiteralValue[];
}

/** What one event can join by at most; an event with more values says nothing that could be told apart. */
const MOST_KEYS = 1_000;

const NO_KEY: JoinedKey = Object.freeze({ text: '', values: Object.freeze([]) });
const WITHOUT_KEYS: readonly JoinedKey[] = Object.freeze([NO_KEY]);

/** The keys that an event joins by, none where it takes no part. Without join keys all events share one. */
export function joinedKeysOf(keys: readonly JoinKey[], event: Event): readonly JoinedKey[] {
  if (keys.length === 0) return WITHOUT_KEYS;
  let joined: readonly JoinedKey[] = WITHOUT_KEYS;
  for (const key of keys) {
    const values = valuesOf(key, event);
    if (values.length === 0) return [];
    joined = values.length === 1 ? joined.map((one) => extend(one, values[0] ?? null)) : product(joined, values);
  }
  return joined;
}

function product(joined: readonly JoinedKey[], values: readonly LiteralValue[]): readonly JoinedKey[] {
  const extended = new Map<string, JoinedKey>();
  for (const value of values) {
    for (const one of joined) {
      const key = extend(one, value);
      if (extended.size >= MOST_KEYS) return [...extended.values()];
      extended.set(key.text, key);
    }
  }
  return [...extended.values()];
}

// Lengths keep ["ab", "c"] and ["a", "bc"] apart, and the text "null" from null.
function extend({ text, values }: JoinedKey, value: LiteralValue): JoinedKey {
  const shown = String(value);
  return { text: value === null ? `${text}-` : `${text}${shown.length}:${shown}`, values: [...values, value] };
}

function valuesOf({ value, optional }: JoinKey, event: Event): readonly LiteralValue[] {
  const found: LiteralValue[] = [];
  if (value.kind === 'field') {
    for (const each of event.values(value.field.name)) found.push(canonical(each, value.field.type));
  } else {
    const computed = evaluateValue(value, event);
    if (computed !== null) found.push(computed);
  }
  if (found.length === 0 && optional) found.push(null);
  return found;
}

/** The value as its type compares it. */
function canonical(value: Scalar, type: FieldType): LiteralValue {
  switch (type) {
    case 'keyword':
    case 'text':
    case 'version':
      return String(value);
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'long':
    case 'double':
      return typeof value === 'string' ? numberOf(value) : value;
    case 'date': {
      const time = typeof value === 'boolean' ? undefined : toTime(value);
      return time === undefined ? value : formatTime(time);
    }
    case 'ip':
      return ipaddr.isValid(String(value)) ? ipaddr.process(String(value)).toString() : value;
    case 'object':
    case 'unknown':
      return value;
  }
}

/** Decimal text stands for an integer beyond 2^53 and stays text. */
function numberOf(text: string): string | number {
  if (!/^[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,3})?$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^[+-]?\d+$/.test(text) ? number : String(BigInt(text));
}
