/**
 * Constant folding: what an expression is worth without any event.
 *
 * Null propagates as in Elasticsearch (`FoldNull`): arithmetic and comparisons with null are null, even where the other
 * side is a field; `== null` and `!= null` test existence and are never null; `and`, `or` and `not` are three-valued. A
 * text compared with a number is null, too (`Comparisons.compare`).
 */

import { callFunction } from '../../plan/predicate/functions.ts';
import {
  type FieldType,
  type FunctionName,
  type LiteralValue,
  literal,
  type Value,
} from '../../plan/predicate/node.ts';
import { equalsLiteral, satisfiesOrder } from '../../plan/predicate/scalar.ts';
import { compileTest } from '../../plan/predicate/value-test.ts';
import type { EqlArithmetic, EqlCall, EqlComparison, EqlExpression, EqlIn, EqlLiteral, EqlMatch } from './ast.ts';
import { callProblem } from './check-call.ts';
import { eqlFunction, type ValueType } from './functions.ts';
import { patternTests, regexError } from './patterns.ts';

export interface Constant {
  readonly type: EqlLiteral['type'];
  readonly value: LiteralValue;
  readonly floating: boolean;
}

const NULL: Constant = Object.freeze({ type: 'null', value: null, floating: false });

const ARITHMETIC: Readonly<Record<EqlArithmetic['operator'], FunctionName>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

/**
 * A number as an argument of a plan's arithmetic, which takes whole numbers for integers: a floating one that is whole
 * is given as decimal text with a point.
 */
export function numberLiteral(constant: Constant): LiteralValue {
  const { value, floating } = constant;
  return floating && Number.isSafeInteger(value) ? `${value}.0` : value;
}

export function arithmeticFunction(operator: EqlArithmetic['operator']): FunctionName {
  return ARITHMETIC[operator];
}

/** Remembers what it folded, so that folding every node of a tree is linear. */
export class ConstantFolder {
  private readonly known = new Map<EqlExpression, Constant | undefined>();

  /** `undefined` where the value depends on the event. */
  fold(node: EqlExpression): Constant | undefined {
    if (this.known.has(node)) return this.known.get(node);
    const constant = this.foldNew(node);
    this.known.set(node, constant);
    return constant;
  }

  private foldNew(node: EqlExpression): Constant | undefined {
    switch (node.kind) {
      case 'literal':
        return node;
      case 'field':
        return undefined;
      case 'call':
        return this.call(node);
      case 'unary':
        return this.numeric(node.operator === '-' ? 'negate' : undefined, [node.operand]);
      case 'arithmetic':
        return this.numeric(ARITHMETIC[node.operator], [node.left, node.right]);
      case 'comparison':
        return this.comparison(node);
      case 'in':
        return this.membership(node);
      case 'match':
        return this.match(node);
      case 'not': {
        const operand = this.fold(node.operand);
        if (operand === undefined || operand.type === 'null') return operand;
        // What is no condition is left to the type check.
        return operand.type === 'boolean' ? fromBoolean(operand.value !== true) : undefined;
      }
      case 'logical': {
        // The value that decides the whole: false for `and`, true for `or`.
        const decisive = node.operator === 'or';
        const operands = node.operands.map((operand) => this.fold(operand));
        if (operands.some((operand) => operand?.type === 'string' || operand?.type === 'number')) return undefined;
        if (operands.some((operand) => operand?.value === decisive)) return fromBoolean(decisive);
        if (operands.includes(undefined)) return undefined;
        return operands.some((operand) => operand?.type === 'null') ? NULL : fromBoolean(!decisive);
      }
    }
  }

  /** Operands that are no numbers are left to the type check. */
  private numeric(name: FunctionName | undefined, operands: readonly EqlExpression[]): Constant | undefined {
    const folded = operands.map((operand) => this.fold(operand));
    if (folded.some((operand) => operand?.type === 'null')) return NULL;
    if (!folded.every((operand) => operand?.type === 'number')) return undefined;
    const floating = folded.some((operand) => operand?.floating);
    const values = folded.map((operand) => (operand === undefined ? null : numberLiteral(operand)));
    const value = name === undefined ? (values[0] ?? null) : callFunction(name, values);
    return value === null || value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
      ? NULL
      : { type: 'number', value: floating ? Number(value) : value, floating };
  }

