/**
 * Aggregate functions and the operators that group rows: `summarize`, `count`, `make-series`,
 * `top-nested`.
 *
 * An expression around aggregates (`sum(a) / count()`) is a projection over a summary with hidden columns.
 */
import { AGGREGATE_ALIASES } from '../../../plan/relation/aliases.ts';
import type { ScalarType } from '../../../plan/relation/cell.ts';
import { AGGREGATE_FUNCTIONS } from '../../../plan/relation/functions/index.ts';
import type {
  Aggregate,
  NamedScalar,
  NestedLevel,
  Relation,
  Scalar,
  SeriesValue,
} from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { ColumnNames, column, columnsOf, constant, named, onward, project, relation } from './build.ts';
import { convertConstant, scalarType } from './cells.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { orderOf } from './order.ts';
import { REFUSED_AGGREGATES } from './refused.ts';
import { alignedRange } from './series-range.ts';
import { checkParameters, lowerValues, parameter, scopeOf, unwrapName } from './values.ts';

/** An aggregate before its columns are named. */
interface Draft {
  readonly function: string;
  readonly args: readonly Scalar[];
  readonly results: readonly { readonly name: string; readonly type: ScalarType }[];
  readonly span: Scalar['span'];
}

export function lowerSummarize(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, []);
  const scope = scopeOf(flow, env);
  const names = new ColumnNames();
  const keys = keysOf(lowering, node.parts.ByClause, scope, names);
  const { aggregates, values } = lowerAggregates(lowering, node, scope, keys, names);
  const summary = summarize(flow.relation, keys, aggregates, node.span);
  const isPlain =
    summary.columns.length === values.length &&
    summary.columns.every(({ name }, at) => name === values[at]?.name && values[at]?.value.kind === 'column');
  return onward(flow, isPlain ? summary : project(summary, values, node.span), 'lost');
}

export function lowerCount(_lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const name = node.columns?.[0]?.name ?? 'Count';
  const count = aggregateOf({ function: 'count', args: [], results: [{ name, type: 'long' }], span: node.span }, [
    name,
  ]);
  return onward(flow, summarize(flow.relation, [], [count], node.span), 'lost');
}

/** Kusto estimates them, and which of equal values it gives nobody can tell. */
export function lowerTopHitters(lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const by = node.parts.ByClause === undefined ? 'count()' : 'sum(…)';
  lowering.refuse(
    node.span,
    'The operator “top-hitters”',
    `Write summarize N = ${by} by … | top … by N, which is exact.`,
  );
  return flow;
}

