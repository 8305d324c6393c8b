/**
 * Expressions of the syntax tree into the plan.
 *
 *   expression ──term──▶ constant · fields · condition · value ──condition──▶ true where, false where
 *
 * Source of the semantics: Microsoft's documentation of the operators, and recorded answers of the engine: a missing
 * text is ""; of other types `null == 5` is false and `null != 5` true, `null < 5` is null, `null == null` is null;
 * `in` follows `==`. Operands of one type group are all that is compared; the binder refuses most else.
 *
 * Every problem is reported where it stands, and lowering goes on, so that all of them are seen at once.
 */
import type { Span } from '../../diagnostic/span.ts';
import { compareLiterals } from '../../plan/predicate/evaluate.ts';
import { callFunction } from '../../plan/predicate/functions.ts';
import { call, choose, compare, literal, matchAny, type Predicate, type Value } from '../../plan/predicate/node.ts';
import { checkRe2 } from '../../plan/re2-regex.ts';
import type {
  ComparisonOperator,
  KustoArithmetic,
  KustoBetween,
  KustoExpression,
  KustoMembership,
  KustoTextMatch,
  KustoType,
} from './ast.ts';
import { FUNCTIONS_BY_NAME, supportedFunctions } from './functions.ts';
import { isPlainTime, literalValue } from './literal.ts';
import type { Problems } from './problems.ts';
import { FAILED, groupOf, hasValue, isNull, literalOf, type Term, toValue } from './term.ts';
import { matchText } from './text-test.ts';
import {
  allOf,
  always,
  anyOf,
  type Condition,
  conjunction,
  disjunction,
  negate,
  negation,
  sameTruth,
  twoValued,
  unknown,
} from './truth.ts';

/** What names mean where an expression stands. */
export interface Scope {
  /** @param place of the name in the query */
  column(name: string, place?: Span): Term | undefined;
  variable(name: string): Term | undefined;
}

/** Nodes of one condition, written out; Sentinel's largest has some hundred. */
const MAX_SIZE = 50_000;

type Constant = Extract<Term, { kind: 'constant' }>;

export class ExpressionLowerer {
  readonly problems: Problems;
  /** Ticks since 1970 that `now()` gives; without them the time of the event is now. */
  private readonly now: bigint | undefined;

  constructor(problems: Problems, now: bigint | undefined) {
    this.problems = problems;
    this.now = now;
  }

  /** Where the expression is true, false, and neither. */
  condition(node: KustoExpression, scope: Scope): Condition {
    return this.conditionOf(this.term(node, scope), node.span);
  }

  conditionOf(term: Term, span: Span): Condition {
    const condition = this.truthOf(term, span);
    if (condition.size <= MAX_SIZE) return condition;
    this.problems.report('kusto-too-deep', span, 'This condition becomes too large when its parts are put together.');
    return always(false, span);
  }

  private truthOf(term: Term, span: Span): Condition {
    switch (term.kind) {
      case 'condition':
        return term.condition;
      case 'constant':
        if (term.type !== 'bool') break;
        return term.value === null ? unknown(span) : always(term.value === true, span);
      case 'fields':
        if (term.type !== 'bool') break;
        return { isTrue: this.anyField(term, [true], span), isFalse: this.anyField(term, [false], span), size: 2 };
      case 'value': {
        if (term.type !== 'bool') break;
        const is = (wanted: boolean) => compare('==', term.value, literal(wanted, span), span);
        return { isTrue: is(true), isFalse: is(false), size: term.size };
      }
      case 'failed':
        return always(false, span);
      default:
        break;
    }
    this.problems.report('kusto-type', span, `A condition is needed here, but this is of type ${term.type}.`);
    return always(false, span);
  }

