/**
 * Dynamic values that are arrays of texts, held as DuckDB's lists as long as nothing asks for more than their items: what
 * `split` gives, whose JSON would be written and read again for each item.
 *
 *   split(text, "/") ──list──▶ [3] of it ──▶ text · JSON
 *
 * Items are never NULL. What `member` gives beyond the ends is NULL in both.
 */
import type { Scalar } from '../../plan/relation/node.ts';
import { quote } from './sql-text.ts';

/** What an expression knows of its columns, and how its parts are emitted. */
export interface ListScope {
  /** The list beside a dynamic column, if there is one. */
  readonly list: (column: string) => string | undefined;
  readonly emit: (node: Scalar) => string;
}

/** Beyond, an index is the reference's matter. */
const MOST = 1_000_000n;

/** The expression as a list; `undefined` where it is none. */
export function textList(node: Scalar, scope: ListScope): string | undefined {
  if (node.kind === 'column') return scope.list(node.name);
  if (node.kind !== 'call' || node.function !== 'split' || node.args.length !== 2) return undefined;
  const [whole, delimiter] = node.args;
  if (whole?.type !== 'string' || delimiter?.kind !== 'constant') return undefined;
  if (typeof delimiter.value !== 'string' || delimiter.type !== 'string' || delimiter.value === '') return undefined;
  return `string_split(${scope.emit(whole)}, ${quote(delimiter.value)})`;
}

/** Functions of a list that need no JSON; `undefined` for others. */
export function ofTextList(name: string, args: readonly Scalar[], scope: ListScope): string | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  if (name === 'tostring' && first.kind === 'call' && first.function === 'member') {
    const item = itemOf(first.args, scope);
    return item === undefined ? undefined : `coalesce(${item}, '')`;
  }
  if (name === 'member') {
    const item = itemOf(args, scope);
    return item === undefined ? undefined : `to_json(${item})::VARCHAR`;
  }
  if (name !== 'array_length' || args.length !== 1) return undefined;
  const list = textList(first, scope);
  return list === undefined ? undefined : `len(${list})`;
}

function itemOf([of, index]: readonly Scalar[], scope: ListScope): string | undefined {
  if (of === undefined || index?.kind !== 'constant' || typeof index.value !== 'bigint') return undefined;
  const at = index.value < 0n ? index.value : index.value + 1n;
  if (at > MOST || at < -MOST) return undefined;
  const list = textList(of, scope);
  return list === undefined ? undefined : `${list}[${at}]`;
}
