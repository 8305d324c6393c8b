/**
 * Whether Elasticsearch turns arithmetic compared with a number into a comparison of the bare field: `pid + 1 != 2` into
 * `pid != 1`. For `!=` that decides what it means: of a field it negates a query, which holds where the field is missing
 * and where no value is the one; of a computed value it is a script, which is false where that is null.
 *
 * As ql's `SimplifyComparisonsArithmetics`: sums, differences and products of whole numbers, as long as the result is
 * whole; nothing with fractions, no quotients.
 */
import type { EqlExpression, EqlField } from './ast.ts';
import type { Constant } from './constants.ts';

interface Meanings {
  readonly fold: (node: EqlExpression) => Constant | undefined;
  readonly isFloating: (field: EqlField) => boolean;
}

type Operator = '+' | '-' | '*';

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['add', '+'],
  ['subtract', '-'],
  ['multiply', '*'],
]);

/** Whether the comparison ends up as one of a field; a field alone is none of arithmetic. */
export function isSolvedForField(node: EqlExpression, wanted: Constant, meanings: Meanings): boolean {
  const target = wholeNumber(wanted);
  return node.kind !== 'field' && target !== undefined && solve(node, target, meanings);
}

function solve(node: EqlExpression, target: bigint, meanings: Meanings): boolean {
  if (node.kind === 'field') return !meanings.isFloating(node);
  if (node.kind === 'unary') return solve(node.operand, node.operator === '-' ? -target : target, meanings);
  const parts = partsOf(node);
  if (parts === undefined) return false;
  const { operator, left, right } = parts;
  const [first, second] = [wholeNumber(meanings.fold(left)), wholeNumber(meanings.fold(right))];
  const number = first ?? second;
  // With a number on both sides it would be a constant.
  if (number === undefined) return false;
  const rest = first === undefined ? left : right;
  switch (operator) {
    case '+':
      return solve(rest, target - number, meanings);
    case '-':
      return solve(rest, first === undefined ? target + number : number - target, meanings);
    case '*':
      return number !== 0n && target % number === 0n && solve(rest, target / number, meanings);
  }
}

function partsOf(
  node: EqlExpression,
): { readonly operator: Operator; readonly left: EqlExpression; readonly right: EqlExpression } | undefined {
  const name = node.kind === 'arithmetic' ? node.operator : node.kind === 'call' ? node.name.toLowerCase() : '';
  const operator = OPERATORS.get(name);
  const [left, right] =
    node.kind === 'arithmetic' ? [node.left, node.right] : node.kind === 'call' ? node.args : [undefined, undefined];
  return operator === undefined || left === undefined || right === undefined ? undefined : { operator, left, right };
}

function wholeNumber(constant: Constant | undefined): bigint | undefined {
  if (constant === undefined || constant.type !== 'number' || constant.floating) return undefined;
  return /^-?\d+$/.test(String(constant.value)) ? BigInt(constant.value as number | string) : undefined;
}
