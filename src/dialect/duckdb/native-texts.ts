/**
 * Functions of texts that DuckDB computes by itself.
 *
 * What differs beyond ASCII, or for odd texts, is computed by DuckDB only where a cheap look says that it does not: the
 * reference is asked for the others.
 */
import { re2Source } from '../../plan/relation/text-regex.ts';
import { ODD_LETTERS } from './letters.ts';
import {
  type Argument,
  constantCell,
  constantText,
  type Host,
  isText,
  isWhole,
  type NativeFunction,
  opposite,
} from './native.ts';
import { once, quote } from './sql-text.ts';

/**
 * Letters that fold in DuckDB as in the reference, and to which nothing folds in only one of them (but `İ` to `i`): ASCII,
 * Latin, Greek without sigma, whose form depends on its place, Cyrillic, and scripts without case. Beyond them the
 * reference decides. `native-case.test.ts` looks at every code point.
 */
const FOLDED_ALIKE =
  /^[\t\n\r -\x7f\xa0-\u012f\u0131-\u017f\u0386-\u03a2\u03a4-\u03c1\u03c4-\u03ce\u0400-\u052f\u05d0-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]*$/;
const isPlain = (text: string): boolean => FOLDED_ALIKE.test(text);

/**
 * Of what a necessary condition lets through the reference is asked: `CASE`, because DuckDB orders the parts of `AND` as
 * it likes.
 */
function checked(condition: string, test: string): string {
  return `CASE WHEN ${condition} THEN ${test} ELSE false END`;
}

/**
 * DuckDB's lower case of `İ` is `i`, everybody else's `i` and a dot above: a text with that letter may be found by
 * mistake, and never be missed. As a whole such a text equals none of ASCII letters.
 */
function foldedTest(operand: Argument, texts: readonly string[], test: string, host?: Host): string {
  if (operand.isLowered === true || !texts.some((text) => /i/i.test(text))) return `(${test})`;
  const isSure = `NOT contains(${operand.sql}, 'İ')`;
  return host === undefined ? `(${test} AND ${isSure})` : checked(test, `(${isSure} OR ${host()})`);
}