  /** A call that is wrong is left to the check of calls. */
  private call(node: EqlCall): Constant | undefined {
    const { name, args, insensitive, span } = node;
    const known = eqlFunction(name);
    const folded = args.map((arg) => this.fold(arg));
    if (known === undefined || folded.includes(undefined)) return undefined;
    const constants = folded as readonly Constant[];
    const given = constants.map((constant) => ({ type: constantType(constant), constant }));
    if (callProblem(known, node, given) !== undefined) return undefined;
    const values = constants.map((each) => literal(numberLiteral(each), span));
    const value = foldCalls(known.lower(values, insensitive, span));
    if (value === null) return NULL;
    const type = known.returns === 'text' ? 'string' : known.returns;
    const hasPoint = typeof value === 'string' && value.includes('.');
    const floating =
      type === 'number' && (hasPoint || constants.some((each) => each.floating) || !Number.isInteger(Number(value)));
    return { type, value: floating ? Number(value) : value, floating };
  }

  private comparison(node: EqlComparison): Constant | undefined {
    const [left, right] = [this.fold(node.left), this.fold(node.right)];
    const equality = node.operator === '==' || node.operator === '!=';
    if (left?.type === 'null' || right?.type === 'null') {
      if (!equality) return NULL;
      const other = left?.type === 'null' ? right : left;
      return other === undefined ? undefined : fromBoolean((other.type === 'null') === (node.operator === '=='));
    }
    if (left === undefined || right === undefined) return undefined;
    return left.type === right.type ? fromBoolean(compareConstants(left, node.operator, right)) : NULL;
  }

  private membership(node: EqlIn): Constant | undefined {
    const operand = this.fold(node.operand);
    const items = node.items.map((item) => this.fold(item));
    if (operand?.type === 'null' || items.every((item) => item?.type === 'null')) return NULL;
    if (operand === undefined || items.includes(undefined)) return undefined;
    const fold = node.insensitive ? 'ascii' : 'none';
    const found = items.some(
      (item) =>
        item !== undefined &&
        item.type === operand.type &&
        operand.value !== null &&
        equalsLiteral(operand.value, item.value, fold, typeOf(operand, item)),
    );
    return fromBoolean(found !== node.negated);
  }

  private match(node: EqlMatch): Constant | undefined {
    const operand = this.fold(node.operand);
    if (operand?.type === 'null' || node.patterns.every((pattern) => pattern.type === 'null')) return NULL;
    if (operand === undefined || operand.value === null) return undefined;
    // Left to the check of patterns, which says what is wrong.
    if (node.patterns.some((pattern) => regexError(node, pattern) !== undefined)) return undefined;
    const { value } = operand;
    return fromBoolean(patternTests(node, 'ascii').some((test) => compileTest(test, 'unknown').passes(value)));
  }
}

function compareConstants(left: Constant, operator: EqlComparison['operator'], right: Constant): boolean {
  const [a, b] = [left.value, right.value];
  if (a === null || b === null) return false;
  const type = typeOf(left, right);
  if (operator === '==' || operator === '!=') return equalsLiteral(a, b, 'none', type) === (operator === '==');
  return typeof b !== 'boolean' && satisfiesOrder(a, { operator, bound: b }, type);
}

/** Numbers beyond 2^53 are text, so the type has to say that they are numbers. */
function typeOf(left: Constant, right: Constant): FieldType {
  return left.type === 'number' && right.type === 'number' ? 'long' : 'unknown';
}

export function constantType({ type }: Constant): ValueType {
  return type === 'string' ? 'text' : type;
}

/** What calls of constants are worth. */
function foldCalls(value: Value): LiteralValue {
  if (value.kind === 'literal') return value.value;
  return value.kind === 'call' ? callFunction(value.name, value.args.map(foldCalls)) : null;
}

function fromBoolean(value: boolean): Constant {
  return { type: 'boolean', value, floating: false };
}
