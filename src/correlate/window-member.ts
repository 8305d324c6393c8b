/**
 * What a window's member takes of an event, or of an inner window's match: the groups it belongs to, and what is measured.
 *
 * Of several events each one speaks for itself: a match belongs to the group of every one of its events, and brings the
 * values of all.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Event } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import type { JoinKey } from '../plan/plan.ts';
import { fieldValue, type LiteralValue, literal } from '../plan/predicate/node.ts';
import type { WindowField, WindowMember, WindowTest } from '../plan/window.ts';
import { type JoinedKey, joinedKeysOf } from './join-key.ts';

/** By its text; none where it takes no part. */
export function groupsOf(
  { keys }: WindowMember,
  events: readonly Event[],
  inner: JoinedKey | undefined,
): ReadonlyMap<string, JoinedKey> {
  const groups = new Map<string, JoinedKey>();
  for (const event of events) {
    const joins: JoinKey[] = [];
    for (const key of keys) {
      const join = key.kind === 'field' ? joinOf(key, event) : constant(inner?.values[key.at] ?? null);
      if (join !== undefined) joins.push(join);
    }
    if (joins.length < keys.length) continue;
    for (const joined of joinedKeysOf(joins, event)) groups.set(joined.text, joined);
  }
  return groups;
}

/** What is measured; `undefined` where the member takes no part for want of a value. */
export function valuesOf(
  { values: fields }: WindowMember,
  test: WindowTest,
  events: readonly Event[],
): readonly (string | number)[] | undefined {
  if (fields.length === 0) return [];
  const values: (string | number)[] = [];
  for (const event of events) {
    values.push(...(test.kind === 'value-count' ? textsOf(fields, event) : numbersOf(fields, event)));
  }
  return values.length === 0 ? undefined : values;
}

function textsOf(fields: readonly WindowField[], event: Event): readonly string[] {
  const joins = fields.map((field) => joinOf(field, event));
  if (joins.some((join) => join === undefined)) return [];
  return joinedKeysOf(joins as readonly JoinKey[], event).map(({ text }) => text);
}

function numbersOf(fields: readonly WindowField[], event: Event): readonly number[] {
  return fields.flatMap(({ fields: homes }) => {
    const home = homes.find(({ name }) => event.values(name).length > 0);
    return home === undefined ? [] : event.values(home.name).flatMap(numberOf);
  });
}

function numberOf(value: Scalar): readonly number[] {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? [number] : [];
}

function joinOf({ fields }: WindowField, event: Event): JoinKey | undefined {
  const home = fields.find(({ name }) => event.values(name).length > 0);
  return home === undefined ? undefined : { value: fieldValue(home, NO_SPAN), optional: false, span: NO_SPAN };
}

function constant(value: LiteralValue): JoinKey {
  return { value: literal(value, NO_SPAN), optional: true, span: NO_SPAN };
}
