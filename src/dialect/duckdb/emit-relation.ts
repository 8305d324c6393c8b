/**
 * A plan over tables as one SQL statement of DuckDB's.
 *
 *   Relation ──a common table expression for each operator──▶ WITH "#1" AS (…), "#2" AS (…) SELECT … FROM "#2"
 *
 * DuckDB puts the operators together again and drops what nothing reads. Rows carry what orders them in columns of our
 * own (`#n`), so that taking, serializing and collecting see the order that a sort gave; an unused one costs nothing.
 *
 * What has no SQL is no part of it: whoever runs the plan computes those operators first (`isStaged`), and puts their
 * rows in their place.
 */
import type { ScalarType } from '../../plan/relation/cell.ts';
import { parsePattern } from '../../plan/relation/evaluate-row.ts';
import type {
  Distinct,
  Expand,
  Filter,
  Inline,
  Join,
  Parse,
  ParseKeys,
  Project,
  Range,
  Relation,
  RelationColumn,
  Scalar,
  Scan,
  Shared,
  Sort,
  Summarize,
  TablePlan,
  Take,
  Union,
} from '../../plan/relation/node.ts';
import { re2Source } from '../../plan/relation/text-regex.ts';
import { emitAggregate, unpacked } from './aggregates.ts';
import { constantValue, emitCondition, emitScalar, hostCall, listOf, type ScalarScope, VALUE } from './emit-scalar.ts';
import {
  type ColumnForms,
  carried,
  type Emitted,
  type Forms,
  NO_FORMS,
  type OrderKey,
  orderText,
  passedForms,
  renamedForms,
} from './emitted.ts';
import type { HostFunction } from './host-function.ts';
import { rangeSteps } from './range-steps.ts';
import { cellText, DUCK_TYPES, named, physicalNames, quote } from './sql-text.ts';
import { hoistWindows } from './window-columns.ts';

/** What stands under a name in FROM, with the columns of the node under their physical names. */
export interface TableSource {
  readonly sql: string;
  /** A column of whole numbers that orders the rows, if it has one. */
  readonly order?: string;
  /** Of columns of the node: columns of `sql` that hold the same in other forms. */
  readonly forms?: Forms;
}

export interface RelationScope {
  /** A table of the schema. */
  readonly table: (scan: Scan) => TableSource;
  /** What was computed before: a shared relation, or rows in their order under `#row`. */
  readonly staged: (node: Relation) => TableSource | undefined;
  /** `now()`, ticks since 1970. */
  readonly now: bigint;
}

export interface DuckStatement {
  /** Gives the plan's columns in their order, under names of no meaning. */
  readonly sql: string;
  /** To be registered before it runs, by their names. */
  readonly hosts: ReadonlyMap<string, HostFunction>;
}

/** The statement of a plan all of whose operators have SQL, or stand in `staged`. */
export function emitTable(plan: Pick<TablePlan, 'relation' | 'isOrdered'>, scope: RelationScope): DuckStatement {
  const emitter = new RelationEmitter(scope);
  const { columns } = plan.relation;
  const names = physicalNames(columns);
  const result = emitter.emit(plan.relation);
  const given = columns.map(({ name }) => names.get(name)).join(', ');
  const order = result.isSorted ? orderText(result.order) : '';
  const select = `SELECT ${given === '' ? 'NULL' : given} FROM ${result.name}${order === '' ? '' : `\nORDER BY ${order}`}`;
  const parts = emitter.parts.map(({ name, sql }) => `${name} AS NOT MATERIALIZED (${sql})`);
  return { sql: parts.length === 0 ? select : `WITH ${parts.join(',\n')}\n${select}`, hosts: emitter.hosts };
}

/** Of a range's step. */
const INDEX = named('#i');
class RelationEmitter {
  readonly parts: { readonly name: string; readonly sql: string }[] = [];
  readonly hosts = new Map<string, HostFunction>();
  private readonly scope: RelationScope;
  private readonly shared = new Map<string, Emitted>();
  private hidden = 0;

  constructor(scope: RelationScope) {
    this.scope = scope;
  }