export function lowerMakeSeries(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, ['kind']);
  const kind = parameter(node, 'kind');
  const isNeverEmpty = kind?.text?.toLowerCase() === 'nonempty';
  if (kind !== undefined && !isNeverEmpty) lowering.refuse(kind.span, `make-series of kind “${kind.text ?? ''}”`);
  const { span } = node;
  const scope = scopeOf(flow, env);
  const names = new ColumnNames();
  const keys = keysOf(lowering, node.parts.ByClause, scope, names);
  const values = itemsOf(node, 'Aggregates').flatMap((item): SeriesValue[] => {
    const { given, expression } = unwrapName(item.parts.Expression ?? item);
    const [draft] = draftsOf(lowering, expression, scope, keys) ?? [];
    if (draft === undefined) {
      lowering.refuse(
        item.span,
        'A computation around an aggregate in make-series',
        'Compute with series_… behind it.',
      );
      return [];
    }
    const name = names.add(given[0] ?? draft.results[0]?.name ?? 'Column1');
    const type = draft.results[0]?.type ?? 'real';
    const filler = item.parts.DefaultExpression?.parts.Expression;
    const empty =
      filler === undefined ? constant('long', 0n, span) : lowering.scalar(filler, { ...scope, columns: new Map() });
    if (empty.kind !== 'constant') lowering.refuse(empty.span, 'A default that is not constant');
    const cell = empty.kind === 'constant' ? convertConstant(empty, type).value : null;
    return [{ aggregate: aggregateOf({ ...draft, results: [{ name, type }] }, [name]), empty: cell }];
  });
  const on = node.parts.OnClause?.parts.Expression;
  const axis = on === undefined ? undefined : lowerValues(lowering, on, scope)[0];
  const axisName = names.add(axis?.name ?? 'Column1');
  const range = node.parts.RangeClause;
  const constants: Scope = { ...scope, columns: new Map() };
  const bound = (part: string) => {
    const given = range?.parts[part]?.parts.Expression;
    return given && lowering.scalar(given, constants);
  };
  const [start, stop, width] = itemsOf(range?.parts.Arguments, 'Expressions').map((each) =>
    lowering.scalar(each, constants),
  );
  const step = width ?? bound('MakeSeriesStepClause');
  const aligned = start && stop && width && alignedRange(start, stop, width);
  if (axis === undefined || step === undefined || (width !== undefined && aligned === undefined)) {
    const what = '“in range(…)” of make-series with a start that may be no multiple of the step';
    lowering.refuse(range?.span ?? span, what, 'Write on … from … to … step …, or begin at startofday(…).');
    return flow;
  }
  const from = aligned?.from ?? bound('MakeSeriesFromClause');
  const to = aligned?.to ?? bound('MakeSeriesToClause');
  if (isNeverEmpty && (keys.length > 0 || from === undefined || to === undefined))
    lowering.refuse(kind.span, 'make-series kind=nonempty with “by”, or without “from” and “to”');
  const made = relation({
    kind: 'make-series',
    input: flow.relation,
    keys,
    values,
    axis: named(axisName, axis.value),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    step,
    ...(isNeverEmpty ? { isNeverEmpty } : {}),
    columns: [
      ...columnsOf(keys),
      ...values.map(({ aggregate }) => ({ name: aggregate.columns[0]?.name ?? '', type: 'dynamic' as const })),
      { name: axisName, type: 'dynamic' as const },
    ],
    span,
  });
  return onward(flow, made, 'lost');
}

export function lowerTopNested(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const scope = scopeOf(flow, env);
  const names = new ColumnNames();
  const constants: Scope = { ...scope, columns: new Map() };
  const levels = itemsOf(node, 'Clauses').flatMap((clause): NestedLevel[] => {
    const { OfExpression, ByExpression, Expression: count, WithOthersClause } = clause.parts;
    const key = OfExpression && lowerValues(lowering, OfExpression, scope)[0];
    const { expression: by, order } = orderOf(ByExpression ?? clause);
    const { given, expression } = unwrapName(by);
    const [draft] = draftsOf(lowering, expression, scope, []) ?? [];
    if (key === undefined || draft === undefined) {
      lowering.refuse(
        clause.span,
        'A level of top-nested whose order is no plain aggregate',
        'Write by sum(…), count(), ….',
      );
      return [];
    }
    const keyName = names.add(key.name ?? 'Column1');
    const name = names.add(given[0] ?? `aggregated_${key.name ?? keyName}`);
    const others = WithOthersClause?.parts.Expression;
    return [
      {
        ...(count === undefined ? {} : { count: lowering.scalar(count, constants) }),
        key: named(keyName, key.value),
        by: {
          name,
          aggregate: aggregateOf({ ...draft, results: [{ name, type: draft.results[0]?.type ?? 'real' }] }, [name]),
        },
        order,
        ...(others === undefined ? {} : { others: lowering.scalar(others, constants) }),
      },
    ];
  });
  const columns = levels.flatMap(({ key, by }) => [
    { name: key.name, type: key.value.type },
    { name: by.name, type: by.aggregate.columns[0]?.type ?? ('real' as const) },
  ]);
  return onward(flow, relation({ kind: 'top-nested', input: flow.relation, levels, columns, span: node.span }), 'lost');
}

function summarize(
  input: Relation,
  keys: readonly NamedScalar[],
  aggregates: readonly Aggregate[],
  span: Scalar['span'],
): Extract<Relation, { kind: 'summarize' }> {
  const columns = [...columnsOf(keys), ...aggregates.flatMap((each) => each.columns)];
  return relation({ kind: 'summarize', input, keys, aggregates, columns, span });
}

