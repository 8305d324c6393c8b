/**
 * An expression of a plan as SQL.
 *
 *   Scalar ──all constants? computed here──▶ native expression, or a call of a host function
 *
 * Value mode gives exactly the cell, null where it is null. A condition needs less: only whether it is true.
 */
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import { SCALAR_FUNCTIONS } from '../../plan/relation/functions/index.ts';
import type { ConstantCell, FunctionCell, InQueryCell, Scalar } from '../../plan/relation/node.ts';
import type { Forms } from './emitted.ts';
import { type HostFunction, hostName } from './host-function.ts';
import { withListedWords, withOneList } from './listed-words.ts';
import type { Argument } from './native.ts';
import { NATIVE_CONDITIONS, NATIVE_FUNCTIONS } from './native-functions.ts';
import { cellText, named } from './sql-text.ts';
import { type ListScope, ofTextList, textList } from './text-list.ts';
import { binOfMillis, comparedMillis } from './whole-millis.ts';

/** What an expression may look at. */
export interface ScalarScope {
  /** The SQL of a column. */
  readonly column: (name: string) => string;
  /** Other forms of columns. */
  readonly forms: Forms;
  /** `now()`, ticks. */
  readonly now: bigint;
  /** Host functions that the statement calls, by their name in SQL. */
  readonly hosts: Map<string, HostFunction>;
  /** The SQL of a query in parentheses that gives one column, named `value`. */
  readonly firstColumn: (query: InQueryCell) => string;
}

/** The name by which `firstColumn` gives it. */
export const VALUE: string = named('#value');

export function emitScalar(node: Scalar, scope: ScalarScope): string {
  switch (node.kind) {
    case 'constant':
      return cellText(node.value, node.type);
    case 'column':
      return scope.column(node.name);
    case 'parameter':
      return cellText(scope.now, node.type);
    case 'query':
      throw new Error('A query within an expression is run before.');
    case 'in-query':
      return inQuery(node, scope);
    case 'call':
      return emitCall(node, scope);
  }
}

/** Whether the condition is true: null is as false. */
export function emitCondition(node: Scalar, scope: ScalarScope): string {
  if (node.kind !== 'call') return emitScalar(node, scope);
  const parts = () => node.args.map((arg) => emitCondition(arg, scope));
  if (node.function === 'and') return `(${parts().join(' AND ')})`;
  if (node.function === 'or') return `(${parts().join(' OR ')})`;
  const other = wordTest(node, scope) ?? millisTest(node, scope);
  if (other !== undefined) return other;
  const text = searchedText(node, FINDS, scope);
  if (text !== undefined) return emitCall(node, { ...scope, column: () => text });
  const { args } = node;
  return NATIVE_CONDITIONS[node.function]?.(args.map((arg) => partOf(arg, scope))) ?? emitCall(node, scope);
}

/**
 * Where a column of texts is looked through for words that are known, and '' has none of them: the form of it that is
 * NULL there.
 */
function searchedText(
  { function: name, args: [first, ...words] }: FunctionCell,
  among: ReadonlySet<string>,
  scope: ScalarScope,
): string | undefined {
  if (first?.kind !== 'column' || first.type !== 'string' || !among.has(name)) return undefined;
  const text = scope.forms.get(first.name)?.text;
  if (text === undefined) return undefined;
  const areWords = words.every((word) => {
    const known = constantValue(word, scope.now);
    return known?.type === 'string' && known.value !== '' && known.value !== null;
  });
  return areWords ? text : undefined;
}

/** Whether a column is one of the words for which there is a test; `undefined` where something else is asked. */
function wordTest(
  { function: name, args: [first, word] }: FunctionCell,
  { forms, now }: ScalarScope,
): string | undefined {
  if (name !== '==' || first?.kind !== 'column' || word === undefined) return undefined;
  const known = constantValue(word, now)?.value;
  return typeof known === 'string' ? forms.get(first.name)?.words?.get(known) : undefined;
}

/** Functions of one text that give the same of NULL as of ''. */
const ALIKE: ReadonlySet<string> = new Set(['ipv4_is_private']);

const FINDS: ReadonlySet<string> = new Set([
  '==',
  '=~',
  'in',
  'in~',
  'isnotempty',
  'has_any',
  'has_all',
  ...['contains', 'startswith', 'endswith', 'has', 'hasprefix', 'hassuffix'].flatMap((name) => [name, `${name}_cs`]),
]);