  emit(node: Relation): Emitted {
    const staged = this.scope.staged(node);
    if (staged !== undefined) return this.found(node, staged);
    switch (node.kind) {
      case 'scan-table':
        return this.found(node, this.scope.table(node));
      case 'inline':
        return this.inline(node);
      case 'range':
        return this.range(node);
      case 'filter':
        return this.filter(node);
      case 'project':
        return this.project(node);
      case 'summarize':
        return this.summarize(node);
      case 'join':
        return this.join(node);
      case 'union':
        return this.union(node);
      case 'sort':
        return this.sort(node);
      case 'take':
        return this.take(node);
      case 'distinct':
        return this.distinct(node);
      case 'expand':
        return this.expand(node);
      case 'parse':
      case 'parse-kv':
        return this.parse(node);
      case 'shared':
        return this.once(node);
      default:
        throw new Error(`No SQL for “${node.kind}”: it is computed before.`);
    }
  }

  // --- Sources ---------------------------------------------------------------------------------------------------------

  private found(node: Relation, { sql, order, forms: given = NO_FORMS }: TableSource): Emitted {
    const keys: OrderKey[] = order === undefined ? [] : [this.place()];
    const hidden: string[] = [];
    const hide = (column: string): string => {
      const name = this.hide();
      hidden.push(`${column} AS ${name}`);
      return name;
    };
    const forms = new Map([...given].map(([name, form]) => [name, renamedForms(form, hide)]));
    const all = [
      ...physicalNames(node.columns).values(),
      ...keys.map(({ column }) => `${order} AS ${column}`),
      ...hidden,
    ];
    const isSorted = node.kind !== 'scan-table' && order !== undefined;
    return this.part(
      `SELECT ${all.length === 0 ? 'NULL' : all.join(', ')} FROM ${sql}`,
      node.columns,
      keys,
      isSorted,
      forms,
    );
  }

  private inline({ columns, rows }: Inline): Emitted {
    const key = this.place();
    const heads = [...physicalNames(columns).values(), key.column];
    const line = (cells: readonly string[], index: number) => `(${[...cells, `${index}::BIGINT`].join(', ')})`;
    const lines = rows.map((row, index) =>
      line(
        columns.map(({ type }, at) => cellText(row[at] ?? null, type)),
        index,
      ),
    );
    const none = line(
      columns.map(({ type }) => `NULL::${DUCK_TYPES[type]}`),
      0,
    );
    const values = lines.length === 0 ? none : lines.join(', ');
    const sql = `SELECT * FROM (VALUES ${values}) AS "#v"(${heads.join(', ')})${lines.length === 0 ? ' WHERE false' : ''}`;
    return this.part(sql, columns, [key], true);
  }

  private range(node: Range): Emitted {
    const key = this.place();
    const [head] = physicalNames(node.columns).values();
    const { value, count } = rangeSteps(node, this.scope.now);
    const sql = `SELECT ${value(INDEX)} AS ${head}, ${INDEX} AS ${key.column} FROM range(${count}) AS "#r"(${INDEX})`;
    return this.part(sql, node.columns, [key], true);
  }

  private once(node: Shared): Emitted {
    const known = this.shared.get(node.id);
    if (known !== undefined) return known;
    const emitted = this.emit(node.relation);
    this.shared.set(node.id, emitted);
    return emitted;
  }

  // --- Operators over one input ----------------------------------------------------------------------------------------

  private filter({ input, condition, columns }: Filter): Emitted {
    const [from, [test]] = this.hoisted(this.emit(input), [condition]);
    const where = emitCondition(test as Scalar, this.over(from));
    return this.on(from, `SELECT * FROM ${from.name} WHERE ${where}`, columns);
  }

