/**
 * What a condition of EQL means for one document, with missing values and arrays made explicit: expression → predicate.
 *
 * A condition is true or false of a document, never unknown, as Elasticsearch runs it: `==`, `in`, `:` and the like hold
 * when some value of the field passes, so they are false on a missing field; `!=`, `not in` and `not` negate that whole
 * statement, so they are true there. `== null` and `!= null` test existence. Computed values (arithmetic) are null when
 * a field they need is missing, and a comparison of null is false. A condition used as an operand (`true == (…)`) keeps
 * its third value; see `truth.ts`.
 *
 * Every problem of meaning is reported, not only the first; the predicate is of use only when there is no error.
 */

import { type Span, spanOf } from '../../diagnostic/span.ts';
import {
  and,
  call,
  compare,
  constant,
  exists,
  type FieldRef,
  type FieldType,
  fieldValue,
  type LiteralValue,
  literal,
  matchAny,
  not,
  or,
  type Predicate,
  type Value,
} from '../../plan/predicate/node.ts';
import type { ComparisonOperator, EqlComparison, EqlExpression, EqlField, EqlIn, EqlMatch } from './ast.ts';
import { arithmeticFunction, type Constant, ConstantFolder, numberLiteral } from './constants.ts';
import { patternTests, regexError } from './patterns.ts';
import { hasCalls, Problems } from './problems.ts';
import { isCondition, type Truth, truthOf } from './truth.ts';

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Refused expressions that one list is checked for; trying out a complex one takes some milliseconds. */
const MAX_REGEX_ERRORS = 20;
/** Predicate nodes that conditions used as operands may unfold into. */
const MAX_TRUTH_SIZE = 2_000;

/** Lowers the conditions of one statement and collects their problems. */
export class ConditionLowering {
  readonly problems = new Problems();
  protected readonly constants = new ConstantFolder();
  /** A condition used as an operand is needed several times; without this, nesting would cost exponential time. */
  private readonly truths = new Map<EqlExpression, Truth>();
  private readonly fieldType: (name: string) => FieldType | undefined;

  constructor(fieldType: (name: string) => FieldType | undefined) {
    this.fieldType = fieldType;
  }

  condition(node: EqlExpression): Predicate {
    const known = this.constants.fold(node);
    if (known !== undefined) {
      this.checkConstant(node, known);
      return constant(known.value === true, node.span);
    }
    switch (node.kind) {
      case 'logical': {
        const operands = node.operands.map((operand) => this.condition(operand));
        return node.operator === 'and' ? and(operands, node.span) : or(operands, node.span);
      }
      case 'not':
        return not(this.condition(node.operand), node.span);
      case 'comparison':
        return this.comparison(node);
      case 'in':
        return this.membership(node);
      case 'match':
        return this.match(node);
      case 'field':
        return this.booleanField(node);
      case 'call':
        return this.problems.calls(node);
      default:
        if (hasCalls(node)) return this.problems.calls(node);
        this.value(node);
        return this.problems.report(
          'eql-type',
          node.span,
          'A condition is needed here, but this is a number.',
          'compare it: … > 0',
        );
    }
  }

  private booleanField(node: EqlField): Predicate {
    const field = this.field(node);
    if (field.type !== 'boolean' && field.type !== 'unknown') {
      return this.problems.report(
        'eql-type',
        node.span,
        `A condition is needed here, but ${node.name} is of type ${field.type}.`,
        `compare it: ${node.name} == …, or ${node.name} != null`,
      );
    }
    return matchAny(field, { kind: 'equals', anyOf: [true], fold: 'none' }, node.span);
  }

  // --- Comparisons ----------------------------------------------------------------------------------------------------

  private comparison(node: EqlComparison): Predicate {
    const [left, right] = [this.constants.fold(node.left), this.constants.fold(node.right)];
    if (left === undefined && right === undefined) {
      if (hasCalls(node)) return this.problems.calls(node);
      return this.problems.fieldComparison(node.right.span, node.operator);
    }
    return right !== undefined
      ? this.compareWith(node, node.left, node.operator, right)
      : this.compareWith(node, node.right, MIRRORED[node.operator], left as Constant);
  }

