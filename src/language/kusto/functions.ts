/**
 * The scalar functions of Kusto that Vedette runs, one line or entry each: from terms to a term.
 *
 * Source: Microsoft's documentation of each function, and recorded answers of the engine. `undefined` where the
 * arguments are of a kind that is not supported.
 */
import type { Span } from '../../diagnostic/span.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import type { KustoType } from './ast.ts';
import type { ExpressionLowerer } from './lower-expression.ts';
import { groupOf, isNull, type Term } from './term.ts';
import { matchNetworks, matchText } from './text-test.ts';
import { allOf, always, type Condition, either, negate, twoValued, unknown } from './truth.ts';

interface CallPlace {
  readonly lowerer: ExpressionLowerer;
  readonly span: Span;
  /** Of the result, as the binder says. */
  readonly type: KustoType;
  /** Of the arguments. */
  readonly spans: readonly Span[];
}

type LowerCall = (args: readonly Term[], place: CallPlace) => Term | undefined;

export const FUNCTIONS_BY_NAME: Readonly<Record<string, LowerCall>> = {
  not: ([arg], { lowerer, span }) => arg && condition(negate(lowerer.conditionOf(arg, span))),
  isempty: ([arg], { span }) => arg && whenDefined(isEmpty(arg, span), condition),
  isnotempty: ([arg], { span }) => arg && whenDefined(isEmpty(arg, span), (empty) => condition(negate(empty))),
  notempty: ([arg], { span }) => arg && whenDefined(isEmpty(arg, span), (empty) => condition(negate(empty))),
  isnull: ([arg], { span }) => arg && condition(twoValued(isNull(arg, span), span)),
  isnotnull: ([arg], { span }) => arg && condition(negate(twoValued(isNull(arg, span), span))),
  notnull: ([arg], { span }) => arg && condition(negate(twoValued(isNull(arg, span), span))),
  tolower: ([arg], place) => letters(arg, 'lower', place),
  toupper: ([arg], place) => letters(arg, 'upper', place),
  strlen: ([arg], { lowerer, span }) =>
    arg?.type === 'string' ? lowerer.computed('length', [arg], 'long', span) : undefined,
  strcat: (args, place) => texts(args, place, (each) => place.lowerer.computed('concat', each, 'string', place.span)),
  substring: ([text, start, length], { lowerer, span }) => {
    if (text?.type !== 'string' || start === undefined) return undefined;
    return lowerer.computed('slice', length === undefined ? [text, start] : [text, start, length], 'string', span);
  },
  indexof: (args, { lowerer, span }) => {
    const [text, part] = args;
    if (args.length !== 2 || text?.type !== 'string' || part?.type !== 'string') return undefined;
    const empty = isEmpty(part, span) ?? always(false, span);
    const nothing: Term = { kind: 'constant', type: 'long', value: null };
    return lowerer.choice(empty, nothing, lowerer.computed('index-of', [text, part], 'long', span), 'long', span);
  },
  replace_string: (args, { lowerer, span }) =>
    args.every(({ type }) => type === 'string') ? lowerer.computed('replace', args, 'string', span) : undefined,
  parse_json: ([arg]) => (arg?.kind === 'parts' ? arg : undefined),
  tostring: ([arg], place) => arg && text(arg, place),
  toint: ([arg], place) => arg && integer(arg, 'int', place),
  tolong: ([arg], place) => arg && integer(arg, 'long', place),
  iff: (args, place) => choice(args, place),
  iif: (args, place) => choice(args, place),
  case: (args, place) => cases(args, place),
  coalesce: (args, place) => firstFilled(args, place),
  ipv4_is_in_range: (args, place) => inNetwork(args, ['0.0.0.0/0'], place),
  ipv6_is_in_range: (args, place) => inNetwork(args, ['0.0.0.0/0', '::/0'], place),
  now: ([offset], { lowerer }) => {
    if (offset === undefined) return lowerer.moment(0n);
    return whenDefined(ticks(offset), (by) => lowerer.moment(by));
  },
  ago: ([span], { lowerer }) => span && whenDefined(ticks(span), (by) => lowerer.moment(-by)),
};

/** Their names, for messages. */
export function supportedFunctions(): readonly string[] {
  return Object.keys(FUNCTIONS_BY_NAME).sort();
}

function condition(made: Condition): Term {
  return { kind: 'condition', type: 'bool', condition: made };
}

function whenDefined<T>(value: T | undefined, make: (value: T) => Term): Term | undefined {
  return value === undefined ? undefined : make(value);
}