  term(node: KustoExpression, scope: Scope): Term {
    const { span } = node;
    switch (node.kind) {
      case 'literal': {
        const value = literalValue(node);
        if (value !== undefined) return { kind: 'constant', type: node.type, value };
        return this.problems.failed(
          'kusto-literal',
          span,
          `The ${node.type} “${node.text}” cannot be read.`,
          LITERAL_HINTS[node.type],
        );
      }
      case 'array':
        return { kind: 'array', type: 'dynamic', items: node.items.map((item) => this.term(item, scope)) };
      case 'column':
        // A column of a table that is not known: the table is what is wrong.
        if (node.type === 'unknown') return FAILED;
        return this.known(scope.column(node.name, span), `The column “${node.name}”`, span);
      case 'variable':
        return this.known(scope.variable(node.name), `“${node.name}”`, span);
      case 'call':
        return this.call(node, scope);
      case 'path':
        return this.part(node, scope);
      case 'unary': {
        const operand = this.term(node.operand, scope);
        if (node.operator === '+') return operand;
        if (operand.kind === 'constant' && typeof operand.value === 'bigint')
          return { ...operand, value: -operand.value };
        return this.computed('negate', [operand], node.type, span);
      }
      case 'arithmetic':
        return this.arithmetic(node, scope);
      case 'comparison':
        return conditionTerm(
          this.comparison(node.operator, this.term(node.left, scope), this.term(node.right, scope), span),
        );
      case 'text-match':
        return conditionTerm(this.textMatch(node, scope));
      case 'membership':
        return conditionTerm(this.membership(node, scope));
      case 'between':
        return conditionTerm(this.between(node, scope));
      case 'logical': {
        const operands = node.operands.map((operand) => this.condition(operand, scope));
        return conditionTerm(node.operator === 'and' ? conjunction(operands, span) : disjunction(operands, span));
      }
      case 'unsupported':
        return this.problems.failed('kusto-unsupported', span, `${node.what} is not supported yet.`);
      case 'broken':
        return FAILED;
    }
  }

  private known(term: Term | undefined, what: string, span: Span): Term {
    return term ?? this.problems.failed('kusto-unsupported', span, `${what} cannot be used here.`);
  }

  // --- Calls and arithmetic -----------------------------------------------------------------------------------------------

  private call(node: Extract<KustoExpression, { kind: 'call' }>, scope: Scope): Term {
    const lower = Object.hasOwn(FUNCTIONS_BY_NAME, node.name) ? FUNCTIONS_BY_NAME[node.name] : undefined;
    const args = node.args.map((arg) => this.term(arg, scope));
    if (lower === undefined) {
      const hint = `Supported are ${supportedFunctions().join(', ')}.`;
      return this.problems.failed(
        'kusto-function-unsupported',
        node.nameSpan,
        `The function “${node.name}” is not supported yet.`,
        hint,
      );
    }
    if (args.some((arg) => arg.kind === 'failed')) return FAILED;
    const made = lower(args, {
      lowerer: this,
      span: node.span,
      type: node.type,
      spans: node.args.map(({ span }) => span),
    });
    return (
      made ??
      this.problems.failed(
        'kusto-function-unsupported',
        node.span,
        `The function “${node.name}” is not supported with these arguments.`,
      )
    );
  }

  private part({ operand, name, what, span }: Extract<KustoExpression, { kind: 'path' }>, scope: Scope): Term {
    const whole = operand.kind === 'column' ? scope.column(operand.name, operand.span) : this.term(operand, scope);
    if (whole?.kind === 'failed') return FAILED;
    const fields = whole?.kind === 'parts' ? whole.parts.get(name) : undefined;
    if (fields === undefined) return this.problems.failed('kusto-unsupported', span, `${what} is not supported yet.`);
    return { kind: 'fields', type: 'dynamic', fields: fields.map((field) => ({ name: field, type: 'keyword' })) };
  }

  /** `now()` moved by so many ticks. */
  moment(ticks: bigint): Term {
    if (this.now === undefined) return { kind: 'moment', type: 'datetime', ticks };
    return { kind: 'constant', type: 'datetime', value: this.now + ticks };
  }

  private arithmetic(node: KustoArithmetic, scope: Scope): Term {
    const [left, right] = [this.term(node.left, scope), this.term(node.right, scope)];
    const { operator, type, span } = node;
    if (left.kind === 'failed' || right.kind === 'failed') return FAILED;
    if (groupOf(left) === 'number' && groupOf(right) === 'number') {
      const name = operator === '/' && type === 'real' ? 'divide-real' : ARITHMETIC[operator];
      const result = this.computed(name, [left, right], type, span);
      const canOverflow = (type === 'long' || type === 'int') && operator !== '/' && operator !== '%';
      return canOverflow ? this.computed('wrap', [result], type, span) : result;
    }
    return (
      timeArithmetic(operator, left, right) ??
      this.problems.failed(
        'kusto-unsupported',
        span,
        `“${operator}” of ${left.type} and ${right.type} is not supported yet, except of constants.`,
      )
    );
  }

