/**
 * The plan of a query over tables: a tree of relational operators with typed columns, free of the language it was
 * written in. Kusto lowers into it; the reference evaluator and DuckDB run it.
 *
 *   text ──bind, lower──▶ Relation ─┬─▶ reference evaluator (rows in memory)
 *                                   └─▶ SQL
 *
 * Names and types are settled here: every node states the columns that it gives, in order, no name twice; every
 * expression states its type; implicit conversions are Kusto's (int to long to real) and left to the functions. What
 * only shortens the text is gone: `let`, functions, `invoke`, `project-away`, `top`, `search`, the order of arguments.
 * Nulls follow Kusto: a filter keeps the rows whose condition is true; each function says what it gives for null.
 *
 * Plain, frozen data that survives `structuredClone`. Every node keeps the span of the text it came from.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { Cell, Row, ScalarType } from './cell.ts';

/** Raised whenever the meaning or the shape of a node changes; part of every cache key. */
export const RELATION_VERSION = 1;

export interface RelationColumn {
  readonly name: string;
  readonly type: ScalarType;
}

// --- Expressions -----------------------------------------------------------------------------------------------------

export interface ConstantCell {
  readonly kind: 'constant';
  readonly type: ScalarType;
  readonly value: Cell;
  readonly span: Span;
}

/** A column of the operator's input; in a join's condition, of the side it is named for. */
export interface ColumnCell {
  readonly kind: 'column';
  readonly name: string;
  readonly type: ScalarType;
  readonly span: Span;
}

/** What whoever runs the plan gives: `now`, a datetime, the same for the whole query. */
export interface ParameterCell {
  readonly kind: 'parameter';
  readonly name: 'now';
  readonly type: 'datetime';
  readonly span: Span;
}

/**
 * A function of its arguments, under Kusto's name for it, aliases settled (`iif` is `iff`, `tobool` is not `toboolean`).
 * Operators are functions whose name is Kusto's spelling: `==`, `!=`, `<`, `+`, `%`, `=~`, `!contains_cs`, `has_any`,
 * `in`, `!in~` (operand first, then the items; a dynamic item gives its elements), `between` (operand, low, high),
 * `and`, `or` (any number), `matches regex`; besides these `negate` (unary minus), `member` (a dynamic value, then a
 * name or an index: `d.a`, `d["a"]`, `d[0]`), `search-has` (any value, a text: what `search` asks of a column), and what
 * plans for engines have of decimals (`decimal-keys.ts`).
 * A function of several values (`series_decompose_anomalies`, `series_fit_line`) stands here as one that gives a bag of
 * them, under Kusto's names (`ad_flag`), its `…_dynamic` form where it has one; `member` takes the values.
 *
 * Window functions (`prev`, `next`, `row_number`, `row_cumsum`, `row_rank_dense`, `row_rank_min`,
 * `row_window_session`) look at the rows of their operator's input in their order, which is serialized then.
 */
export interface FunctionCell {
  readonly kind: 'call';
  readonly function: string;
  readonly args: readonly Scalar[];
  readonly type: ScalarType;
  /** Of the name in the text. */
  readonly nameSpan: Span;
  readonly span: Span;
}

/** `toscalar(…)`: the first cell of the first row, null where there is none. Independent of the row. */
export interface QueryCell {
  readonly kind: 'query';
  readonly relation: Relation;
  readonly type: ScalarType;
  readonly span: Span;
}

/** `operand in (table)`: its first column. The operator as Kusto spells it: `in`, `!in`, `in~`, `!in~`, `has_any`. */
export interface InQueryCell {
  readonly kind: 'in-query';
  readonly operator: string;
  readonly operand: Scalar;
  readonly relation: Relation;
  readonly type: 'bool';
  readonly span: Span;
}

export type Scalar = ConstantCell | ColumnCell | ParameterCell | FunctionCell | QueryCell | InQueryCell;

export interface NamedScalar {
  readonly name: string;
  readonly value: Scalar;
}

/**
 * An aggregate function under Kusto's name (aliases settled: `makeset` is `make_set`, `any` is `take_any`), of its
 * arguments over the rows of a group. Expressions around aggregates stand in a `project` above.
 *
 * It gives one column, but for `arg_max`, `arg_min` (first argument: what is compared; then what is given of that row,
 * the compared value first) and `take_any`: these give one a value, all of the same row.
 */
export interface Aggregate {
  readonly function: string;
  readonly args: readonly Scalar[];
  readonly columns: readonly RelationColumn[];
  readonly span: Span;
}

// --- Operators -------------------------------------------------------------------------------------------------------

interface Base {
  readonly columns: readonly RelationColumn[];
  readonly span: Span;
}