/** A test of a text against one that is known. @param how `plain`: by case; `terms`: the condition is only necessary */
function textTest(
  condition: (text: string, wanted: string) => string,
  how: 'folded' | 'plain' | 'terms' | 'whole',
): NativeFunction {
  return ([operand, wanted], _result, host) => {
    if (operand === undefined || wanted === undefined || !isText(operand)) return undefined;
    const text = constantText(wanted);
    if (text === undefined || text === '' || !isPlain(text)) return undefined;
    const test = condition(operand.sql, text);
    if (how === 'terms') return checked(test, host());
    return how === 'plain' ? `(${test})` : foldedTest(operand, [text], test, how === 'whole' ? undefined : host);
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
  '=~': textTest((text, wanted) => `lower(${text}) = ${folded(wanted)}`, 'whole'),
  has: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  has_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
  hasprefix: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  hasprefix_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
  hassuffix: textTest((text, wanted) => `contains(lower(${text}), ${folded(wanted)})`, 'terms'),
  hassuffix_cs: textTest((text, wanted) => `contains(${text}, ${quote(wanted)})`, 'terms'),
};

const withinFolded: NativeFunction = ([operand, ...items]) => {
  if (operand === undefined || !isText(operand) || items.length === 0) return undefined;
  const texts = items.map(constantText);
  if (!texts.every((text) => text !== undefined && isPlain(text))) return undefined;
  const list = texts.map((text) => folded(text as string)).join(', ');
  return foldedTest(operand, texts as string[], `lower(${operand.sql}) IN (${list})`);
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
  if (a.type === 'datetime') return `coalesce(${isoText(a.sql)}, '')`;
  return a.type === 'guid' ? `coalesce(${a.sql}, '')` : undefined;
};

/** Ticks as ISO 8601 with seven digits; NULL stays. */
export function isoText(ticks: string): string {
  const rest = `((${ticks} % 10000000 + 10000000) % 10000000)`;
  const second = `strftime(make_timestamp((${ticks} - ${rest}) // 10), '%Y-%m-%dT%H:%M:%S.')`;
  return `(${second} || lpad(${rest}::VARCHAR, 7, '0') || 'Z')`;
}

/** Where letters may be odd, plain ASCII is told first, which costs least. */
function cased(name: 'lower' | 'upper'): NativeFunction {
  return ([a, ...others], _result, host) => {
    if (a === undefined || !isText(a) || others.length > 0) return undefined;
    if (name === 'lower' && a.isLowered === true) return `lower(${a.sql})`;
    return once(
      a.sql,
      (text) =>
        `CASE WHEN strlen(${text}) = length(${text}) THEN ${name}(${text}) WHEN regexp_matches(${text}, '${ODD_LETTERS[name]}') THEN ${host()} ELSE ${name}(${text}) END`,
    );
  };
}

const length: NativeFunction = ([a]) => (a !== undefined && isText(a) ? `length(${a.sql})` : undefined);

const part: NativeFunction = ([a, start, count]) => {
  if (a === undefined || start === undefined || !isText(a)) return undefined;
  const from = constantCell(start);
  const most = count === undefined ? undefined : constantCell(count);
  const isCount = (cell: unknown): cell is bigint => typeof cell === 'bigint' && cell >= 0n && cell < 1_000_000n;
  if (!isCount(from) || (count !== undefined && !isCount(most))) return undefined;
  return `substring(${a.sql}, ${from + 1n}${most === undefined ? '' : `, ${most}`})`;
};

/** Plain digits are read here, everything else by the reference. */
export function wholeNumber(digits: number): NativeFunction {
  return ([a], _result, host) => {
    if (a === undefined || !isText(a)) return undefined;
    return once(
      a.sql,
      (text) => `CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,${digits}}') THEN CAST(${text} AS BIGINT)
        WHEN ${text} = '' THEN NULL ELSE ${host()} END`,
    );
  };
}

const extracted: NativeFunction = ([pattern, group, from], result) => {
  if (pattern === undefined || group === undefined || from === undefined || result !== 'string' || !isText(from))
    return undefined;
  const [source, number] = [constantText(pattern), constantCell(group)];
  const regex = source === undefined ? undefined : re2Source(source);
  // DuckDB knows the groups 0 to 9, and refuses what the expression does not have.
  if (regex === undefined || typeof number !== 'bigint' || number < 0n || number > 9n) return undefined;
  return number > BigInt(regex.groupCount) ? "''" : `regexp_extract(${from.sql}, ${quote(regex.source)}, ${number})`;
};

const matching: NativeFunction = ([a, pattern]) => {
  if (a === undefined || pattern === undefined || !isText(a)) return undefined;
  const source = constantText(pattern);
  const regex = source === undefined ? undefined : re2Source(source);
  return regex === undefined ? undefined : `regexp_matches(${a.sql}, ${quote(regex.source)})`;
};

export const NATIVE_TEXT_FUNCTIONS: Readonly<Record<string, NativeFunction>> = Object.freeze({
  ...TEXT_TESTS,
  ...Object.fromEntries(
    Object.entries(TEXT_TESTS)
      .filter(([name]) => name !== '=~')
      .map(([name, native]) => [`!${name}`, opposite(native, name)]),
  ),
  '!~': opposite(TEXT_TESTS['=~'] as NativeFunction, '=~'),
  'in~': withinFolded,
  '!in~': opposite(withinFolded, 'in~'),
  has_any: anyTerm(' OR '),
  has_all: anyTerm(' AND '),
  'matches regex': matching,
  extract: extracted,
  strcat: concatenation,
  strlen: length,
  substring: part,
  tolower: cased('lower'),
  toupper: cased('upper'),
  toint: wholeNumber(9),
  tostring: text,
});
