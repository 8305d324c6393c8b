/**
 * Elastic's `investigate` button as a question: its providers ORed, the filters of each ANDed, `{{field}}` filled in from
 * the alert's event, `relativeFrom` and `relativeTo` reckoned from the alert's time (date maths: `now-48h/h`).
 *
 * A filter on `event.kind: signal` asks for alerts, so its other filters become parameters of the list of alerts. Where
 * the event has no value for a template, the question stands and says so: run without it, it would answer another one.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { eqlEquals, eqlField, eqlString } from './eql-text.ts';
import {
  type AlertsQuestion,
  type EventsQuestion,
  type GuideQuery,
  LOOKUP_FIELDS,
  type LookupField,
} from './guide-question.ts';

/** The values that the alert's event has for a field, as text. */
export type ValuesOf = (field: string) => readonly string[];

interface Filter {
  readonly field: string;
  readonly kind: 'phrase' | 'exists' | 'range';
  readonly excluded: boolean;
  readonly values: readonly string[];
  readonly bounds: readonly (readonly [operator: string, value: string])[];
  /** The template's field, where the event does not have it. */
  readonly lacks?: string;
}

const DAY = 24 * 60 * 60 * 1_000;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY, M: 30 * DAY };

/** @param atMs time of the alert's event. */
export function investigateQuestion(button: JsonObject, valuesOf: ValuesOf, atMs: number): GuideQuery | undefined {
  const providers = (Array.isArray(button.providers) ? button.providers : [])
    .map((filters) => (Array.isArray(filters) ? filters : []).flatMap((filter) => readFilter(filter, valuesOf)))
    .filter((filters) => filters.length > 0);
  if (providers.length === 0) return undefined;
  const label =
    typeof button.label === 'string' && button.label !== '' ? button.label : 'What does the guide look for?';
  const from = relativeTime(button.relativeFrom, atMs) ?? atMs - DAY;
  // The alert's own event is part of `now`.
  const to = (relativeTime(button.relativeTo, atMs) ?? atMs) + 1;
  const lacking = [...new Set(providers.flat().flatMap(({ lacks }) => lacks ?? []))];
  const problem = lacking.length === 0 ? undefined : `The event has no ${lacking.join(' and no ')}.`;
  const base = { question: label, from, to, ...(problem === undefined ? {} : { problem }) };
  const [only] = providers;
  if (providers.length === 1 && only !== undefined && only.some(isSignal)) return alertsQuestion(base, only);
  return eventsQuestion(base, providers);
}

function eventsQuestion(base: Omit<GuideQuery, 'over'>, providers: readonly (readonly Filter[])[]): EventsQuestion {
  const texts = providers.map((filters) => filters.map(textOf).join(' and '));
  const text = texts.length === 1 ? texts[0] : texts.map((one) => `(${one})`).join(' or ');
  const where: Partial<Record<LookupField, string>> = {};
  for (const { field, kind, excluded, values } of providers.length === 1 ? (providers[0] ?? []) : []) {
    const isLookup = (LOOKUP_FIELDS as readonly string[]).includes(field) && kind === 'phrase' && !excluded;
    if (isLookup && values.length === 1) where[field as LookupField] = values[0] as string;
  }
  const { question, from, to, problem } = base;
  return {
    over: 'events',
    question,
    from,
    to,
    text: `any where ${text}`,
    within: { where },
    isExact: false,
    ...(problem === undefined ? {} : { problem }),
  };
}

const PARAMETERS: Readonly<Record<string, 'host' | 'user' | 'process' | 'rule'>> = {
  'host.name': 'host',
  'host.hostname': 'host',
  'host.id': 'host',
  'user.name': 'user',
  'user.id': 'user',
  'process.entity_id': 'process',
  'kibana.alert.rule.uuid': 'rule',
};

function alertsQuestion(base: Omit<GuideQuery, 'over'>, filters: readonly Filter[]): AlertsQuestion {
  const parameters: Partial<Record<'host' | 'user' | 'process' | 'rule', string>> = {};
  let { problem } = base;
  for (const filter of filters.filter((one) => !isSignal(one))) {
    const parameter = PARAMETERS[filter.field];
    const [value] = filter.values;
    if (parameter === undefined || filter.excluded || filter.kind !== 'phrase' || filter.values.length !== 1) {
      problem ??= `Alerts are not looked up by ${filter.field} in this way.`;
    } else parameters[parameter] = value as string;
  }
  const { question, from, to } = base;
  return { over: 'alerts', question, from, to, parameters, ...(problem === undefined ? {} : { problem }) };
}

function isSignal({ field, kind, excluded, values }: Filter): boolean {
  return field === 'event.kind' && kind === 'phrase' && !excluded && values.length === 1 && values[0] === 'signal';
}

function textOf({ field, kind, excluded, values, bounds, lacks }: Filter): string {
  const text =
    lacks === undefined
      ? conditionOf(field, kind, values, bounds)
      : `${eqlField(field)} == ${eqlString(`{{${lacks}}}`)}`;
  return excluded ? `not (${text})` : text;
}

function conditionOf(field: string, kind: Filter['kind'], values: Filter['values'], bounds: Filter['bounds']): string {
  if (kind === 'exists') return `${eqlField(field)} != null`;
  if (kind === 'phrase') return eqlEquals(field, values);
  return bounds
    .map(([operator, value]) => {
      const literal = /^-?\d{1,18}(?:\.\d{1,9})?$/.test(value) ? value : eqlString(value);
      return `${eqlField(field)} ${operator} ${literal}`;
    })
    .join(' and ');
}

const BOUNDS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function readFilter(filter: unknown, valuesOf: ValuesOf): readonly Filter[] {
  if (!isJsonObject(filter) || typeof filter.field !== 'string' || filter.field === '') return [];
  const { field } = filter;
  const excluded = filter.excluded === true;
  if (filter.queryType === 'exists') return [{ field, kind: 'exists', excluded, values: [], bounds: [] }];
  if (filter.queryType === 'range') {
    const range = rangeOf(filter.value);
    const bounds = Object.entries(BOUNDS).flatMap(([name, operator]): (readonly [string, string])[] => {
      const value = range?.[name];
      return typeof value === 'string' || typeof value === 'number' ? [[operator, String(value)]] : [];
    });
    return bounds.length === 0 ? [] : [{ field, kind: 'range', excluded, values: [], bounds }];
  }
  const value = isJsonObject(filter.value) || filter.value === undefined ? '' : String(filter.value);
  const template = /^\s*\{\{\s*([^{}\s]+)\s*\}\}\s*$/.exec(value)?.[1];
  if (template === undefined) return [{ field, kind: 'phrase', excluded, values: [value], bounds: [] }];
  const values = valuesOf(template);
  return [{ field, kind: 'phrase', excluded, values, bounds: [], ...(values.length === 0 ? { lacks: template } : {}) }];
}

/** An object, or the text of one. */
function rangeOf(value: unknown): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : undefined;
    return isJsonObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** `now`, `now-48h`, `now-48h/h` (rounded down); `undefined` for anything else. */
function relativeTime(text: unknown, nowMs: number): number | undefined {
  const match =
    typeof text === 'string' ? /^now(?:([+-])(\d{1,6})([smhdwM]))?(?:\/([smhdwM]))?$/.exec(text.trim()) : null;
  if (match === null) return undefined;
  const [, sign, amount = '0', unit = 's', round] = match;
  const ms = nowMs + (sign === '-' ? -1 : 1) * Number(amount) * (UNITS[unit] as number);
  return round === undefined ? ms : Math.floor(ms / (UNITS[round] as number)) * (UNITS[round] as number);
}