  /** A function of the plan over terms; computed at once when all are constants. */
  computed(name: Extract<Value, { kind: 'call' }>['name'], args: readonly Term[], type: KustoType, span: Span): Term {
    const values = args.map((arg) => toValue(arg, span));
    if (!values.every((value) => value !== undefined)) return FAILED;
    if (args.every((arg) => arg.kind === 'constant')) {
      const value = callFunction(
        name,
        (args as readonly Constant[]).map((arg) => literalOf(arg.value, arg.type)),
      );
      if (value !== null || type !== 'string') {
        // A number that JSON has no word for (1.0/0) stays a call.
        if (typeof value !== 'number' || Number.isFinite(value)) return { kind: 'constant', type, value };
      }
    }
    const size = values.reduce((sum, value) => sum + value.size, 1);
    if (size > MAX_SIZE)
      return this.problems.failed(
        'kusto-too-deep',
        span,
        'This value becomes too large when its parts are put together.',
      );
    const made = call(
      name,
      values.map(({ value }) => value),
      span,
    );
    // A text that would be too long is "", since texts are never null.
    const value = type === 'string' ? call('coalesce', [made, literal('', span)], span) : made;
    return { kind: 'value', type, value, size: size + 2 };
  }

  /** `condition ? then : otherwise`; null counts as false. */
  choice(condition: Condition, then: Term, otherwise: Term, type: KustoType, span: Span): Term | undefined {
    const [a, b] = [toValue(then, span), toValue(otherwise, span)];
    if (a === undefined || b === undefined) return undefined;
    const size = condition.size + a.size + b.size;
    if (size > MAX_SIZE)
      return this.problems.failed(
        'kusto-too-deep',
        span,
        'This value becomes too large when its parts are put together.',
      );
    return { kind: 'value', type, value: choose(condition.isTrue, a.value, b.value, span), size };
  }

  // --- Conditions ---------------------------------------------------------------------------------------------------------

  private comparison(operator: ComparisonOperator, left: Term, right: Term, span: Span): Condition {
    if (left.kind === 'failed' || right.kind === 'failed') return always(false, span);
    // Constants stand on the right from here on.
    const turned = isFixed(left) && !isFixed(right);
    const [a, b, sign] = turned ? [right, left, TURNED[operator]] : [left, right, operator];
    if (sign === '==') return this.equality(a, b, span);
    if (sign === '!=') return negate(this.equality(a, b, span));
    return this.order(sign, a, b, span);
  }

  equality(left: Term, right: Term, span: Span): Condition {
    const group = groupOf(left);
    if (group !== groupOf(right) || group === 'other') return this.incomparable(left, right, span);
    if (group === 'bool') return sameTruth(this.truthOf(left, span), this.truthOf(right, span), span);
    if (left.kind === 'moment' || right.kind === 'moment')
      return this.beside(left, right, (order) => order === 0n, span);
    if (right.kind === 'constant' && right.value === null) {
      return { ...always(false, span), isFalse: negation(isNull(left, span), span) };
    }
    if (right.kind === 'constant') return this.equalsAny(left, [right], true, span);
    const same = this.compared('==', left, right, span);
    const bothNull = allOf([isNull(left, span), isNull(right, span)], span);
    return {
      isTrue: same.isTrue,
      isFalse: allOf([negation(same.isTrue, span), negation(bothNull, span)], span),
      size: 3 * same.size,
    };
  }

