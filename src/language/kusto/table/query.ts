/**
 * A bound query over tables into a plan.
 *
 *   statements ──let, set──▶ environment ──last expression──▶ source | operator | … ──▶ Relation, columns settled
 *
 * `let` tables are lowered once and shared where they are named more than once; calls of one's own functions are put
 * in where they stand. Problems are reported where they are and lowering goes on, so that all are seen at once.
 */
import type { Span } from '../../../diagnostic/span.ts';
import {
  type Evaluate,
  RELATION_VERSION,
  type RenderHint,
  type Scalar,
  type TablePlan,
} from '../../../plan/relation/node.ts';
import { isWindowFunction } from '../../../plan/relation/window-functions.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import type { Problems } from '../problems.ts';
import { lowerCount, lowerMakeSeries, lowerSummarize, lowerTopHitters, lowerTopNested } from './aggregates.ts';
import { nothing, onward, relation } from './build.ts';
import { asType } from './calls.ts';
import { convertConstant, scalarType } from './cells.ts';
import {
  lowerDistinct,
  lowerExtend,
  lowerGetSchema,
  lowerProject,
  lowerProjectAway,
  lowerProjectKeep,
  lowerProjectRename,
  lowerProjectReorder,
  lowerSerialize,
} from './columns.ts';
import { lowerEvaluate } from './evaluate.ts';
import { lowerMvApply, lowerMvExpand, lowerPartition } from './expand.ts';
import { lowerExpression } from './expression.ts';
import { lowerJoin, lowerLookup } from './join.ts';
import { type Binding, Environment, type Flow, type Lowering, type LoweringSchema, type Scope } from './lowering.ts';
import { lowerSampleDistinct, lowerSort, lowerTake, lowerTop } from './order.ts';
import { lowerParse, lowerParseKv } from './parse.ts';
import { lowerFind, lowerSearch } from './search.ts';
import { lowerDataTable, lowerExternalData, lowerPrint, lowerRange } from './sources.ts';
import { lowerScan } from './steps.ts';
import { lowerUnion } from './union.ts';
import { checkParameters, scopeOf } from './values.ts';

/** A place where the binder is stricter than the engine. */
export interface Forgiven {
  readonly span: Span;
  readonly what: 'arguments' | 'missing' | 'type';
}

export interface LoweredQuery {
  readonly plan?: TablePlan;
  /** The first plugin whose columns are to be found before the query can be compiled. */
  readonly unsettled?: Evaluate;
  readonly forgiven: readonly Forgiven[];
  /** Tables of fuzzy unions that are left out, and the names within what they call that there are not. */
  readonly leftOut: readonly { readonly span: Span; readonly unknown: Span }[];
  /** Places of tables that there are not, where their rows were asked for. */
  readonly missed: readonly Span[];
}

type Operator = (lowering: Lowering, node: BoundNode, flow: Flow, env: Environment) => Flow;

const OPERATORS: Readonly<Record<string, Operator>> = {
  AsOperator: lowerAs,
  CountOperator: lowerCount,
  DistinctOperator: lowerDistinct,
  EvaluateOperator: lowerEvaluate,
  ExtendOperator: lowerExtend,
  FilterOperator: lowerFilter,
  FindOperator: lowerFind,
  GetSchemaOperator: lowerGetSchema,
  InvokeOperator: lowerInvoke,
  JoinOperator: lowerJoin,
  LookupOperator: lowerLookup,
  MakeSeriesOperator: lowerMakeSeries,
  MvApplyOperator: lowerMvApply,
  MvExpandOperator: lowerMvExpand,
  ParseKvOperator: lowerParseKv,
  ParseOperator: lowerParse,
  ParseWhereOperator: lowerParse,
  PartitionOperator: lowerPartition,
  ProjectAwayOperator: lowerProjectAway,
  ProjectKeepOperator: lowerProjectKeep,
  ProjectOperator: lowerProject,
  ProjectRenameOperator: lowerProjectRename,
  ProjectReorderOperator: lowerProjectReorder,
  RenderOperator: lowerRender,
  SampleDistinctOperator: lowerSampleDistinct,
  SampleOperator: lowerTake,
  ScanOperator: lowerScan,
  SearchOperator: lowerSearch,
  SerializeOperator: lowerSerialize,
  SortOperator: lowerSort,
  SummarizeOperator: lowerSummarize,
  TakeOperator: lowerTake,
  TopHittersOperator: lowerTopHitters,
  TopNestedOperator: lowerTopNested,
  TopOperator: lowerTop,
  UnionOperator: lowerUnion,
};

