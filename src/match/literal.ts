/**
 * Literals: what a value that passes a test must hold.
 *
 *   test ──one literal for each alternative──▶ [{text, anchor}, …]      or nothing, where an alternative has none
 *
 * Literals are ASCII in lower case and are looked for in values in `searchedForm`. Why that never misses: an ASCII letter
 * becomes lower case wherever it stands, so what a value holds of ASCII, in whatever case, stands in its searched form too.
 * Other letters may fold by what is around them (the final sigma), so a text is cut at them and its longest part is taken,
 * without an anchor. Two letters beyond ASCII fold to ASCII ones: the Kelvin sign does in lower case; the long s only in
 * regular expressions that ignore case, and is made an `s` by hand.
 */
import type { Scalar } from '../event/field-path.ts';
import type { EqualsTest, FieldType, LiteralValue, Test, WildcardPattern } from '../plan/predicate/node.ts';
import { isNumeric, numberOf } from '../plan/predicate/scalar.ts';
import { literalsOfLucene, literalsOfRe2 } from './regex-literal.ts';

/**
 * Where in a value the text stands. `beyond`: no text, but the value holds some character that is not ASCII. `number`: the value holds that
 * number, however it is written; the text is as JavaScript writes it.
 */
export type Anchor = 'whole' | 'start' | 'end' | 'anywhere' | 'beyond' | 'number';

export interface Literal {
  /** ASCII in lower case. Empty only for `whole` and `beyond`. */
  readonly text: string;
  readonly anchor: Anchor;
}

/** The form of a value in which literals are looked for. */
export function searchedForm(value: string): string {
  const lower = value.toLowerCase();
  return lower.includes('ſ') ? lower.replaceAll('ſ', 's') : lower;
}

/** At least one of them is in every value that passes; `undefined` where nothing can be said. */
export function literalsOfTest(test: Test, type: FieldType): readonly Literal[] | undefined {
  switch (test.kind) {
    case 'equals':
      return literalsOfEquality(test, type);
    case 'wildcard':
      return each(test.anyOf, literalOfPattern);
    case 'term':
      return each(test.anyOf, (text) => longest([part(text)]));
    case 'phrase':
      return each(
        test.anyOf.filter((phrase) => phrase.length > 0),
        (phrase) => longest(phrase.map(literalOfPattern).map(anywhere)),
      );
    case 'regex':
      return test.syntax === 're2'
        ? eachMany(test.anyOf, (pattern) => literalsOfRe2(pattern))
        : eachMany(test.anyOf, (pattern) => literalsOfLucene(pattern));
    case 'order':
    case 'cidr':
    case 'time-part':
      return undefined;
  }
}

/** Any of them, where it stands in a value as its anchor says, makes the value pass; not all that do. */
export function sufficientLiterals(test: Test, type: FieldType): readonly Literal[] {
  if (test.kind === 'wildcard') {
    return test.fold === 'none' ? [] : test.anyOf.flatMap((pattern) => literalThatIs(pattern) ?? []);
  }
  if (test.kind !== 'equals' || test.fold === 'none') return [];
  return (literalsOfEquality(test, type) ?? []).filter(({ anchor }) => anchor === 'whole');
}

/** Of a pattern that asks for one text and nothing else; of one that begins with any drive, for that which nearly all paths have. */
function literalThatIs(open: WildcardPattern): Literal | undefined {
  const pattern = onDrive(open);
  const texts = pattern.filter((one) => typeof one !== 'string');
  const [only] = texts;
  if (only === undefined || texts.length > 1 || pattern.includes('?')) return undefined;
  return isAscii(only.text) ? literalOfPattern(pattern) : undefined;
}

function onDrive(pattern: WildcardPattern): WildcardPattern {
  const [drive, path, ...rest] = pattern;
  if (drive !== '?' || typeof path !== 'object' || !path.text.startsWith(':')) return pattern;
  return [{ ...path, text: `c${path.text}` }, ...rest];
}