  /** The term equals one of some constants of its type group; never null, since none of them is. */
  private equalsAny(term: Term, wanted: readonly Constant[], caseSensitive: boolean, span: Span): Condition {
    const constants = wanted.filter(({ value }) => value !== null);
    if (constants.length === 0) return always(false, span);
    if (groupOf(term) === 'text') {
      const texts = constants.map(({ value }) => String(value));
      return (
        matchText(term, 'equals', texts, caseSensitive, span) ?? this.incomparable(term, constants[0] as Term, span)
      );
    }
    if (term.kind === 'fields') {
      const anyOf = constants.flatMap((constant) => this.bound(constant, span) ?? []);
      return twoValued(this.anyField(term, anyOf, span), span, term.fields.length);
    }
    const each = constants.map((constant) => this.compared('==', term, constant, span));
    return twoValued(
      anyOf(
        each.map(({ isTrue }) => isTrue),
        span,
      ),
      span,
      each.reduce((sum, { size }) => sum + size, 1),
    );
  }

  private anyField(
    term: Extract<Term, { kind: 'fields' }>,
    wanted: readonly (string | number | boolean)[],
    span: Span,
  ): Predicate {
    return anyOf(
      term.fields.map((field) => matchAny(field, { kind: 'equals', anyOf: wanted, fold: 'none' }, span)),
      span,
    );
  }

  private order(operator: '<' | '<=' | '>' | '>=', left: Term, right: Term, span: Span): Condition {
    const group = groupOf(left);
    if (group !== groupOf(right) || !ORDERED.has(group)) return this.incomparable(left, right, span);
    if (left.kind === 'moment' || right.kind === 'moment') {
      return this.beside(left, right, (order) => ORDERS[operator](order), span);
    }
    if (left.kind === 'fields' && right.kind === 'constant') {
      if (right.value === null) return unknown(span);
      const bound = this.bound(right, span);
      if (bound === undefined) return always(false, span);
      const isTrue = anyOf(
        left.fields.map((field) => matchAny(field, { kind: 'order', operator, bound }, span)),
        span,
      );
      return {
        isTrue,
        isFalse: allOf([hasValue(left, span), negation(isTrue, span)], span),
        size: 2 * left.fields.length,
      };
    }
    const [isTrue, isFalse] = [
      this.compared(operator, left, right, span),
      this.compared(NEGATED[operator], left, right, span),
    ];
    return { isTrue: isTrue.isTrue, isFalse: isFalse.isTrue, size: isTrue.size };
  }

  /** A comparison of computed values, false where one is null; at once when both are constants. */
  private compared(operator: ComparisonOperator, left: Term, right: Term, span: Span): Condition {
    if (left.kind === 'constant' && right.kind === 'constant') {
      if (typeof left.value === 'bigint' && typeof right.value === 'bigint') {
        return always(ORDERS[operator](left.value - right.value), span);
      }
      return always(
        compareLiterals(operator, literalOf(left.value, left.type), literalOf(right.value, right.type)) ?? false,
        span,
      );
    }
    const [a, b] = [toValue(left, span), toValue(right, span)];
    if (a === undefined || b === undefined) return this.incomparable(left, right, span);
    if (groupOf(left) === 'datetime') {
      this.problems.report('kusto-unsupported', span, 'A time can only be compared with a constant yet.');
      return always(false, span);
    }
    return twoValued(compare(operator, a.value, b.value, span), span, a.size + b.size + 1);
  }

  /** A time beside `now()`, which is the time of the event. */
  private beside(left: Term, right: Term, holds: (order: bigint) => boolean, span: Span): Condition {
    const [a, b] = [ticksFromNow(left), ticksFromNow(right)];
    if (a === undefined || b === undefined) {
      this.problems.report('kusto-unsupported', span, '“now” and “ago” are only supported beside TimeGenerated.');
      return always(false, span);
    }
    this.problems.note(
      'kusto-run-window',
      span,
      'The time that this looks back is the rule’s window: an event is read when it comes, so it counts as now.',
    );
    return always(holds(a - b), span);
  }

  private textMatch(node: KustoTextMatch, scope: Scope): Condition {
    const [left, right] = [this.term(node.left, scope), this.term(node.right, scope)];
    const { relation, caseSensitive, span } = node;
    if (left.kind === 'failed' || right.kind === 'failed') return always(false, span);
    const found =
      right.kind === 'constant' && right.type === 'string'
        ? this.textAgainst(left, node, String(right.value))
        : this.textsBeside(left, right, relation, caseSensitive, span);
    return node.negated ? negate(found) : found;
  }

