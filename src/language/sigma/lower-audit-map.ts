/**
 * A map of a rule for auditd: all of it has to be met within one record of the event, while different maps of the rule may
 * be met by different records.
 *
 *   map ──`type`, names of fields──▶ records that could meet it ──each: there, and its fields──▶ any of them
 */
import type { Span } from '../../diagnostic/span.ts';
import { documentSource, Event } from '../../event/event.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { and, exists, type FieldRef, matchAny, nested, not, or, type Predicate } from '../../plan/predicate/node.ts';
import { AUDIT_CALL_RECORDS, type AuditRecord, otherAuditRecord } from '../../vocabulary/audit-records.ts';
import type { SearchItem } from './ast.ts';

/** Makes an item's predicate over fields, or over those of the event by the item's name. */
type LowerItem = (item: SearchItem, fields?: readonly FieldRef[]) => Predicate;

const TYPE: FieldRef = { name: 'type', type: 'keyword' };
const MESSAGE_TYPE: FieldRef = { name: 'auditd.message_type', type: 'keyword' };
const CALL_TYPES = AUDIT_CALL_RECORDS.map(({ type }) => type);

/** @returns `undefined` for a map of one field, which some record meets where the event does */
export function lowerAuditMap(items: readonly SearchItem[], span: Span, lower: LowerItem): Predicate | undefined {
  const types = items.filter(({ field }) => field === 'type');
  const rest = items.filter(({ field }) => field !== undefined && field !== 'type');
  const keywords = items.filter(({ field }) => field === undefined);
  if (types.length === 0 && rest.length < 2) return undefined;
  const isOpen = types.every(isPattern);
  const isType = types.map((item) => lower(item, [TYPE]));
  const records = [...AUDIT_CALL_RECORDS, ...(isOpen ? [] : othersOf(types))].filter(({ type }) =>
    isType.every((predicate) => evaluate(predicate, eventOf(type))),
  );
  const parts: Predicate[] = [];
  for (const record of records) {
    const homes = rest.map(({ field = '' }) => record.fields(field));
    if (homes.some((fields) => fields.length === 0)) continue;
    const met = rest.map((item, at) => lower(item, homes[at] as readonly FieldRef[]));
    const within = record.array !== undefined && met.length > 1 ? [nested(record.array, and(met, span), span)] : met;
    const words = keywords.map((item) => lower(item));
    parts.push(and([placed(record, rest, span), ...within, ...words], span));
  }
  if (isOpen) {
    // Events that are no system call's are one record of user space, and what it says stands in the event's own fields.
    const isCall = matchAny(MESSAGE_TYPE, { kind: 'equals', anyOf: CALL_TYPES, fold: 'unicode' }, span);
    parts.push(and([exists(MESSAGE_TYPE, span), not(isCall, span), ...items.map((item) => lower(item))], span));
  }
  return or(parts, span);
}

function isPattern({ modifiers, values }: SearchItem): boolean {
  return modifiers.length > 0 || values.some(({ value }) => typeof value !== 'string' || /[*?\\]/.test(value));
}

function placed(record: AuditRecord, rest: readonly SearchItem[], span: Span): Predicate {
  const present = record.present(rest.map(({ field = '' }) => field));
  if (present.kind !== 'or') return Object.freeze({ ...present, span });
  return or(
    present.children.map((child): Predicate => Object.freeze({ ...child, span })),
    span,
  );
}

/** Records that the values of `type` name outright. */
function othersOf(types: readonly SearchItem[]): readonly AuditRecord[] {
  const named = new Set<string>();
  for (const { values } of types) {
    for (const { value } of values) {
      if (typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{1,40}$/.test(value)) named.add(value.toLowerCase());
    }
  }
  for (const { type } of AUDIT_CALL_RECORDS) named.delete(type);
  return [...named].map(otherAuditRecord);
}

function eventOf(type: string): Event {
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource({ type: type.toUpperCase() }),
    raw: new Uint8Array(),
    format: 'auditd',
    dataStreams: [],
  });
}