export function lowerQuery(statements: readonly BoundNode[], schema: LoweringSchema, problems: Problems): LoweredQuery {
  return new QueryLowerer(schema, problems, statements).query(statements);
}

class QueryLowerer implements Lowering {
  readonly problems: Problems;
  readonly schema: LoweringSchema;
  private readonly flows = new Map<Binding, Flow>();
  private readonly values = new Map<Binding, Scalar>();
  private readonly uses = new Map<string, number>();
  private readonly forgiven: Forgiven[] = [];
  private readonly leftOut: { readonly span: Span; readonly unknown: Span }[] = [];
  private readonly missed: Span[] = [];
  private first: Evaluate | undefined;
  private hint: RenderHint | undefined;
  private names = 0;
  private shared = 0;

  constructor(schema: LoweringSchema, problems: Problems, statements: readonly BoundNode[]) {
    this.schema = schema;
    this.problems = problems;
    for (const statement of statements) countTables(statement, this.uses);
  }

  query(statements: readonly BoundNode[]): LoweredQuery {
    const env = new Environment();
    let flow: Flow | undefined;
    for (const statement of statements) {
      const expression = statement.parts.Expression;
      if (statement.kind !== 'ExpressionStatement') this.statement(statement, env);
      else if (flow !== undefined)
        this.refuse(statement.span, 'A second query in one text', 'Put it into a text of its own.');
      else flow = this.table(expression, env);
    }
    const { forgiven, leftOut, missed, first: unsettled } = this;
    if (flow === undefined) return { forgiven, leftOut, missed };
    const plan: TablePlan = {
      kind: 'table',
      version: RELATION_VERSION,
      relation: flow.relation,
      isOrdered: flow.isOrdered,
      ...(this.hint === undefined ? {} : { render: this.hint }),
    };
    return { plan, ...(unsettled === undefined ? {} : { unsettled }), forgiven, leftOut, missed };
  }

  private statement(node: BoundNode, env: Environment): void {
    switch (node.kind) {
      case 'LetStatement': {
        const value = node.parts.Expression;
        if (value === undefined) return;
        const before = new Environment(env);
        env.add(
          node.parts.Name?.text ?? '',
          value.kind === 'FunctionDeclaration'
            ? { kind: 'function', env }
            : { kind: 'written', node: value, env: before },
        );
        return;
      }
      case 'SetOptionStatement':
        this.problems.warn('kusto-warning', node.span, 'Options of “set” have no effect here.');
        return;
      case 'QueryParametersStatement':
        this.refuse(node.span, '“declare query_parameters”', 'Write let name = value.');
        return;
      default:
        if (node.kind !== 'SkippedTokens')
          this.refuse(node.span, `The statement “${node.kind.replace(/Statement$/, '').toLowerCase()}”`);
    }
  }

  scalar(node: BoundNode | undefined, scope: Scope): Scalar {
    if (node === undefined) return nothing('dynamic', NOWHERE);
    return lowerExpression(this, node, scope);
  }

  value(binding: Binding): Scalar {
    if (binding.kind === 'scalar') return binding.value;
    const known = this.values.get(binding);
    if (known !== undefined) return known;
    const value =
      binding.kind === 'written'
        ? this.scalar(binding.node, { env: binding.env, columns: new Map(), window: 'needs rows' })
        : nothing('dynamic', NOWHERE);
    this.values.set(binding, value);
    return value;
  }

