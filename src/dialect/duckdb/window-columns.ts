/**
 * Window functions within expressions, as columns of their own below the operator.
 *
 *   expressions ──innermost first──▶ SELECT *, lag(…) OVER (…) AS "#3", lag(…) OVER (…) AS "#4" ──▶ expressions over these
 *
 * Those that do not need one another stand in one SELECT, so that the rows are sorted once.
 */
import type { FunctionCell, Scalar } from '../../plan/relation/node.ts';
import { wrappedTotal } from './aggregates.ts';
import { emitCondition, emitScalar, type ScalarScope } from './emit-scalar.ts';
import { type Emitted, orderText } from './emitted.ts';
import { cellText } from './sql-text.ts';

const WINDOWS: ReadonlySet<string> = new Set(['prev', 'next', 'row_number', 'row_cumsum']);

export interface WindowScope {
  readonly over: (from: Emitted) => ScalarScope;
  /** A name for a hidden column. */
  readonly hide: () => string;
  /** The rows with further columns, `sql AS name`. */
  readonly added: (from: Emitted, columns: readonly string[]) => Emitted;
}

/** The operator's input with their columns, and the expressions over it. */
export function hoistWindows(
  from: Emitted,
  nodes: readonly Scalar[],
  scope: WindowScope,
): [Emitted, readonly Scalar[]] {
  const hoisting = new Hoisting(from, scope);
  const result = nodes.map((node) => hoisting.hoist(node));
  return [hoisting.ended(), result];
}

class Hoisting {
  private at: Emitted;
  private readonly scope: WindowScope;
  private readonly waiting = new Map<string, string>();

  constructor(from: Emitted, scope: WindowScope) {
    this.at = from;
    this.scope = scope;
  }

  hoist(node: Scalar): Scalar {
    if (node.kind === 'in-query') return { ...node, operand: this.hoist(node.operand) };
    if (node.kind !== 'call') return node;
    const call: FunctionCell = { ...node, args: node.args.map((arg) => this.hoist(arg)) };
    if (!WINDOWS.has(node.function)) return call;
    if (call.args.some((arg) => this.looksAtWaiting(arg))) this.add();
    const sql = this.window(call);
    const column = this.scope.hide();
    this.waiting.set(column, sql);
    return { kind: 'column', name: column, type: node.type, span: node.span };
  }

  ended(): Emitted {
    this.add();
    return this.at;
  }

  private add(): void {
    if (this.waiting.size === 0) return;
    const columns = [...this.waiting].map(([column, sql]) => `${sql} AS ${column}`);
    this.at = this.scope.added(this.at, columns);
    this.waiting.clear();
  }

  private looksAtWaiting(node: Scalar): boolean {
    if (node.kind === 'column') return this.waiting.has(node.name);
    if (node.kind === 'in-query') return this.looksAtWaiting(node.operand);
    return node.kind === 'call' && node.args.some((arg) => this.looksAtWaiting(arg));
  }

  private window({ function: name, args, type }: FunctionCell): string {
    const scope = this.scope.over(this.at);
    const order = orderText(this.at.order);
    const sorted = order === '' ? '' : `ORDER BY ${order}`;
    const [value, second, third] = args.map((arg) => emitScalar(arg, scope));
    if (name === 'prev' || name === 'next') {
      const function_ = name === 'prev' ? 'lag' : 'lead';
      return `${function_}(${value}, ${second ?? 1}, ${third ?? cellText(null, type)}) OVER (${sorted})`;
    }
    const restart = args[1];
    let run = '';
    if (restart !== undefined) {
      const group = this.scope.hide();
      const starts = `sum(CASE WHEN ${emitCondition(restart, scope)} THEN 1 ELSE 0 END) OVER (${sorted} ROWS UNBOUNDED PRECEDING)`;
      this.add();
      this.at = this.scope.added(this.at, [`${starts} AS ${group}`]);
      run = `PARTITION BY ${group} `;
    }
    const window = `OVER (${run}${sorted} ROWS UNBOUNDED PRECEDING)`;
    if (name === 'row_number') return `row_number() ${window} - 1 + ${value ?? 1}`;
    const total = `sum(${value}) ${window}`;
    return type === 'real' ? `coalesce(${total}, 0)::DOUBLE` : wrappedTotal(total);
  }
}
