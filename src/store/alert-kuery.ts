/**
 * A search of alerts in Kibana's query language, as a condition in SQL over the columns of an alert.
 *
 *   text ──is a field compared in it?──▶ tree ──by the type of each column──▶ condition
 *                                            └─▶ what is wrong, and where
 *
 * Words without a field are looked for as in a search of words: all of them, in any case. Values compare as in the
 * language, but for the case of A to Z, which lists do not distinguish anywhere. Every value is a bound parameter.
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { readDate } from '../language/date-literal.ts';
import {
  isAnything,
  isPattern,
  type KueryIs,
  type KueryLiteral,
  type KueryNode,
  type KueryRange,
  literalText,
} from '../language/kuery/ast.ts';
import { parseKuery } from '../language/kuery/parse-kuery.ts';
import { tokenizeKuery } from '../language/kuery/tokenize.ts';
import type { WildcardPattern } from '../plan/predicate/node.ts';
import { ALERT_FIELDS, type AlertField } from './alert-fields.ts';
import { foldForSearch } from './alert-row.ts';

export interface SearchCondition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
  /** Whether it asks for a status, so that a list shows it whatever it shows otherwise. */
  readonly namesStatus: boolean;
}

/** Comparisons of one search; each is asked of many alerts. */
const MOST_COMPARISONS = 100;
/** `*` in one value. */
const MOST_WILDCARDS = 10;

/**
 * Whether a text compares a field, rather than being words: some name that an alert has, or one that has a dot in it as
 * such names do, stands before `:`, `<` or `>`. An address (`http://…`) and a path (`C:\…`) are words.
 */
export function isFieldSearch(text: string): boolean {
  const tokens = tokenizeKuery(text);
  return tokens.some(({ kind, text: name, end }, at) => {
    const next = tokens[at + 1];
    if ((kind !== 'word' && kind !== 'string') || next?.kind !== 'symbol' || !/^[:<>]/.test(next.text)) return false;
    if (ALERT_FIELDS.has(name)) return true;
    return /^[a-z@][\w@]*(?:\.[\w*@-]+)+$/i.test(name) && !/^\s*:(?:\/\/|\\|\d)/.test(text.slice(end));
  });
}

/** @param now what `now` in a time means, epoch milliseconds */
export function searchByFields(text: string, now: number): SearchCondition | Diagnostic {
  const { query, diagnostics } = parseKuery(text);
  if (query === undefined) return diagnostics[0] as Diagnostic;
  const writer = new ConditionWriter(now);
  try {
    const sql = writer.condition(query);
    return { sql, parameters: writer.parameters, namesStatus: writer.namesStatus };
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.diagnostic;
    throw refusal;
  }
}

/** The control flow of the first problem. */
class Refusal {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic;
  }
}

class ConditionWriter {
  readonly parameters: (string | number)[] = [];
  namesStatus = false;
  private comparisons = 0;
  private readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  condition(node: KueryNode): string {
    switch (node.kind) {
      case 'everything':
        return '1';
      case 'not':
        return `NOT (${this.condition(node.operand)})`;
      case 'logical':
        return `(${node.operands.map((operand) => this.condition(operand)).join(node.operator === 'and' ? ' AND ' : ' OR ')})`;
      case 'nested':
        return refuse('kuery-type', node.path, 'An alert has no field that holds objects.', 'write field: value');
      case 'range':
      case 'is':
        this.comparisons += 1;
        if (this.comparisons > MOST_COMPARISONS) {
          refuse('kuery-too-deep', node.value, `A search compares at most ${MOST_COMPARISONS} values.`, 'ask for less');
        }
        return node.kind === 'is' ? this.is(node) : this.range(node);
    }
  }

  private is({ field, value }: KueryIs): string {
    if (field === undefined) return isAnything(value) ? '1' : this.words(value);
    const { column, type, names } = this.field(field);
    if (isAnything(value)) return type === 'text' ? `${column} <> ''` : '1';
    const wanted = literalText(value);
    switch (type) {
      case 'text':
        if (isPattern(value)) return `lower(${column}) GLOB ${this.bind(globOf(value))}`;
        // What is empty is missing, and equals nothing.
        return wanted === '' ? '0' : `${column} = ${this.bind(wanted)} COLLATE NOCASE`;
      case 'number':
        return `${column} = ${this.bind(this.number(value))}`;
      case 'rank':
        return `${column} = ${this.rank(value, names ?? [])}`;
      case 'time': {
        const { first, last } = this.time(value);
        return `${column} BETWEEN ${this.bind(first)} AND ${this.bind(last)}`;
      }
    }
  }