  table(node: BoundNode | undefined, env: Environment, input?: Flow): Flow {
    if (node === undefined) return input ?? EMPTY;
    const { kind, span } = node;
    const operator = OPERATORS[kind];
    if (kind === 'Pipeline') {
      let flow = this.table(node.parts.Source, env, input);
      for (const each of node.items ?? []) flow = this.operator(each, flow, env);
      return flow;
    }
    if (operator !== undefined && (input !== undefined || FROM_NOTHING.has(kind)))
      return this.operator(node, input, env);
    switch (kind) {
      case 'NameReference':
        return this.namedTable(node, env);
      case 'FunctionCallExpression':
        return this.calledTable(node, env);
      case 'MaterializeExpression':
        return this.share(this.table(node.parts.Expression, env, input), span);
      case 'PrintOperator':
        return lowerPrint(this, node, env);
      case 'RangeOperator':
        return lowerRange(this, node, env);
      case 'DataTableExpression':
        return lowerDataTable(this, node, env);
      case 'ExternalDataExpression':
        return lowerExternalData(this, node, env);
      default:
        if (node.type !== 'unknown' && kind !== 'BadQueryOperator')
          this.refuse(
            span,
            SOURCES[kind] ?? `“${kind.replace(/(?:Expression|Operator)$/, '').toLowerCase()}” as a table`,
          );
        return input ?? this.bound(node);
    }
  }

  private operator(node: BoundNode, flow: Flow | undefined, env: Environment): Flow {
    const operator = OPERATORS[node.kind];
    if (operator !== undefined) return operator(this, node, flow as Flow, env);
    if (node.kind !== 'BadQueryOperator') {
      const name = OPERATOR_NAMES[node.kind] ?? node.kind.replace(/Operator$/, '').toLowerCase();
      this.refuse(node.span, `The operator “${name}”`);
    }
    return flow ?? EMPTY;
  }

  private namedTable(node: BoundNode, env: Environment): Flow {
    const { span, symbol, text = '' } = node;
    if (symbol?.kind === 'Table') return this.scan(symbol.name, node);
    if (symbol?.kind === 'Function') return this.calledTable(node, env);
    if (symbol === undefined) this.missed.push(span);
    const binding = env.find(text);
    if (binding?.kind === 'relation') return binding.flow;
    if (binding?.kind !== 'written') {
      if (node.isOpen !== true && node.type !== 'unknown' && symbol !== undefined)
        this.refuse(span, `“${text}” as a table`);
      return this.bound(node);
    }
    const known = this.flows.get(binding);
    if (known !== undefined) return known;
    const flow = this.table(binding.node, binding.env);
    const settled = (this.uses.get(text) ?? 0) > 1 ? this.share(flow, span) : flow;
    this.flows.set(binding, settled);
    return settled;
  }

  private calledTable(node: BoundNode, env: Environment): Flow {
    const name = node.symbol?.name ?? '';
    if (node.expansion?.body !== undefined) {
      const entered = this.enter(node, env);
      return entered === undefined ? this.bound(node) : this.table(entered.body, entered.env);
    }
    if (node.expansion !== undefined) return this.scan(name, node, this.tableArguments(node, env));
    if (name === 'table' || name === 'materialized_view' || name === 'external_table') {
      const [given] = itemsOf(node.parts.ArgumentList, 'Expressions');
      const wanted =
        name === 'table' ? this.scalar(given, { env, columns: new Map(), window: 'needs rows' }) : undefined;
      const named = wanted?.kind === 'constant' ? String(wanted.value) : '';
      if (this.schema.tables.has(named)) return this.scan(named, node);
      if (given !== undefined && named !== '')
        this.problems.report('kusto-table-unknown', given.span, `There is no table “${named}”.`);
      // The binder does not know its columns, nor what is computed with them.
      else if (given !== undefined && name === 'table')
        this.refuse(given.span, '“table” of a name that is not constant', 'Write the table itself: union T1, T2.');
      if (name === 'table') return this.bound(node);
    }
    if (node.symbol !== undefined) this.refuse(node.span, `“${name}” as a table`);
    return this.bound(node);
  }

  private scan(name: string, { span }: BoundNode, args: Readonly<Record<string, Scalar>> = {}): Flow {
    const table = this.schema.tables.get(name);
    const columns = [...(table?.columns ?? [])];
    const made = relation({ kind: 'scan-table', table: table?.name ?? name, args: Object.freeze(args), columns, span });
    return { relation: made, isSerialized: false, isOrdered: false };
  }

