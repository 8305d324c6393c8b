/**
 * Expressions that become columns: their values, and what the columns are called.
 *
 * A name is the one given, else the binder's for the expression (`tostring(a)` is `a` in `summarize … by`, `d.x` is
 * `d_x`), else `Column1`. An expression may give several columns (`(x, y) = series_fit_line(s)`).
 */
import type { Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { lowerTuple } from './calls.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';

export interface NamedValue {
  /** Absent where the text and the binder give none. */
  readonly name?: string;
  /** Whether the text gives the name, so that it replaces a column of that name. */
  readonly isGiven: boolean;
  readonly value: Scalar;
}

export function scopeOf(flow: Flow, env: Environment): Scope {
  return {
    env,
    columns: new Map(flow.relation.columns.map(({ name, type }) => [name, type])),
    window: flow.isSerialized ? true : 'looks at other rows, but these are in no fixed order',
  };
}

/** The names that `a = …` or `(a, b) = …` gives, and the expression. */
export function unwrapName(node: BoundNode): { readonly given: readonly string[]; readonly expression: BoundNode } {
  const expression = node.parts.Expression ?? node;
  if (node.kind === 'SimpleNamedExpression') return { given: [node.parts.Name?.text ?? ''], expression };
  if (node.kind === 'CompoundNamedExpression')
    return { given: itemsOf(node.parts.Names, 'Names').map(({ text = '' }) => text), expression };
  return { given: [], expression: node };
}

export function lowerValues(lowering: Lowering, node: BoundNode, scope: Scope): readonly NamedValue[] {
  const { given, expression } = unwrapName(node);
  const isTuple = expression.type === 'tuple' && expression.expansion === undefined;
  if (isTuple && (given.length === 0 || node.kind === 'CompoundNamedExpression')) {
    const members = lowerTuple(lowering, expression, scope);
    if (given.length === 0) return members.map(({ name, value }) => ({ name, isGiven: false, value }));
    return given.flatMap((name, at) => {
      const value = members[at]?.value;
      return value === undefined ? [] : [{ name, isGiven: true, value }];
    });
  }
  const value = lowering.scalar(expression, scope);
  if (given[0] !== undefined) return [{ name: given[0], isGiven: true, value }];
  if (expression.kind === 'NameReference' && expression.symbol?.kind === 'Column')
    return [{ name: expression.text ?? '', isGiven: true, value }];
  const name = expression.resultName;
  return [{ ...(name === undefined ? {} : { name }), isGiven: false, value }];
}

/** The text of `name=…` among an operator's parameters or a clause's properties. */
export function parameter(node: BoundNode | undefined, name: string, list = 'Parameters'): BoundNode | undefined {
  return itemsOf(node, list).find((each) => each.parts.Name?.text?.toLowerCase() === name)?.parts.Expression;
}

/** Reports the parameters that are none of these; hints are only hints. */
export function checkParameters(lowering: Lowering, node: BoundNode, known: readonly string[]): void {
  for (const each of itemsOf(node, 'Parameters')) {
    const name = each.parts.Name?.text?.toLowerCase() ?? '';
    if (!known.includes(name) && !name.startsWith('hint.')) lowering.refuse(each.span, `The parameter “${name}”`);
  }
}
