/**
 * What a condition of EQL means for one document, with missing values and arrays made explicit: expression → predicate.
 *
 * A condition is true or false of a document, never unknown, as Elasticsearch runs it: `==`, `in`, `:` and the like hold
 * when some value of the field passes, so they are false on a missing field; `!=`, `not in` and `not` negate that whole
 * statement, so they are true there. `== null` and `!= null` test existence. Computed values (functions, arithmetic) are
 * null when a field they need is missing; comparing null, also by `!=`, is false, but for arithmetic that Elasticsearch
 * solves for its field (`solve.ts`). A condition compared with true or
 * false is itself or its negation; compared with null it keeps its third value; see `truth.ts`.
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
  literal,
  matchAny,
  matchValue,
  not,
  or,
  type Predicate,
  type Test,
} from '../../plan/predicate/node.ts';
import type { FieldSchema } from '../field-schema.ts';
import type { ComparisonOperator, EqlCall, EqlComparison, EqlExpression, EqlField, EqlIn, EqlMatch } from './ast.ts';
import { type Constant, constantType } from './constants.ts';
import { FieldTests } from './field-tests.ts';
import type { EqlFunction } from './functions.ts';
import { ValueLowering } from './lower-value.ts';
import { functionTest, patternTests, regexError } from './patterns.ts';
import { isSolvedForField } from './solve.ts';
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
export class ConditionLowering extends ValueLowering {
  /** A condition used as an operand is needed several times; without this, nesting would cost exponential time. */
  private readonly truths = new Map<EqlExpression, Truth>();
  private readonly fieldTests: FieldTests;

  /** @param now the moment that `now` in a date means, epoch milliseconds */
  constructor(schema: FieldSchema, now: number) {
    super(schema);
    this.fieldTests = new FieldTests(this.problems, now);
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
        return this.callCondition(node);
      default: {
        this.value(node);
        const hint = 'compare it: … > 0';
        return this.problems.report('eql-type', node.span, 'A condition is needed here, but this is a number.', hint);
      }
    }
  }

  private booleanField(node: EqlField): Predicate {
    const field = this.field(node, [{ type: 'boolean', value: true }]);
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

  // --- Functions ------------------------------------------------------------------------------------------------------

  private callCondition(node: EqlCall): Predicate {
    const known = this.checkedFunction(node);
    if (known === undefined) return constant(false, node.span);
    if (known.returns !== 'boolean') {
      const message = `A condition is needed here, but ${known.name} gives a ${known.returns}.`;
      return this.problems.report('eql-type', node.span, message, 'compare it: … == …, or … != null');
    }
    return this.fieldCall(known, node) ?? compare('==', this.value(node), literal(true, node.span), node.span);
  }

  /** Of a field and constants a test of the field, which can be looked up; `undefined` for anything else. */
  private fieldCall(known: EqlFunction, { args, insensitive, span }: EqlCall): Predicate | undefined {
    const [field, ...others] = args;
    const constants = others.map((arg) => this.constants.fold(arg));
    if (field?.kind !== 'field' || !constants.every((each) => each?.type === 'string')) return undefined;
    const texts = constants.map((each) => String(each?.value));
    return matchAny(this.field(field), functionTest(known.name, texts, insensitive), span);
  }

  // --- Comparisons ----------------------------------------------------------------------------------------------------

  private comparison(node: EqlComparison): Predicate {
    const [left, right] = [this.constants.fold(node.left), this.constants.fold(node.right)];
    if (left === undefined && right === undefined) {
      return this.problems.fieldComparison(node.right.span, node.operator);
    }
    return right !== undefined
      ? this.compareWith(node, node.left, node.operator, right, node.right)
      : this.compareWith(node, node.right, MIRRORED[node.operator], left as Constant, node.left);
  }

  private compareWith(
    node: EqlComparison,
    operand: EqlExpression,
    operator: ComparisonOperator,
    wanted: Constant,
    wantedNode: EqlExpression,
  ): Predicate {
    if (wanted.type === 'null') {
      const isNull = this.isNull(operand);
      return operator === '==' ? isNull : not(isNull, node.span);
    }
    const equality = operator === '==' || operator === '!=';
    if (equality) this.problems.wildcardInEquals(wanted, wantedNode);
    if (equality && wanted.type === 'boolean' && this.typeOf(operand) === 'boolean' && operand.kind !== 'field') {
      const holds = this.condition(operand);
      return (wanted.value === true) === (operator === '==') ? holds : not(holds, node.span);
    }
    if (operand.kind === 'field') {
      const field = this.field(operand, [wanted]);
      if (operator === '==' || operator === '!=') {
        const equals = this.fieldTests.equals(field, [{ constant: wanted, node: wantedNode }], 'none', node.span);
        return operator === '==' ? equals : not(equals, node.span);
      }
      return this.fieldTests.order(field, operator, { constant: wanted, node: wantedNode }, node.span);
    }
    if (this.typeOf(operand) === 'boolean') {
      this.condition(operand);
      return equality
        ? this.problems.report(
            'eql-type',
            node.span,
            'A condition is only true or false.',
            'compare it with true or false',
          )
        : this.problems.report('eql-type', operand.span, 'A condition has no order.', 'compare it with == or !=');
    }
    if (wanted.type === 'boolean' && !equality) return this.fieldTests.noOrder(node.span);
    if (!this.isComparable(operand, wanted, wantedNode)) {
      this.value(operand);
      return constant(false, node.span);
    }
    const computed = this.value(operand);
    const against = literal(wanted.value, node.span);
    if (operator === '!=' && this.isSolved(operand, wanted)) {
      return not(compare('==', computed, against, node.span), node.span);
    }
    return compare(operator, computed, against, node.span);
  }

  private isSolved(operand: EqlExpression, wanted: Constant): boolean {
    return isSolvedForField(operand, wanted, {
      fold: (node) => this.constants.fold(node),
      isFloating: (field) => this.field(field).type === 'double',
    });
  }

  /** Of a computed value and a constant: a text and a number are neither equal nor unequal, which is worth a warning. */
  private isComparable(operand: EqlExpression, wanted: Constant, wantedNode: EqlExpression): boolean {
    const [given, type] = [this.typeOf(operand), constantType(wanted)];
    if (given === type || given === 'unknown') return true;
    this.problems.neverComparable(wantedNode.span, given, type);
    return false;
  }

  private isNull(operand: EqlExpression): Predicate {
    if (operand.kind === 'field') return not(exists(this.field(operand), operand.span), operand.span);
    if (isCondition(operand)) return this.truth(operand).isNull;
    const isNull = call('is-null', [this.value(operand)], operand.span);
    return compare('==', isNull, literal(true, operand.span), operand.span);
  }

  protected truth(operand: EqlExpression): Truth {
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

  // --- Lists and patterns ---------------------------------------------------------------------------------------------

  private membership(node: EqlIn): Predicate {
    const wanted: { readonly constant: Constant; readonly node: EqlExpression }[] = [];
    for (const item of node.items) {
      const folded = this.constants.fold(item);
      if (folded === undefined) this.problems.fieldComparison(item.span, node.insensitive ? 'in~' : 'in');
      else if (folded.type !== 'null') wanted.push({ constant: folded, node: item });
      if (folded !== undefined) this.problems.wildcardInEquals(folded, item);
    }
    const found = this.equalsAny(node.operand, wanted, node.insensitive, node.span);
    return node.negated ? not(found, node.span) : found;
  }

  /** The operand equals one of some constants, none of them null. */
  private equalsAny(
    operand: EqlExpression,
    wanted: readonly { readonly constant: Constant; readonly node: EqlExpression }[],
    insensitive: boolean,
    span: Span,
  ): Predicate {
    const constants = wanted.map((each) => each.constant);
    if (operand.kind === 'field') {
      const field = this.field(operand, constants);
      return this.fieldTests.equals(field, wanted, insensitive ? 'ascii' : 'none', span);
    }
    if (this.typeOf(operand) === 'boolean') {
      const holds = this.condition(operand);
      const options = constants.map(({ value }) => (value === true ? holds : not(holds, span)));
      if (constants.every(({ type }) => type === 'boolean')) return or(options, span);
      const hint = 'compare it with true or false';
      return this.problems.report('eql-type', span, 'A condition is only true or false.', hint);
    }
    const value = this.value(operand);
    const comparable = wanted.filter((each) => this.isComparable(operand, each.constant, each.node));
    const possible = comparable.map((each) => each.constant);
    const texts = possible.filter(({ type }) => type === 'string').map((each) => each.value);
    const options = possible
      .filter(({ type }) => type !== 'string')
      .map((each) => compare('==', value, literal(each.value, span), span));
    // Scripts fold letters of every alphabet, queries of fields A to Z only.
    const fold = insensitive ? 'unicode' : 'none';
    if (texts.length > 0) options.push(matchValue(value, { kind: 'equals', anyOf: texts, fold }, span));
    return or(options, span);
  }

  private match(node: EqlMatch): Predicate {
    if (!this.checkPatterns(node)) return constant(false, node.span);
    if (node.operand.kind === 'field') {
      const field = this.field(node.operand, node.patterns);
      this.fieldTests.checkPatterns(field, node);
      if (field.type === 'date') {
        const wanted = node.patterns.filter((pattern) => pattern.type !== 'null');
        const dates = wanted.map((pattern) => ({ constant: pattern, node: pattern }));
        return this.fieldTests.equals(field, dates, 'none', node.span);
      }
      return this.anyTest(field, patternTests(node, 'ascii'), node.span);
    }
    const wanted = node.patterns.filter((pattern) => pattern.type !== 'null');
    if (node.operator === ':' && wanted.every((pattern) => pattern.type !== 'string')) {
      const constants = wanted.map((pattern) => ({ constant: pattern, node: pattern }));
      return this.equalsAny(node.operand, constants, true, node.span);
    }
    const type = this.typeOf(node.operand);
    const value = this.value(node.operand);
    if (type === 'text') {
      const tests = patternTests(node, 'unicode');
      return or(
        tests.map((test) => matchValue(value, test, node.span)),
        node.span,
      );
    }
    return this.problems.report(
      'eql-type',
      node.operand.span,
      `“${node.operator}” matches texts, but this is none.`,
      type === 'number' ? 'compare it with ==, or make a text of it: string(…)' : 'compare it with ==',
    );
  }

  private anyTest(field: FieldRef, tests: readonly Test[], span: Span): Predicate {
    return or(
      tests.map((test) => matchAny(field, test, span)),
      span,
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

  private checkConstant(node: EqlExpression, known: Constant): void {
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
      const message = 'This never holds, because it is null.';
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