function keysOf(lowering: Lowering, by: BoundNode | undefined, scope: Scope, names: ColumnNames): NamedScalar[] {
  return itemsOf(by, 'Expressions').flatMap((item) =>
    lowerValues(lowering, item, scope).map(({ name, value }) =>
      named(name === undefined ? names.next() : names.add(name), value),
    ),
  );
}

/** A column of the answer before it is named. */
interface Output {
  readonly given?: string;
  readonly otherwise?: string;
  readonly value: Scalar;
}

/** The aggregates of a summary, and the columns of the answer over them. */
function lowerAggregates(
  lowering: Lowering,
  node: BoundNode,
  scope: Scope,
  keys: readonly NamedScalar[],
  names: ColumnNames,
): { readonly aggregates: readonly Aggregate[]; readonly values: readonly NamedScalar[] } {
  const drafts: Draft[] = [];
  const add = (draft: Draft): Scalar[] => {
    const own = { ...draft, results: draft.results.map(({ type }) => ({ name: lowering.hidden(), type })) };
    drafts.push(own);
    return own.results.map(({ name, type }) => column(name, type, draft.span));
  };
  const outputs = itemsOf(node, 'Aggregates').flatMap((item): Output[] => {
    const { given, expression } = unwrapName(item);
    const plain = draftsOf(lowering, expression, scope, keys);
    if (plain !== undefined) {
      const results = plain.flatMap((draft) =>
        add(draft).map((value, at) => [draft.results[at]?.name, value] as const),
      );
      return results.map(([otherwise, value], at) => ({
        ...(given[at] === undefined ? {} : { given: given[at] }),
        ...(otherwise === undefined ? {} : { otherwise }),
        value,
      }));
    }
    const before = drafts.length;
    const outer: Scope = {
      ...scope,
      columns: new Map(keys.map(({ name, value }) => [name, value.type])),
      aggregate: (inner) => {
        const [draft] = draftsOf(lowering, inner, scope, keys) ?? [];
        return draft && add(draft)[0];
      },
    };
    const computed = lowerValues(lowering, item, outer);
    if (drafts.length === before)
      lowering.refuse(item.span, 'An expression without an aggregate in summarize', 'Put it behind, with extend.');
    return computed.map(({ name, isGiven, value }) => ({
      ...(isGiven && name !== undefined ? { given: name } : {}),
      ...(name === undefined ? {} : { otherwise: name }),
      value,
    }));
  });
  // The binder's names, where it sees the same columns; it does not know of some that the engine leaves out.
  const bound = node.columns?.length === keys.length + outputs.length ? node.columns.slice(keys.length) : [];
  const settled = new Map<string, string>();
  const values = outputs.map(({ given, otherwise, value }, at) => {
    const wanted = given ?? bound[at]?.name ?? otherwise;
    const name = wanted === undefined ? names.next() : names.add(wanted);
    if (value.kind === 'column') settled.set(value.name, name);
    return named(name, value);
  });
  const renamed = (name: string) => settled.get(name) ?? name;
  return {
    aggregates: drafts.map((draft) =>
      aggregateOf(
        draft,
        draft.results.map(({ name }) => renamed(name)),
      ),
    ),
    values: [
      ...keys.map(({ name, value }) => named(name, column(name, value.type, value.span))),
      ...values.map(({ name, value }) =>
        named(name, value.kind === 'column' ? column(renamed(value.name), value.type, value.span) : value),
      ),
    ],
  };
}

function aggregateOf(draft: Draft, names: readonly string[]): Aggregate {
  const columns = draft.results.map(({ type }, at) => Object.freeze({ name: names[at] ?? '', type }));
  return Object.freeze({
    function: draft.function,
    args: Object.freeze(draft.args),
    columns: Object.freeze(columns),
    span: draft.span,
  });
}

