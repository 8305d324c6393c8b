/**
 * Plan → Lucene's query string syntax, as Kibana and Elasticsearch's `query_string` read it.
 *
 *   predicate ──visit──▶ clauses ──AND, OR, NOT, always in parentheses──▶ text
 *
 * A `keyword` field is compared exactly, so a test that ignores case becomes a regular expression with both cases of each
 * letter (`/[cC][mM][dD]/`); without that a converted rule would miss `CMD.EXE`. A negation that stands alone finds
 * nothing in Lucene, so it is taken from all events: `(*:* AND NOT x)`.
 *
 * Refused: words of `text` fields compared as a whole, fields compared with each other, computed values, expressions
 * longer than Elasticsearch takes.
 */
import type { Span } from '../diagnostic/span.ts';
import { networkOf } from '../plan/predicate/cidr.ts';
import {
  type CaseFold,
  type FieldRef,
  type LiteralValue,
  type Predicate,
  type PredicateOf,
  type PredicateVisitor,
  type Test,
  visitPredicate,
  type WildcardPart,
  type WildcardPattern,
} from '../plan/predicate/node.ts';
import { fieldClass, isPlainNumber, withEcsWords } from './elastic-fields.ts';
import { hasLetters } from './letters.ts';
import { luceneOfRe2, luceneText } from './re2-to-lucene.ts';
import { clause, type Emission, enclosed, joined, Refusals, type Said, shown } from './saying.ts';
import { asFieldTest } from './value-rewrite.ts';

/** Elasticsearch's `index.max_regex_length`. */
const LONGEST_REGEX = 1000;

const ALL = '*:*';
/** A bare `NOT *:*` would take everything away from the clauses beside it. */
const NONE = '(*:* AND NOT *:*)';

export function emitLucene(predicate: Predicate, span: Span): Emission {
  const refusals = new Refusals();
  const { text } = luceneClause(withEcsWords(predicate), refusals);
  return refusals.emission(text, span);
}

/** For languages that can hand a single clause to Lucene. */
export function luceneClause(predicate: Predicate, refusals: Refusals): Said {
  const say = (node: Predicate): Said => visitPredicate(node, visitor);
  const refuse = (what: string) => (node: { readonly span: Span }) =>
    refusals.refuse('convert-clause', `Lucene’s query string cannot say ${what}.`, node.span);
  const visitor: PredicateVisitor<Said> = {
    constant: ({ value }) => clause(value ? ALL : NONE),
    and: ({ children }) => conjunction(children, say),
    or: ({ children }) =>
      joined(
        children.map((child) => alone(child, say)),
        'OR',
        NONE,
      ),
    not: (node) => negation(node, say),
    exists: ({ field }) => clause(`_exists_:${luceneField(field.name)}`),
    'match-any': ({ field, test, span }) => new LuceneTest(field, span, refusals).say(test),
    'match-anywhere': refuse('“some field holds this text” for every kind of field'),
    nested: refuse('a condition on one object of an array'),
    'match-fields': refuse('how two fields compare'),
    'match-value': refuse('a condition on a computed value'),
    compare: (node) => {
      const test = asFieldTest(node);
      return test === undefined ? refuse('a comparison of computed values')(node) : say(test);
    },
  };
  return predicate.kind === 'not' ? { text: `${ALL} AND ${say(predicate).text}`, compound: true } : say(predicate);
}

function conjunction(children: readonly Predicate[], say: (node: Predicate) => Said): Said {
  const positive = children.some((child) => child.kind !== 'not');
  const parts = children.map(say);
  return joined(positive ? parts : [clause(ALL), ...parts], 'AND', ALL);
}

function negation({ child }: PredicateOf<'not'>, say: (node: Predicate) => Said): Said {
  return clause(`NOT ${enclosed(alone(child, say))}`);
}

/** A node that no other clause of a conjunction stands beside. */
function alone(node: Predicate, say: (node: Predicate) => Said): Said {
  return node.kind === 'not' ? clause(`(${ALL} AND ${say(node).text})`) : say(node);
}

class LuceneTest {
  private readonly field: FieldRef;
  private readonly span: Span;
  private readonly refusals: Refusals;

  constructor(field: FieldRef, span: Span, refusals: Refusals) {
    this.field = field;
    this.span = span;
    this.refusals = refusals;
  }

  say(test: Test): Said {
    if (fieldClass(this.field) === 'words' && test.kind !== 'phrase') {
      return this.refuse(
        'convert-type',
        `${this.field.name} is indexed word by word, so its whole text cannot be compared.`,
      );
    }
    switch (test.kind) {
      case 'equals':
        return this.anyOf(test.anyOf.flatMap((value) => this.equal(value, test.fold)));
      case 'order':
        return this.order(test.operator, test.bound);
      case 'wildcard':
        if (!this.isText('a pattern')) return clause('');
        return this.anyOf(test.anyOf.map((pattern) => this.pattern(pattern, test.fold)));
      case 'regex': {
        if (!this.isText('a regular expression')) return clause('');
        if (test.syntax === 're2') return this.anyOf(test.anyOf.flatMap((source) => this.re2(source, test.flags)));
        if (test.fold === 'none') return this.anyOf(test.anyOf.map((source) => this.regex(source)));
        return this.refuse('convert-regex', 'Lucene’s query string has no regular expression that ignores case.');
      }
      case 'cidr':
        if (fieldClass(this.field) === 'ip') return this.anyOf(test.anyOf.map((network) => `"${network}"`));
        return this.refuse(
          'convert-type',
          `${this.field.name} is no address field, so networks cannot be asked of it.`,
        );
      case 'term':
      case 'phrase':
        return this.refuse(
          'convert-clause',
          'Lucene’s query string cannot say “these words stand in the text” of such a field.',
        );
      case 'time-part':
        return this.refuse('convert-clause', `Lucene’s query string cannot ask for the ${test.part} of a time.`);
    }
  }

