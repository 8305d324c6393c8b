/**
 * Conditions used as operands: `true == (a > 1)`, `null == (a > 1)`.
 *
 * As the condition of a query a statement over a missing field is false; as an operand it is null (Elasticsearch
 * computes it in a script). So three predicates are needed: when it is true, false, null. Exactly one of them holds.
 */
import { and, constant, not, or, type Predicate } from '../../plan/predicate/node.ts';
import type { EqlExpression } from './ast.ts';
import type { Constant } from './constants.ts';

export interface Truth {
  readonly isTrue: Predicate;
  readonly isFalse: Predicate;
  readonly isNull: Predicate;
  /** Nodes in all three together, to bound what nesting unfolds into. */
  readonly size: number;
}

interface Lowerings {
  readonly fold: (node: EqlExpression) => Constant | undefined;
  /** As a condition of a document: two-valued. */
  readonly condition: (node: EqlExpression) => Predicate;
  readonly isNull: (node: EqlExpression) => Predicate;
}

/** Beyond this nothing is unfolded any more; the caller refuses it by its size. */
const MAX_SIZE = 10_000;

/** Whether a node is true or false rather than a text or a number. A bare field may be either. */
export function isCondition(node: EqlExpression): boolean {
  return (
    node.kind === 'comparison' ||
    node.kind === 'in' ||
    node.kind === 'match' ||
    node.kind === 'not' ||
    node.kind === 'logical'
  );
}

export function truthOf(node: EqlExpression, lowerings: Lowerings): Truth {
  const known = lowerings.fold(node);
  if (known !== undefined) {
    const holds = (yes: boolean) => constant(yes, node.span);
    return {
      isTrue: holds(known.value === true),
      isFalse: holds(known.value === false),
      isNull: holds(known.type === 'null'),
      size: 3,
    };
  }
  if (node.kind === 'not') {
    const { isTrue, isFalse, isNull, size } = truthOf(node.operand, lowerings);
    return { isTrue: isFalse, isFalse: isTrue, isNull, size };
  }
  if (node.kind === 'logical') return logical(node, lowerings);
  const isNull = nullOf(node, lowerings);
  const condition = lowerings.condition(node);
  return {
    isTrue: and([condition, not(isNull, node.span)], node.span),
    isFalse: and([not(condition, node.span), not(isNull, node.span)], node.span),
    isNull,
    size: 5 + 2 * sizeOf(condition) + 3 * sizeOf(isNull),
  };
}

function logical(node: EqlExpression & { readonly kind: 'logical' }, lowerings: Lowerings): Truth {
  const operands = node.operands.map((operand) => truthOf(operand, lowerings));
  const size = 6 + 2 * operands.reduce((sum, operand) => sum + operand.size, 0);
  if (size > MAX_SIZE) {
    const never = constant(false, node.span);
    return { isTrue: never, isFalse: never, isNull: never, size };
  }
  const isAnd = node.operator === 'and';
  const allTrue = (isAnd ? and : or)(
    operands.map((each) => each.isTrue),
    node.span,
  );
  const allFalse = (isAnd ? or : and)(
    operands.map((each) => each.isFalse),
    node.span,
  );
  return {
    isTrue: allTrue,
    isFalse: allFalse,
    isNull: and([not(allTrue, node.span), not(allFalse, node.span)], node.span),
    size,
  };
}

/** A comparison is null when what it compares is; a test for null never is. */
function nullOf(node: EqlExpression, { fold, isNull }: Lowerings): Predicate {
  switch (node.kind) {
    case 'comparison': {
      const [left, right] = [fold(node.left), fold(node.right)];
      if (left?.type === 'null' || right?.type === 'null') return constant(false, node.span);
      return isNull(left === undefined ? node.left : node.right);
    }
    case 'in':
    case 'match':
      return isNull(node.operand);
    default:
      return isNull(node);
  }
}

function sizeOf(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.children.reduce((sum, child) => sum + sizeOf(child), 1);
    case 'not':
      return 1 + sizeOf(predicate.child);
    default:
      return 1;
  }
}
