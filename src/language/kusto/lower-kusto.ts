/**
 * A query that filters one table, into a predicate and the shape of its output.
 *
 *   table ──where──▶ rows of it ──extend, project──▶ columns ──take, count──▶ output
 *
 * Computed columns are put in where a later operator uses them. What filters must stand before what cuts or counts:
 * `take 5 | where …` asks which five, which no table answers.
 */
import { NO_SPAN, type Span } from '../../diagnostic/span.ts';
import type { Predicate } from '../../plan/predicate/node.ts';
import { type Column, columnValue, type Table } from '../../vocabulary/table.ts';
import type { OutputColumn, QueryOutput } from '../language.ts';
import type { KustoLet, KustoOperator, KustoPipeline, KustoSyntax, NamedExpression } from './ast.ts';
import { ExpressionLowerer, type Scope } from './lower-expression.ts';
import type { Problems } from './problems.ts';
import { FAILED, fieldTypeOf, type Term, toValue } from './term.ts';
import { allOf } from './truth.ts';

export interface LoweredKusto {
  readonly predicate: Predicate;
  readonly output: QueryOutput;
}

/** The state of a pipeline behind one of its operators. */
interface Flow {
  readonly conditions: readonly Predicate[];
  readonly columns: ReadonlyMap<string, LazyTerm>;
  /** Names that `extend` made or changed, in order. */
  readonly extended: readonly string[];
  readonly projected: boolean;
  readonly take?: number;
  readonly count?: string;
}

type LazyTerm = { readonly term: Term } | { readonly column: Column };

/** `undefined` where there is no query, or its source cannot be read; the problems say why. */
export function lowerKusto(
  syntax: KustoSyntax,
  tables: readonly Table[],
  now: bigint | undefined,
  problems: Problems,
): LoweredKusto | undefined {
  for (const { what, span } of syntax.unsupported)
    problems.report('kusto-unsupported', span, `${what} is not supported yet.`);
  if (syntax.pipeline === undefined) return undefined;
  const lowerer = new PipelineLowerer(syntax.lets, tables, now, problems);
  const flow = lowerer.pipeline(syntax.pipeline);
  return flow === undefined ? undefined : lowerer.finish(flow, syntax.pipeline.span);
}

class PipelineLowerer {
  private readonly lets: readonly KustoLet[];
  private readonly tables: readonly Table[];
  private readonly problems: Problems;
  private readonly expressions: ExpressionLowerer;
  private readonly variables = new Map<KustoLet, Term>();

  constructor(lets: readonly KustoLet[], tables: readonly Table[], now: bigint | undefined, problems: Problems) {
    this.lets = lets;
    this.tables = tables;
    this.problems = problems;
    this.expressions = new ExpressionLowerer(problems, now);
  }

  /** @param visible how many of the `let` statements stand before */
  pipeline(pipeline: KustoPipeline, visible = this.lets.length): Flow | undefined {
    let flow = this.source(pipeline, visible);
    for (const operator of pipeline.operators) {
      const next = this.operator(operator, flow ?? EMPTY, visible);
      // Without a source the operators are only read for their problems.
      if (flow !== undefined) flow = next;
    }
    return flow;
  }

  finish(flow: Flow, span: Span): LoweredKusto {
    const scope = this.scope(flow, this.lets.length);
    const output = (name: string): OutputColumn[] => {
      const term = scope.column(name) ?? FAILED;
      const value = toValue(term, span)?.value;
      if (value !== undefined) return [{ name, type: term.type, value }];
      if (term.kind !== 'failed') {
        this.problems.report(
          'kusto-unsupported',
          span,
          `The column “${name}” is a list or depends on “now”, which is not supported yet.`,
        );
      }
      return [];
    };
    return {
      predicate: allOf(flow.conditions, span),
      output: {
        ...(flow.projected ? { columns: [...flow.columns.keys()].flatMap(output) } : {}),
        extended: flow.projected ? [] : flow.extended.flatMap(output),
        ...(flow.take === undefined ? {} : { take: flow.take }),
        ...(flow.count === undefined ? {} : { count: flow.count }),
      },
    };
  }

  private source({ source }: KustoPipeline, visible: number): Flow | undefined {
    switch (source.kind) {
      case 'table': {
        const table = this.tables.find(({ names }) => names.includes(source.name));
        if (table === undefined) {
          const known = this.tables.flatMap(({ names }) => names).join(', ');
          this.problems.report(
            'kusto-table-unknown',
            source.span,
            `There is no table “${source.name}”.`,
            `There are ${known}.`,
          );
          return undefined;
        }
        const columns = new Map(table.columns.map((column): [string, LazyTerm] => [column.name, { column }]));
        return { conditions: [table.rows(source.span)], columns, extended: [], projected: false };
      }
      case 'variable': {
        const at = this.find(source.name, visible);
        const value = this.lets[at]?.value;
        if (value?.kind === 'pipeline') return this.pipeline(value, at);
        if (value?.kind === 'unsupported')
          this.problems.report('kusto-unsupported', value.span, `${value.what} is not supported yet.`);
        return undefined;
      }
      case 'unsupported':
        this.problems.report('kusto-unsupported', source.span, `${source.what} is not supported yet.`);
        return undefined;
      case 'broken':
        return undefined;
    }
  }