  private project({ input, values, columns }: Project): Emitted {
    const [from, nodes] = this.hoisted(
      this.emit(input),
      values.map(({ value }) => value),
    );
    const scope = this.over(from);
    const names = physicalNames(columns);
    const given = columns.map(
      ({ name }, index) => `${emitScalar(nodes[index] as Scalar, scope)} AS ${names.get(name)}`,
    );
    const passed = columns.flatMap(({ name }, index) => {
      const node = nodes[index] as Scalar;
      return node.kind === 'column' ? [[name, node.name] as const] : [];
    });
    const { forms, hidden } = passedForms(from, passed);
    const lists = columns.flatMap(({ name }, index) => {
      const node = nodes[index] as Scalar;
      const sql = node.kind === 'column' ? undefined : listOf(node, scope);
      return sql === undefined ? [] : [{ name, sql, list: this.hide() }];
    });
    const select = this.select(
      [...given, ...carried(from), ...hidden, ...lists.map(({ sql, list }) => `${sql} AS ${list}`)],
      from.name,
    );
    const known: Forms = new Map([...forms, ...lists.map(({ name, list }): [string, ColumnForms] => [name, { list }])]);
    return this.part(select, columns, from.order, from.isSorted, known);
  }

  private summarize({ input, keys, aggregates, columns }: Summarize): Emitted {
    const [from, by] = this.hoisted(
      this.emit(input),
      keys.map(({ value }) => value),
    );
    const scope = this.over(from);
    const names = physicalNames(columns);
    const order = orderText(from.order);
    const [only, ...others] = from.order;
    const place = only?.isPlace === true && others.length === 0 ? { place: only.column } : {};
    const condition = (node: Scalar) => emitCondition(node, scope);
    const value = (node: Scalar) => emitScalar(node, scope);
    const grouping = by.map((node) => emitScalar(node, scope));
    const grouped = keys.map(({ name }, index) => `${grouping[index]} AS ${names.get(name)}`);
    const computed = aggregates.flatMap((given) => {
      const aggregate = { ...given, args: given.args.map((arg) => constantValue(arg, this.scope.now) ?? arg) };
      const parts = emitAggregate(aggregate, {
        value,
        condition,
        order,
        isSorted: from.isSorted,
        ...place,
        hosts: this.hosts,
      });
      return aggregate.columns.map(({ name }, index) => `${parts[index]} AS ${names.get(name)}`);
    });
    const groups = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`;
    const ordering = keys.length === 0 ? [] : this.groupOrder(from, grouping);
    const meeting = ordering.map(({ sql, key }) => `${sql} AS ${key.column}`);
    const met = ordering.map(({ key }) => key);
    return this.part(`${this.select([...grouped, ...computed, ...meeting], from.name)}${groups}`, columns, met, false);
  }

  /** Groups stand in the order in which they are met; of rows that were only found, in that of their keys. */
  private groupOrder(
    from: Emitted,
    keys: readonly string[],
  ): readonly { readonly sql: string; readonly key: OrderKey }[] {
    if (!from.isSorted) return keys.map((sql) => ({ sql, key: { column: this.hide(), order: 'asc', nulls: 'first' } }));
    const [first] = from.order;
    if (first === undefined) return [];
    const key: OrderKey = { column: this.hide(), order: first.order, nulls: first.nulls };
    return [{ sql: `${first.order === 'desc' ? 'max' : 'min'}(${first.column})`, key }];
  }

  private sort({ input, keys, columns }: Sort): Emitted {
    const [from, nodes] = this.hoisted(
      this.emit(input),
      keys.map(({ value }) => value),
    );
    if (keys.length === 0) return { ...from, isSorted: true };
    const scope = this.over(from);
    const added: OrderKey[] = [];
    const values = keys.map(({ order, nulls }, index) => {
      const node = nodes[index] as Scalar;
      const key = { column: this.hide(), nulls };
      // NaN stands beside the nulls, and DuckDB has it above every number: there it is, seen from the other side.
      const isTurned = node.type === 'real' && (order === 'asc') === (nulls === 'first');
      added.push({ ...key, order: isTurned ? (order === 'asc' ? 'desc' : 'asc') : order });
      const sql = sortable(node, scope);
      return `${isTurned ? `-(${sql})` : sql} AS ${key.column}`;
    });
    const sql = `SELECT *, ${values.join(', ')} FROM ${from.name}`;
    return this.part(sql, columns, [...added, ...from.order], true, from.forms);
  }

  private take({ input, count, columns }: Take): Emitted {
    const from = this.emit(input);
    const rows = constantValue(count, this.scope.now)?.value ?? 0;
    const limit = BigInt(rows as bigint) < 0n ? 0n : BigInt(rows as bigint);
    const order = from.isSorted ? orderText(from.order) : '';
    const sorted = order === '' ? '' : ` ORDER BY ${order}`;
    return this.on(from, `SELECT * FROM ${from.name}${sorted} LIMIT ${limit}`, columns);
  }

  private distinct({ input, columns }: Distinct): Emitted {
    const from = this.emit(input);
    return this.part(this.select([`DISTINCT ${this.listed(columns)}`], from.name), columns, [], false);
  }

  private expand({ input, expanded, index, bags, limit, columns }: Expand): Emitted {
    const [from, values] = this.hoisted(
      this.emit(input),
      expanded.map(({ value }) => value),
    );
    const scope = this.over(from);
    const lists = values.map((value) => ({
      column: this.hide(),
      sql: hostCall({ kind: 'elements' }, [elementSource(value, emitScalar(value, scope)), quote(bags)], this.hosts),
    }));
    const cut = (sql: string) => (limit === undefined ? sql : `${sql}[1:${limit}]`);
    const listed = this.on(
      from,
      `SELECT *, ${lists.map(({ sql, column }) => `${cut(sql)} AS ${column}`).join(', ')} FROM ${from.name}`,
    );
    const length = `greatest(${lists.map(({ column }) => `len(${column})`).join(', ')})`;
    const position = this.hide();
    const rows = this.on(listed, `SELECT *, unnest(range(${length})) AS ${position} FROM ${listed.name}`);
    const source = physicalNames(input.columns);
    const names = physicalNames(columns);
    const given = columns.map(({ name }) => {
      const at = expanded.findIndex((one) => one.name === name);
      const one = expanded[at];
      const sql =
        one === undefined
          ? name === index
            ? position
            : (source.get(name) as string)
          : this.converted(`${lists[at]?.column}[${position} + 1]`, one.type);
      return `${sql} AS ${names.get(name)}`;
    });
    const order: OrderKey[] = [...from.order, { column: position, order: 'asc', nulls: 'first' }];
    const select = this.select([...given, ...carried(from), position], rows.name);
    return this.part(select, columns, from.order.length === 0 ? [] : order, from.isSorted);
  }

  /** An element, which is JSON, as a cell of the type. */
  private converted(json: string, type: ScalarType): string {
    const element = `nullif(${json}, 'null')`;
    if (type === 'dynamic') return element;
    const host: HostFunction = { kind: 'scalar', function: CASTS[type], args: ['dynamic'], result: type };
    return hostCall(host, [element], this.hosts);
  }

  private parse(node: Parse | ParseKeys): Emitted {
    const [from, [value]] = this.hoisted(this.emit(node.input), [node.value]);
    const scope = this.over(from);
    const { input: _input, columns: _columns, value: _value, span: _span, ...shape } = node;
    const taken = this.hide();
    const text = emitScalar(value as Scalar, scope);
    const texts = node.kind === 'parse' ? capturedTexts(node, text) : undefined;
    const call = texts ?? hostCall({ kind: 'parse' }, [text, quote(JSON.stringify(shape))], this.hosts);
    const taking = this.on(from, `SELECT *, ${call} AS ${taken} FROM ${from.name}`);
    const captured: readonly RelationColumn[] =
      node.kind === 'parse-kv'
        ? node.keys
        : node.parts.flatMap((part) => (part.kind === 'capture' ? [{ name: part.column, type: part.type }] : []));
    const source = physicalNames(node.input.columns);
    const names = physicalNames(node.columns);
    const given = node.columns.map(({ name, type }) => {
      const at = captured.findIndex((column) => column.name === name);
      const cell = texts === undefined ? `${taken}[${at + 1}]` : `${taken}.c${at}`;
      const sql = at === -1 ? (source.get(name) as string) : unpacked(cell, type);
      return `${sql} AS ${names.get(name)}`;
    });
    const where = node.kind === 'parse' && node.isFilter ? ` WHERE ${taken} IS NOT NULL` : '';
    const isKept = ({ name }: RelationColumn) => !captured.some((column) => column.name === name);
    const { forms, hidden } = passedForms(
      from,
      node.columns.filter(isKept).map(({ name }) => [name, name]),
    );
    const select = this.select([...given, ...carried(from), ...hidden], taking.name);
    return this.part(`${select}${where}`, node.columns, from.order, from.isSorted, forms);
  }

  // --- Operators over several inputs -----------------------------------------------------------------------------------

  private join({ join, left, right, keys, from, columns }: Join): Emitted {
    const [a, b] = [this.emit(left), this.emit(right)];
    const first =
      join === 'innerunique'
        ? this.unique(
            a,
            keys.map((key) => key.left),
          )
        : a;
    const on = keys.map(
      (key) =>
        `${emitScalar(key.left, this.over(first, 'l'))} ${isNeverNull(key) ? '=' : 'IS NOT DISTINCT FROM'} ${emitScalar(key.right, this.over(b, 'r'))}`,
    );
    const condition = on.length === 0 ? 'true' : on.join(' AND ');
    const names = physicalNames(columns);
    const sides = { left: physicalNames(left.columns), right: physicalNames(right.columns) };
    const given = columns.map(({ name, type }, index) => {
      const { side, column } = from[index] as Join['from'][number];
      const sql = `${side === 'left' ? 'l' : 'r'}.${sides[side].get(column)}`;
      // What an outer join does not find is missing: '' of a text.
      const isOuter = side === 'left' ? /^(right|full)outer/.test(join) : /^(left|full)outer/.test(join);
      return `${type === 'string' && isOuter ? `coalesce(${sql}, '')` : sql} AS ${names.get(name)}`;
    });
    const isMirrored = /^right(semi|anti)/.test(join);
    const tables = isMirrored
      ? `${b.name} AS r ${KINDS[join]} ${first.name} AS l`
      : `${first.name} AS l ${KINDS[join]} ${b.name} AS r`;
    return this.part(this.select(given, `${tables} ON ${condition}`), columns, [], false);
  }

  /** The first row of each key. */
  private unique(from: Emitted, keys: readonly Scalar[]): Emitted {
    const scope = this.over(from);
    const by = keys.map((key) => emitScalar(key, scope)).join(', ');
    if (by === '') return from;
    const order = orderText(from.order);
    const sql = `SELECT DISTINCT ON (${by}) * FROM ${from.name} ORDER BY ${[by, order].filter((part) => part !== '').join(', ')}`;
    return this.part(sql, from.columns, [], false);
  }

  private union({ inputs, columns }: Union): Emitted {
    const leg: OrderKey = { column: this.hide(), order: 'asc', nulls: 'first' };
    const place: OrderKey = { column: this.hide(), order: 'asc', nulls: 'first' };
    const names = [...physicalNames(columns).values()];
    const emitted = inputs.map((input) => this.emit(input));
    const isOrdered = emitted.every(({ order }) => order.length > 0);
    const selects = emitted.map((from, index) => {
      const given = [...physicalNames(from.columns).values()].map((name, at) => `${name} AS ${names[at]}`);
      const number = `row_number() OVER (ORDER BY ${orderText(from.order)})`;
      const order = isOrdered ? [`${index} AS ${leg.column}`, `${number} AS ${place.column}`] : [];
      return this.select([...given, ...order], from.name);
    });
    const isSorted = isOrdered && emitted.every((from) => from.isSorted);
    return this.part(selects.join(' UNION ALL '), columns, isOrdered ? [leg, place] : [], isSorted);
  }

  // --- Putting together ------------------------------------------------------------------------------------------------

  /** The expressions with what they look around at as columns of the input. */
  private hoisted(from: Emitted, nodes: readonly Scalar[]): [Emitted, readonly Scalar[]] {
    return hoistWindows(from, nodes, {
      over: (rows) => this.over(rows),
      hide: () => this.hide(),
      added: (rows, columns) => this.on(rows, `SELECT *, ${columns.join(', ')} FROM ${rows.name}`),
    });
  }

  private over(from: Emitted, alias?: string): ScalarScope {
    const names = physicalNames(from.columns);
    const prefix = alias === undefined ? '' : `${alias}.`;
    return {
      column: (name) => `${prefix}${names.get(name) ?? name}`,
      forms: alias === undefined ? from.forms : NO_FORMS,
      now: this.scope.now,
      hosts: this.hosts,
      firstColumn: ({ relation }) => {
        const inner = this.emit(relation);
        const [first] = physicalNames(inner.columns).values();
        return `(SELECT ${first} AS ${VALUE} FROM ${inner.name})`;
      },
    };
  }

  private listed(columns: readonly RelationColumn[]): string {
    return [...physicalNames(columns).values()].join(', ');
  }

  private select(given: readonly string[], from: string): string {
    return `SELECT ${given.length === 0 ? 'NULL' : given.join(', ')} FROM ${from}`;
  }

  private place(): OrderKey {
    return { column: this.hide(), order: 'asc', nulls: 'first', isPlace: true };
  }

  private hide(): string {
    this.hidden += 1;
    return named(`#${this.hidden}`);
  }

