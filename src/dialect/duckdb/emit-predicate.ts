/**
 * The predicate over one event, and the values computed from one, as SQL over stored events.
 *
 *   Predicate ──native where the columns say it──▶ condition that is never NULL
 *             └─else the evaluator of predicates is asked, in this process
 *
 * What tables ask of their rows (a word of a category, a channel, a kind) is native; whatever else a predicate may hold
 * is answered by the reference itself, so that no predicate is refused and none means another thing.
 */
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { CaseFold, LiteralValue, Predicate, Value } from '../../plan/predicate/node.ts';
import { askEvent, byPath, type EventScope, firstTextOf, hasPath, isOpen, isUntold } from './event-fields.ts';
import { named, quote } from './sql-text.ts';

/** True or false of every row. */
export function emitPredicate(node: Predicate, scope: EventScope): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'and':
    case 'or':
      return `(${node.children.map((child) => emitPredicate(child, scope)).join(node.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${emitPredicate(node.child, scope)})`;
    case 'exists':
      return `(${firstTextOf(node.field.name, scope)} IS NOT NULL)`;
    case 'match-any':
      return matchAny(node, scope) ?? asked(node, scope);
    default:
      return asked(node, scope);
  }
}

/** The value as text, NULL where it is null. */
export function emitValue(node: Value, scope: EventScope): string {
  switch (node.kind) {
    case 'literal':
      return literalText(node.value);
    case 'field':
      return firstTextOf(node.field.name, scope);
    case 'if': {
      const condition = emitPredicate(node.condition, scope);
      return `CASE WHEN ${condition} THEN ${emitValue(node.then, scope)} ELSE ${emitValue(node.otherwise, scope)} END`;
    }
    case 'call':
      if (node.name === 'coalesce') return `coalesce(${node.args.map((arg) => emitValue(arg, scope)).join(', ')})`;
      if (node.name === 'text' && node.args[0] !== undefined) return emitValue(node.args[0], scope);
      return askEvent({ kind: 'value', value: withoutPlaces(node) }, scope);
  }
}

function literalText(value: LiteralValue): string {
  return value === null ? 'NULL::VARCHAR' : quote(String(value));
}

function asked(node: Predicate, scope: EventScope): string {
  return `(${askEvent({ kind: 'holds', predicate: withoutPlaces(node) }, scope)} = 'true')`;
}

/** Where a node stands in a query does not matter here, and makes the same question look like others. */
function withoutPlaces<T extends Predicate | Value>(node: T): T {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'span' ? NO_SPAN : value))) as T;
}

type MatchAny = Extract<Predicate, { kind: 'match-any' }>;

/** Texts equal to one of some, as text fields compare. */
function matchAny(node: MatchAny, scope: EventScope): string | undefined {
  const { field, test } = node;
  if (test.kind !== 'equals' || !TEXT.has(field.type)) return undefined;
  const words = test.anyOf.flatMap((word) => (typeof word === 'string' && isPlain(word) ? [word] : []));
  if (words.length === 0 || words.length < test.anyOf.length) return undefined;
  const told = toldMatch(field.name, words, test.fold, scope, () => asked(node, scope));
  const untold = isUntold(field.name, scope);
  if (told === undefined) return undefined;
  return untold === undefined ? told : `CASE WHEN ${untold} THEN ${asked(node, scope)} ELSE ${told} END`;
}

const TEXT: ReadonlySet<string> = new Set(['keyword', 'text', 'unknown']);

/** Other letters fold in ways of their own; the brackets begin an array's or an object's JSON. */
function isPlain(word: string): boolean {
  return /^[\x20-\x7e]*$/.test(word) && !/^[[{]/.test(word);
}

/** Of the field where it is told: by a column, by a list, by a plain path. */
function toldMatch(
  field: string,
  words: readonly string[],
  fold: CaseFold,
  { columns }: EventScope,
  otherwise: () => string,
): string | undefined {
  if (columns.lists.has(field)) return someOf(named(field), words, fold);
  if (columns.texts.has(field)) {
    const further = someOf(
      'more',
      words.map((word) => `${field}=${word}`),
      fold,
    );
    return `(coalesce(${isOneOf(named(field), words, fold)}, false) OR ${further})`;
  }
  if (!hasPath(field)) return undefined;
  const text = byPath(field);
  return `CASE WHEN ${isOpen(text)} THEN ${otherwise()} ELSE coalesce(${isOneOf(text, words, fold)}, false) END`;
}

/** Some item of a list, which may be NULL. */
function someOf(list: string, words: readonly string[], fold: CaseFold): string {
  if (fold === 'none' && words.length === 1) return `coalesce(list_contains(${list}, ${quote(words[0] ?? '')}), false)`;
  if (fold === 'none') return `coalesce(list_has_any(${list}, [${words.map(quote).join(', ')}]), false)`;
  return `coalesce(len(list_filter(${list}, lambda item: ${isOneOf('item', words, fold)})) > 0, false)`;
}

/** Lower case as the evaluator has it, for words of ASCII: of other letters only the dotted I would become one. */
function isOneOf(sql: string, words: readonly string[], fold: CaseFold): string {
  if (fold === 'none') return `${sql} IN (${words.map(quote).join(', ')})`;
  const list = [...new Set(words.map((word) => word.toLowerCase()))].map(quote).join(', ');
  const odd = fold === 'unicode' ? 'İ' : 'K';
  return `(lower(${sql}) IN (${list}) AND NOT contains(${sql}, '${odd}')${fold === 'ascii' ? ` AND NOT contains(${sql}, 'İ')` : ''})`;
}
