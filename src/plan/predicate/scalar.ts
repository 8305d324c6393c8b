/**
 * How one value of a field compares with a literal.
 *
 * Documents are loosely typed: a `long` may arrive as `"4688"`, a keyword as `4688`, an integer beyond 2^53 as its
 * decimal text. Elasticsearch coerces by the field's mapped type, and so does this; where the type is unknown, the
 * literal's own type leads.
 */
import ipaddr from 'ipaddr.js';
import type { Scalar } from '../../event/field-path.ts';
import { compareTimes, type EventTime, parseTime, timeFromMs } from '../../event/time.ts';
import type { CaseFold, FieldType, LiteralValue, OrderTest, PredicateOf } from './node.ts';
import { compareText } from './text-order.ts';
import { compareVersions } from './version.ts';

export { compareText };

export function foldCase(text: string, fold: CaseFold): string {
  if (fold === 'none') return text;
  if (fold === 'unicode') return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** Whether a value equals a literal, as the field's type has it. A null literal equals nothing. */
export function equalsLiteral(value: Scalar, wanted: LiteralValue, fold: CaseFold, type: FieldType): boolean {
  if (wanted === null) return false;
  if (typeof wanted === 'boolean') return String(value) === String(wanted);
  if (typeof value !== 'boolean' && (isNumeric(type) || typeof wanted === 'number' || type === 'date')) {
    const order = compareLiteral(value, wanted, type);
    if (order !== undefined) return order === 0;
  }
  if (type === 'ip') return equalsAddress(String(value), String(wanted));
  return foldCase(String(value), fold) === foldCase(String(wanted), fold);
}

export function satisfiesOrder(value: Scalar, test: Pick<OrderTest, 'operator' | 'bound'>, type: FieldType): boolean {
  const order = compareLiteral(value, test.bound, type);
  return order !== undefined && isInOrder(test.operator, order);
}

/** Whether an order (negative, zero or positive) is what the operator asks for. */
export function isInOrder(operator: PredicateOf<'compare'>['operator'], order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/**
 * Negative, zero or positive; `undefined` where the two cannot be ordered (text against a number).
 * Numbers compare exactly, also beyond 2^53; dates by time to 100 ns; addresses by their bytes, an IPv4 one as the IPv6 one
 * it is mapped to, as Lucene's points are; text by code point, as Lucene's terms are ordered.
 */
export function compareLiteral(value: Scalar, bound: string | number, type: FieldType): number | undefined {
  if (typeof value === 'boolean') return undefined;
  if (type === 'date') return compareDates(value, bound);
  if (isNumeric(type) || typeof bound === 'number') return compareNumbers(value, bound);
  if (type === 'version') return compareVersions(String(value), bound);
  if (type === 'ip') return compareAddresses(String(value), bound);
  return compareText(String(value), bound);
}

export function compareNumbers(a: string | number, b: string | number): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return sign(a, b);
  if (isIntegerText(a) && isIntegerText(b)) return sign(BigInt(a), BigInt(b));
  const [left, right] = [numberOf(a), numberOf(b)];
  return left === undefined || right === undefined ? undefined : sign(left, right);
}

export function isNumeric(type: FieldType): boolean {
  return type === 'long' || type === 'double';
}

/** An address or, as in an Elasticsearch term query on an `ip` field, a network in CIDR form that holds it. */
function equalsAddress(value: string, wanted: string): boolean {
  if (value === wanted) return true;
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.process(value);
  if (ipaddr.isValidCIDR(wanted)) {
    const [network, bits] = ipaddr.parseCIDR(wanted);
    return network.kind() === address.kind() && address.match(network, bits);
  }
  return ipaddr.isValid(wanted) && ipaddr.process(wanted).toString() === address.toString();
}

function compareAddresses(a: string, b: string): number | undefined {
  if (!ipaddr.isValid(a) || !ipaddr.isValid(b)) return undefined;
  const [left, right] = [sixteenBytes(a), sixteenBytes(b)];
  const at = left.findIndex((byte, place) => byte !== right[place]);
  return at === -1 ? 0 : (left[at] as number) - (right[at] as number);
}

function sixteenBytes(text: string): readonly number[] {
  const address = ipaddr.parse(text);
  return ('toIPv4MappedAddress' in address ? address.toIPv4MappedAddress() : address).toByteArray();
}

function compareDates(value: string | number, bound: string | number): number | undefined {
  const [a, b] = [toTime(value), toTime(bound)];
  return a === undefined || b === undefined ? undefined : compareTimes(a, b);
}

/**
 * The time that a value stands for: epoch milliseconds, also as text, or ISO 8601; four digits are a year, as in
 * Elasticsearch's `strict_date_optional_time||epoch_millis`. `undefined` where it is no time.
 */
export function toTime(value: string | number): EventTime | undefined {
  if (typeof value === 'string' && /^\d{4}$/.test(value)) return parseTime(`${value}-01-01`);
  const ms = typeof value === 'number' ? value : isIntegerText(value) ? Number(value) : undefined;
  if (ms === undefined) return parseTime(String(value));
  return Math.abs(ms) <= FARTHEST_MS ? timeFromMs(ms) : undefined;
}

/** What JavaScript's dates hold. */
const FARTHEST_MS = 8.64e15;

function isIntegerText(value: string | number): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : value.length <= 400 && /^[+-]?\d+$/.test(value);
}

/** The number that a value holds, beyond 2^53 the nearest; `undefined` where it holds none. */
export function numberOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}

function sign<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