  private operator(operator: KustoOperator, flow: Flow, visible: number): Flow {
    const { span } = operator;
    if (flow.count !== undefined && operator.kind !== 'broken') {
      this.problems.report('kusto-unsupported', span, 'Anything behind “count” is not supported yet.');
      return flow;
    }
    switch (operator.kind) {
      case 'where': {
        if (flow.take !== undefined) {
          this.problems.report(
            'kusto-unsupported',
            span,
            '“where” behind “take” is not supported yet.',
            'Put “where” first.',
          );
        }
        const { isTrue } = this.expressions.condition(operator.condition, this.scope(flow, visible));
        return { ...flow, conditions: [...flow.conditions, isTrue] };
      }
      case 'extend': {
        const made = this.columns(operator.columns, flow, visible);
        const names = operator.columns.map(({ name }) => name);
        return {
          ...flow,
          columns: new Map([...flow.columns, ...made]),
          extended: [...new Set([...flow.extended, ...names])],
        };
      }
      case 'project':
        return { ...flow, columns: new Map(this.columns(operator.columns, flow, visible)), projected: true };
      case 'take':
        return this.take(operator.count, flow, visible);
      case 'count':
        return { ...flow, count: operator.name };
      case 'unsupported':
        this.problems.report('kusto-unsupported', span, `${operator.what} is not supported yet.`, SUPPORTED);
        return flow;
      case 'broken':
        return flow;
    }
  }

  private take(node: Extract<KustoOperator, { kind: 'take' }>['count'], flow: Flow, visible: number): Flow {
    const term = this.expressions.term(node, this.scope({ ...flow, columns: new Map() }, visible));
    if (term.kind === 'failed') return flow;
    const count = term.kind === 'constant' && typeof term.value === 'number' ? term.value : undefined;
    if (count === undefined || !Number.isInteger(count) || count < 0) {
      this.problems.report('kusto-type', node.span, '“take” needs a whole number of rows.');
      return flow;
    }
    return { ...flow, take: Math.min(count, flow.take ?? count) };
  }

  /** All of one operator see the columns before it. */
  private columns(columns: readonly NamedExpression[], flow: Flow, visible: number): [string, LazyTerm][] {
    const scope = this.scope(flow, visible);
    return columns.map(({ name, expression }) => [name, { term: this.expressions.term(expression, scope) }]);
  }

  private scope({ columns }: Flow, visible: number): Scope {
    return {
      column: (name, span) => {
        const known = columns.get(name);
        return known === undefined || 'term' in known ? known?.term : this.sourceColumn(known.column, span);
      },
      variable: (name) => this.variable(this.find(name, visible)),
    };
  }

  private sourceColumn(column: Column, span?: Span): Term | undefined {
    const { name, type, fields, constant, parts } = column;
    if (type === 'dynamic') return parts && { kind: 'parts', type, parts };
    const value = columnValue(column, span ?? NO_SPAN);
    if (value !== undefined) return { kind: 'value', type, value, size: COMPUTED_COLUMN };
    if (fields.length > 0) {
      return { kind: 'fields', type, fields: fields.map((field) => ({ name: field, type: fieldTypeOf(type) })) };
    }
    if (constant !== undefined) return { kind: 'constant', type, value: constant };
    if (span !== undefined) {
      const message = `Nothing that is read here fills “${name}”, so it is always empty.`;
      this.problems.warn('kusto-column-empty', span, message);
    }
    return { kind: 'constant', type, value: type === 'string' ? '' : null };
  }

  /** The last `let` of the name among those that stand before. */
  private find(name: string, visible: number): number {
    return this.lets.slice(0, visible).findLastIndex((each) => each.name === name);
  }

  private variable(at: number): Term | undefined {
    const found = this.lets[at];
    if (found === undefined || found.value.kind === 'pipeline') return undefined;
    const known = this.variables.get(found);
    if (known !== undefined) return known;
    const scope: Scope = { column: () => undefined, variable: (name) => this.variable(this.find(name, at)) };
    const term = this.expressions.term(found.value, scope);
    this.variables.set(found, term);
    return term;
  }
}

/** Nodes of a computed column, at most. */
const COMPUTED_COLUMN = 50;

const EMPTY: Flow = { conditions: [], columns: new Map(), extended: [], projected: false };

const SUPPORTED = 'Supported are where, extend, project, take (limit) and count.';