  private compareWith(
    node: EqlComparison,
    operand: EqlExpression,
    operator: ComparisonOperator,
    wanted: Constant,
  ): Predicate {
    if (wanted.type === 'null') {
      const isNull = this.isNull(operand);
      return operator === '==' ? isNull : not(isNull, node.span);
    }
    if (operator === '==' || operator === '!=') {
      this.problems.wildcardInEquals(wanted, this.constants.fold(node.right) === wanted ? node.right : node.left);
      const equals = this.equalsAny(operand, [wanted], 'none', node.span);
      // A computed value that is null differs from nothing: its comparison is false, not negated.
      if (operator === '==') return equals;
      return equals.kind === 'compare'
        ? compare('!=', equals.left, equals.right, node.span)
        : this.negate(operand, equals, node.span);
    }
    if (wanted.type === 'boolean') {
      return this.problems.report('eql-type', node.span, 'true and false have no order.', 'compare them with == or !=');
    }
    if (operand.kind === 'field') {
      const bound = wanted.value as string | number;
      return matchAny(this.field(operand, [wanted]), { kind: 'order', operator, bound }, node.span);
    }
    if (isCondition(operand)) {
      this.condition(operand);
      return this.problems.report('eql-type', operand.span, 'A condition has no order.', 'compare it with == or !=');
    }
    return compare(operator, this.value(operand), literal(wanted.value, node.span), node.span);
  }

  /** The operand equals one of some constants, none of them null. */
  private equalsAny(
    operand: EqlExpression,
    wanted: readonly Constant[],
    fold: 'none' | 'ascii',
    span: Span,
  ): Predicate {
    if (wanted.length === 0) return constant(false, span);
    if (operand.kind === 'field') {
      const anyOf = wanted.map((each) => each.value);
      return matchAny(this.field(operand, wanted), { kind: 'equals', anyOf, fold }, span);
    }
    if (isCondition(operand)) return this.conditionEquals(operand, wanted, span);
    const value = this.value(operand);
    return or(
      wanted.map((each) => compare('==', value, literal(each.value, span), span)),
      span,
    );
  }

  private conditionEquals(operand: EqlExpression, wanted: readonly Constant[], span: Span): Predicate {
    if (wanted.some((each) => each.type !== 'boolean')) {
      this.condition(operand);
      return this.problems.report(
        'eql-type',
        span,
        'A condition is only true or false.',
        'compare it with true or false',
      );
    }
    const truth = this.truth(operand);
    const options = wanted.map((each) => (each.value === true ? truth.isTrue : truth.isFalse));
    return or(options, span);
  }

  /** `!=`: of a field the negation, of a condition only where it is known. */
  private negate(operand: EqlExpression, equals: Predicate, span: Span): Predicate {
    if (!isCondition(operand) || operand.kind === 'field') return not(equals, span);
    return and([not(equals, span), not(this.truth(operand).isNull, span)], span);
  }

  private isNull(operand: EqlExpression): Predicate {
    if (operand.kind === 'field') return not(exists(this.field(operand), operand.span), operand.span);
    if (isCondition(operand)) return this.truth(operand).isNull;
    const value = this.value(operand);
    // A comparison of null is false, so only null does not equal itself.
    return not(compare('==', value, value, operand.span), operand.span);
  }

  private truth(operand: EqlExpression): Truth {
    const known = this.truths.get(operand) ?? this.newTruth(operand);
    this.truths.set(operand, known);
    return known;
  }

  private newTruth(operand: EqlExpression): Truth {
    const truth = truthOf(operand, {
      fold: (node) => this.constants.fold(node),
      condition: (node) => this.condition(node),
      isNull: (node) => this.isNull(node),
    });
    if (truth.size <= MAX_TRUTH_SIZE) return truth;
    const failed = this.problems.report(
      'eql-too-deep',
      operand.span,
      'This condition is nested too deeply to be compared.',
    );
    return { isTrue: failed, isFalse: failed, isNull: failed, size: 1 };
  }

  private membership(node: EqlIn): Predicate {
    if (hasCalls(node)) return this.problems.calls(node);
    const wanted: Constant[] = [];
    for (const item of node.items) {
      const folded = this.constants.fold(item);
      if (folded === undefined) this.problems.fieldComparison(item.span, node.insensitive ? 'in~' : 'in');
      else if (folded.type !== 'null') wanted.push(folded);
      if (folded !== undefined) this.problems.wildcardInEquals(folded, item);
    }
    const found = this.equalsAny(node.operand, wanted, node.insensitive ? 'ascii' : 'none', node.span);
    return node.negated ? this.negate(node.operand, found, node.span) : found;
  }

