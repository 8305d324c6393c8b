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
  visitPredicate,
  type WildcardPart,
  type WildcardPattern,
} from '../plan/predicate/node.ts';
import { fieldClass, isPlainNumber, withEcsWords } from './elastic-fields.ts';
import { hasLetters, hasLettersBeyondAscii } from './letters.ts';
import { luceneClause } from './lucene.ts';
import { luceneOfRe2 } from './re2-to-lucene.ts';
import { clause, type Emission, enclosed, joined, Refusals, type Said, shown } from './saying.ts';

/** @param sources index patterns to read, at least one */
export function emitEsql(predicate: Predicate, sources: readonly string[], span: Span): Emission {
  const refusals = new Refusals();
  const { text } = new EsqlEmitter(refusals).say(withEcsWords(predicate));
  return refusals.emission(`FROM ${sources.join(', ')} METADATA _id, _index, _version\n| WHERE ${text}`, span);
}

class EsqlEmitter {
  private readonly refusals: Refusals;
  /** How many negations the clause stands under. */
  private negations = 0;

  constructor(refusals: Refusals) {
    this.refusals = refusals;
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
      if (isEcsArray(field.name)) return this.byLucene(field, test, span);
      return this.closed(this.test(field, test, span));
    },
    'match-anywhere': this.refused('“some field of the event holds this text”'),
    nested: this.refused('a condition on one object of an array'),
    'match-fields': (node) => this.closed(this.fields(node)),
    'match-value': this.refused('a condition on a computed value; this is converted between no languages yet'),
    compare: this.refused('a comparison of computed values; this is converted between no languages yet'),
  };

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
function esqlField(name: string): string {
  return name
    .split('.')
    .map((part) => (/^[@A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.');
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function esqlString(text: string): string {
  return `"${text.replaceAll(/["\\\n\r\t]/g, (character) => ESCAPES[character] as string)}"`;
}