  private equal(value: LiteralValue, fold: CaseFold): readonly string[] {
    if (value === null) return [];
    const kind = fieldClass(this.field);
    const text = String(value);
    const plain = kind === 'number' || kind === 'boolean' || kind === 'open';
    if (typeof value !== 'string' && plain) return [isPlainNumber(value) ? text.replace('-', '\\-') : text];
    if (kind === 'number' && !isPlainNumber(text)) {
      return [this.refuse('convert-type', `${this.field.name} is a number, and “${shown(text)}” is none.`).text];
    }
    if (kind === 'boolean' && text !== 'true' && text !== 'false') {
      return [this.refuse('convert-type', `${this.field.name} is true or false, not “${shown(text)}”.`).text];
    }
    if (kind === 'ip' && networkOf(text) === undefined) {
      return [this.refuse('convert-type', `${this.field.name} is an address, and “${shown(text)}” is none.`).text];
    }
    if (fold !== 'none' && hasLetters(text) && (kind === 'text' || kind === 'open'))
      return [this.regex(luceneText(text, fold))];
    return [quoted(text)];
  }

  private order(operator: string, bound: string | number): Said {
    const kind = fieldClass(this.field);
    if (typeof bound === 'number' && kind === 'text') {
      return this.refuse('convert-type', `${this.field.name} is a text, which Lucene does not compare with a number.`);
    }
    const value = typeof bound === 'number' && isPlainNumber(bound) ? String(bound) : quoted(String(bound));
    const [low, high] = operator.startsWith('>') ? [value, '*'] : ['*', value];
    const open = operator === '>' ? '{' : '[';
    const close = operator === '<' ? '}' : ']';
    return clause(`${luceneField(this.field.name)}:${open}${low} TO ${high}${close}`);
  }

  private pattern(pattern: WildcardPattern, fold: CaseFold): string {
    const texts = pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : []));
    if (pattern.every((part) => typeof part === 'object')) return this.equal(texts.join(''), fold)[0] ?? '""';
    // `*` alone would be read as a test for the field.
    const needsRegex = (fold !== 'none' && texts.some(hasLetters)) || texts.some((text) => /[<>\n\r]/.test(text));
    if (needsRegex) return this.regex(pattern.map((part) => regexPart(part, fold)).join(''));
    return pattern.map((part) => (typeof part === 'object' ? escaped(part.text) : part)).join('');
  }

  private re2(source: string, flags: Parameters<typeof luceneOfRe2>[1]): readonly string[] {
    const made = luceneOfRe2(source, flags);
    if ('pattern' in made) return [this.regex(made.pattern)];
    this.refuse('convert-regex', `Lucene’s regular expressions cannot say ${made.unsayable}.`);
    return [];
  }

  private regex(pattern: string): string {
    if (pattern.length > LONGEST_REGEX) {
      const message = `A test that ignores case becomes an expression longer than the ${LONGEST_REGEX} characters that Elasticsearch takes.`;
      return this.refuse('convert-too-large', message).text;
    }
    const slashes = pattern.replaceAll(/\\[\s\S]|\//g, (found) => (found === '/' ? '\\/' : found));
    // Before the closing slash a backslash would be read as belonging to that.
    return `/${slashes.endsWith('\\\\') ? `${slashes.slice(0, -2)}[\\\\]` : slashes}/`;
  }

  private isText(what: string): boolean {
    const kind = fieldClass(this.field);
    if (kind === 'text' || kind === 'open') return true;
    this.refuse(
      'convert-type',
      `${this.field.name} is of type ${this.field.type}, of which Lucene cannot ask ${what}.`,
    );
    return false;
  }

  private anyOf(values: readonly string[]): Said {
    const name = luceneField(this.field.name);
    if (values.length === 0) return clause(NONE);
    return clause(`${name}:${values.length === 1 ? values[0] : `(${values.join(' OR ')})`}`);
  }

  private refuse(
    code: 'convert-type' | 'convert-regex' | 'convert-clause' | 'convert-too-large',
    message: string,
  ): Said {
    return this.refusals.refuse(code, message, this.span);
  }
}

function regexPart(part: WildcardPart, fold: CaseFold): string {
  if (part === '*') return '.*';
  return part === '?' ? '.' : luceneText(part.text, fold);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A text outside of quotes, with everything that means something escaped. */
function escaped(text: string): string {
  return text.replaceAll(/[+\-=&|!(){}[\]^"~*?:\\/\s]/g, '\\$&').replace(/^(AND|OR|NOT|TO)$/, '\\$1');
}

function luceneField(name: string): string {
  return escaped(name).replaceAll('\\-', '-');
}
