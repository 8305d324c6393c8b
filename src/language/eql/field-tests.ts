/**
 * A field compared with constants: whether the constant can be a value of the field's type, and the test that follows.
 * Elasticsearch refuses to search a number, date or address field for what is none; so does this, in words.
 */
import type { Span } from '../../diagnostic/span.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import {
  and,
  type CaseFold,
  constant,
  type FieldRef,
  matchAny,
  type OrderTest,
  or,
  type Predicate,
} from '../../plan/predicate/node.ts';
import { type DateRange, readDate } from '../date-literal.ts';
import type { EqlExpression, EqlMatch } from './ast.ts';
import type { Constant } from './constants.ts';
import type { Problems } from './problems.ts';

/** A constant with the node that it stands in. */
export interface Wanted {
  readonly constant: Constant;
  readonly node: EqlExpression;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export class FieldTests {
  private readonly problems: Problems;
  private readonly now: number;

  constructor(problems: Problems, now: number) {
    this.problems = problems;
    this.now = now;
  }

  /** Some value of the field equals one of the constants, none of them null. */
  equals(field: FieldRef, wanted: readonly Wanted[], fold: CaseFold, span: Span): Predicate {
    if (wanted.length === 0) return constant(false, span);
    for (const each of wanted) this.check(field, each);
    if (field.type !== 'date') {
      return matchAny(field, { kind: 'equals', anyOf: wanted.map(({ constant }) => constant.value), fold }, span);
    }
    const options = wanted.map((each) => {
      const range = this.date(each);
      if (range === undefined || range.first === range.last) {
        const value = range?.first ?? each.constant.value;
        return matchAny(field, { kind: 'equals', anyOf: [value], fold }, span);
      }
      const from = matchAny(field, { kind: 'order', operator: '>=', bound: range.first }, span);
      return and([from, matchAny(field, { kind: 'order', operator: '<=', bound: range.last }, span)], span);
    });
    return or(options, span);
  }

  /** Some value of the field lies on this side of the constant. */
  order(field: FieldRef, operator: OrderTest['operator'], wanted: Wanted, span: Span): Predicate {
    const { constant: bound } = wanted;
    if (bound.type === 'boolean' || field.type === 'boolean') return this.noOrder(span);
    this.check(field, wanted);
    if (field.type === 'ip' && String(bound.value).includes('/')) {
      const message = `${field.name} is an IP address, and a network stands neither above nor below it.`;
      this.problems.report('eql-type', wanted.node.span, message, 'use == or cidrMatch');
    }
    const range = field.type === 'date' ? this.date(wanted) : undefined;
    const limit = operator === '>' || operator === '<=' ? range?.last : range?.first;
    return matchAny(field, { kind: 'order', operator, bound: limit ?? (bound.value as string | number) }, span);
  }

  noOrder(span: Span): Predicate {
    return this.problems.report('eql-type', span, 'true and false have no order.', 'compare them with == or !=');
  }

  /** Patterns are texts: a field of another type can only equal them. */
  checkPatterns(field: FieldRef, node: EqlMatch): void {
    if (field.type === 'version' || field.type === 'keyword' || field.type === 'text' || field.type === 'unknown')
      return;
    for (const pattern of node.patterns) {
      const wild = node.operator !== ':' || /[*?]/.test(String(pattern.value));
      if (pattern.type !== 'string' || !wild) {
        this.check(field, { constant: pattern, node: pattern });
        continue;
      }
      const message = `“${node.operator}” matches texts, but ${field.name} is of type ${field.type}.`;
      this.problems.report('eql-type', pattern.span, message, `string(${field.name}) makes a text of it`);
    }
  }

  private check(field: FieldRef, { constant: { type, value }, node }: Wanted): void {
    const expected = type === 'null' || fits(field, type, value) ? undefined : EXPECTED[field.type];
    if (expected === undefined) return;
    if (field.type === 'date' && type === 'string' && readDate(String(value), this.now) !== undefined) return;
    const shown = type === 'string' ? `“${shorten(String(value))}”` : String(value);
    const message = `${field.name} is ${expected.type}, and ${shown} is none.`;
    this.problems.report('eql-type', node.span, message, expected.hint);
  }

  private date({ constant: { type, value }, node }: Wanted): DateRange | undefined {
    const range = type === 'string' ? readDate(String(value), this.now) : undefined;
    if (range?.moving) {
      const hint = 'a rule that stays loaded goes on with that moment; write the date, or leave time to the schedule';
      this.problems.inform('eql-now', node.span, 'now is the moment at which the query is read.', hint);
    }
    return range;
  }
}

const EXPECTED: Readonly<Partial<Record<FieldRef['type'], { type: string; hint: string }>>> = {
  long: { type: 'a number', hint: 'write it without quotes' },
  double: { type: 'a number', hint: 'write it without quotes' },
  boolean: { type: 'true or false', hint: 'write true or false without quotes' },
  date: { type: 'a date', hint: 'write "2024-05-01T10:00:00Z", a part of it, or "now-1d"' },
  ip: { type: 'an IP address', hint: 'write one like "10.0.0.1", or use cidrMatch' },
};

function fits({ type }: FieldRef, given: Constant['type'], value: Constant['value']): boolean {
  switch (type) {
    case 'long':
    case 'double':
      return given === 'number' || (given === 'string' && NUMBER.test(String(value)));
    case 'boolean':
      return given === 'boolean' || value === 'true' || value === 'false';
    case 'date':
      return given === 'number';
    case 'ip':
      return given === 'string' && networkOf(String(value)) !== undefined;
    default:
      return true;
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