/** The call of an aggregate function; `undefined` where the node is none. */
function draftsOf(
  lowering: Lowering,
  node: BoundNode,
  scope: Scope,
  keys: readonly NamedScalar[],
): readonly Draft[] | undefined {
  const written =
    node.symbol?.kind === 'Function' && node.kind === 'FunctionCallExpression' ? node.symbol.name : undefined;
  if (written === undefined || !AGGREGATES.has(written)) return undefined;
  const { span } = node;
  const name = AGGREGATE_ALIASES[written] ?? written;
  const items = itemsOf(node.parts.ArgumentList, 'Expressions').map((item) => unwrapName(item).expression);
  const inner: Scope = { ...scope, window: 'cannot stand inside an aggregate function' };
  const lower = (item: BoundNode) => lowering.scalar(item, inner);
  const results = resultsOf(node, name);
  if (!Object.hasOwn(AGGREGATE_FUNCTIONS, name) && !name.startsWith('percentiles')) {
    const place = node.parts.Name?.span ?? span;
    lowering.problems.report(
      'kusto-function-unsupported',
      place,
      `The aggregate function “${written}” is not supported.`,
      REFUSED_AGGREGATES[name],
    );
  }
  if (name === 'arg_max' || name === 'arg_min' || name === 'take_any') {
    const args = items.flatMap((item, at) =>
      item.kind === 'StarExpression'
        ? starred(scope, keys, name === 'take_any' || at === 0 ? undefined : items[0])
        : [lower(item)],
    );
    const named = args.map((arg, at) => ({ name: results[at]?.name ?? nameOf(arg), type: arg.type }));
    return [{ function: name, args, results: named, span }];
  }
  // The engine counts rows, whatever the argument.
  for (const item of name === 'count' ? items : []) lowering.forgive(item.span, 'type');
  if (name === 'count') return [{ function: name, args: [], results, span }];
  const args = items.map(lower);
  if ((written === 'makeset' || written === 'makelist') && args.length === 1)
    args.push(constant('long', OLD_LIMIT, span));
  if (name === 'percentiles' || name === 'percentilesw') {
    const fixed = name === 'percentiles' ? 1 : 2;
    const single = name === 'percentiles' ? 'percentile' : 'percentilew';
    return args.slice(fixed).map((rank, at) => ({
      function: single,
      args: [...args.slice(0, fixed), rank],
      results: results.slice(at, at + 1),
      span,
    }));
  }
  return [{ function: name, args, results: results.slice(0, 1), span }];
}

/** Of `makeset` and `makelist`, Microsoft's reference. */
const OLD_LIMIT = 128n;

function resultsOf(node: BoundNode, name: string): { name: string; type: ScalarType }[] {
  const own =
    node.type === 'tuple' ? (node.columns ?? []) : [{ name: node.resultName ?? `${name}_`, type: node.type ?? '' }];
  return own.map((each) => ({ name: each.name, type: scalarType(each.type) ?? 'dynamic' }));
}

/** `*`: every column but the keys, and the one that is compared. */
function starred(scope: Scope, keys: readonly NamedScalar[], compared: BoundNode | undefined): Scalar[] {
  const left = new Set(keys.flatMap(({ value }) => (value.kind === 'column' ? [value.name] : [])));
  if (compared?.text !== undefined) left.add(compared.text);
  return [...scope.columns].flatMap(([name, type]) =>
    left.has(name) ? [] : [column(name, type, compared?.span ?? NOWHERE)],
  );
}

const NOWHERE = { start: 0, end: 0 };

function nameOf(value: Scalar): string {
  return value.kind === 'column' ? value.name : 'Column1';
}

/** As Kusto's reference lists them, old names too. */
const AGGREGATES: ReadonlySet<string> = new Set(
  `any anyif arg_max arg_min argmax argmin avg avgif binary_all_and binary_all_or binary_all_xor buildschema cnt count
   count_distinct count_distinctif countif covariance covarianceif covariancep covariancepif dcount dcountif hll hll_if
   hll_merge make_bag make_bag_if make_dictionary make_list make_list_if make_list_with_nulls make_set make_set_if
   makelist makeset max maxif merge_tdigest min minif percentile percentiles percentiles_array percentilesw
   percentilesw_array percentilew stdev stdevif stdevp sum sumif take_any take_anyif tdigest tdigest_merge variance
   varianceif variancep variancepif`.split(/\s+/),
);
