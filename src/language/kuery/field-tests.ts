/**
 * A field compared with a value: what Kibana asks Elasticsearch for, by the type that an index of Elastic's gives the
 * field (`toElasticsearchQuery` of `is` and `range` in `@kbn/es-query`).
 *
 *   keyword      the whole value, exactly; with `*` as a pattern for the whole value
 *   text         quoted a phrase of words; unquoted any of the words; with `*` a pattern for one word
 *   ip           an address or a network; long, double, boolean, date by value; a date is all the time it names
 *   object       a value somewhere below it
 *   unknown      as keyword, and a network in CIDR form as one
 */
import type { Span } from '../../diagnostic/span.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import {
  and,
  type FieldRef,
  matchAny,
  matchAnywhere,
  or,
  type Predicate,
  type Test,
  type WildcardPattern,
  type WordSplit,
  wildcardPattern,
} from '../../plan/predicate/node.ts';
import { wordsOf } from '../../plan/predicate/phrase-test.ts';
import { type DateRange, readDate } from '../date-literal.ts';
import { isPattern, type KueryLiteral, literalText, type RangeOperator } from './ast.ts';
import type { KueryField } from './fields.ts';
import type { Problems } from './problems.ts';

/** Stars that are meant: a `*` alone (any verb, any resource), and any server of a share (`\\\\*\\ADMIN$`). */
const PLAIN_STAR = /^\*$|^\\\\\*\\[^*]*$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export class FieldTests {
  private readonly problems: Problems;
  private readonly now: number;

  /** @param now the moment that `now` in a date means, epoch milliseconds */
  constructor(problems: Problems, now: number) {
    this.problems = problems;
    this.now = now;
  }

  /** Some value of the field is this one. */
  is(field: KueryField, value: KueryLiteral, span: Span): Predicate {
    const { ref, fold } = field;
    const text = literalText(value);
    switch (ref.type) {
      case 'text':
        return this.words(ref, field.split, value, span);
      case 'long':
      case 'double':
        if (isPattern(value)) return this.problems.noPatterns(field, value);
        if (!NUMBER.test(text)) return this.problems.wrongType(field, value);
        return matchAny(ref, { kind: 'equals', anyOf: [numberOf(text)], fold: 'none' }, span);
      case 'boolean':
        if (text !== 'true' && text !== 'false') return this.problems.wrongType(field, value);
        return matchAny(ref, { kind: 'equals', anyOf: [text === 'true'], fold: 'none' }, span);
      case 'date':
        return this.date(field, value, span);
      case 'ip':
        if (isPattern(value)) return this.problems.noPatterns(field, value);
        if (networkOf(text) === undefined) return this.problems.wrongType(field, value);
        return matchAny(ref, addressTest(text), span);
      case 'object': {
        const below = wildcardPattern([{ text: `${ref.name}.` }, '*']);
        return matchAnywhere(this.exact(value, 'none'), span, below);
      }
      case 'unknown': {
        const exact = matchAny(ref, this.exact(value, fold), span);
        return isNetwork(value) ? or([exact, matchAny(ref, addressTest(text), span)], span) : exact;
      }
      default:
        return matchAny(ref, this.exact(value, fold), span);
    }
  }

  /** Some value of the field lies on this side of the value. */
  range(field: KueryField, operator: RangeOperator, value: KueryLiteral, span: Span): Predicate {
    const { ref } = field;
    const text = literalText(value);
    if (isPattern(value)) {
      const hint = 'quote it where the * is meant';
      return this.problems.report('kuery-type', value.span, 'A range takes a value without wildcards.', hint);
    }
    switch (ref.type) {
      case 'long':
      case 'double':
        if (!NUMBER.test(text)) return this.problems.wrongType(field, value);
        return matchAny(ref, { kind: 'order', operator, bound: numberOf(text) }, span);
      case 'boolean':
      case 'object':
        return this.problems.report('kuery-type', span, `${ref.name} is of type ${ref.type}, which has no order.`);
      case 'ip':
        return this.problems.report('kuery-type', span, `${ref.name} is an IP address.`, 'write a network instead');
      case 'date': {
        const range = this.instants(value);
        if (range === undefined) return this.problems.wrongType(field, value);
        const bound = operator === '>' || operator === '<=' ? range.last : range.first;
        return matchAny(ref, { kind: 'order', operator, bound }, span);
      }
      case 'unknown':
        return matchAny(ref, { kind: 'order', operator, bound: NUMBER.test(text) ? numberOf(text) : text }, span);
      default:
        return matchAny(ref, { kind: 'order', operator, bound: text }, span);
    }
  }

  /** The value, whole; with wildcards as a pattern. */
  exact(value: KueryLiteral, fold: KueryField['fold']): Test {
    if (isPattern(value)) return { kind: 'wildcard', anyOf: [value.parts], fold };
    const text = literalText(value);
    if (value.quoted && text.includes('*') && !PLAIN_STAR.test(text)) this.starInQuotes(value);
    return { kind: 'equals', anyOf: [text], fold };
  }

  /** Where a value in running text begins and ends does not count, only its words. */
  phrases(value: KueryLiteral, split: WordSplit): Test {
    if (isPattern(value))
      return { kind: 'phrase', split, anyOf: this.wordPatterns(value, split).map((word) => [word]) };
    const words = wordsOf(literalText(value), split).map((word) => wildcardPattern([{ text: word }]));
    if (words.length === 0) {
      this.problems.warn(
        'kuery-words',
        value.span,
        'This holds no word, so no text has it.',
        'name a word of the text',
      );
    }
    return { kind: 'phrase', split, anyOf: value.quoted ? [words] : words.map((word) => [word]) };
  }

  private words(ref: FieldRef, split: WordSplit, value: KueryLiteral, span: Span): Predicate {
    const test = this.phrases(value, split);
    return matchAny(ref, test, span);
  }

  /** Of `curl* *pipe` each word by itself. */
  private wordPatterns(value: KueryLiteral, split: WordSplit): readonly WildcardPattern[] {
    const words: WildcardPattern[] = [];
    let word: WildcardPattern[number][] = [];
    const close = () => {
      if (word.length > 0) words.push(wildcardPattern(word));
      word = [];
    };
    for (const part of value.parts) {
      if (typeof part !== 'object') {
        word.push(part);
        continue;
      }
      for (const [index, text] of part.text.toLowerCase().split(/\s+/).entries()) {
        if (index > 0) close();
        if (text !== '') word.push({ text });
      }
    }
    close();
    for (const pattern of words) {
      const sample = pattern.map((part) => (typeof part === 'object' ? part.text : 'a')).join('');
      if (wordsOf(sample, split)[0] === sample) continue;
      const shown = pattern.map((part) => (typeof part === 'object' ? part.text : part)).join('');
      const message = `A pattern is compared with single words of the text, and no word is like “${shown}”.`;
      this.problems.warn('kuery-words', value.span, message, 'quote a phrase: its words one after the other');
    }
    return words;
  }

  private date(field: KueryField, value: KueryLiteral, span: Span): Predicate {
    if (isPattern(value)) return this.problems.noPatterns(field, value);
    const range = this.instants(value);
    if (range === undefined) return this.problems.wrongType(field, value);
    const { first, last } = range;
    if (first === last) return matchAny(field.ref, { kind: 'equals', anyOf: [first], fold: 'none' }, span);
    // Each of several values lies in the range or not: with one value, which dates have, that is what `and` says.
    return and(
      [
        matchAny(field.ref, { kind: 'order', operator: '>=', bound: first }, span),
        matchAny(field.ref, { kind: 'order', operator: '<=', bound: last }, span),
      ],
      span,
    );
  }

  private instants(value: KueryLiteral): DateRange | undefined {
    const text = literalText(value);
    if (/^\d{5,}$/.test(text)) {
      const at = new Date(Number(text));
      if (Number.isNaN(at.getTime())) return undefined;
      return { first: at.toISOString(), last: at.toISOString(), moving: false };
    }
    const range = readDate(text, this.now);
    if (range?.moving) {
      const hint = 'a rule that stays loaded goes on with that moment; write the date, or leave time to the schedule';
      this.problems.inform('kuery-now', value.span, 'now is the moment at which the query is read.', hint);
    }
    return range;
  }

  private starInQuotes(value: KueryLiteral): void {
    const message = 'In quotes the * stands for itself, not for any text.';
    this.problems.warn(
      'kuery-star-in-quotes',
      value.span,
      message,
      'leave the quotes out, or write \\* outside of them',
    );
  }
}

/** A network, or an address as one; an address is compared by value. */
function addressTest(text: string): Test {
  return text.includes('/')
    ? { kind: 'cidr', anyOf: [networkOf(text) ?? text] }
    : { kind: 'equals', anyOf: [text], fold: 'none' };
}

function isNetwork(value: KueryLiteral): boolean {
  const text = literalText(value);
  return !isPattern(value) && text.includes('/') && networkOf(text) !== undefined;
}

/** A whole number beyond 2^53 stays its decimal text, so that it compares exactly. */
function numberOf(text: string): number | string {
  return /^[+-]?\d{16,}$/.test(text) ? text : Number(text);
}
