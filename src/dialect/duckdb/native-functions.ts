/**
 * The functions of a plan that DuckDB computes by itself. Each gives exactly what the reference function gives for every
 * cell of the types that it takes (`native-functions.test.ts` compares them); for other types it gives up, and the
 * function is called back for.
 */
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import type { Scalar } from '../../plan/relation/node.ts';
import { FIRST_TICK, LAST_TICK } from '../../plan/relation/time-text.ts';
import { quote } from './sql-text.ts';

/** An argument: its SQL, its type, and its value where it is a constant. */
export interface Argument {
  readonly sql: string;
  readonly type: ScalarType;
  readonly node: Scalar;
}

/** Calls back for the function, or for another one, with the same arguments. */
type Host = (other?: string) => string;

/** `undefined`: not for these types. */
export type NativeFunction = (args: readonly Argument[], result: ScalarType, host: Host) => string | undefined;

const WHOLE: ReadonlySet<ScalarType> = new Set(['int', 'long']);
const TICKS: ReadonlySet<ScalarType> = new Set(['datetime', 'timespan']);
const NUMBER: ReadonlySet<ScalarType> = new Set(['int', 'long', 'real']);
/** Ticks from the year 1, where Kusto's bins of time begin, to 1970. */
const YEAR_1 = -FIRST_TICK;
const DAY = '864000000000';

const isText = ({ type }: Argument): boolean => type === 'string';
const isWhole = ({ type }: Argument): boolean => WHOLE.has(type);
const isTicks = ({ type }: Argument): boolean => TICKS.has(type);

/** The text of a constant argument. */
function constantText({ node }: Argument): string | undefined {
  return node.kind === 'constant' && typeof node.value === 'string' && node.type === 'string' ? node.value : undefined;
}

function constantCell({ node }: Argument): Cell | undefined {
  return node.kind === 'constant' ? node.value : undefined;
}

/** Types whose cells compare with `=` and `<` as DuckDB does. */
function areAlike(a: Argument, b: Argument): boolean {
  if (isWhole(a) && isWhole(b)) return true;
  return a.type === b.type && (a.type === 'bool' || TICKS.has(a.type) || a.type === 'string' || a.type === 'guid');
}

const mayBeNull = ({ node, type }: Argument): boolean =>
  type !== 'string' && !(node.kind === 'constant' && node.value !== null);

// --- Comparing -------------------------------------------------------------------------------------------------------

const equal: NativeFunction = ([a, b]) => {
  if (a === undefined || b === undefined || !areAlike(a, b)) return undefined;
  if (!mayBeNull(a) && !mayBeNull(b)) return `(${a.sql} = ${b.sql})`;
  if (mayBeNull(a) && mayBeNull(b))
    return `CASE WHEN ${a.sql} IS NULL AND ${b.sql} IS NULL THEN NULL ELSE coalesce(${a.sql} = ${b.sql}, false) END`;
  return `coalesce(${a.sql} = ${b.sql}, false)`;
};

const unequal: NativeFunction = ([a, b]) => {
  if (a === undefined || b === undefined || !areAlike(a, b)) return undefined;
  if (!mayBeNull(a) && !mayBeNull(b)) return `(${a.sql} <> ${b.sql})`;
  if (mayBeNull(a) && mayBeNull(b))
    return `CASE WHEN ${a.sql} IS NULL AND ${b.sql} IS NULL THEN NULL ELSE ${a.sql} IS DISTINCT FROM ${b.sql} END`;
  return `(${a.sql} IS DISTINCT FROM ${b.sql})`;
};