  private part(
    sql: string,
    columns: readonly RelationColumn[],
    order: readonly OrderKey[],
    isSorted: boolean,
    forms: Forms = NO_FORMS,
  ): Emitted {
    const name = named(`#t${this.parts.length + 1}`);
    this.parts.push({ name, sql });
    return { name, columns, order, isSorted, forms };
  }

  /** What selects all columns of its input. */
  private on(from: Emitted, sql: string, columns: readonly RelationColumn[] = from.columns): Emitted {
    return this.part(sql, columns, from.order, from.isSorted, from.forms);
  }
}

const KINDS: Readonly<Record<Join['join'], string>> = {
  inner: 'JOIN',
  innerunique: 'JOIN',
  leftouter: 'LEFT JOIN',
  rightouter: 'RIGHT JOIN',
  fullouter: 'FULL JOIN',
  leftsemi: 'SEMI JOIN',
  rightsemi: 'SEMI JOIN',
  leftanti: 'ANTI JOIN',
  rightanti: 'ANTI JOIN',
};

const CASTS: Readonly<Record<ScalarType, string>> = {
  bool: 'tobool',
  datetime: 'todatetime',
  decimal: 'todecimal',
  dynamic: 'parse_json',
  guid: 'toguid',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  string: 'tostring',
  timespan: 'totimespan',
};

