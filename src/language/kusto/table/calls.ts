/**
 * Calls of scalar functions: names settled, and what is another expression (`ago`, `pack_all`) or a rule of the engine
 * (formats of times, window functions) seen to.
 */

import { nearestName } from '../../../diagnostic/nearest.ts';
import { checkRe2 } from '../../../plan/re2-regex.ts';
import { SCALAR_ALIASES } from '../../../plan/relation/aliases.ts';
import type { Cell, ScalarType } from '../../../plan/relation/cell.ts';
import { AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS } from '../../../plan/relation/functions/index.ts';
import { INGESTION_COLUMN } from '../../../plan/relation/ingestion-times.ts';
import type { FunctionCell, NamedScalar, Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { call, column, constant, named, nothing } from './build.ts';
import { convertConstant, scalarType } from './cells.ts';
import type { Lowering, Scope } from './lowering.ts';
import { periodPlace, REFUSED_FUNCTIONS } from './refused.ts';

export function lowerCall(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { span, symbol } = node;
  const nameSpan = node.parts.Name?.span ?? span;
  const type = scalarType(node.type) ?? 'dynamic';
  const written = symbol?.name ?? node.parts.Name?.text ?? node.text ?? '';
  if (symbol === undefined) return nothing(type, span);
  if (node.expansion !== undefined) {
    const entered = lowering.enter(node, scope.env, undefined, scope);
    return entered === undefined
      ? nothing(type, span)
      : lowering.scalar(entered.body, { ...scope, env: entered.env, columns: NONE });
  }
  const name = SCALAR_ALIASES[written] ?? written;
  const args = itemsOf(node.parts.ArgumentList, 'Expressions');
  if (isRefused(lowering, name, written, nameSpan)) return nothing(type, span);
  if (node.type === 'tuple') return lowerTuple(lowering, node, scope)[0]?.value ?? nothing('dynamic', span);
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  const made = special?.({ lowering, node, scope, args, type, nameSpan });
  if (made !== undefined) return made;
  const lowered = args.map((arg) => lowering.scalar(argumentValue(arg), scope));
  const result = TYPES[name]?.(lowered) ?? type;
  const agreed = lowered.map((value, at) => (isResult(name, at, lowered.length) ? asType(value, result) : value));
  const plain = call(name, agreed, result, span, nameSpan);
  // An aggregate stands here only as an argument of a plugin.
  if (!Object.hasOwn(AGGREGATE_FUNCTIONS, name)) checkKnown(lowering, plain, written);
  check(lowering, plain, scope);
  return plain;
}

/** The values of an expression that gives several (`series_stats(s)`), under the names that the binder gives them. */
export function lowerTuple(lowering: Lowering, node: BoundNode, scope: Scope): readonly NamedScalar[] {
  const { span } = node;
  const nameSpan = node.parts.Name?.span ?? span;
  const name = node.symbol?.name ?? '';
  if (isRefused(lowering, name, name, nameSpan)) return [];
  const isSort = name === 'array_sort_asc' || name === 'array_sort_desc';
  const members = isSort ? (node.columns ?? []).map((_, at) => BigInt(at)) : MEMBERS[name];
  if (members === undefined) {
    lowering.problems.report('kusto-function-unsupported', nameSpan, `The function “${name}” is not supported.`);
    return [];
  }
  const args = itemsOf(node.parts.ArgumentList, 'Expressions').map((arg) => lowering.scalar(arg, scope));
  const bag = isSort ? name.replaceAll('_', '-') : `${name}_dynamic`;
  const whole = call(isKnown(bag) ? bag : name, args, 'dynamic', span, nameSpan);
  checkKnown(lowering, whole, name);
  checkPeriod(lowering, whole);
  return (node.columns ?? []).flatMap((each, at) => {
    const own = members[at];
    const type = scalarType(each.type) ?? 'dynamic';
    if (own === undefined) return [];
    const key = typeof own === 'bigint' ? constant('long', own, span) : constant('string', own, span);
    const part = call('member', [whole, key], 'dynamic', span, nameSpan);
    const convert = CONVERSIONS[type];
    return [named(each.name, convert === undefined ? part : call(convert, [part], type, span, nameSpan))];
  });
}

/** What functions of several values call them in a bag, in Kusto's order. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  series_decompose: ['baseline', 'seasonal', 'trend', 'residual'],
  series_decompose_anomalies: ['ad_flag', 'ad_score', 'baseline'],
  series_decompose_forecast: ['forecast'],
  series_fit_line: ['rsquare', 'slope', 'variance', 'rvariance', 'interception', 'line_fit'],
  series_stats: ['min', 'min_idx', 'max', 'max_idx', 'avg', 'stdev', 'variance'],
};

const CONVERSIONS: Readonly<Partial<Record<ScalarType, string>>> = {
  bool: 'tobool',
  datetime: 'todatetime',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  string: 'tostring',
  timespan: 'totimespan',
};

function isRefused(lowering: Lowering, name: string, written: string, span: Scalar['span']): boolean {
  if (!Object.hasOwn(REFUSED_FUNCTIONS, name)) return false;
  lowering.refuse(span, `The function “${written}”`, REFUSED_FUNCTIONS[name]);
  return true;
}

/** A period that is not given would have to be found. */
function checkPeriod(lowering: Lowering, { function: name, args, nameSpan }: FunctionCell): void {
  const place = periodPlace(name);
  if (place === undefined) return;
  const period = args[place] === undefined ? undefined : constantOf(args[place]);
  if ((typeof period === 'bigint' || typeof period === 'number') && period >= 0) return;
  const hint = `How Kusto finds a period is not published. Give it as the ${ORDINALS[place]} argument, a number of points: 24 for hours by the day, 7 for days by the week, 0 for none.`;
  lowering.refuse(args[place]?.span ?? nameSpan, `“${name}” without a period`, hint);
}

const ORDINALS: Readonly<Record<number, string>> = { 1: 'second', 2: 'third' };

/** Scores by other percentiles are made like the usual ones by a factor that is not published. */
function checkPercentiles(lowering: Lowering, { function: name, args }: FunctionCell): void {
  if (name !== 'series_outliers') return;
  for (const [at, usual] of [10, 90].entries()) {
    const given = args[at + 3];
    if (given !== undefined && Number(constantOf(given) ?? Number.NaN) !== usual)
      lowering.refuse(given.span, 'A percentile other than 10 and 90', 'Leave both out.');
  }
}

function isKnown(name: string): boolean {
  return Object.hasOwn(SCALAR_FUNCTIONS, name) || WINDOW.has(name);
}

function checkKnown(lowering: Lowering, { function: name, nameSpan }: FunctionCell, written: string): void {
  if (isKnown(name)) return;
  const near = nearestName(written, Object.keys(SCALAR_FUNCTIONS));
  const hint = near === undefined ? 'The Kusto page of the docs lists those that are.' : `Did you mean ${near}?`;
  lowering.problems.report('kusto-function-unsupported', nameSpan, `The function “${written}” is not supported.`, hint);
}

const NONE: Scope['columns'] = new Map();

interface CallPlace {
  readonly lowering: Lowering;
  readonly node: BoundNode;
  readonly scope: Scope;
  readonly args: readonly BoundNode[];
  readonly type: ScalarType;
  readonly nameSpan: Scalar['span'];
}

/** A named argument is its value: the binder has put the parts of calls of Kusto's own functions in order. */
function argumentValue(arg: BoundNode): BoundNode {
  return arg.kind === 'SimpleNamedExpression' ? (arg.parts.Expression ?? arg) : arg;
}

const now = (span: Scalar['span']): Scalar => Object.freeze({ kind: 'parameter', name: 'now', type: 'datetime', span });

const SPECIAL: Readonly<Record<string, (place: CallPlace) => Scalar | undefined>> = {
  ingestion_time: ({ node: { span } }) => column(INGESTION_COLUMN, 'datetime', span),
  now: ({ lowering, node: { span }, scope, args: [offset] }) =>
    offset === undefined ? now(span) : call('+', [now(span), lowering.scalar(offset, scope)], 'datetime', span),
  ago: ({ lowering, node: { span }, scope, args: [back] }) =>
    call('-', [now(span), lowering.scalar(back, scope)], 'datetime', span),
  column_ifexists: ({ lowering, node: { span }, scope, args: [wanted, otherwise] }) => {
    const name = wanted && lowering.scalar(wanted, scope);
    if (name?.kind !== 'constant' || typeof name.value !== 'string') return undefined;
    const type = scope.columns.get(name.value);
    return type === undefined ? lowering.scalar(otherwise, scope) : column(name.value, type, span);
  },
  bag_pack_columns: ({ lowering, node: { span }, scope, args, nameSpan }) => {
    const pairs = args.flatMap((arg) => [constant('string', arg.text ?? '', arg.span), lowering.scalar(arg, scope)]);
    return call('bag_pack', pairs, 'dynamic', span, nameSpan);
  },
  pack_all: ({ lowering, node: { span }, scope, args, nameSpan }) => {
    if (args.length > 0) {
      lowering.refuse(span, '“pack_all” with an argument', 'Write pack_all(), or bag_pack with the columns.');
      return nothing('dynamic', span);
    }
    const pairs = [...scope.columns].flatMap(([name, type]) => [
      constant('string', name, span),
      column(name, type, span),
    ]);
    return call('bag_pack', pairs, 'dynamic', span, nameSpan);
  },
  extract_json: ({ lowering, node: { span }, scope, args: [path, text, to], type, nameSpan }) => {
    const convert = CONVERSIONS[type];
    if (to === undefined) return undefined;
    const lowered = [path, text].map((arg) => lowering.scalar(arg, scope));
    const found = call('extract_json', lowered, 'string', span, nameSpan);
    return convert === undefined || type === 'string' ? found : call(convert, [found], type, span, nameSpan);
  },
  extract: ({ lowering, node: { span }, scope, args: [pattern, group, text, to], type, nameSpan }) => {
    const convert = CONVERSIONS[type];
    if (to === undefined) return undefined;
    const lowered = [pattern, group, text].map((arg) => lowering.scalar(arg, scope));
    const found = call('extract', lowered, 'string', span, nameSpan);
    check(lowering, found, scope);
    return convert === undefined || type === 'string' ? found : call(convert, [found], type, span, nameSpan);
  },
  // What is constant the engine casts before the query runs, and there a real that no long holds becomes the least one.
  tolong: ({ lowering, node: { span }, scope, args: [value], nameSpan }) => {
    const lowered = value && lowering.scalar(argumentValue(value), scope);
    if (lowered === undefined) return undefined;
    const cell = lowered.type === 'real' ? constantOf(lowered) : undefined;
    const isBeyond = typeof cell === 'number' && Number.isFinite(cell) && Math.abs(cell) >= 2 ** 63;
    return isBeyond ? constant('long', -(2n ** 63n), span) : call('tolong', [lowered], 'long', span, nameSpan);
  },
  // In `search` a text alone is a condition, in `not(…)` too.
  not: ({ node: { span }, scope, args: [condition], nameSpan }) => {
    const term = condition && scope.term?.(condition);
    return term && call('not', [term], 'bool', span, nameSpan);
  },
};

/** The cell of an expression of constants alone. */
function constantOf(scalar: Scalar): Cell | undefined {
  if (scalar.kind === 'constant') return scalar.value;
  if (scalar.kind !== 'call' || !Object.hasOwn(SCALAR_FUNCTIONS, scalar.function)) return undefined;
  const cells = scalar.args.map(constantOf).filter((cell) => cell !== undefined);
  const signature = { args: scalar.args.map(({ type }) => type), result: scalar.type };
  return cells.length < scalar.args.length ? undefined : SCALAR_FUNCTIONS[scalar.function]?.(cells, signature);
}

/** Where the engine's type is another than the binder's. */
const TYPES: Readonly<Record<string, (args: readonly Scalar[]) => ScalarType | undefined>> = {
  datetime_diff: ([part]) =>
    part?.kind === 'constant' && String(part.value).toLowerCase() === 'week' ? 'real' : undefined,
  jaccard_index: () => 'real',
  iff: (args) => mixed(args.slice(1)),
  case: (args) => mixed(args.filter((_, at) => isResult('case', at, args.length))),
};

/** A dynamic value beside one of another type. */
function mixed(results: readonly Scalar[]): ScalarType | undefined {
  return results.some(({ type }) => type === 'dynamic') ? 'dynamic' : undefined;
}

const WINDOW = new Set([
  'next',
  'prev',
  'row_cumsum',
  'row_number',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

/** Rules of the engine that the binder does not know. */
function check(lowering: Lowering, node: FunctionCell, scope: Scope): void {
  const { function: name, args, nameSpan } = node;
  checkPeriod(lowering, node);
  checkPercentiles(lowering, node);
  const report = (place: Scalar['span'], message: string, hint: string) =>
    lowering.problems.report('kusto-type', place, message, hint);
  if (WINDOW.has(name)) {
    if (scope.window !== true) report(nameSpan, `“${name}” ${scope.window}.`, SERIALIZE);
    const offset = args[1];
    if (
      (name === 'prev' || name === 'next') &&
      offset?.kind === 'constant' &&
      typeof offset.value === 'bigint' &&
      offset.value < 1n
    )
      report(
        offset.span,
        `“${name}” looks at another row: the offset must be 1 or more.`,
        'Name the column for this row.',
      );
    return;
  }
  const [first, second] = args;
  if ((name === 'format_datetime' || name === 'format_timespan') && second?.kind === 'constant') {
    const wrong =
      /[^dfFhHmMsyt /\-:,._[\]]/.exec(String(second.value))?.[0] ??
      (name === 'format_timespan'
        ? /[Myt]/.exec(String(second.value))?.[0]
        : /t(?!t)/.exec(String(second.value).replaceAll('tt', ''))?.[0]);
    if (wrong !== undefined && second.type === 'string')
      report(
        second.span,
        `The format has “${wrong}”, which ${name} does not know.`,
        `Known are ${name === 'format_timespan' ? 'd f F h H m s' : 'd f F h H m M s y tt'} and / - : , . _ [ ] between them.`,
      );
  }
  const digits = name === 'round' && second !== undefined ? constantOf(second) : undefined;
  if (typeof digits === 'bigint' && digits < 0n && FAMILIES[first?.type ?? ''] === 'whole' && second !== undefined)
    lowering.refuse(second.span, 'Rounding a whole number to tens', 'Write round(toreal(…), -1).');
  if (name === 'make_datetime' && args.length === 1)
    report(nameSpan, 'make_datetime takes a year, a month and a day, and may take a time.', 'Use todatetime.');
  if (name === 'repeat' && first?.type === 'dynamic')
    report(first.span, 'repeat takes a number, a time or a text, not a dynamic value.', 'Convert it first.');
  if (name === 'coalesce') sameTypes(args, report);
  const pattern = name === 'extract_all' ? first : undefined;
  if (pattern?.kind === 'constant' && typeof pattern.value === 'string' && captures(pattern.value) === 0)
    report(
      pattern.span,
      'extract_all needs a regular expression with at least one group.',
      'Write (…) around what is wanted.',
    );
  const regex = REGEX_ARGUMENT[name] === undefined ? undefined : args[REGEX_ARGUMENT[name]];
  if (regex !== undefined) checkPattern(lowering, regex);
}

/** RE2's syntax, where the pattern is written in the query. */
export function checkPattern(lowering: Lowering, pattern: Scalar): void {
  if (pattern.kind !== 'constant' || typeof pattern.value !== 'string') return;
  const fault = checkRe2(pattern.value);
  if (fault === undefined) return;
  lowering.problems.report('kusto-regex', pattern.span, `The regular expression cannot be read: ${fault.message}.`);
}

const SERIALIZE = 'Put “| serialize” or “| sort by …” before it.';

const REGEX_ARGUMENT: Readonly<Record<string, number>> = {
  extract: 0,
  extract_all: 0,
  replace_regex: 1,
  trim: 0,
  trim_end: 0,
  trim_start: 0,
};

function captures(pattern: string): number {
  return [...pattern.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, '').matchAll(/\((?!\?(?!P?<[A-Za-z_]))/g)]
    .length;
}

/** Microsoft's reference: what `coalesce` takes is of one type; whole numbers go together. */
function sameTypes(
  args: readonly Scalar[],
  report: (place: Scalar['span'], message: string, hint: string) => void,
): void {
  const family = ({ type }: Scalar) => FAMILIES[type] ?? type;
  const typed = args.filter(({ type }) => type !== 'dynamic');
  const other = typed.find((value) => typed[0] !== undefined && family(value) !== family(typed[0]));
  if (other !== undefined)
    report(
      other.span,
      'The values of “coalesce” are of different types.',
      'Convert them to one: toreal(…), tolong(…).',
    );
}

/** Whether the argument is one of the values that the function may give. */
function isResult(name: string, at: number, count: number): boolean {
  switch (name) {
    case 'iff':
      return at > 0;
    case 'case':
      return at % 2 === 1 || at === count - 1;
    case 'max_of':
    case 'min_of':
      return true;
    default:
      return false;
  }
}

/** A number as the wider number that the binder has found for all of them, or that a parameter is. */
export function asType(value: Scalar, type: ScalarType): Scalar {
  if (value.type === type || (type !== 'real' && type !== 'decimal') || !NUMBERS.has(value.type)) return value;
  if (value.kind === 'constant') return convertConstant(value, type);
  return call(type === 'real' ? 'toreal' : 'todecimal', [value], type, value.span);
}

const NUMBERS: ReadonlySet<string> = new Set(['decimal', 'int', 'long', 'real']);

const FAMILIES: Readonly<Record<string, string>> = { int: 'whole', long: 'whole' };
