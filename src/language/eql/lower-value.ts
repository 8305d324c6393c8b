/**
 * What an expression of EQL is worth: expression → value. Null propagates: a missing field makes arithmetic and
 * functions null. A field that holds several values stands for each of them in turn (`eachValue`), and each place in
 * which it is named chooses by itself, as in Elasticsearch's scripts over document values.
 */

import { networkOf } from '../../plan/predicate/cidr.ts';
import {
  call,
  choose,
  eachValue,
  type FieldRef,
  type FieldType,
  type FunctionName,
  type LiteralValue,
  literal,
  type Predicate,
  type Value,
} from '../../plan/predicate/node.ts';
import type { FieldProblem, FieldSchema } from '../field-schema.ts';
import type { EqlArithmetic, EqlCall, EqlExpression, EqlField } from './ast.ts';
import { callProblem } from './check-call.ts';
import { arithmeticFunction, ConstantFolder, constantType, numberLiteral } from './constants.ts';
import { type EqlFunction, eqlFunction, type ValueType } from './functions.ts';
import { Problems } from './problems.ts';
import { isCondition, type Truth } from './truth.ts';

/** Names for which a near one is looked for, some milliseconds each. Nobody misspells more in one query. */
const MOST_SUGGESTIONS = 20;

/** The constant that stands beside a field, as far as its type goes. */
export interface Beside {
  readonly type: string;
  readonly value: LiteralValue;
}

export abstract class ValueLowering {
  readonly problems = new Problems();
  protected readonly constants = new ConstantFolder();
  private readonly schema: FieldSchema;
  private readonly fieldProblems = new Map<string, FieldProblem>();

  constructor(schema: FieldSchema) {
    this.schema = schema;
  }

  abstract condition(node: EqlExpression): Predicate;
  protected abstract truth(node: EqlExpression): Truth;

  protected value(node: EqlExpression): Value {
    const known = this.constants.fold(node);
    if (known !== undefined) {
      return literal(known.type === 'number' ? numberLiteral(known) : known.value, node.span);
    }
    if (isCondition(node)) {
      const { isTrue, isNull } = this.truth(node);
      const decided = choose(isTrue, literal(true, node.span), literal(false, node.span), node.span);
      return choose(isNull, literal(null, node.span), decided, node.span);
    }
    switch (node.kind) {
      case 'field':
        return eachValue(this.field(node), node.span);
      case 'unary': {
        const operand = this.number(node.operand);
        return node.operator === '-' ? call('negate', [operand], node.span) : operand;
      }
      case 'arithmetic':
        return call(this.arithmeticOf(node), [this.number(node.left), this.number(node.right)], node.span);
      case 'call':
        return this.call(node);
      default:
        return literal(null, node.span);
    }
  }

  /** The value of a call whose arguments fit; null, with the problem reported, where they do not. */
  private call(node: EqlCall): Value {
    const known = this.checkedFunction(node);
    if (known === undefined) return literal(null, node.span);
    const args = node.args.map((arg, at) => {
      const network = (known.parameters[at] ?? known.parameters.at(-1))?.type === 'network';
      const text = network ? this.constants.fold(arg)?.value : undefined;
      return typeof text === 'string' ? literal(networkOf(text) ?? text, arg.span) : this.value(arg);
    });
    if (known.name === 'divide' && node.args.some((arg) => this.isFloating(arg))) {
      return call('divide-real', args, node.span);
    }
    return known.lower(args, node.insensitive, node.span);
  }

  private arithmeticOf({ operator, left, right }: EqlArithmetic): FunctionName {
    const isReal = operator === '/' && (this.isFloating(left) || this.isFloating(right));
    return isReal ? 'divide-real' : arithmeticFunction(operator);
  }

  /** Whether a number has fractions by its type, also where its value is whole: then it divides with them. */
  private isFloating(node: EqlExpression): boolean {
    const known = this.constants.fold(node);
    if (known !== undefined) return known.floating;
    switch (node.kind) {
      case 'field':
        return this.schema.type(node.name) === 'double';
      case 'unary':
        return this.isFloating(node.operand);
      case 'arithmetic':
        return this.isFloating(node.left) || this.isFloating(node.right);
      case 'call':
        return ARITHMETIC_CALLS.has(node.name.toLowerCase()) && node.args.some((arg) => this.isFloating(arg));
      default:
        return false;
    }
  }

  /** The function of a call; `undefined`, with the problem reported, where there is none or its arguments do not fit. */
  protected checkedFunction(node: EqlCall): EqlFunction | undefined {
    const known = eqlFunction(node.name);
    if (known === undefined) {
      this.problems.unknownFunction(node);
      for (const arg of node.args) this.value(arg);
      return undefined;
    }
    const args = node.args.map((arg) => ({ type: this.typeOf(arg), constant: this.constants.fold(arg) }));
    const problem = callProblem(known, node, args);
    if (problem === undefined) return known;
    this.problems.report(problem.code, problem.span, problem.message, problem.hint);
    return undefined;
  }

  private number(node: EqlExpression): Value {
    const value = this.value(node);
    const type = this.typeOf(node);
    if (type !== 'number' && type !== 'null' && type !== 'unknown') {
      const what = node.kind === 'field' ? `${node.name} is of type ${this.schema.type(node.name)}` : 'this is none';
      const hint = type === 'text' ? 'number(…) reads a text as one' : undefined;
      this.problems.report('eql-type', node.span, `A number is needed here, but ${what}.`, hint);
    }
    return value;
  }

  protected typeOf(node: EqlExpression): ValueType {
    const known = this.constants.fold(node);
    if (known !== undefined) return constantType(known);
    switch (node.kind) {
      case 'field':
        return VALUE_TYPES[this.schema.type(node.name) ?? 'unknown'];
      case 'unary':
      case 'arithmetic':
        return 'number';
      case 'call':
        return eqlFunction(node.name)?.returns ?? 'unknown';
      default:
        return 'boolean';
    }
  }

  private fieldProblem(name: string): FieldProblem | undefined {
    if (this.schema.problem === undefined) return undefined;
    const known = this.fieldProblems.get(name) ?? this.schema.problem(name, this.fieldProblems.size < MOST_SUGGESTIONS);
    this.fieldProblems.set(name, known);
    return known;
  }

  /** The field with its type; where that is unknown, an integer beyond 2^53 beside it says that it is a number. */
  protected field(node: EqlField, beside: readonly Beside[] = []): FieldRef {
    const type = this.schema.type(node.name);
    if (type === undefined && !node.optional) {
      const problem = this.fieldProblem(node.name);
      if (problem !== undefined) this.problems.unknownField(node.span, problem, beside);
    }
    const exact = beside.length > 0 && beside.every((each) => each.type === 'number' && typeof each.value === 'string');
    return { name: node.name, type: type === undefined || type === 'unknown' ? (exact ? 'long' : 'unknown') : type };
  }
}

const ARITHMETIC_CALLS: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'divide', 'modulo']);

const VALUE_TYPES: Readonly<Record<FieldType, ValueType>> = {
  keyword: 'text',
  text: 'text',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
  date: 'date',
  ip: 'ip',
  version: 'version',
  object: 'unknown',
  unknown: 'unknown',
};