function ordered(operator: string): NativeFunction {
  return ([a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    if (areAlike(a, b) && (isWhole(a) || isTicks(a))) return `(${a.sql} ${operator} ${b.sql})`;
    // DuckDB puts NaN above every number; comparing with it is false.
    if (!NUMBER.has(a.type) || !NUMBER.has(b.type)) return undefined;
    const nan = [a, b].filter(({ type }) => type === 'real').map(({ sql }) => `isnan(${sql})`);
    return `(${a.sql}::DOUBLE ${operator} ${b.sql}::DOUBLE AND NOT (${nan.join(' OR ')}))`;
  };
}

const between: NativeFunction = ([a, low, high]) => {
  if (a === undefined || low === undefined || high === undefined) return undefined;
  if (!areAlike(a, low) || !areAlike(a, high) || !(isWhole(a) || isTicks(a))) return undefined;
  const test = `(${a.sql} >= ${low.sql} AND ${a.sql} <= ${high.sql})`;
  const unknown = [low, high].filter(mayBeNull).map(({ sql }) => `${sql} IS NULL`);
  return unknown.length === 0 ? test : `CASE WHEN ${unknown.join(' OR ')} THEN NULL ELSE ${test} END`;
};

const within: NativeFunction = ([operand, ...items]) => {
  if (operand === undefined || items.length === 0) return undefined;
  if (!items.every((item) => areAlike(operand, item) && constantCell(item) != null)) return undefined;
  const list = `${operand.sql} IN (${items.map(({ sql }) => sql).join(', ')})`;
  return mayBeNull(operand) ? `coalesce(${list}, false)` : `(${list})`;
};

// --- Truth -----------------------------------------------------------------------------------------------------------

function joined(operator: 'AND' | 'OR'): NativeFunction {
  return (args) =>
    args.every(({ type }) => type === 'bool') ? `(${args.map(({ sql }) => sql).join(` ${operator} `)})` : undefined;
}

const negation: NativeFunction = ([a]) => (a?.type === 'bool' ? `(NOT ${a.sql})` : undefined);

/** @param name of the function that `native` computes */
function opposite(native: NativeFunction, name: string): NativeFunction {
  return (args, result, host) => {
    const sql = native(args, result, () => host(name));
    return sql === undefined ? undefined : `(NOT ${sql})`;
  };
}

const choice: NativeFunction = (args, result) => {
  const branches: string[] = [];
  const values = args.filter((_, index) => index % 2 === 1 || index === args.length - 1);
  if (
    args.length % 2 === 0 ||
    !values.every(({ type }) => type === result || (isWhole({ type } as Argument) && WHOLE.has(result)))
  )
    return undefined;
  for (let at = 0; at + 1 < args.length; at += 2) {
    if (args[at]?.type !== 'bool') return undefined;
    branches.push(`WHEN ${args[at]?.sql} THEN ${args[at + 1]?.sql}`);
  }
  return `CASE ${branches.join(' ')} ELSE ${args.at(-1)?.sql} END`;
};

// --- Texts -----------------------------------------------------------------------------------------------------------

/** ASCII letters fold the same everywhere; beyond them the reference decides. */
const isPlain = (text: string): boolean => [...text].every((sign) => sign > '\0' && sign <= '\x7f');

/**
 * Of what a necessary condition lets through the reference is asked: `CASE`, because DuckDB orders the parts of `AND` as
 * it likes.
 */
function checked(condition: string, test: string): string {
  return `CASE WHEN ${condition} THEN ${test} ELSE false END`;
}

/**
 * DuckDB's lower case of `İ` is `i`, everybody else's `i` and a dot above: a text with that letter may be found by
 * mistake, and never be missed.
 */
function foldedTest(operand: Argument, texts: readonly string[], test: string, host: Host): string {
  const mayErr = texts.some((text) => /i/i.test(text));
  return mayErr ? checked(test, `(NOT contains(${operand.sql}, 'İ') OR ${host()})`) : `(${test})`;
}

/** A test of a text against one that is known. @param how `plain`: by case; `terms`: the condition is only necessary */
function textTest(
  condition: (text: string, wanted: string) => string,
  how: 'folded' | 'plain' | 'terms',
): NativeFunction {
  return ([operand, wanted], _result, host) => {
    if (operand === undefined || wanted === undefined || !isText(operand)) return undefined;
    const text = constantText(wanted);
    if (text === undefined || text === '' || !isPlain(text)) return undefined;
    const test = condition(operand.sql, text);
    if (how === 'terms') return checked(test, host());
    return how === 'plain' ? `(${test})` : foldedTest(operand, [text], test, host);
  };
}

const folded = (text: string): string => quote(text.toLowerCase());

const TEXT_TESTS: Readonly<Record<string, NativeFunction>> = {
  contains: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'folded'),
  contains_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'plain'),
  startswith: textTest((text, wanted) => `starts_with(lower(${text}), ${folded(wanted)})`, 'folded'),
  startswith_cs: textTest((text, wanted) => `starts_with(${text}, ${quote(wanted)})`, 'plain'),
  endswith: textTest((text, wanted) => `suffix(lower(${text}), ${folded(wanted)})`, 'folded'),
  endswith_cs: textTest((text, wanted) => `suffix(${text}, ${quote(wanted)})`, 'plain'),
  '=~': textTest((text, wanted) => `lower(${text}) = ${folded(wanted)}`, 'folded'),
  has: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  has_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
  hasprefix: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  hasprefix_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
  hassuffix: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  hassuffix_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
};

