/**
 * What the parts of lowering a query over tables share: what a name means where it stands, what an operator is given,
 * and the ways in which expressions and tables call for each other.
 */
import type { Span } from '../../../diagnostic/span.ts';
import type { ScalarType } from '../../../plan/relation/cell.ts';
import type { Relation, RelationColumn, RenderHint, Scalar } from '../../../plan/relation/node.ts';
import type { BoundNode } from '../bound.ts';
import type { Problems } from '../problems.ts';

/** A value that a name of `let`, or of a parameter, stands for; lowered when it is first used. */
export type Binding =
  | { readonly kind: 'written'; readonly node: BoundNode; readonly env: Environment }
  | { readonly kind: 'function'; readonly env: Environment }
  | { readonly kind: 'relation'; readonly flow: Flow }
  | { readonly kind: 'scalar'; readonly value: Scalar };

/** Names by where they are visible. `let` may use what stands before it, so the order of adding matters. */
export class Environment {
  private readonly outer: Environment | undefined;
  /** Whether this is the inside of a function. */
  readonly isInFunction: boolean;
  private readonly bindings = new Map<string, Binding>();

  constructor(outer?: Environment, isInFunction = outer?.isInFunction ?? false) {
    this.outer = outer;
    this.isInFunction = isInFunction;
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.find(name);
  }

  add(name: string, binding: Binding): void {
    this.bindings.set(name, binding);
  }
}

/** A table on its way through the operators. */
export interface Flow {
  readonly relation: Relation;
  /** Whether the order of its rows is fixed, so that window functions have a meaning. */
  readonly isSerialized: boolean;
  /** Whether the order was asked for by sorting. */
  readonly isOrdered: boolean;
}

/** Where an expression stands. */
export interface Scope {
  readonly env: Environment;
  readonly columns: ReadonlyMap<string, ScalarType>;
  /** Whether window functions may look at other rows; a sentence that says why not. */
  readonly window: true | string;
  /** Takes the aggregate functions out of an expression: the column that stands for one. */
  readonly aggregate?: (node: BoundNode) => Scalar | undefined;
  /** In `search`: what a text that stands alone asks of the row. */
  readonly term?: (node: BoundNode, column?: Scalar) => Scalar | undefined;
}

/** What the plan's parts ask of one another. */
export interface Lowering {
  readonly problems: Problems;
  readonly schema: LoweringSchema;
  /** Always gives a value, of the binder's type: after a problem, a null. */
  scalar(node: BoundNode | undefined, scope: Scope): Scalar;
  /** @param input what an operator at its start is given */
  table(node: BoundNode | undefined, env: Environment, input?: Flow): Flow;
  /** What a name of `let` stands for, lowered once. */
  value(binding: Binding): Scalar;
  /** A call of a function of one's own, with the value of its body. */
  enter(
    node: BoundNode,
    env: Environment,
    input?: Flow,
    /** Of a call within an expression: what its arguments may name. */
    scope?: Scope,
  ): { readonly body: BoundNode; readonly env: Environment } | undefined;
  /** Reports by name and place what Vedette does not run. */
  refuse(span: Span, what: string, hint?: string): void;
  /** The table under an id of its own, where it is worth computing once. */
  share(flow: Flow, span: Span): Flow;
  /** A new name that no text can hold. */
  hidden(): string;
  unsettled(flow: Flow): void;
  render(hint: RenderHint): void;
  /** What the binder finds wrong here is not: a table that may be missing, types or arguments that the engine takes. */
  forgive(span: Span, what: 'arguments' | 'missing' | 'type'): void;
  /** A table of a fuzzy union counts for nothing: what it calls names a table, at `unknown`, that there is not. */
  leaveOut(span: Span, unknown: Span): void;
}

export interface LoweringSchema {
  /** Any of a table's names → what the plan calls it, and its columns. */
  readonly tables: ReadonlyMap<string, { readonly name: string; readonly columns: readonly RelationColumn[] }>;
}
