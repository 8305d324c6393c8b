/**
 * What a window has gathered for one group, and as JSON.
 *
 *   moment (an event, or an inner window's match) ──key──▶ items of the group, in order
 *
 * Only the last `MOST_EVENTS` items keep their events whole: what is measured needs times and values, and an alert tells
 * of the last events.
 */
import type { EventTime } from '../event/time.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import { bytesOf } from './correlation.ts';
import { type EventRow, fromEventRow, fromTimeRow, type TimeRow, toEventRow, toTimeRow } from './event-row.ts';
import type { JoinedKey } from './join-key.ts';
import type { KeyEntry } from './keyed-state.ts';
import type { PlacedEvent } from './placed-event.ts';

/** An event with the step that it passed. */
export interface TakenEvent {
  readonly placed: PlacedEvent;
  readonly step: number;
}

export interface WindowItem {
  readonly time: EventTime;
  /** The members that brought it, rising. */
  readonly members: readonly number[];
  /** What of it is measured: values that are told apart as texts, or numbers. */
  readonly values: readonly (string | number)[];
  /** Those of an inner window's match, in order; empty where they are no longer kept. */
  events: readonly TakenEvent[];
}

export interface WindowEntry extends KeyEntry {
  /** In the order in which they came. */
  items: WindowItem[];
  /** Of members in order: by how many of them have come, the latest items that did. */
  readonly chains: (readonly WindowItem[] | undefined)[];
}

/** Events that a match tells of at most: its last ones. */
export const MOST_EVENTS = 100;

/** About what an item costs beside its events. */
const ITEM_BYTES = 160;

export function newWindowEntry(key: JoinedKey): WindowEntry {
  return { key, items: [], chains: [], expires: undefined, events: 0, bytes: 0, written: false };
}

export function costOfItem({ events, values }: WindowItem): number {
  const texts = values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? 2 * value.length : 8), 0);
  return ITEM_BYTES + texts + events.reduce((sum, { placed }) => sum + bytesOf(placed), 0);
}

interface WindowRow {
  readonly key: string;
  readonly values: readonly LiteralValue[];
  readonly expires: TimeRow | null;
  readonly items: readonly ItemRow[];
  readonly chains: readonly (readonly ItemRow[] | null)[];
}

type ItemRow = readonly [
  time: TimeRow,
  members: readonly number[],
  values: readonly (string | number)[],
  events: readonly (readonly [step: number, event: EventRow])[],
];

export function toWindowRow({ key, expires, items, chains }: WindowEntry): string {
  const row: WindowRow = {
    key: key.text,
    values: key.values,
    expires: expires === undefined ? null : toTimeRow(expires),
    items: items.map(toItemRow),
    chains: Array.from(chains, (chain) => chain?.map(toItemRow) ?? null),
  };
  return JSON.stringify(row);
}

/** @throws {SyntaxError} where the text is none of `toWindowRow`. */
export function fromWindowRow(text: string): WindowEntry {
  const row = JSON.parse(text) as WindowRow;
  const entry = newWindowEntry({ text: row.key, values: row.values });
  entry.expires = row.expires === null ? undefined : fromTimeRow(row.expires);
  entry.items = row.items.map(fromItemRow);
  entry.chains.push(...row.chains.map((chain) => chain?.map(fromItemRow)));
  return entry;
}

function toItemRow({ time, members, values, events }: WindowItem): ItemRow {
  return [toTimeRow(time), members, values, events.map(({ placed, step }) => [step, toEventRow(placed)])];
}

function fromItemRow([time, members, values, events]: ItemRow): WindowItem {
  return {
    time: fromTimeRow(time),
    members,
    values,
    events: events.map(([step, event]) => ({ step, placed: fromEventRow(event) })),
  };
}