const withinFolded: NativeFunction = ([operand, ...items], _result, host) => {
  if (operand === undefined || !isText(operand) || items.length === 0) return undefined;
  const texts = items.map(constantText);
  if (!texts.every((text) => text !== undefined && isPlain(text))) return undefined;
  const list = texts.map((text) => folded(text as string)).join(', ');
  return foldedTest(operand, texts as string[], `lower(${operand.sql}) IN (${list})`, host);
};

function anyTerm(joiner: ' OR ' | ' AND '): NativeFunction {
  return ([operand, ...items], _result, host) => {
    if (operand === undefined || !isText(operand) || items.length === 0) return undefined;
    const texts = items.map(constantText);
    if (!texts.every((text) => text !== undefined && text !== '' && isPlain(text))) return undefined;
    const tests = texts.map((text) => `contains(lower(${operand.sql}), ${folded(text as string)})`);
    return checked(tests.join(joiner), host());
  };
}

const concatenation: NativeFunction = (args) =>
  args.length > 0 && args.every(isText) ? `(${args.map(({ sql }) => sql).join(' || ')})` : undefined;

const text: NativeFunction = ([a]) => {
  if (a === undefined) return undefined;
  if (isText(a)) return a.sql;
  if (isWhole(a)) return `coalesce(${a.sql}::VARCHAR, '')`;
  if (a.type === 'bool') return `CASE WHEN ${a.sql} IS NULL THEN '' WHEN ${a.sql} THEN 'True' ELSE 'False' END`;
  return a.type === 'guid' ? `coalesce(${a.sql}, '')` : undefined;
};

// --- Nulls -----------------------------------------------------------------------------------------------------------

const isNull: NativeFunction = ([a]) =>
  a === undefined || a.type === 'dynamic' ? undefined : isText(a) ? 'false' : `(${a.sql} IS NULL)`;
const isNotNull: NativeFunction = ([a]) =>
  a === undefined || a.type === 'dynamic' ? undefined : isText(a) ? 'true' : `(${a.sql} IS NOT NULL)`;
const isEmpty: NativeFunction = ([a]) => (a !== undefined && isText(a) ? `(${a.sql} = '')` : undefined);
const isNotEmpty: NativeFunction = ([a]) => (a !== undefined && isText(a) ? `(${a.sql} <> '')` : undefined);

const coalesced: NativeFunction = (args, result) =>
  result !== 'string' && result !== 'dynamic' && args.every(({ type }) => type === result)
    ? `coalesce(${args.map(({ sql }) => sql).join(', ')})`
    : undefined;

// --- Numbers and times -----------------------------------------------------------------------------------------------

/** Null outside the years 1 to 9999. */
function withinCalendar(ticks: string): string {
  return `CASE WHEN ${ticks} BETWEEN ${FIRST_TICK} AND ${LAST_TICK} THEN ${ticks} END`;
}

