/**
 * Expressions of a query over tables into the plan.
 *
 *   bound node ──by kind──▶ constant · column · call · query inside an expression
 *
 * Types are the binder's. What the real engine refuses although the binder lets it pass is refused here; the rules are
 * general, found in the engine's recorded refusals: arithmetic and equality of two dynamic values among them.
 */
import type { Json } from '../../../event/json.ts';
import type { ScalarType } from '../../../plan/relation/cell.ts';
import { jsonOf } from '../../../plan/relation/cell-number.ts';
import type { Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { ARITHMETIC, COMPARISONS, MEMBERSHIPS, TEXT_OPERATORS } from '../operators.ts';
import { call, column, constant, logical, nothing } from './build.ts';
import { checkPattern, lowerCall } from './calls.ts';
import { literalCell, scalarType } from './cells.ts';
import type { Lowering, Scope } from './lowering.ts';

/** Gives null of the node's type after a problem. */
export function lowerExpression(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { kind, span } = node;
  const aggregate = scope.aggregate?.(node);
  if (aggregate !== undefined) return aggregate;
  const lower = (part: string) => lowering.scalar(node.parts[part], scope);
  const comparison = COMPARISONS[kind];
  if (comparison !== undefined) return compare(lowering, comparison, lower('Left'), lower('Right'), node);
  const arithmetic = ARITHMETIC[kind];
  if (arithmetic !== undefined) return compute(lowering, arithmetic, lower('Left'), lower('Right'), node);
  const text = TEXT_OPERATORS[kind];
  if (text !== undefined && node.parts.Left?.kind === 'StarExpression')
    return anyColumn(text.operator, lower('Right'), node, scope);
  if (text !== undefined) return matchText(lowering, text.operator, lower('Left'), lower('Right'), node);
  if (MEMBERSHIPS[kind] !== undefined) return membership(lowering, node, scope);
  switch (kind) {
    case 'AndExpression':
    case 'OrExpression': {
      const operands = (node.items ?? []).map((item) => condition(lowering, item, scope));
      return logical(kind === 'AndExpression' ? 'and' : 'or', operands, span);
    }
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return between(lowering, node, scope);
    case 'UnaryMinusExpression': {
      const operand = lower('Expression');
      return negative(operand, typeOf(node) ?? operand.type, span);
    }
    case 'UnaryPlusExpression':
      return lower('Expression');
    case 'NameReference':
      return name(lowering, node, scope);
    case 'FunctionCallExpression':
      return node.isTable === true
        ? refused(lowering, node, 'A table as a value', TOSCALAR)
        : lowerCall(lowering, node, scope);
    case 'PathExpression':
      return path(lowering, node, scope);
    case 'ElementExpression': {
      const selector = node.parts.Selector;
      const index = lowering.scalar(selector?.parts.Expression ?? selector, scope);
      return call('member', [lower('Expression'), index], typeOf(node) ?? 'dynamic', span);
    }
    case 'DynamicExpression': {
      const value = json(node.parts.Expression);
      if (value !== undefined) return constant('dynamic', value, span);
      lowering.problems.report('kusto-literal', span, 'The dynamic value cannot be read.');
      return nothing('dynamic', span);
    }
    case 'ToScalarExpression':
      return scalarQuery(lowering, node, scope);
    case 'SearchExpression': {
      const found = node.parts.Right && scope.term?.(node.parts.Right, lower('Left'));
      return found ?? refused(lowering, node, '“:” outside of “search”', 'Write has.');
    }
    case 'StarExpression':
      return scope.term === undefined ? refused(lowering, node, '“*” as a value') : constant('bool', true, span);
    default:
      return literal(lowering, node, scope);
  }
}

function matchText(lowering: Lowering, operator: string, left: Scalar, right: Scalar, { span }: BoundNode): Scalar {
  if (operator === 'matches regex') checkPattern(lowering, right);
  return call(operator, [left, right], 'bool', span);
}

/** `* has "x"`: the columns that hold text, for `has` all of them as `search` asks them. */
function anyColumn(operator: string, wanted: Scalar, { span }: BoundNode, scope: Scope): Scalar {
  const asked = [...scope.columns].flatMap(([name, type]): Scalar[] => {
    if (operator === 'has') return [call('search-has', [column(name, type, span), wanted], 'bool', span)];
    return type === 'string' ? [call(operator, [column(name, type, span), wanted], 'bool', span)] : [];
  });
  return logical('or', asked, span);
}

/** An expression that must be a condition; in `search` a text alone is one. */
export function condition(lowering: Lowering, node: BoundNode | undefined, scope: Scope): Scalar {
  if (node !== undefined && scope.term !== undefined) {
    const term = scope.term(node);
    if (term !== undefined) return term;
  }
  return lowering.scalar(node, scope);
}

export function typeOf(node: BoundNode | undefined): ScalarType | undefined {
  return scalarType(node?.type);
}

const TOSCALAR = 'Write toscalar(…) for its first value.';

function refused(lowering: Lowering, node: BoundNode, what: string, hint?: string): Scalar {
  lowering.refuse(node.span, what, hint);
  return nothing(typeOf(node) ?? 'dynamic', node.span);
}

function literal(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { kind, span } = node;
  if (!/LiteralExpression$/.test(kind)) {
    // A table where a value is wanted, or what the binder has reported already.
    return node.type === 'unknown' ? nothing('dynamic', span) : refused(lowering, node, describe(kind));
  }
  const term = scope.term?.(node);
  if (term !== undefined && node.type === 'bool') return term;
  const cell = literalCell(node);
  if (cell !== undefined) return constant(cell.type, cell.value, span);
  const shown = (node.text ?? '').slice(0, 60);
  lowering.problems.report(
    'kusto-literal',
    span,
    `The ${node.type ?? 'value'} “${shown}” cannot be read.`,
    LITERALS[node.type ?? ''],
  );
  return nothing(typeOf(node) ?? 'dynamic', span);
}

const LITERALS: Readonly<Record<string, string>> = {
  datetime: 'Write for example datetime(2024-01-31 13:45:00).',
  long: 'A long is a whole number from -9223372036854775808 to 9223372036854775807; write the least as long(-9223372036854775808).',
  timespan: 'Write for example 30m, 1.5h, or timespan(1.02:03:04).',
};

function describe(kind: string): string {
  return `“${kind.replace(/(?:Expression|Operator)$/, '')}” inside an expression`;
}

function negative(operand: Scalar, type: ScalarType, span: Scalar['span']): Scalar {
  if (operand.kind === 'constant' && operand.value !== null) {
    if (typeof operand.value === 'bigint') return constant(operand.type, -operand.value, span);
    if (operand.type === 'real') return constant('real', -(operand.value as number), span);
  }
  return call('negate', [operand], type, span);
}

function compare(lowering: Lowering, operator: string, left: Scalar, right: Scalar, { span }: BoundNode): Scalar {
  if ((operator === '==' || operator === '!=') && isAnyDynamic(left) && isAnyDynamic(right)) {
    lowering.problems.report(
      'kusto-type',
      span,
      `Kusto cannot compare two dynamic values with ${operator}.`,
      'Convert them first: tostring(…), tolong(…), todatetime(…).',
    );
  }
  return call(operator, [left, right], 'bool', span);
}

function compute(lowering: Lowering, operator: string, left: Scalar, right: Scalar, node: BoundNode): Scalar {
  if (isAnyDynamic(left) && isAnyDynamic(right)) {
    lowering.problems.report(
      'kusto-type',
      node.span,
      `Kusto cannot compute with two dynamic values (${operator}).`,
      'Convert them first: tolong(…), toreal(…).',
    );
  }
  return call(operator, [left, right], typeOf(node) ?? left.type, node.span);
}

function isAnyDynamic(value: Scalar): boolean {
  return value.type === 'dynamic' && value.kind !== 'constant';
}

function membership(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { span } = node;
  const relation = MEMBERSHIPS[node.kind];
  const operator = `${relation?.negated === true ? '!' : ''}${relation?.relation ?? 'in'}${relation?.relation === 'in' && !relation.caseSensitive ? '~' : ''}`;
  const operand = lowering.scalar(node.parts.Left, scope);
  const items = itemsOf(node.parts.Right, 'Expressions');
  const [first] = items;
  if (items.length === 1 && first?.isTable === true) {
    const { relation: table } = lowering.table(first, scope.env);
    return Object.freeze({ kind: 'in-query', operator, operand, relation: table, type: 'bool', span });
  }
  return call(operator, [operand, ...items.map((item) => lowering.scalar(item, scope))], 'bool', span);
}

function between(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { span } = node;
  const operand = lowering.scalar(node.parts.Left, scope);
  const low = lowering.scalar(node.parts.Right?.parts.First, scope);
  const second = lowering.scalar(node.parts.Right?.parts.Second, scope);
  // `t between (start .. 7d)`: the span of time counts from the start.
  const isSpan = second.type === 'timespan' && low.type === 'datetime';
  const high = isSpan ? call('+', [low, second], 'datetime', second.span) : second;
  return call(node.kind === 'BetweenExpression' ? 'between' : '!between', [operand, low, high], 'bool', span);
}

function name(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { span, symbol, text = '' } = node;
  if (node.isTable === true) return refused(lowering, node, 'A table as a value', TOSCALAR);
  const own = scope.columns.get(text);
  if (symbol?.kind === 'Column' || (symbol === undefined && own !== undefined)) {
    if (own !== undefined) return column(text, own, span);
    if (node.type !== 'unknown')
      lowering.problems.report('kusto-name-unknown', span, `There is no column “${text}” here.`);
    return nothing(typeOf(node) ?? 'dynamic', span);
  }
  if (symbol?.kind === 'Function') return lowerCall(lowering, node, scope);
  const binding = scope.env.find(text);
  if (binding?.kind === 'scalar' || binding?.kind === 'written') return lowering.value(binding);
  if (node.type === 'unknown') return nothing('dynamic', span);
  return refused(lowering, node, `“${text}”`);
}

function path(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const { span, parts } = node;
  const [operand, selector] = [parts.Expression, parts.Selector];
  const member = selector?.text ?? selector?.parts.Name?.text ?? '';
  if (operand?.type === 'tuple') {
    // A step of `scan`, or a side of a join's condition.
    const whole = `${operand.text ?? ''}.${member}`;
    const type = scope.columns.get(whole);
    if (type !== undefined) return column(whole, type, span);
    return refused(lowering, node, `“${whole}”`);
  }
  const isInner = selector !== undefined && /^(?:NameReference|Bracketed)/.test(selector.kind);
  if (!isInner) return refused(lowering, node, 'This path');
  if (node.type === 'unknown' && operand?.type === 'unknown') return nothing('dynamic', span);
  const key = selector.parts.Expression;
  const index =
    selector.kind === 'BracketedExpression' && key !== undefined
      ? lowering.scalar(key, scope)
      : constant('string', member, selector.span);
  return call('member', [lowering.scalar(operand, scope), index], typeOf(node) ?? 'dynamic', span);
}

function scalarQuery(lowering: Lowering, node: BoundNode, scope: Scope): Scalar {
  const inner = node.parts.Expression;
  if (inner !== undefined && inner.isTable !== true) return lowering.scalar(inner, scope);
  const { relation } = lowering.table(inner, scope.env);
  const type = relation.columns[0]?.type ?? typeOf(node) ?? 'dynamic';
  return Object.freeze({ kind: 'query', relation, type, span: node.span });
}

/** The value between the parentheses of `dynamic(…)`; `undefined` where a part has none. */
function json(node: BoundNode | undefined): Json | undefined {
  switch (node?.kind) {
    case undefined:
      return undefined;
    case 'NullLiteralExpression':
      return null;
    case 'JsonArrayExpression': {
      const items = itemsOf(node, 'Values').map(json);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'JsonObjectExpression': {
      const pairs = itemsOf(node, 'Pairs').map((pair) => [pair.text ?? '', json(pair.parts.Value)] as const);
      return pairs.every(([, value]) => value !== undefined) ? (Object.fromEntries(pairs) as Json) : undefined;
    }
    case 'UnaryMinusExpression': {
      const value = json(node.parts.Expression);
      return typeof value === 'number' ? -value : typeof value === 'string' ? `-${value}` : undefined;
    }
    case 'DynamicExpression':
      return json(node.parts.Expression);
    default: {
      const cell = node && literalCell(node);
      return cell === undefined ? undefined : jsonOf(cell.value, cell.type);
    }
  }
}