  private textAgainst(left: Term, node: KustoTextMatch, text: string): Condition {
    const { relation, caseSensitive, span } = node;
    const fault = relation === 'regex' ? checkRe2(text) : undefined;
    if (fault !== undefined) {
      this.problems.report('kusto-regex', node.right.span, `The regular expression is wrong: ${fault.message}.`);
      return always(false, span);
    }
    const found = matchText(left, relation, [text], caseSensitive, span);
    return found ?? this.noText(node.operator, left, span);
  }

  /** Two texts neither of which is a constant on the right. */
  private textsBeside(
    left: Term,
    right: Term,
    relation: KustoTextMatch['relation'],
    caseSensitive: boolean,
    span: Span,
  ): Condition {
    const folded = (term: Term) => (caseSensitive ? term : this.computed('lower', [term], 'string', span));
    if (left.type !== 'string' || right.type !== 'string' || !BESIDE.has(relation)) {
      this.problems.report('kusto-unsupported', span, 'The right side must be a constant text here.');
      return always(false, span);
    }
    const [a, b] = [folded(left), folded(right)];
    if (relation === 'equals') return this.compared('==', a, b, span);
    if (relation === 'endswith') {
      const exact: Term = { kind: 'constant', type: 'bool', value: false };
      return this.conditionOf(this.computed('ends-with', [a, b, exact], 'bool', span), span);
    }
    const at = this.computed('index-of', [a, b], 'long', span);
    const zero: Term = { kind: 'constant', type: 'long', value: 0 };
    return this.compared(relation === 'contains' ? '>=' : '==', at, zero, span);
  }

  private membership(node: KustoMembership, scope: Scope): Condition {
    const { relation, caseSensitive, span } = node;
    const operand = this.term(node.operand, scope);
    const items = node.items.flatMap((item) => {
      const term = this.term(item, scope);
      return term.kind === 'array' ? term.items : [term];
    });
    if (operand.kind === 'failed' || items.some((item) => item.kind === 'failed')) return always(false, span);
    const found =
      relation === 'in'
        ? this.isIn(operand, items, caseSensitive, span)
        : this.hasTerms(operand, items, relation, span);
    return node.negated ? negate(found) : found;
  }

  private isIn(operand: Term, items: readonly Term[], caseSensitive: boolean, span: Span): Condition {
    const [constants, others] = [items.filter(isConstant), items.filter((item) => !isConstant(item))];
    const stranger = constants.find((item) => groupOf(item) !== groupOf(operand));
    if (stranger !== undefined) return this.incomparable(operand, stranger, span);
    const parts = others.map((item) => this.equality(operand, item, span));
    if (groupOf(operand) === 'bool') parts.push(...constants.map((item) => this.equality(operand, item, span)));
    else parts.push(this.equalsAny(operand, constants, caseSensitive, span));
    return twoValued(
      anyOf(
        parts.map(({ isTrue }) => isTrue),
        span,
      ),
      span,
      parts.reduce((sum, { size }) => sum + size, 1),
    );
  }

  private hasTerms(operand: Term, items: readonly Term[], relation: 'has_any' | 'has_all', span: Span): Condition {
    const texts = items.filter(isConstant).filter(({ type }) => type === 'string');
    if (texts.length < items.length) {
      this.problems.report('kusto-unsupported', span, `“${relation}” is only supported with constant texts.`);
      return always(false, span);
    }
    const terms = texts.map(({ value }) => String(value));
    if (relation === 'has_any') {
      if (terms.length === 0) return always(false, span);
      return matchText(operand, 'has', terms, false, span) ?? this.noText(relation, operand, span);
    }
    const parts = terms.map(
      (term) => matchText(operand, 'has', [term], false, span) ?? this.noText(relation, operand, span),
    );
    return conjunction(parts, span);
  }

  private between(node: KustoBetween, scope: Scope): Condition {
    const { span } = node;
    const [operand, low, high] = [
      this.term(node.operand, scope),
      this.term(node.low, scope),
      this.term(node.high, scope),
    ];
    // `between (datetime .. timespan)`: the end lies so far after the start.
    const end =
      groupOf(low) === 'datetime' && groupOf(high) === 'timespan' ? (timeArithmetic('+', low, high) ?? high) : high;
    const inside = conjunction(
      [this.comparison('>=', operand, low, span), this.comparison('<=', operand, end, span)],
      span,
    );
    return node.negated ? negate(inside) : inside;
  }

