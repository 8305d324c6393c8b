/**
 * `x in (table)` where SQL's `IN` says something else: of terms (`has_any`), of dynamic values whose elements count, of
 * types that are compared as texts or by value. The table's rows become items, as if they were written in the query.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { bagOf } from '../../plan/relation/cell-number.ts';
import { textOf } from '../../plan/relation/cell-text.ts';
import type { FunctionCell, InQueryCell, Scalar } from '../../plan/relation/node.ts';

/** Each row of the other side is compared with all of them. */
export const MOST_ITEMS = 10_000;
/** Of types that JSON has not: each an argument of its own. */
const MOST_ARGUMENTS = 100;

/** Whether the operator is SQL's: the same type on both sides, whose cells are equal where their columns are. */
export function isPlainIn({ operator, operand, relation }: InQueryCell): boolean {
  const type = relation.columns[0]?.type;
  if (operator === 'in~' || operator === '!in~') return type === 'string' && operand.type === 'string';
  if (operator !== 'in' && operator !== '!in') return false;
  if (type === operand.type) return type !== 'dynamic' && type !== 'decimal';
  return [type, operand.type].every((each) => each === 'int' || each === 'long' || each === 'real');
}

/** `undefined`: too many values of a type that JSON has not. */
export function amongRows(
  { operator, operand, relation, span }: InQueryCell,
  rows: readonly Row[],
): FunctionCell | undefined {
  const type = relation.columns[0]?.type ?? 'dynamic';
  const cells = rows.map(([cell = null]) => cell);
  const isOfTexts = operator.endsWith('~') || operator.includes('has');
  const items: readonly Scalar[] =
    isOfTexts || type === 'dynamic' || type === 'string'
      ? [{ kind: 'constant', type: 'dynamic', value: listed(cells, isOfTexts ? type : undefined), span }]
      : distinct(cells).map((value) => ({ kind: 'constant', type, value, span }));
  if (items.length > MOST_ARGUMENTS) return undefined;
  return { kind: 'call', function: operator, args: [operand, ...items], type: 'bool', nameSpan: span, span };
}

/** A dynamic array or bag stands for its elements. @param type of cells that are compared as texts */
function listed(cells: readonly Cell[], type: Scalar['type'] | undefined): Json[] {
  const items = cells.flatMap((cell): readonly Cell[] => {
    if (Array.isArray(cell)) return cell;
    return Object.values(bagOf(cell) ?? [cell]);
  });
  const made = type === undefined ? items : items.map((item) => textOf(item, type));
  return [...new Set(made as readonly Json[])];
}

function distinct(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells)];
}
