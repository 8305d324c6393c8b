/**
 * Makes nodes of the plan over tables: frozen, with the columns that follow.
 */
import type { Span } from '../../../diagnostic/span.ts';
import type { Cell, ScalarType } from '../../../plan/relation/cell.ts';
import type {
  ColumnCell,
  ConstantCell,
  FunctionCell,
  NamedScalar,
  Project,
  Relation,
  RelationColumn,
  Scalar,
} from '../../../plan/relation/node.ts';
import type { Flow } from './lowering.ts';

export function constant(type: ScalarType, value: Cell, span: Span): ConstantCell {
  return Object.freeze({ kind: 'constant', type, value, span });
}

/** What a cell of the type holds where there is nothing. */
export function nothing(type: ScalarType, span: Span): ConstantCell {
  return constant(type, type === 'string' ? '' : null, span);
}

export function column(name: string, type: ScalarType, span: Span): ColumnCell {
  return Object.freeze({ kind: 'column', name, type, span });
}

export function call(
  name: string,
  args: readonly Scalar[],
  type: ScalarType,
  span: Span,
  nameSpan: Span = span,
): FunctionCell {
  return Object.freeze({ kind: 'call', function: name, args: Object.freeze(args), type, nameSpan, span });
}

/** All of the conditions, or any. */
export function logical(operator: 'and' | 'or', operands: readonly Scalar[], span: Span): Scalar {
  const [first] = operands;
  if (operands.length === 1 && first !== undefined) return first;
  if (first === undefined) return constant('bool', operator === 'and', span);
  return call(operator, operands, 'bool', span);
}

export function named(name: string, value: Scalar): NamedScalar {
  return Object.freeze({ name, value });
}

export function columnsOf(values: readonly NamedScalar[]): readonly RelationColumn[] {
  return values.map(({ name, value }) => ({ name, type: value.type }));
}

/** The columns as expressions that give them. */
export function asValues(columns: readonly RelationColumn[], span: Span): NamedScalar[] {
  return columns.map(({ name, type }) => named(name, column(name, type, span)));
}

export function relation<R extends Relation>(node: R): R {
  Object.freeze(node.columns);
  return Object.freeze(node);
}

export function project(input: Relation, values: readonly NamedScalar[], span: Span): Project {
  return relation({ kind: 'project', input, values: Object.freeze(values), columns: columnsOf(values), span });
}

/** The next operator; it keeps the order of rows, or mixes them. */
export function onward(flow: Flow, relation: Relation, order: 'kept' | 'lost'): Flow {
  return order === 'kept' ? { ...flow, relation } : { relation, isSerialized: false, isOrdered: false };
}

/** Gives names to columns, no name twice: a second `n` is `n1`. */
export class ColumnNames {
  private readonly taken: Set<string>;
  private unnamed = 0;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  add(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.taken.has(name); number += 1) name = `${wanted}${number}`;
    this.taken.add(name);
    return name;
  }

  /** Of an expression that has no name: `Column1`, `Column2`, … */
  next(): string {
    this.unnamed += 1;
    return this.add(`Column${this.unnamed}`);
  }
}
