/**
 * The reference evaluator's expressions: a cell of a row.
 *
 *   Scalar ──compile, over the columns of its input──▶ (row, its position) ⇒ cell
 *
 * Whatever does not depend on the row (an inner query, a window function over all rows) is computed when an expression
 * is compiled, so an expression must be compiled for the very rows that it is asked about.
 */
import type { Cell, Row, ScalarType } from './cell.ts';
import { cellKey } from './cell-order.ts';
import type { ScalarFunction } from './function.ts';
import { SCALAR_FUNCTIONS } from './functions/index.ts';
import type { FunctionCell, InQueryCell, Relation, RelationColumn, Scalar } from './node.ts';
import { RelationRefusal } from './refusal.ts';
import { isWindowFunction, windowCells } from './window-functions.ts';

export type CellOf = (row: Row, at: number) => Cell;

export interface ScalarScope {
  readonly columns: readonly RelationColumn[];
  /** All rows of the input in their order, for window functions. */
  readonly rows: readonly Row[];
  readonly now: bigint;
  readonly evaluate: (relation: Relation) => readonly Row[];
  /** Rows that an operator may give. */
  readonly mostRows: number;
  /** Called now and then where a lot is computed; throws when it has to end. */
  readonly check?: () => void;
}

export function compileScalar(scalar: Scalar, scope: ScalarScope): CellOf {
  switch (scalar.kind) {
    case 'constant': {
      const { value } = scalar;
      return () => value;
    }
    case 'column': {
      const at = scope.columns.findIndex(({ name }) => name === scalar.name);
      if (at === -1) throw new Error(`No column “${scalar.name}” in the plan.`);
      return (row) => row[at] ?? null;
    }
    case 'parameter':
      return () => scope.now;
    case 'query': {
      const cell = scope.evaluate(scalar.relation)[0]?.[0] ?? emptyCell(scalar.type);
      return () => cell;
    }
    case 'in-query':
      return compileMembership(scalar, scope);
    case 'call':
      return compileCall(scalar, scope);
  }
}

/** What is missing: null, of a string ''. */
export function emptyCell(type: ScalarType): Cell {
  return type === 'string' ? '' : null;
}

/** A cell that does not depend on any row. */
export function constantCell(scalar: Scalar, scope: Omit<ScalarScope, 'columns' | 'rows' | 'mostRows'>): Cell {
  return compileScalar(scalar, { ...scope, columns: [], rows: [], mostRows: 0 })([], 0);
}

function compileCall(node: FunctionCell, scope: ScalarScope): CellOf {
  const args = node.args.map((arg) => compileScalar(arg, scope));
  if (isWindowFunction(node.function)) {
    const cells = windowCells(node, args, scope.rows);
    return (_, at) => cells[at] ?? emptyCell(node.type);
  }
  const compute = Object.hasOwn(SCALAR_FUNCTIONS, node.function) ? SCALAR_FUNCTIONS[node.function] : undefined;
  if (compute === undefined) throw new RelationRefusal(`The function “${node.function}” is not supported.`);
  const signature = { args: node.args.map(({ type }) => type), result: node.type };
  return (row, at) => {
    const cell = compute(
      args.map((arg) => arg(row, at)),
      signature,
    );
    return cell ?? emptyCell(node.type);
  };
}

function compileMembership(node: InQueryCell, scope: ScalarScope): CellOf {
  const operand = compileScalar(node.operand, scope);
  const type = node.relation.columns[0]?.type ?? 'dynamic';
  const items = scope.evaluate(node.relation).map(([cell = null]) => cell);
  if (type === node.operand.type && type !== 'dynamic' && (node.operator === 'in' || node.operator === '!in')) {
    const keys = new Set(items.filter((item) => item !== null).map((item) => cellKey(item, type)));
    const wanted = node.operator === 'in';
    return (row, at) => {
      const cell = operand(row, at);
      return (cell !== null && keys.has(cellKey(cell, type))) === wanted;
    };
  }
  const compute = SCALAR_FUNCTIONS[node.operator] as ScalarFunction;
  const signature = { args: [node.operand.type, ...items.map(() => type)], result: 'bool' } as const;
  return (row, at) => compute([operand(row, at), ...items], signature);
}
