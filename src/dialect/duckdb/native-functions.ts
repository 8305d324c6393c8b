/**
 * The functions of a plan that DuckDB computes by itself. Each gives exactly what the reference function gives for every
 * cell of the types that it takes (`native-functions.test.ts` compares them); for other types it gives up, and the
 * function is called back for.
 */
import type { ScalarType } from '../../plan/relation/cell.ts';
import { FIRST_TICK, LAST_TICK } from '../../plan/relation/time-text.ts';
import {
  type Argument,
  constantCell,
  isText,
  isTicks,
  isWhole,
  type NativeFunction,
  opposite,
  TICKS,
  WHOLE,
  wrapped,
} from './native.ts';
import { NATIVE_TEXT_FUNCTIONS, wholeNumber } from './native-texts.ts';
import { once } from './sql-text.ts';

const NUMBER: ReadonlySet<ScalarType> = new Set(['int', 'long', 'real']);
/** Ticks from the year 1, where Kusto's bins of time begin, to 1970. */
const YEAR_1 = -FIRST_TICK;
const DAY = '864000000000';

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

function areConstantsLike(operand: Argument, items: readonly Argument[]): boolean {
  return items.length > 0 && items.every((item) => areAlike(operand, item) && constantCell(item) != null);
}

const within: NativeFunction = ([operand, ...items]) => {
  if (operand === undefined || !areConstantsLike(operand, items)) return undefined;
  const list = `${operand.sql} IN (${items.map(({ sql }) => sql).join(', ')})`;
  return mayBeNull(operand) ? `coalesce(${list}, false)` : `(${list})`;
};

// --- Truth -----------------------------------------------------------------------------------------------------------

function joined(operator: 'AND' | 'OR'): NativeFunction {
  return (args) =>
    args.every(({ type }) => type === 'bool') ? `(${args.map(({ sql }) => sql).join(` ${operator} `)})` : undefined;
}

const negation: NativeFunction = ([a]) => (a?.type === 'bool' ? `(NOT ${a.sql})` : undefined);

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

/** Fast where it fits into 64 bits; what does not wraps around. */
function arithmetic(operator: string): NativeFunction {
  return ([a, b], result) => {
    if (a === undefined || b === undefined) return undefined;
    if (isWhole(a) && isWhole(b))
      return `coalesce(TRY(${a.sql} ${operator} ${b.sql}), ${wrapped(`(${a.sql}::HUGEINT ${operator} ${b.sql}::HUGEINT)`)})`;
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
  // A datetime is never before the year 1.
  if (a.type === 'datetime') return `(${a.sql} - (${a.sql} + ${YEAR_1}) % ${step})`;
  return `coalesce(TRY(${a.sql} - ((${a.sql} % ${step}) + ${step}) % ${step}), ${host()})`;
};

const startOfDay: NativeFunction = ([a, ...others]) =>
  a?.type === 'datetime' && others.length === 0 ? `(${a.sql} - (${a.sql} + ${YEAR_1}) % ${DAY})` : undefined;

const longOfText = wholeNumber(18);
const asLong: NativeFunction = (args, result, host) => {
  const [a] = args;
  return a !== undefined && isWhole(a) ? a.sql : longOfText(args, result, host);
};
const asReal: NativeFunction = ([a]) =>
  a === undefined ? undefined : a.type === 'real' ? a.sql : isWhole(a) ? `${a.sql}::DOUBLE` : undefined;
const asTime: NativeFunction = ([a]) => (a?.type === 'datetime' ? a.sql : undefined);

/** Functions that are cheaper where false need not be told from null. */
export const NATIVE_CONDITIONS: Readonly<Record<string, (args: readonly Argument[]) => string | undefined>> =
  Object.freeze({
    '==': ([a, b]: readonly Argument[]) =>
      a === undefined || b === undefined || !areAlike(a, b) ? undefined : `(${a.sql} = ${b.sql})`,
    '!=': ([a, b]: readonly Argument[]) =>
      a === undefined || b === undefined || !areAlike(a, b) || !(mayBeNull(a) || mayBeNull(b))
        ? undefined
        : `(${a.sql} IS DISTINCT FROM ${b.sql})`,
    in: ([operand, ...items]: readonly Argument[]) =>
      operand === undefined || !areConstantsLike(operand, items)
        ? undefined
        : `(${operand.sql} IN (${items.map(({ sql }) => sql).join(', ')}))`,
  });

// --- Addresses -------------------------------------------------------------------------------------------------------

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

/** Plain addresses are read here; what else counts as one (with a length, with blanks around) by the reference. */
const isPrivate: NativeFunction = ([a], _result, host) =>
  a === undefined || !isText(a)
    ? undefined
    : once(
        a.sql,
        (text) => `CASE WHEN regexp_full_match(${text}, '${OCTET}([.]${OCTET}){3}')
          THEN starts_with(${text}, '10.') OR starts_with(${text}, '192.168.')
            OR starts_with(${text}, '172.') AND regexp_matches(${text}, '^172[.](1[6-9]|2[0-9]|3[01])[.]')
          WHEN ${text} IS NULL OR ${text} = '' OR contains(${text}, ':') THEN NULL ELSE ${host()} END`,
      );

/** From 0 to below 1; of a number, whole and from 0 to below it. */
const random: NativeFunction = ([below]) => (below === undefined ? 'random()' : `floor(random() * ${below.sql})`);

export const NATIVE_FUNCTIONS: Readonly<Record<string, NativeFunction>> = Object.freeze({
  ...NATIVE_TEXT_FUNCTIONS,
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
  and: joined('AND'),
  or: joined('OR'),
  not: negation,
  iff: choice,
  case: choice,
  new_guid: () => 'uuid()::VARCHAR',
  rand: random,
  isnull: isNull,
  isnotnull: isNotNull,
  isempty: isEmpty,
  isnotempty: isNotEmpty,
  coalesce: coalesced,
  '+': arithmetic('+'),
  '-': arithmetic('-'),
  '*': arithmetic('*'),
  bin,
  ipv4_is_private: isPrivate,
  startofday: startOfDay,
  tolong: asLong,
  toreal: asReal,
  todatetime: asTime,
});