/** A table of the schema, by the first of its names; or a function of the schema that gives one, with all its arguments. */
export interface Scan extends Base {
  readonly kind: 'scan-table';
  readonly table: string;
  /** By the parameter's name; constant expressions. */
  readonly args: Readonly<Record<string, Scalar>>;
}

/** Rows written in the query (`datatable`); `print` is a projection over one row without columns. */
export interface Inline extends Base {
  readonly kind: 'inline';
  readonly rows: readonly Row[];
}

/** `range x from … to … step …`: one column; constant expressions. */
export interface Range extends Base {
  readonly kind: 'range';
  readonly from: Scalar;
  readonly to: Scalar;
  readonly step: Scalar;
}

/** `externaldata`: files of the folder that whoever runs the plan allows. */
export interface External extends Base {
  readonly kind: 'external';
  readonly uris: readonly string[];
  readonly format: 'csv' | 'tsv' | 'psv' | 'json' | 'multijson' | 'txt' | 'raw' | 'parquet';
  readonly ignoreFirstRecord: boolean;
}

export interface Filter extends Base {
  readonly kind: 'filter';
  readonly input: Relation;
  readonly condition: Scalar;
}

/** Gives exactly these columns, each computed from the input: every `project…`, `extend`, and the like. */
export interface Project extends Base {
  readonly kind: 'project';
  readonly input: Relation;
  readonly values: readonly NamedScalar[];
}

/** Keys first, then the aggregates' columns. Without keys one row, even of no rows. */
export interface Summarize extends Base {
  readonly kind: 'summarize';
  readonly input: Relation;
  readonly keys: readonly NamedScalar[];
  readonly aggregates: readonly Aggregate[];
}

export type JoinKind =
  | 'inner'
  /** One row of the left for each key (the first of the input's order), then inner: Kusto's default. */
  | 'innerunique'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftsemi'
  | 'rightsemi'
  | 'leftanti'
  | 'rightanti';

/** Rows that are equal in all keys (null with null, text by case); no keys: every row with every row. */
export interface Join extends Base {
  readonly kind: 'join';
  readonly join: JoinKind;
  readonly left: Relation;
  readonly right: Relation;
  readonly keys: readonly { readonly left: Scalar; readonly right: Scalar }[];
  /** Where each column comes from, in the order of `columns`. */
  readonly from: readonly { readonly side: 'left' | 'right'; readonly column: string }[];
}

/** All rows of all inputs, which have these columns in this order. */
export interface Union extends Base {
  readonly kind: 'union';
  readonly inputs: readonly Relation[];
}