/** The ticks of a constant span of time. */
function ticks(term: Term): bigint | undefined {
  return term.kind === 'constant' && term.type === 'timespan' && typeof term.value === 'bigint'
    ? term.value
    : undefined;
}

/** "" of a text, null of everything else. */
function isEmpty(term: Term, span: Span): Condition | undefined {
  if (groupOf(term) === 'text') return matchText(term, 'equals', [''], true, span);
  return twoValued(isNull(term, span), span);
}

function letters(term: Term | undefined, wanted: 'lower' | 'upper', { lowerer, span }: CallPlace): Term | undefined {
  if (term?.type !== 'string') return undefined;
  return term.kind === 'fields' ? { ...term, letters: wanted } : lowerer.computed(wanted, [term], 'string', span);
}

/** As `tostring` writes it; `undefined` for what it is not known of (times, fractions). */
function text(term: Term, { lowerer, span }: CallPlace): Term | undefined {
  if (term.type === 'string') return term;
  // Parts of dynamic values are texts.
  if (term.kind === 'fields' && term.type === 'dynamic') return { ...term, type: 'string' };
  if (groupOf(term) === 'bool') {
    const is = lowerer.conditionOf(term, span);
    const word = (value: string): Term => ({ kind: 'constant', type: 'string', value });
    const otherwise = lowerer.choice(negate(is), word('False'), word(''), 'string', span);
    return otherwise && lowerer.choice(is, word('True'), otherwise, 'string', span);
  }
  if (term.type !== 'int' && term.type !== 'long') return undefined;
  return lowerer.computed('text', [term], 'string', span);
}

function texts(args: readonly Term[], place: CallPlace, make: (texts: readonly Term[]) => Term): Term | undefined {
  const each = args.map((arg) => text(arg, place));
  return each.every((one) => one !== undefined) ? make(each) : undefined;
}

function integer(term: Term, type: KustoType, { lowerer, span }: CallPlace): Term | undefined {
  if (term.type === 'int' || term.type === 'long') return term;
  if (term.type !== 'string' && term.type !== 'real' && groupOf(term) !== 'bool') return undefined;
  return lowerer.computed('integer', [term], type, span);
}

/** Null of what is no address of these families, and where the network is none. */
function inNetwork(
  [address, range]: readonly Term[],
  families: readonly string[],
  { span }: CallPlace,
): Term | undefined {
  if (address?.type !== 'string' || range?.kind !== 'constant' || range.type !== 'string') return undefined;
  const network = networkOf(String(range.value));
  if (network === undefined) return condition(unknown(span));
  const isIn = matchNetworks(address, [network], span);
  const isAddress = matchNetworks(address, families, span);
  if (isIn === undefined || isAddress === undefined) return undefined;
  return condition({
    isTrue: allOf([isAddress.isTrue, isIn.isTrue], span),
    isFalse: allOf([isAddress.isTrue, isIn.isFalse], span),
    size: isAddress.size + isIn.size,
  });
}

function choice(args: readonly Term[], place: CallPlace): Term | undefined {
  const [test, then, otherwise] = args;
  if (test === undefined || then === undefined || otherwise === undefined) return undefined;
  return pick(place.lowerer.conditionOf(test, place.spans[0] ?? place.span), then, otherwise, place);
}

/** `case(condition, value, condition, value, …, otherwise)` */
function cases(args: readonly Term[], place: CallPlace): Term | undefined {
  let result: Term | undefined = args.at(-1);
  for (let at = args.length - 3; at >= 0 && result !== undefined; at -= 2) {
    const [test, then] = [args[at], args[at + 1]];
    if (test === undefined || then === undefined) return undefined;
    result = pick(place.lowerer.conditionOf(test, place.spans[at] ?? place.span), then, result, place);
  }
  return result;
}

function pick(test: Condition, then: Term, otherwise: Term, { lowerer, span, type }: CallPlace): Term | undefined {
  if (groupOf(then) !== groupOf(otherwise)) return undefined;
  if (groupOf(then) === 'bool') {
    return condition(either(test, lowerer.conditionOf(then, span), lowerer.conditionOf(otherwise, span), span));
  }
  return lowerer.choice(test, then, otherwise, type, span);
}

/** The first argument that is not null, of texts the first that is not "". */
function firstFilled(args: readonly Term[], place: CallPlace): Term | undefined {
  let result: Term | undefined = args.at(-1);
  for (const arg of args.slice(0, -1).reverse()) {
    if (result === undefined) return undefined;
    const empty = isEmpty(arg, place.span) ?? always(false, place.span);
    result = pick(negate(empty), arg, result, place);
  }
  return result;
}