/** The value of an expression that looks at no row; `undefined` for others. */
export function constantValue(node: Scalar, now: bigint): ConstantCell | undefined {
  switch (node.kind) {
    case 'constant':
      return node;
    case 'parameter':
      return { kind: 'constant', type: node.type, value: now, span: node.span };
    case 'call': {
      const compute = SCALAR_FUNCTIONS[node.function];
      if (compute === undefined || VOLATILE.has(node.function)) return undefined;
      const args: Cell[] = [];
      for (const arg of node.args) {
        const known = constantValue(arg, now);
        if (known === undefined) return undefined;
        args.push(known.value);
      }
      const value = compute(args, signatureOf(node));
      return { kind: 'constant', type: node.type, value, span: node.span };
    }
    default:
      return undefined;
  }
}

const VOLATILE: ReadonlySet<string> = new Set(['rand', 'new_guid']);

function emitCall(called: FunctionCell, given: ScalarScope): string {
  const folded = constantValue(called, given.now);
  if (folded !== undefined) return cellText(folded.value, folded.type);
  const node = { ...called, args: withListedWords(called, knownArguments(called, given)) };
  const other = millisTest(node, given) ?? millisBin(node, given);
  if (other !== undefined) return other;
  const text = searchedText(node, ALIKE, given);
  const scope = text === undefined ? given : { ...given, column: () => text };
  const { args } = node;
  const item = ofTextList(node.function, args, listScope(scope));
  if (item !== undefined) return item;
  const parts = args.map((arg) => partOf(arg, scope));
  const call = (other = node.function) => {
    const asked = withOneList(node);
    const host = { kind: 'scalar', function: other, ...signatureOf(asked) } as const;
    const given = asked === node ? parts : asked.args.map((arg) => partOf(arg, scope));
    return hostCall(
      host,
      given.map(({ sql }) => sql),
      scope.hosts,
    );
  };
  return NATIVE_FUNCTIONS[node.function]?.(parts, node.type, call) ?? call();
}

/** Those that look at no row as constants. */
function knownArguments(node: FunctionCell, scope: ScalarScope): readonly Scalar[] {
  return node.args.map((arg) => constantValue(arg, scope.now) ?? arg);
}

function partOf(arg: Scalar, scope: ScalarScope): Argument {
  const isLowered = arg.kind === 'column' && scope.forms.get(arg.name)?.isLowered === true;
  return { sql: emitScalar(arg, scope), type: arg.type, node: arg, ...(isLowered ? { isLowered } : {}) };
}

/** A dynamic value as a list of texts; `undefined` where it is none. */
export function listOf(node: Scalar, scope: ScalarScope): string | undefined {
  return textList(node, listScope(scope));
}

/** Of a time that is there as milliseconds, what its ticks do not matter for. */
function millisTest({ function: name, args: [time, bound] }: FunctionCell, scope: ScalarScope): string | undefined {
  const [millis, ticks] = [millisOf(time, scope), bound && constantValue(bound, scope.now)];
  return millis === undefined || ticks?.type !== 'datetime' ? undefined : comparedMillis(name, millis, ticks.value);
}

function millisBin({ function: name, args }: FunctionCell, scope: ScalarScope): string | undefined {
  const [millis, step] = [millisOf(args[0], scope), args[1] && constantValue(args[1], scope.now)];
  if (millis === undefined) return undefined;
  if (name === 'startofday' && args.length === 1) return binOfMillis(millis, DAY);
  return name === 'bin' && step?.type === 'timespan' ? binOfMillis(millis, step.value) : undefined;
}

const DAY = 864_000_000_000n;

function millisOf(node: Scalar | undefined, { forms }: ScalarScope): string | undefined {
  return node?.kind === 'column' ? forms.get(node.name)?.millis : undefined;
}

function listScope(scope: ScalarScope): ListScope {
  return { list: (column) => scope.forms.get(column)?.list, emit: (node) => emitScalar(node, scope) };
}

/** A call of the host function, which is declared. */
export function hostCall(host: HostFunction, args: readonly string[], hosts: Map<string, HostFunction>): string {
  const name = hostName(host);
  hosts.set(name, host);
  return `${name}(${args.join(', ')})`;
}

function signatureOf(node: FunctionCell): { args: readonly ScalarType[]; result: ScalarType } {
  return { args: node.args.map(({ type }) => type), result: node.type };
}

/** Of plain cells. A column of a query never decides by a null in it: an operand that is not found is not in it. */
function inQuery(node: InQueryCell, scope: ScalarScope): string {
  const isFolded = node.operator.endsWith('~');
  // DuckDB's lower case of `İ` lacks the dot above.
  const fold = (sql: string) => (isFolded ? `lower(replace(${sql}, 'İ', 'i\u0307'))` : sql);
  const operand = emitScalar(node.operand, scope);
  const rows = `SELECT ${fold(VALUE)} FROM ${scope.firstColumn(node)} WHERE ${VALUE} IS NOT NULL`;
  const found = `coalesce(${fold(operand)} IN (${rows}), false)`;
  return node.operator.startsWith('!') ? `(NOT ${found})` : found;
}