  private range({ field, operator, value }: KueryRange): string {
    const { column, type, names } = this.field(field);
    if (isPattern(value)) refuse('kuery-type', value, 'A range takes a value without wildcards.', 'quote the *');
    switch (type) {
      case 'text':
        return `(${column} <> '' AND ${column} ${operator} ${this.bind(literalText(value))} COLLATE NOCASE)`;
      case 'number':
        return `${column} ${operator} ${this.bind(this.number(value))}`;
      case 'rank':
        return `${column} ${operator} ${this.rank(value, names ?? [])}`;
      case 'time': {
        const { first, last } = this.time(value);
        return `${column} ${operator} ${this.bind(operator === '>' || operator === '<=' ? last : first)}`;
      }
    }
  }

  /** As a search of words finds them; a quoted text as it stands. */
  private words(value: KueryLiteral): string {
    const texts = value.quoted
      ? [literalText(value)]
      : value.parts.flatMap((part) => (typeof part === 'object' ? part.text.split(/\s+/u) : []));
    const found = texts
      .map(foldForSearch)
      .filter((text) => text !== '')
      .map((text) => {
        const isShort = [...text].length < 3;
        const test = isShort ? 'instr(search, ?) > 0' : 'alert_search MATCH ?';
        this.parameters.push(isShort ? text : `"${text.replaceAll('"', '""')}"`);
        return `seq IN (SELECT rowid FROM alert_search WHERE ${test})`;
      });
    return found.length === 0 ? '1' : `(${found.join(' AND ')})`;
  }

  private field(field: KueryLiteral): AlertField {
    const name = literalText(field);
    const known = isPattern(field) ? undefined : ALERT_FIELDS.get(name);
    if (known === undefined) {
      const names = [...ALERT_FIELDS.keys()];
      const near = nearestName(name, names);
      const hint = near === undefined ? `there are ${names.slice(0, 12).join(', ')}` : `did you mean ${near}?`;
      return refuse('kuery-field-unknown', field, `A search of alerts has no field ${name.slice(0, 80)}.`, hint);
    }
    this.namesStatus ||= known.column === 'status';
    return known;
  }

  private number(value: KueryLiteral): number {
    const text = literalText(value);
    if (!isPattern(value) && /^[+-]?\d{1,15}(?:\.\d+)?$/.test(text)) return Number(text);
    return refuse('kuery-type', value, `“${text.slice(0, 80)}” is no number.`, 'write a number');
  }

  private rank(value: KueryLiteral, names: readonly string[]): number {
    const rank = names.indexOf(literalText(value).toLowerCase());
    if (rank !== -1 && !isPattern(value)) return rank;
    return refuse(
      'kuery-type',
      value,
      `There is no “${literalText(value).slice(0, 80)}”.`,
      `there are ${names.join(', ')}`,
    );
  }

  private time(value: KueryLiteral): { readonly first: number; readonly last: number } {
    const range = isPattern(value) ? undefined : readDate(literalText(value), this.now);
    if (range !== undefined) return { first: Date.parse(range.first), last: Date.parse(range.last) };
    const hint = 'write "2024-05-01T10:00:00Z", a part of it, or "now-1d"';
    return refuse('kuery-type', value, `“${literalText(value).slice(0, 80)}” is no time.`, hint);
  }

  private bind(value: string | number): string {
    this.parameters.push(value);
    return '?';
  }
}

/** What the case of A to Z does not count in: SQLite's `lower` folds these letters. */
function globOf(value: KueryLiteral): string {
  const { parts }: { readonly parts: WildcardPattern } = value;
  if (parts.filter((part) => typeof part !== 'object').length > MOST_WILDCARDS) {
    refuse('kuery-type', value, `A value has at most ${MOST_WILDCARDS} wildcards.`, 'leave some out');
  }
  return parts
    .map((part) =>
      typeof part === 'object'
        ? part.text.replace(/[A-Z]+/g, (run) => run.toLowerCase()).replace(/[*?[]/g, '[$&]')
        : '*',
    )
    .join('');
}

function refuse(
  code: 'kuery-type' | 'kuery-field-unknown' | 'kuery-too-deep',
  { span }: Pick<KueryLiteral, 'span'>,
  message: string,
  hint: string,
): never {
  throw new Refusal(diagnose(code, 'error', message, span, hint));
}