  private tableArguments(node: BoundNode, env: Environment): Readonly<Record<string, Scalar>> {
    const scope: Scope = { env, columns: new Map(), window: 'needs rows' };
    const pairs = matchArguments(node).flatMap(({ parameter, arg }) => {
      const given = arg ?? parameter.default;
      if (given === undefined) return [];
      const value = this.scalar(given, scope);
      const type = scalarType(parameter.type);
      return [[parameter.name, type !== undefined && value.kind === 'constant' ? convertConstant(value, type) : value]];
    });
    return Object.fromEntries(pairs) as Record<string, Scalar>;
  }

  enter(
    node: BoundNode,
    env: Environment,
    input?: Flow,
    scope?: Scope,
  ): { readonly body: BoundNode; readonly env: Environment } | undefined {
    const plain: Scope = { env, columns: new Map(), window: 'needs rows' };
    const body = node.expansion?.body;
    const declared = env.find(node.symbol?.name ?? '');
    if (body === undefined) return undefined;
    const inner = new Environment(declared?.kind === 'function' ? declared.env : undefined);
    const own = new Environment(inner, true);
    for (const { parameter, arg, isInput } of matchArguments(node, input !== undefined)) {
      if (isInput && input !== undefined) {
        const isUsedAgain = (this.uses.get(parameter.name) ?? 0) > 1;
        own.add(parameter.name, { kind: 'relation', flow: isUsedAgain ? this.share(input, node.span) : input });
        continue;
      }
      const given = arg ?? parameter.default;
      if (given === undefined) continue;
      const type = scalarType(parameter.type);
      if (parameter.isTable || given.isTable === true || type === undefined)
        own.add(parameter.name, { kind: 'written', node: given, env });
      else {
        const value = this.scalar(given, arg === undefined ? plain : (scope ?? plain));
        if (looksAtRow(value) && asksTables(body))
          this.refuse(given.span, `A value of the row as an argument of “${node.symbol?.name}”, which asks tables`);
        own.add(parameter.name, {
          kind: 'scalar',
          value: value.kind === 'constant' ? convertConstant(value, type) : asType(value, type),
        });
      }
    }
    for (const statement of itemsOf(body, 'Statements')) this.statement(statement, own);
    const expression = body.parts.Expression;
    return expression === undefined ? undefined : { body: expression, env: own };
  }

  share(flow: Flow, span: Span): Flow {
    const { relation: inner } = flow;
    if (inner.kind === 'shared' || inner.kind === 'scan-table' || inner.kind === 'group' || inner.kind === 'inline')
      return flow;
    this.shared += 1;
    const id = `shared-${this.shared}`;
    return { ...flow, relation: relation({ kind: 'shared', id, relation: inner, columns: inner.columns, span }) };
  }

  refuse(span: Span, what: string, hint?: string): void {
    this.problems.report('kusto-unsupported', span, `${what} is not supported.`, hint);
  }

  hidden(): string {
    this.names += 1;
    return `$${this.names}`;
  }

  unsettled({ relation: made }: Flow): void {
    if (made.kind === 'evaluate') this.first ??= made;
  }

  render(hint: RenderHint): void {
    this.hint = hint;
  }

  forgive(span: Span, what: Forgiven['what']): void {
    this.forgiven.push({ span, what });
  }

  leaveOut(span: Span, unknown: Span): void {
    this.leftOut.push({ span, unknown });
  }

  /** The table as the binder sees it, where it cannot be lowered. */
  private bound({ columns = [], span }: BoundNode): Flow {
    const own = columns.map(({ name, type }) => ({ name, type: scalarType(type) ?? ('dynamic' as const) }));
    return {
      relation: relation({ kind: 'inline', rows: [], columns: own, span }),
      isSerialized: false,
      isOrdered: false,
    };
  }
}

const NOWHERE: Span = { start: 0, end: 0 };

const EMPTY: Flow = {
  relation: { kind: 'inline', rows: [], columns: [], span: NOWHERE },
  isSerialized: false,
  isOrdered: false,
};