/** Fast where it fits into 64 bits; what does not is asked of the reference, which wraps around. */
function arithmetic(operator: string): NativeFunction {
  return ([a, b], result, host) => {
    if (a === undefined || b === undefined) return undefined;
    if (isWhole(a) && isWhole(b)) return `coalesce(TRY(${a.sql} ${operator} ${b.sql}), ${host()})`;
    if (operator !== '*' && isTicks(a) && isTicks(b)) {
      const made = `TRY(${a.sql} ${operator} ${b.sql})`;
      if (result === 'timespan') return made;
      return result === 'datetime' ? withinCalendar(made) : undefined;
    }
    if (result === 'real' && NUMBER.has(a.type) && NUMBER.has(b.type) && operator !== '/')
      return `(${a.sql}::DOUBLE ${operator} ${b.sql}::DOUBLE)`;
    return undefined;
  };
}

/** A whole number above zero that is known. */
function width({ node, type }: Argument): bigint | undefined {
  if (node.kind !== 'constant' || typeof node.value !== 'bigint' || !(WHOLE.has(type) || type === 'timespan'))
    return undefined;
  return node.value > 0n ? node.value : undefined;
}

const bin: NativeFunction = ([a, b], _result, host) => {
  const step = b && width(b);
  if (a === undefined || b === undefined || step === undefined) return undefined;
  if (isWhole(a) ? !isWhole(b) : !(isTicks(a) && b.type === 'timespan')) return undefined;
  const origin = a.type === 'datetime' ? YEAR_1 : 0n;
  const from = `(${a.sql} + ${origin})`;
  return `coalesce(TRY(${a.sql} - ((${from} % ${step}) + ${step}) % ${step}), ${host()})`;
};

const startOfDay: NativeFunction = (args, _result, host) => {
  const [a] = args;
  if (args.length !== 1 || a?.type !== 'datetime') return undefined;
  return `coalesce(TRY(${a.sql} - (((${a.sql} + ${YEAR_1}) % ${DAY}) + ${DAY}) % ${DAY}), ${host()})`;
};

const asLong: NativeFunction = ([a]) => (a !== undefined && isWhole(a) ? a.sql : undefined);
const asReal: NativeFunction = ([a]) =>
  a === undefined ? undefined : a.type === 'real' ? a.sql : isWhole(a) ? `${a.sql}::DOUBLE` : undefined;
const asTime: NativeFunction = ([a]) => (a?.type === 'datetime' ? a.sql : undefined);

export const NATIVE_FUNCTIONS: Readonly<Record<string, NativeFunction>> = Object.freeze({
  ...TEXT_TESTS,
  ...Object.fromEntries(
    Object.entries(TEXT_TESTS)
      .filter(([name]) => name !== '=~')
      .map(([name, native]) => [`!${name}`, opposite(native, name)]),
  ),
  '!~': opposite(TEXT_TESTS['=~'] as NativeFunction, '=~'),
  '==': equal,
  '!=': unequal,
  '<': ordered('<'),
  '<=': ordered('<='),
  '>': ordered('>'),
  '>=': ordered('>='),
  between,
  '!between': opposite(between, 'between'),
  in: within,
  '!in': opposite(within, 'in'),
  'in~': withinFolded,
  '!in~': opposite(withinFolded, 'in~'),
  has_any: anyTerm(' OR '),
  has_all: anyTerm(' AND '),
  and: joined('AND'),
  or: joined('OR'),
  not: negation,
  iff: choice,
  case: choice,
  strcat: concatenation,
  tostring: text,
  isnull: isNull,
  isnotnull: isNotNull,
  isempty: isEmpty,
  isnotempty: isNotEmpty,
  coalesce: coalesced,
  '+': arithmetic('+'),
  '-': arithmetic('-'),
  '*': arithmetic('*'),
  bin,
  startofday: startOfDay,
  tolong: asLong,
  toreal: asReal,
  todatetime: asTime,
});