function anywhere(literal: Literal | undefined): Literal | undefined {
  return literal === undefined || literal.anchor === 'beyond' ? literal : { ...literal, anchor: 'anywhere' };
}

/** Text is compared with text or as a number: `4.0` and `4` are equal as such. So are two spellings of an address or a time. */
function literalsOfEquality({ anyOf }: EqualsTest, type: FieldType): readonly Literal[] | undefined {
  if (isNumeric(type)) return each(anyOf, literalOfNumber);
  if (type !== 'keyword' && type !== 'text' && type !== 'unknown') return undefined;
  if (!anyOf.every((wanted) => typeof wanted === 'string')) return undefined;
  return each(anyOf as readonly string[], (wanted) =>
    isAscii(wanted) ? { text: wanted.toLowerCase(), anchor: 'whole' } : longest([part(wanted)]),
  );
}

/** Of text that is no number, nobody asks for it in a numeric field: it is left to the reference. */
function literalOfNumber(wanted: LiteralValue): Literal | undefined {
  const text = wanted === null ? undefined : numberText(wanted);
  return text === undefined ? undefined : { text, anchor: 'number' };
}

/** The number that a value holds, as it is looked for; values that are equal as numbers have the same. */
export function numberText(value: Scalar): string | undefined {
  const number = numberOf(value);
  // There are two zeros.
  return number === undefined ? undefined : String(number + 0);
}

function literalOfPattern(pattern: WildcardPattern): Literal | undefined {
  const [first] = pattern;
  const last = pattern.at(-1);
  return longest(
    pattern.map((one) => {
      if (typeof one === 'string') return undefined;
      if (!isAscii(one.text)) return part(one.text);
      const text = one.text.toLowerCase();
      if (one === first) return { text, anchor: one === last ? 'whole' : 'start' };
      return { text, anchor: one === last ? 'end' : 'anywhere' };
    }),
  );
}

/** A run of ASCII shorter than this says less than that there is a character beyond ASCII: those are rare. */
const SHORTEST_RUN = 4;

/** Of a text that is not all ASCII: the longest run that is, in lower case, or that there is something beyond. */
function part(text: string): Literal | undefined {
  // In lower case `İ` is an `i` and a dot above it, which only a comparison that ignores case would take for one.
  const runs = text.split(BEYOND_RUN);
  const best = longest(runs.map((run) => ({ text: run.toLowerCase(), anchor: 'anywhere' })));
  if (best !== undefined && best.text.length >= SHORTEST_RUN) return best;
  // The Kelvin sign and the long s are ASCII in searched form, which is what counts.
  return isAscii(searchedForm(text)) ? best : { text: '', anchor: 'beyond' };
}

const BEYOND_RUN = /[^\0-\x7f]+/;

function longest(literals: readonly (Literal | undefined)[]): Literal | undefined {
  let best: Literal | undefined;
  for (const literal of literals) {
    if (literal === undefined || (literal.text === '' && literal.anchor !== 'whole' && literal.anchor !== 'beyond'))
      continue;
    if (best === undefined || worth(literal) > worth(best)) best = literal;
  }
  return best;
}

function worth({ text, anchor }: Literal): number {
  return anchor === 'beyond' ? SHORTEST_RUN : text.length;
}

function each<T>(items: readonly T[], literalOf: (item: T) => Literal | undefined): readonly Literal[] | undefined {
  return eachMany(items, (item) => {
    const literal = literalOf(item);
    return literal === undefined ? undefined : [literal];
  });
}

function eachMany<T>(
  items: readonly T[],
  literalsOf: (item: T) => readonly Literal[] | undefined,
): readonly Literal[] | undefined {
  const all: Literal[] = [];
  for (const item of items) {
    const literals = literalsOf(item);
    if (literals === undefined) return undefined;
    all.push(...literals);
  }
  return all;
}

export function isAscii(text: string): boolean {
  return !BEYOND.test(text);
}

const BEYOND = /[^\0-\x7f]/;