export interface SortKey {
  readonly value: Scalar;
  readonly order: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

/** The rows in order, which operators that keep rows keep; `serialize` is a sort without keys. */
export interface Sort extends Base {
  readonly kind: 'sort';
  readonly input: Relation;
  readonly keys: readonly SortKey[];
}

/** The first rows of the input's order. */
export interface Take extends Base {
  readonly kind: 'take';
  readonly input: Relation;
  /** A constant expression. */
  readonly count: Scalar;
}

export interface Distinct extends Base {
  readonly kind: 'distinct';
  readonly input: Relation;
}

export interface ExpandedColumn {
  /** Of the result; it stands in the place of the input's column of that name, or after all. */
  readonly name: string;
  readonly value: Scalar;
  /** `to typeof(…)`, or dynamic. */
  readonly type: ScalarType;
}

/** `mv-expand`: a row for each element; several columns side by side, the shorter filled with null. */
export interface Expand extends Base {
  readonly kind: 'expand';
  readonly input: Relation;
  readonly expanded: readonly ExpandedColumn[];
  /** `with_itemindex`: a long that counts from 0. */
  readonly index?: string;
  /** `bagexpansion=array`: a bag gives `[name, value]` instead of bags of one. */
  readonly bags: 'bag' | 'array';
  /** Of each row. */
  readonly limit?: number;
}

/** The rows of a group as the source of a `body`; only within one. */
export interface GroupRows extends Base {
  readonly kind: 'group';
}

/** `mv-apply`: the body over each row's expanded rows; its columns after those of the row that it does not name. */
export interface Apply extends Base {
  readonly kind: 'apply';
  /** Its columns are those of `group` in the body. */
  readonly expand: Expand;
  readonly body: Relation;
  /** Where each column comes from, in the order of `columns`: the row before it was expanded, or the body. */
  readonly from: readonly { readonly side: 'row' | 'body'; readonly column: string }[];
}

/** `partition by`: the body over the rows of each key. */
export interface Partition extends Base {
  readonly kind: 'partition';
  readonly input: Relation;
  readonly key: Scalar;
  readonly body: Relation;
}

/** A piece of the text as `parse` takes it apart. */
export type ParsePart =
  /** A text, or with `kind=regex` an expression. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'skip' }
  | { readonly kind: 'capture'; readonly column: string; readonly type: ScalarType };

/** Adds or replaces the captured columns. */
export interface Parse extends Base {
  readonly kind: 'parse';
  readonly input: Relation;
  readonly value: Scalar;
  readonly parts: readonly ParsePart[];
  readonly mode: 'simple' | 'regex' | 'relaxed';
  /** RE2 flags of `kind=regex`: `i`, `s`, `m`, `U`. */
  readonly flags: string;
  /** `parse-where`: rows that do not match are dropped. */
  readonly isFilter: boolean;
}

/** `parse-kv`: adds or replaces the columns of the keys. */
export interface ParseKeys extends Base {
  readonly kind: 'parse-kv';
  readonly input: Relation;
  readonly value: Scalar;
  readonly keys: readonly RelationColumn[];
  readonly pairDelimiter?: string;
  readonly keyDelimiter?: string;
  /** One for both ends, or opening and closing; in pairs. */
  readonly quotes: readonly (readonly [string, string])[];
  readonly escape?: string;
  readonly isGreedy: boolean;
  /** `with (regex = …)`: its first group is the key, its second the value. */
  readonly regex?: string;
}

export interface SeriesValue {
  readonly aggregate: Aggregate;
  /** Of the points that have no rows. */
  readonly empty: Cell;
}

/** `make-series`: keys, an array for each value, then the axis. */
export interface MakeSeries extends Base {
  readonly kind: 'make-series';
  readonly input: Relation;
  readonly keys: readonly NamedScalar[];
  readonly values: readonly SeriesValue[];
  readonly axis: NamedScalar;
  /** Constant expressions; absent, the least and the greatest of the axis. */
  readonly from?: Scalar;
  /** Exclusive where given. */
  readonly to?: Scalar;
  readonly step: Scalar;
  /** No rows at all give one series of what points without rows have. */
  readonly isNeverEmpty?: true;
}

export interface ScanStep {
  readonly name: string;
  readonly condition: Scalar;
  /** Of the declared columns, for a row that this step takes. */
  readonly assignments: readonly NamedScalar[];
  readonly output: 'all' | 'last' | 'none';
  readonly isOptional: boolean;
}

/**
 * `scan`: a state machine over the rows in order. Expressions name a step's column as `step.column`; a plain name is the
 * row's, or the declared column of the step that it is in.
 */
export interface ScanSteps extends Base {
  readonly kind: 'scan-steps';
  readonly input: Relation;
  readonly declared: readonly (RelationColumn & { readonly initial: Scalar })[];
  readonly steps: readonly ScanStep[];
  readonly matchId?: string;
}

export interface NestedLevel {
  /** Absent: all. */
  readonly count?: Scalar;
  readonly key: NamedScalar;
  readonly by: { readonly name: string; readonly aggregate: Aggregate };
  readonly order: 'asc' | 'desc';
  readonly others?: Scalar;
}

export interface TopNested extends Base {
  readonly kind: 'top-nested';
  readonly input: Relation;
  readonly levels: readonly NestedLevel[];
}

/**
 * `evaluate`: a plugin whose columns may follow from the rows. Then the query is run in two steps: whoever runs it asks
 * for the plugin's columns first, and the query is bound again with them.
 */
export interface Evaluate extends Base {
  readonly kind: 'evaluate';
  readonly plugin: 'bag_unpack' | 'narrow' | 'pivot';
  readonly input: Relation;
  readonly args: readonly Scalar[];
  /** Whether `columns` were stated or found; otherwise they are those of the input that stay. */
  readonly isSettled: boolean;
}

/** A relation that is named several times and computed once (`materialize`, a `let` used twice). */
export interface Shared extends Base {
  readonly kind: 'shared';
  /** The same id stands for the same relation. */
  readonly id: string;
  readonly relation: Relation;
}

export type Relation =
  | Scan
  | Inline
  | Range
  | External
  | Filter
  | Project
  | Summarize
  | Join
  | Union
  | Sort
  | Take
  | Distinct
  | Expand
  | GroupRows
  | Apply
  | Partition
  | Parse
  | ParseKeys
  | MakeSeries
  | ScanSteps
  | TopNested
  | Evaluate
  | Shared;

/** `| render`: how whoever shows the answer might draw it. */
export interface RenderHint {
  readonly chart: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface TablePlan {
  readonly kind: 'table';
  readonly version: typeof RELATION_VERSION;
  readonly relation: Relation;
  /** Whether the order of the answer's rows was asked for. */
  readonly isOrdered: boolean;
  readonly render?: RenderHint;
}
