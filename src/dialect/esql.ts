/**
 * Plan → ES|QL: `FROM … | WHERE …`.
 *
 *   predicate ──visit──▶ clauses ──AND, OR, NOT──▶ text
 *
 * ES|QL's conditions have a third value: on a missing field they are null, and so is their negation, so a clause below a
 * NOT is closed by `COALESCE(…, FALSE)`. A comparison with a field of several values is null too; of fields that ECS
 * keeps as arrays a clause is therefore handed to Lucene by `QSTR`, which asks whether any value passes. Case is
 * ignored by `TO_LOWER`, for every script.
 *
 * There is no front end for ES|QL here, so such a conversion is not proved by running it.
 */
import type { Span } from '../diagnostic/span.ts';
import { isEcsArray } from '../event/ecs-fields.ts';
import { networkOf } from '../plan/predicate/cidr.ts';
import {
  type CaseFold,
  type FieldRef,
  type LiteralValue,
  matchAny,
  type Predicate,
  type PredicateOf,
  type PredicateVisitor,
  type Test,
  type TimePart,
  type Value,
  visitPredicate,
  type WildcardPart,
  type WildcardPattern,
} from '../plan/predicate/node.ts';
import { type Computed, type ComputedLanguage, computedText, testedForNull } from './computed.ts';
import { fieldClass, isPlainNumber, withEcsWords } from './elastic-fields.ts';
import { ESQL_CALLS } from './esql-value.ts';
import { hasLetters, hasLettersBeyondAscii } from './letters.ts';
import { luceneClause } from './lucene.ts';
import { luceneOfRe2 } from './re2-to-lucene.ts';
import { clause, type Emission, enclosed, joined, Refusals, type Said, shown } from './saying.ts';
import { asFieldTest } from './value-rewrite.ts';

/** @param sources index patterns to read, at least one */
export function emitEsql(predicate: Predicate, sources: readonly string[], span: Span): Emission {
  const refusals = new Refusals();
  const text = esqlSearch(predicate, refusals);
  return refusals.emission(`FROM ${sources.join(', ')} METADATA _id, _index, _version\n| WHERE ${text}`, span);
}

/** A condition for the WHERE that stands right behind FROM. */
export function esqlSearch(predicate: Predicate, refusals: Refusals): string {
  return new EsqlEmitter(refusals).say(withEcsWords(predicate)).text;
}

/**
 * A condition as a value of EVAL, where Elasticsearch takes no searches: a word in an array is looked for in the array.
 * On what is missing it may be null, which counts as false.
 */
export function esqlCondition(predicate: Predicate, refusals: Refusals): Said {
  return new EsqlEmitter(refusals, false).say(withEcsWords(predicate));
}

class EsqlEmitter {
  private readonly refusals: Refusals;
  private readonly searches: boolean;
  /** How many negations the clause stands under. */
  private negations = 0;

  /** @param searches whether `:` and `QSTR` may stand there */
  constructor(refusals: Refusals, searches = true) {
    this.refusals = refusals;
    this.searches = searches;
  }

  say(node: Predicate): Said {
    return visitPredicate(node, this.visitor);
  }

  private readonly visitor: PredicateVisitor<Said> = {
    constant: ({ value }) => clause(value ? 'TRUE' : 'FALSE'),
    and: ({ children }) =>
      joined(
        children.map((child) => this.say(child)),
        'AND',
        'TRUE',
      ),
    or: ({ children }) =>
      joined(
        children.map((child) => this.say(child)),
        'OR',
        'FALSE',
      ),
    not: ({ child }) => this.negation(child),
    exists: ({ field }) => clause(`${esqlField(field.name)} IS NOT NULL`),
    'match-any': ({ field, test, span }) => {
      // Searches are never null, and no function takes them.
      if (isEcsArray(field.name)) {
        return this.searches ? this.byLucene(field, test, span) : this.inArray(field, test, span);
      }
      return this.closed(this.test(field, test, span));
    },
    'match-anywhere': this.refused('“some field of the event holds this text”'),
    nested: this.refused('a condition on one object of an array'),
    'match-fields': (node) => this.closed(this.fields(node)),
    'match-value': ({ value, test, span }) => this.computed(value, ({ text }) => this.valueTest(text, test, span)),
    compare: (node) => this.comparison(node),
  };

