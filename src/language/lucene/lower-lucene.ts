/**
 * What a Lucene query means for one event: tree → predicate.
 *
 *   list ──▶ all that must hold, else one of those that may; and none of those that must not
 *   field:value ──▶ a test of the field by its type
 *
 * A `keyword` field holds whole texts and is compared exactly; a `text` field is cut into words, so a term is a word and
 * a quoted text a phrase. A list that only negates takes away from all events, as Elasticsearch has it.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { diagnose } from '../../diagnostic/diagnostic.ts';
import { shownText } from '../../diagnostic/shown-text.ts';
import type { Span } from '../../diagnostic/span.ts';
import { parseLuceneRegex } from '../../plan/lucene-regex/lucene-regex.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import {
  and,
  constant,
  exists,
  type FieldRef,
  type LiteralValue,
  matchAny,
  not,
  type OrderTest,
  or,
  type Predicate,
  type Test,
  type WildcardPattern,
  wildcardPattern,
} from '../../plan/predicate/node.ts';
import { wordsOf } from '../../plan/predicate/phrase-test.ts';
import { readDate } from '../date-literal.ts';
import type { FieldSchema } from '../field-schema.ts';
import type { LuceneBound, LuceneField, LuceneList, LuceneNode, LuceneRange, LuceneRegex, LuceneTerm } from './ast.ts';

export interface LoweredLucene {
  readonly predicate: Predicate;
  readonly diagnostics: readonly Diagnostic[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** @param now the moment that `now` in a date means, epoch milliseconds */
export function lowerLucene(query: LuceneNode, schema: FieldSchema, now: number): LoweredLucene {
  const lowering = new Lowering(schema, now);
  return { predicate: lowering.node(query), diagnostics: lowering.diagnostics };
}

class Lowering {
  readonly diagnostics: Diagnostic[] = [];
  private readonly schema: FieldSchema;
  private readonly now: number;
  private readonly fields = new Map<string, FieldRef>();

  constructor(schema: FieldSchema, now: number) {
    this.schema = schema;
    this.now = now;
  }

  node(node: LuceneNode): Predicate {
    switch (node.kind) {
      case 'everything':
        return constant(true, node.span);
      case 'exists':
        return exists(this.field(node.field), node.span);
      case 'list':
        return this.list(node);
      case 'term':
        return this.term(node);
      case 'regex':
        return this.regex(node);
      case 'range':
        return this.range(node);
    }
  }

  private list({ clauses, span }: LuceneList): Predicate {
    const of = (wanted: string) =>
      clauses.filter(({ occurrence }) => occurrence === wanted).map(({ node }) => this.node(node));
    const [must, should, mustNot] = [of('must'), of('should'), of('must-not')];
    const holds = must.length > 0 || should.length === 0 ? must : [or(should, span)];
    return and([...holds, ...mustNot.map((each) => not(each, span))], span);
  }

  private term({ field, pattern, quoted, span }: LuceneTerm): Predicate {
    const ref = this.field(field);
    const wild = !quoted && pattern.some((part) => typeof part !== 'object');
    if (ref.type === 'text') return matchAny(ref, this.words(pattern, wild), span);
    if (wild) {
      if (!isTextual(ref)) return this.mismatch(ref, 'a pattern', span);
      return matchAny(ref, { kind: 'wildcard', anyOf: [pattern], fold: 'none' }, span);
    }
    const text = textOf(pattern);
    if (ref.type === 'date')
      return this.range({ kind: 'range', field, low: whole(text, span), high: whole(text, span), span });
    if (ref.type === 'ip') {
      const network = networkOf(text);
      if (network === undefined) return this.mismatch(ref, `“${shownText(text, 40)}”`, span);
      if (text.includes('/')) return matchAny(ref, { kind: 'cidr', anyOf: [network] }, span);
    }
    const value = this.literal(ref, text, quoted, span);
    return value === null
      ? constant(false, span)
      : matchAny(ref, { kind: 'equals', anyOf: [value], fold: 'none' }, span);
  }