  // --- Problems -----------------------------------------------------------------------------------------------------------

  /** A constant as a test's bound. */
  private bound(constant: Constant, span: Span): string | number | undefined {
    const { value, type } = constant;
    if (typeof value === 'bigint' && type === 'datetime' && !isPlainTime(value)) {
      this.problems.report('kusto-literal', span, 'The time lies outside the years 1 to 9999.');
      return undefined;
    }
    const bound = literalOf(value, type);
    return typeof bound === 'boolean' || bound === null ? undefined : bound;
  }

  private incomparable(left: Term, right: Term, span: Span): Condition {
    if (left.kind !== 'failed' && right.kind !== 'failed') {
      const message = `Comparing ${left.type} with ${right.type} is not supported here.`;
      this.problems.report('kusto-type', span, message, 'Convert one side, for example by tostring() or tolong().');
    }
    return always(false, span);
  }

  private noText(operator: string, term: Term, span: Span): Condition {
    const message = `“${operator}” asks a text, but this is of type ${term.type}.`;
    this.problems.report('kusto-type', span, message, 'Convert it by tostring().');
    return always(false, span);
  }
}

const ARITHMETIC = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo-euclid' } as const;
const TURNED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const NEGATED = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const ORDERED: ReadonlySet<string> = new Set(['number', 'datetime', 'timespan']);
/** What two computed texts can be asked. */
const BESIDE: ReadonlySet<string> = new Set(['equals', 'contains', 'startswith', 'endswith']);

const ORDERS: Readonly<Record<ComparisonOperator, (order: bigint) => boolean>> = {
  '==': (order) => order === 0n,
  '!=': (order) => order !== 0n,
  '<': (order) => order < 0n,
  '<=': (order) => order <= 0n,
  '>': (order) => order > 0n,
  '>=': (order) => order >= 0n,
};

const LITERAL_HINTS: Readonly<Partial<Record<KustoType, string>>> = {
  datetime: 'Write datetime(2024-01-31) or datetime(2024-01-31T10:00:00Z).',
  timespan: 'Write 5m, 1.5h, 1d or timespan(1.02:03:04).',
};

function conditionTerm(condition: Condition): Term {
  return { kind: 'condition', type: 'bool', condition };
}

function isConstant(term: Term): term is Constant {
  return term.kind === 'constant';
}

function isFixed(term: Term): boolean {
  return term.kind === 'constant' || term.kind === 'moment';
}

/** Ticks after now: of `now()` itself, and of the event's own time, which is now. */
function ticksFromNow(term: Term): bigint | undefined {
  if (term.kind === 'moment') return term.ticks;
  return term.kind === 'fields' && term.fields.every(({ name }) => name === '@timestamp') ? 0n : undefined;
}

/** Sums and differences of constant times and spans. */
function timeArithmetic(operator: KustoArithmetic['operator'], left: Term, right: Term): Term | undefined {
  const [a, b] = [ticksOf(left), ticksOf(right)];
  if (a === undefined || b === undefined || (operator !== '+' && operator !== '-')) return undefined;
  const ticks = operator === '+' ? a + b : a - b;
  const [first, second] = [groupOf(left), groupOf(right)];
  const bothTimes = first === 'datetime' && second === 'datetime';
  if (bothTimes && (operator === '+' || left.kind !== right.kind)) return undefined;
  if (first === 'timespan' && second === 'datetime' && operator === '-') return undefined;
  if (bothTimes || (first === 'timespan' && second === 'timespan'))
    return { kind: 'constant', type: 'timespan', value: ticks };
  if (left.kind === 'moment' || right.kind === 'moment') return { kind: 'moment', type: 'datetime', ticks };
  return { kind: 'constant', type: 'datetime', value: ticks };
}

function ticksOf(term: Term): bigint | undefined {
  if (term.kind === 'moment') return term.ticks;
  return term.kind === 'constant' && typeof term.value === 'bigint' ? term.value : undefined;
}