  private comparison(node: PredicateOf<'compare'>): Said {
    const { operator, left, right, span } = node;
    const test = asFieldTest(node);
    if (test !== undefined) return this.say(test);
    const tested = testedForNull(node);
    if (tested !== undefined) return this.computed(tested, ({ text }) => clause(`${text} IS NULL`));
    return this.computed(left, ({ text, type }) => {
      const wanted = computedText(right, LANGUAGE);
      if ('unsayable' in wanted || wanted.type !== type) return this.refused('how these values compare')({ span });
      if (type === 'boolean' && operator === '==' && wanted.text === 'true') return this.closed(clause(text));
      return this.closed(clause(`${text} ${operator} ${wanted.text}`));
    });
  }

  private computed(value: Value, say: (said: Computed) => Said): Said {
    const said = computedText(value, LANGUAGE);
    return 'unsayable' in said ? this.refused(said.unsayable)(said.value) : say(said);
  }

  private valueTest(value: string, test: Test, span: Span): Said {
    const text = 'fold' in test && test.fold !== 'none' ? `TO_LOWER(${value})` : value;
    if (test.kind === 'equals') {
      const literals = test.anyOf.map((each) => esqlString(this.lowered(String(each), test.fold, span)));
      return this.closed(isAny(text, literals));
    }
    if (test.kind !== 'wildcard') return this.refused('such a test of a computed value')({ span });
    const parts = test.anyOf.map((pattern) => this.pattern(text, pattern, test.fold, span));
    return this.closed(joined(parts, 'OR', 'FALSE'));
  }

  private negation(child: Predicate): Said {
    if (child.kind === 'exists') return clause(`${esqlField(child.field.name)} IS NULL`);
    this.negations += 1;
    const said = this.say(child);
    this.negations -= 1;
    return clause(`NOT ${said.text.startsWith('NOT ') ? `(${said.text})` : enclosed(said)}`);
  }

  private refused(what: string): (node: { readonly span: Span }) => Said {
    return ({ span }) => this.refusals.refuse('convert-clause', `ES|QL cannot say ${what}.`, span);
  }

  /** Null counts as false, which only a negation can tell. */
  private closed(said: Said): Said {
    return this.negations === 0 ? said : clause(`COALESCE(${said.text}, FALSE)`);
  }

  private test(field: FieldRef, test: Test, span: Span): Said {
    const name = esqlField(field.name);
    const kind = fieldClass(field);
    switch (test.kind) {
      case 'equals':
        return this.equals(field, test.anyOf, test.fold, span);
      case 'order': {
        const { operator, bound } = test;
        if (typeof bound === 'number' || kind === 'number') {
          if (!isPlainNumber(bound)) return this.type(field, String(bound), span);
          return clause(`${kind === 'number' ? name : `TO_DOUBLE(${name})`} ${operator} ${bound}`);
        }
        return clause(`${name} ${operator} ${esqlString(bound)}`);
      }
      case 'wildcard': {
        const text = this.text(field, test.fold);
        const parts = test.anyOf.map((pattern) => this.pattern(text, pattern, test.fold, span));
        return joined(parts, 'OR', 'FALSE');
      }
      case 'regex': {
        const text = this.text(field, 'none');
        if (test.syntax === 'lucene' && test.fold !== 'none') {
          return this.refusals.refuse('convert-regex', 'ES|QL’s RLIKE does not ignore case.', span);
        }
        const sources = test.anyOf.map((source) => {
          if (test.syntax === 'lucene') return source;
          const made = luceneOfRe2(source, test.flags);
          if ('pattern' in made) return made.pattern;
          const message = `ES|QL’s regular expressions cannot say ${made.unsayable}.`;
          return this.refusals.refuse('convert-regex', message, span).text;
        });
        return joined(
          sources.map((source) => clause(`${text} RLIKE ${esqlString(source)}`)),
          'OR',
          'FALSE',
        );
      }
      case 'cidr': {
        const address = kind === 'ip' ? name : `TO_IP(${name})`;
        return clause(`CIDR_MATCH(${address}, ${test.anyOf.map(esqlString).join(', ')})`);
      }
      case 'term':
      case 'phrase':
        return this.refusals.refuse('convert-clause', 'ES|QL cannot ask for whole words of such a field.', span);
      case 'time-part': {
        const part = TIME_PARTS[test.part];
        if (part === undefined) {
          return this.refusals.refuse('convert-clause', 'ES|QL counts weeks otherwise than ISO 8601.', span);
        }
        return clause(`DATE_EXTRACT(${esqlString(part)}, TO_DATETIME(${name})) ${test.operator} ${test.bound}`);
      }
    }
  }