  /** Of a text field: the words one after the other; a pattern is matched against one word. */
  private words(pattern: WildcardPattern, wild: boolean): Test {
    if (wild) {
      const word = wildcardPattern(
        pattern.map((part) => (typeof part === 'object' ? { text: part.text.toLowerCase() } : part)),
      );
      return { kind: 'phrase', split: 'standard', anyOf: [[word]] };
    }
    const words = wordsOf(textOf(pattern), 'standard').map((text) => wildcardPattern([{ text }]));
    return { kind: 'phrase', split: 'standard', anyOf: [words] };
  }

  private regex({ field, source, span }: LuceneRegex): Predicate {
    const ref = this.field(field);
    if (!isTextual(ref)) return this.mismatch(ref, 'a regular expression', span);
    const parsed = parseLuceneRegex(source);
    if (!('error' in parsed)) {
      return matchAny(ref, { kind: 'regex', syntax: 'lucene', anyOf: [source], fold: 'none' }, span);
    }
    return this.report('lucene-regex', `The regular expression is wrong: ${parsed.error.message}.`, span);
  }

  private range({ field, low, high, span }: LuceneRange): Predicate {
    const ref = this.field(field);
    const sides = [
      low === undefined ? undefined : this.side(ref, low, low.inclusive ? '>=' : '>'),
      high === undefined ? undefined : this.side(ref, high, high.inclusive ? '<=' : '<'),
    ].filter((side) => side !== undefined);
    if (sides.length === 0) return exists(ref, span);
    return and(
      sides.map((test) => matchAny(ref, test, span)),
      span,
    );
  }

  /** A date stands for a whole unit: `<= 2024-05` goes to the end of May. */
  private side(ref: FieldRef, { text, span }: LuceneBound, operator: OrderTest['operator']): Test | undefined {
    if (ref.type === 'date') {
      const range = readDate(text, this.now);
      if (range === undefined) {
        this.mismatch(ref, `“${shownText(text, 40)}”`, span);
        return undefined;
      }
      return { kind: 'order', operator, bound: operator === '>' || operator === '<=' ? range.last : range.first };
    }
    const value = this.literal(ref, text, false, span);
    return typeof value === 'string' || typeof value === 'number'
      ? { kind: 'order', operator, bound: value }
      : undefined;
  }

  /** The text as the field's type has it; null after a report. */
  private literal(ref: FieldRef, text: string, quoted: boolean, span: Span): LiteralValue {
    switch (ref.type) {
      case 'long':
      case 'double': {
        if (!NUMBER.test(text)) break;
        const number = Number(text);
        return Number.isSafeInteger(number) || !/^[+-]?\d+$/.test(text) ? number : text;
      }
      case 'boolean':
        if (text === 'true' || text === 'false') return text === 'true';
        break;
      case 'unknown':
        // As a number field would read it, and a text field too: the two compare by value.
        return !quoted && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
      default:
        return text;
    }
    this.mismatch(ref, `“${shownText(text, 40)}”`, span);
    return null;
  }

  private field({ name, span }: LuceneField): FieldRef {
    const known = this.fields.get(name);
    if (known !== undefined) return known;
    const type = this.schema.type(name);
    const ref: FieldRef = { name, type: type ?? 'unknown' };
    this.fields.set(name, ref);
    const problem = type === undefined ? this.schema.problem?.(name, this.fields.size < 20) : undefined;
    if (problem !== undefined) {
      // Lucene itself never minds a name; a query on a field that is not there finds nothing.
      this.diagnostics.push(diagnose('lucene-field-unknown', 'warning', problem.message, span, problem.hint));
    }
    return ref;
  }

  private mismatch({ name, type }: FieldRef, what: string, span: Span): Predicate {
    return this.report('lucene-type', `${name} is of type ${type}, which does not take ${what}.`, span);
  }

  private report(code: 'lucene-type' | 'lucene-regex', message: string, span: Span): Predicate {
    this.diagnostics.push(diagnose(code, 'error', message, span));
    return constant(false, span);
  }
}

function isTextual({ type }: FieldRef): boolean {
  return type === 'keyword' || type === 'unknown' || type === 'version' || type === 'object';
}

function textOf(pattern: WildcardPattern): string {
  return pattern.map((part) => (typeof part === 'object' ? part.text : part)).join('');
}

function whole(text: string, span: Span): LuceneBound {
  return { text, inclusive: true, span };
}
