/**
 * The reference evaluator's join: rows of two sides that are equal in all keys, null with null.
 */
import type { Row } from './cell.ts';
import { emptyCell } from './evaluate-scalar.ts';
import type { Join } from './node.ts';

interface Side {
  readonly rows: readonly Row[];
  readonly keys: readonly string[];
}

/** @param take gets each row of the result, and may throw when there are too many. */
export function joinRows(node: Join, left: Side, right: Side, take: (row: Row) => void): void {
  const emit = (leftRow: Row | undefined, rightRow: Row | undefined) => take(resultRow(node, leftRow, rightRow));
  const rightAt = placesByKey(right.keys);
  const seen = new Set<string>();
  const matched = new Set<string>();
  for (const [at, row] of left.rows.entries()) {
    const key = left.keys[at] ?? '';
    const partners = rightAt.get(key) ?? [];
    const isRepeated = seen.has(key);
    seen.add(key);
    if (partners.length > 0) matched.add(key);
    if (node.join === 'leftsemi' && partners.length > 0) emit(row, undefined);
    if (node.join === 'leftanti' && partners.length === 0) emit(row, undefined);
    if (ONE_SIDED.has(node.join) || (node.join === 'innerunique' && isRepeated)) continue;
    for (const place of partners) emit(row, right.rows[place]);
    if (partners.length === 0 && (node.join === 'leftouter' || node.join === 'fullouter')) emit(row, undefined);
  }
  for (const [at, row] of right.rows.entries()) {
    const isMatched = matched.has(right.keys[at] ?? '');
    const wanted = isMatched ? node.join === 'rightsemi' : RIGHT_UNMATCHED.has(node.join);
    if (wanted) emit(undefined, row);
  }
}

const ONE_SIDED = new Set<Join['join']>(['leftsemi', 'leftanti', 'rightsemi', 'rightanti']);
const RIGHT_UNMATCHED = new Set<Join['join']>(['rightouter', 'fullouter', 'rightanti']);

function placesByKey(keys: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [at, key] of keys.entries()) {
    const known = places.get(key);
    if (known === undefined) places.set(key, [at]);
    else known.push(at);
  }
  return places;
}

function resultRow(node: Join, left: Row | undefined, right: Row | undefined): Row {
  return node.from.map(({ side, column }, at) => {
    const [row, columns] = side === 'left' ? [left, node.left.columns] : [right, node.right.columns];
    const missing = emptyCell(node.columns[at]?.type ?? 'dynamic');
    return row === undefined ? missing : (row[columns.findIndex(({ name }) => name === column)] ?? missing);
  });
}
