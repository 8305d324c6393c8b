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
import { isLoweredOddly } from './letters.ts';
import { named, once, quote } from './sql-text.ts';

/** True or false of every row. */
function emitPredicate(node: Predicate, scope: EventScope): string {
  return emitClosed(node, scope, closed);
}

/** As a filter, for which NULL is as false: DuckDB stops at the first part that decides only where no function is around. */
export function emitFilter(node: Predicate, scope: EventScope): string {
  return emitClosed(node, scope, (sql) => `(${sql})`);
}

type Closing = (sql: string) => string;

const closed: Closing = (sql) => `coalesce(${sql}, false)`;

function emitClosed(node: Predicate, scope: EventScope, close: Closing): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'and':
    case 'or': {
      const parts = node.children.map((child) => emitClosed(child, scope, close));
      return `(${parts.join(node.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${emitPredicate(node.child, scope)})`;
    case 'exists':
      return `(${firstTextOf(node.field.name, scope)} IS NOT NULL)`;
    case 'match-any':
      return matchAny(node, scope, close) ?? asked(node, scope);
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
      // Each question to the evaluator costs reading the document: one for all is a third of one for each part.
      if (!isNative(node.condition)) return askEvent({ kind: 'value', value: withoutPlaces(node) }, scope);
      const condition = emitFilter(node.condition, scope);
      return `CASE WHEN ${condition} THEN ${emitValue(node.then, scope)} ELSE ${emitValue(node.otherwise, scope)} END`;
    }
    case 'call':
      if (node.name === 'coalesce') return `coalesce(${node.args.map((arg) => emitValue(arg, scope)).join(', ')})`;
      if (node.name === 'text' && node.args[0] !== undefined) return emitValue(node.args[0], scope);
      return askEvent({ kind: 'value', value: withoutPlaces(node) }, scope);
  }
}

/** Whether SQL says it, but for rows whose columns do not. */
function isNative(node: Predicate): boolean {
  switch (node.kind) {
    case 'constant':
    case 'exists':
      return true;
    case 'and':
    case 'or':
      return node.children.every(isNative);
    case 'not':
      return isNative(node.child);
    case 'match-any':
      return node.test.kind === 'equals' && TEXT.has(node.field.type);
    default:
      return false;
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
function matchAny(node: MatchAny, scope: EventScope, close: Closing): string | undefined {
  const { field, test } = node;
  if (test.kind !== 'equals' || !TEXT.has(field.type)) return undefined;
  const words = test.anyOf.flatMap((word) => (typeof word === 'string' && isPlain(word) ? [word] : []));
  if (words.length === 0 || words.length < test.anyOf.length) return undefined;
  const told = toldMatch(field.name, words, test.fold, scope, close, () => asked(node, scope));
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
  close: Closing,
  otherwise: () => string,
): string | undefined {
  // Where items are small letters already, there is nothing to fold.
  if (columns.lists.has(field) && fold !== 'none' && columns.lowered?.has(field) === true)
    return close(holdsOneOf(named(field), lowered(words)));
  if (columns.lists.has(field)) return close(someOf(named(field), words, fold));
  if (columns.texts.has(field)) {
    // Without a first value there are no further ones.
    if (columns.empty?.has(field) === true) return 'false';
    const first = close(isOneOf(named(field), words, fold, columns.lowered?.has(field)));
    if (columns.empty?.has('more') === true) return first;
    const further = someOf(
      'more',
      words.map((word) => `${field}=${word}`),
      fold,
    );
    // Hardly an event has more.
    return `(${first} OR (more IS NOT NULL AND ${close(further)}))`;
  }
  if (!hasPath(field)) return undefined;
  const test = (text: string) =>
    `CASE WHEN ${isOpen(text)} THEN ${otherwise()} ELSE ${close(isOneOf(text, words, fold))} END`;
  return once(byPath(field), test);
}

/**
 * Some item of a list; NULL where there is none. Where case does not count, items are first looked at as they are mostly written,
 * then the first is folded, which is often the only one, and all of them only where there are more.
 */
function someOf(list: string, words: readonly string[], fold: CaseFold): string {
  if (fold === 'none') return holdsOneOf(list, words);
  const written = lowered(words).map((word) => holdsOneOf(list, [word]));
  const folded =
    oddLetters(words, fold).length === 0
      ? `list_has_any(list_transform(${list}, lambda item: lower(item)), [${lowered(words).map(quote).join(', ')}])`
      : `len(list_filter(${list}, lambda item: ${isOneOf('item', words, fold)})) > 0`;
  return [...written, isOneOf(`${list}[1]`, words, fold), `(len(${list}) > 1 AND ${folded})`].join(' OR ');
}

/**
 * One word after the other: for `list_has_any` DuckDB makes a set for each row. Over two million rows two words take 100 ms of
 * the processor instead of 280, sixteen 240 instead of 790.
 */
function holdsOneOf(list: string, words: readonly string[]): string {
  return `(${words.map((word) => `list_contains(${list}, ${quote(word)})`).join(' OR ')})`;
}

/**
 * Lower case as the evaluator has it, for words of ASCII.
 * @param isEven whether no letter of the text is one that DuckDB's `lower` changes oddly
 */
function isOneOf(sql: string, words: readonly string[], fold: CaseFold, isEven = false): string {
  if (fold === 'none') return `${sql} IN (${words.map(quote).join(', ')})`;
  const list = lowered(words).map(quote).join(', ');
  const odd = oddLetters(words, fold).filter((letter) => !isEven || !isLoweredOddly(letter));
  const tests = odd.map((letter) => ` AND NOT contains(${sql}, '${letter}')`);
  return `(lower(${sql}) IN (${list})${tests.join('')})`;
}

function lowered(words: readonly string[]): readonly string[] {
  return [...new Set(words.map((word) => word.toLowerCase()))];
}

/** What DuckDB's lower case makes a letter of these words, and the evaluator's does not. */
function oddLetters(words: readonly string[], fold: CaseFold): readonly string[] {
  const letters = words.join('').toLowerCase();
  const dotted = letters.includes('i') ? ['İ'] : [];
  return fold === 'ascii' && letters.includes('k') ? [...dotted, '\u212a'] : dotted;
}