const FROM_NOTHING: ReadonlySet<string> = new Set(['FindOperator', 'SearchOperator', 'UnionOperator']);

const SOURCES: Readonly<Record<string, string>> = {
  EvaluateOperator: 'A plugin without a table before it',
  PathExpression: 'A table of another database',
  CustomCommand: 'A command (it begins with a dot)',
};

const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  ExecuteAndCacheOperator: 'execute_and_cache',
  GraphMatchOperator: 'graph-match',
  MakeGraphOperator: 'make-graph',
  MacroExpandOperator: 'macro-expand',
  ProjectByNamesOperator: 'project-by-names',
  ReduceByOperator: 'reduce',
};

/** How often tables are named by what `let`, `as` and parameters call them. */
function countTables(node: BoundNode, uses: Map<string, number>): void {
  if (node.kind === 'NameReference' && node.isTable === true && node.symbol?.kind === 'Variable')
    uses.set(node.symbol.name, (uses.get(node.symbol.name) ?? 0) + 1);
  for (const part of Object.values(node.parts)) countTables(part, uses);
  for (const item of node.items ?? []) countTables(item, uses);
  if (node.expansion?.body !== undefined) countTables(node.expansion.body, uses);
}

interface MatchedArgument {
  readonly parameter: NonNullable<BoundNode['expansion']>['parameters'][number];
  readonly arg?: BoundNode;
  readonly isInput: boolean;
}

/** Arguments by position, then by name. */
function matchArguments(node: BoundNode, hasInput = false): readonly MatchedArgument[] {
  const parameters = node.expansion?.parameters ?? [];
  const given = itemsOf(node.parts.ArgumentList, 'Expressions');
  const byName = new Map<string, BoundNode>();
  const plain: BoundNode[] = [];
  for (const arg of given) {
    const value = arg.parts.Expression;
    if (arg.kind === 'SimpleNamedExpression' && value !== undefined) byName.set(arg.parts.Name?.text ?? '', value);
    else plain.push(arg);
  }
  let at = 0;
  return parameters.map((parameter, index) => {
    if (hasInput && index === 0) return { parameter, isInput: true };
    const named = byName.get(parameter.name);
    const arg = named ?? plain[at];
    if (named === undefined) at += 1;
    return { parameter, ...(arg === undefined ? {} : { arg }), isInput: false };
  });
}

function lowerFilter(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, []);
  const condition = lowering.scalar(node.parts.Condition, scopeOf(flow, env));
  const { columns } = flow.relation;
  return onward(flow, relation({ kind: 'filter', input: flow.relation, condition, columns, span: node.span }), 'kept');
}

/** The name stands for the table in what follows. */
function lowerAs(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const shared = lowering.share(flow, node.span);
  env.add(node.parts.Name?.text ?? '', { kind: 'relation', flow: shared });
  return shared;
}

function lowerInvoke(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const called = node.parts.Function;
  const entered = called && lowering.enter(called, env, flow);
  if (entered !== undefined) return lowering.table(entered.body, entered.env);
  if (called?.symbol !== undefined) lowering.refuse(called.span, `Invoking “${called.symbol.name}”`);
  return flow;
}

function looksAtRow(value: Scalar): boolean {
  switch (value.kind) {
    case 'column':
      return true;
    case 'call':
      return isWindowFunction(value.function) || value.args.some(looksAtRow);
    case 'in-query':
      return looksAtRow(value.operand);
    default:
      return false;
  }
}

/** Whether a function's body names tables: what it is given means nothing among their rows. */
function asksTables(node: BoundNode): boolean {
  if (node.isTable === true || node.kind === 'ToScalarExpression') return true;
  return [...Object.values(node.parts), ...(node.items ?? [])].some(asksTables);
}

function lowerRender(lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const properties = [...itemsOf(node.parts.WithClause, 'Properties'), ...itemsOf(node, 'Parameters')].map(
    (each) => [each.parts.Name?.text ?? '', each.parts.Expression?.text ?? ''] as const,
  );
  const chart = node.parts.ChartType?.text ?? 'table';
  lowering.render({ chart, properties: Object.fromEntries(properties) });
  return flow;
}