  private match(node: EqlMatch): Predicate {
    if (hasCalls(node)) return this.problems.calls(node);
    if (!this.checkPatterns(node)) return constant(false, node.span);
    if (node.operand.kind === 'field') {
      const field = this.field(node.operand, node.patterns);
      return or(
        patternTests(node).map((test) => matchAny(field, test, node.span)),
        node.span,
      );
    }
    const wanted = node.patterns.filter((pattern) => pattern.type !== 'null');
    if (node.operator === ':' && wanted.every((pattern) => pattern.type !== 'string')) {
      return this.equalsAny(node.operand, wanted, 'ascii', node.span);
    }
    this.value(node.operand);
    return this.problems.report(
      'eql-type',
      node.operand.span,
      `“${node.operator}” matches texts, but this is none.`,
      'compare it with ==',
    );
  }

  private checkPatterns(node: EqlMatch): boolean {
    let regexErrors = 0;
    for (const pattern of node.patterns) {
      if (pattern.type === 'null') {
        const hint = 'write == null to test that a field is missing';
        this.problems.warn('eql-null-comparison', pattern.span, `“${node.operator} null” never holds.`, hint);
      }
      const error = regexErrors < MAX_REGEX_ERRORS ? regexError(node, pattern) : undefined;
      if (error === undefined) continue;
      regexErrors += 1;
      const place = offsetInLiteral(pattern.span, String(pattern.value), error.offset);
      this.problems.report('eql-regex', place, `The regular expression is wrong: ${error.message}.`);
    }
    return regexErrors === 0;
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private value(node: EqlExpression): Value {
    const known = this.constants.fold(node);
    if (known !== undefined) {
      if (known.type === 'string' || known.type === 'boolean') this.needsNumber(node);
      return literal(numberLiteral(known), node.span);
    }
    switch (node.kind) {
      case 'field': {
        const field = this.field(node);
        if (!['long', 'double', 'date', 'unknown'].includes(field.type)) this.needsNumber(node, field.type);
        return fieldValue(field, node.span);
      }
      case 'unary': {
        const operand = this.value(node.operand);
        return node.operator === '-' ? call('negate', [operand], node.span) : operand;
      }
      case 'arithmetic':
        return call(arithmeticFunction(node.operator), [this.value(node.left), this.value(node.right)], node.span);
      case 'call':
        this.problems.calls(node);
        return literal(null, node.span);
      default:
        this.condition(node);
        this.needsNumber(node);
        return literal(null, node.span);
    }
  }

  private needsNumber(node: EqlExpression, type?: FieldType): void {
    const what = type === undefined || node.kind !== 'field' ? 'this is none' : `${node.name} is of type ${type}`;
    this.problems.report('eql-type', node.span, `A number is needed here, but ${what}.`);
  }

  /** The field with its type; where that is unknown, an integer beyond 2^53 beside it says that it is a number. */
  protected field(
    node: EqlField,
    beside: readonly { readonly type: string; readonly value: LiteralValue }[] = [],
  ): FieldRef {
    const type = this.fieldType(node.name) ?? 'unknown';
    const exact = beside.length > 0 && beside.every((each) => each.type === 'number' && typeof each.value === 'string');
    return { name: node.name, type: type === 'unknown' && exact ? 'long' : type };
  }

  // --- Problems -------------------------------------------------------------------------------------------------------

  private checkConstant(node: EqlExpression, known: Constant): void {
    if (hasCalls(node)) this.problems.calls(node);
    if (known.type === 'string' || known.type === 'number') {
      const what = known.type === 'string' ? 'a text' : 'a number';
      this.problems.report(
        'eql-type',
        node.span,
        `A condition is needed here, but this is ${what}.`,
        'compare a field with it',
      );
    }
    if (node.kind === 'match') this.checkPatterns(node);
    else if (known.type === 'null' && node.kind !== 'literal') {
      const message = 'This never holds, because it compares with null.';
      this.problems.warn(
        'eql-null-comparison',
        node.span,
        message,
        'write == null or != null to test whether a field is there',
      );
    }
  }
}

/** Where a character of a string stands in the query; the whole literal where escapes make that unclear. */
function offsetInLiteral(literalSpan: Span, value: string, offset: number): Span {
  const quotes = (literalSpan.end - literalSpan.start - value.length) / 2;
  if (quotes !== 1 && quotes !== 3) return literalSpan;
  const start = literalSpan.start + quotes + offset;
  return spanOf(start, Math.min(start + 1, literalSpan.end));
}