  /** `:` and `QSTR` find an event if any value of the field passes, as a plan does; they are never null. */
  private byLucene(field: FieldRef, test: Test, span: Span): Said {
    const exact = test.kind === 'equals' && test.fold === 'none' && fieldClass(field) === 'text';
    if (exact && test.anyOf.every((value) => typeof value === 'string')) {
      const values = test.anyOf.map((value) => clause(`${esqlField(field.name)} : ${esqlString(value)}`));
      return joined(values, 'OR', 'FALSE');
    }
    const { text } = luceneClause(matchAny(field, test, span), this.refusals);
    return clause(`QSTR(${esqlString(text)})`);
  }

  /** A value is in an array if putting it there makes no more different values. */
  private inArray(field: FieldRef, test: Test, span: Span): Said {
    const exact = test.kind === 'equals' && test.fold === 'none' && fieldClass(field) === 'text';
    if (!exact || !test.anyOf.every((value) => typeof value === 'string')) {
      const what = `such a test of ${field.name}, which can hold several values, within a correlation`;
      return this.refused(what)({ span });
    }
    const name = esqlField(field.name);
    const tests = test.anyOf.map((value) =>
      clause(`MV_COUNT(MV_DEDUPE(MV_APPEND(${name}, ${esqlString(value)}))) == MV_COUNT(MV_DEDUPE(${name}))`),
    );
    return this.closed(joined(tests, 'OR', 'FALSE'));
  }

  private equals(field: FieldRef, anyOf: readonly LiteralValue[], fold: CaseFold, span: Span): Said {
    const kind = fieldClass(field);
    const values = anyOf.filter((value) => value !== null);
    if (kind === 'number') {
      const strange = values.find((value) => !isPlainNumber(value));
      if (strange !== undefined) return this.type(field, String(strange), span);
      return isAny(esqlField(field.name), values.map(String));
    }
    if (kind === 'boolean') return isAny(`TO_STRING(${esqlField(field.name)})`, values.map(String).map(esqlString));
    if (kind === 'ip') {
      const strange = values.find((value) => networkOf(String(value)) === undefined);
      if (strange !== undefined) return this.type(field, String(strange), span);
      const networks = values.map((value) => esqlString(String(value)));
      return values.some((value) => String(value).includes('/'))
        ? clause(`CIDR_MATCH(${esqlField(field.name)}, ${networks.join(', ')})`)
        : isAny(esqlField(field.name), networks);
    }
    if (kind === 'date') return isAny(esqlField(field.name), values.map(String).map(esqlString));
    const cased = fold !== 'none' && values.some((value) => hasLetters(String(value)));
    const texts = values.map((value) => this.lowered(String(value), fold, span));
    return isAny(this.text(field, cased ? fold : 'none'), texts.map(esqlString));
  }