/**
 * Captures that are all texts, as a structure of `c0`, `c1`, …; NULL where the text does not match. A text that lacks a
 * fixed part is not looked at any further.
 */
function capturedTexts({ parts, mode, flags }: Parse, text: string): string | undefined {
  const captures = parts.filter((part) => part.kind === 'capture');
  if (captures.length === 0 || captures.some(({ type }) => type !== 'string')) return undefined;
  const regex = re2Source(parsePattern({ parts, mode }), mode === 'regex' ? flags : 's');
  if (regex === undefined || regex.groupCount !== captures.length) return undefined;
  const fixed =
    mode === 'regex' ? [] : parts.flatMap((part) => (part.kind === 'text' && part.text !== '' ? [part.text] : []));
  const likely = fixed.map((part) => `contains(${text}, ${quote(part)})`);
  const pattern = quote(regex.source);
  const matches = `CASE WHEN ${['true', ...likely].join(' AND ')} THEN regexp_matches(${text}, ${pattern}) ELSE false END`;
  const names = captures.map((_, index) => quote(`c${index}`)).join(', ');
  return `CASE WHEN ${matches} THEN regexp_extract(${text}, ${pattern}, [${names}]) END`;
}

function isNeverNull({ left, right }: Join['keys'][number]): boolean {
  return left.type === 'string' && right.type === 'string';
}

/** Text sorts by code point as DuckDB's does; a decimal by its value. */
function sortable(node: Scalar, scope: ScalarScope): string {
  const sql = emitScalar(node, scope);
  return node.type === 'decimal' ? `TRY_CAST(${sql} AS DECIMAL(38, 10))` : sql;
}

/** What `mv-expand` takes apart is dynamic; a value of another type is its only element. */
function elementSource(node: Scalar, sql: string): string {
  return node.type === 'dynamic' ? sql : `to_json(${sql})::VARCHAR`;
}