  private pattern(text: string, pattern: WildcardPattern, fold: CaseFold, span: Span): Said {
    const written = pattern.map((part) => this.likePart(part, fold, span)).join('');
    return clause(`${text} LIKE ${esqlString(written)}`);
  }

  private likePart(part: WildcardPart, fold: CaseFold, span: Span): string {
    return typeof part === 'object' ? this.lowered(part.text, fold, span).replaceAll(/[\\*?]/g, '\\$&') : part;
  }

  private fields({ field, relation, other, fold }: PredicateOf<'match-fields'>): Said {
    const [left, right] = [this.text(field, fold), this.text(other, fold)];
    switch (relation) {
      case 'equals':
        return clause(`${left} == ${right}`);
      case 'starts-with':
        return clause(`STARTS_WITH(${left}, ${right})`);
      case 'ends-with':
        return clause(`ENDS_WITH(${left}, ${right})`);
      case 'contains':
        return clause(`LOCATE(${left}, ${right}) > 0`);
    }
  }

  /** The field as a text, in lower case where case is ignored. */
  private text(field: FieldRef, fold: CaseFold): string {
    const kind = fieldClass(field);
    const name = esqlField(field.name);
    const text = kind === 'text' || kind === 'words' || fold !== 'none' ? name : `TO_STRING(${name})`;
    if (fold === 'none') return text;
    return `TO_LOWER(${kind === 'text' || kind === 'words' ? text : `TO_STRING(${name})`})`;
  }

  private lowered(text: string, fold: CaseFold, span: Span): string {
    if (fold === 'none') return text;
    if (fold === 'ascii' && hasLettersBeyondAscii(text)) {
      const message = `The rule ignores the case of A to Z only, and ES|QL that of every letter in “${shown(text)}”.`;
      this.refusals.refuse('convert-case', message, span);
    }
    return text.toLowerCase();
  }

  private type(field: FieldRef, value: string, span: Span): Said {
    const message = `${field.name} is of type ${field.type}, which ES|QL does not compare with “${shown(value)}”.`;
    return this.refusals.refuse('convert-type', message, span);
  }
}

const LANGUAGE: ComputedLanguage = {
  string: esqlString,
  calls: ESQL_CALLS,
  field: (field, value) => {
    const text = esqlField(field.name);
    const unsayable = { unsayable: `a value of ${field.name}, which can hold several`, value };
    if (isEcsArray(field.name)) return unsayable;
    switch (fieldClass(field)) {
      case 'text':
      case 'words':
        return { text, type: 'text', needs: [] };
      case 'ip':
        return { text: `TO_STRING(${text})`, type: 'text', needs: [] };
      case 'number':
        return field.type === 'double'
          ? { unsayable: `a value of ${field.name}, which can have a fraction`, value }
          : { text, type: 'number', needs: [] };
      default:
        return { unsayable: `a value of ${field.name}, of type ${field.type}`, value };
    }
  },
};

const TIME_PARTS: Readonly<Record<TimePart, string | undefined>> = {
  minute: 'MINUTE_OF_HOUR',
  hour: 'HOUR_OF_DAY',
  day: 'DAY_OF_MONTH',
  week: undefined,
  month: 'MONTH_OF_YEAR',
  year: 'YEAR',
};

function isAny(left: string, literals: readonly string[]): Said {
  if (literals.length === 0) return clause('FALSE');
  return clause(literals.length === 1 ? `${left} == ${literals[0]}` : `${left} IN (${literals.join(', ')})`);
}

/** A field's name; parts that are no plain name stand between backquotes. */
export function esqlField(name: string): string {
  return name
    .split('.')
    .map((part) => (/^[@A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.');
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function esqlString(text: string): string {
  return `"${text.replaceAll(/["\\\n\r\t]/g, (character) => ESCAPES[character] as string)}"`;
}
