/**
 * The reference evaluator of plans over tables: every operator over rows in memory, as plainly as it can be said. What is
 * fast is compared with it; it also runs operators that an engine has no expression for, over their input's rows.
 *
 *   Relation ──▶ rows, in the order of the plan's columns
 *
 * Bounded: an operator that gives more rows than the limit, or more text, ends the query with a `RelationRefusal` while
 * it makes them; and whoever runs it is asked again and again whether it may go on.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, Row } from './cell.ts';
import { convertCell, jsonOf } from './cell-number.ts';
import { compareCells, rowKey } from './cell-order.ts';
import { textOf } from './cell-text.ts';
import { computeAggregates, groupRows } from './evaluate-groups.ts';
import { joinRows } from './evaluate-join.ts';
import { elementsOf, parseText, parseTextKeys } from './evaluate-row.ts';
import { type CellOf, compileScalar, constantCell, emptyCell, type ScalarScope } from './evaluate-scalar.ts';
import { evaluateSeries } from './evaluate-series.ts';
import { evaluateTopNested } from './evaluate-top-nested.ts';
import type * as Node from './node.ts';
import { evaluatePlugin } from './plugins.ts';
import { RelationRefusal } from './refusal.ts';
import { evaluateScanSteps } from './scan-steps.ts';

export interface RelationEnvironment {
  /** `now()`: ticks of 100 ns since 1970. */
  readonly now: bigint;
  /** The rows of a table of the schema, in the order of the node's columns. */
  readonly tables: (scan: Node.Scan) => readonly Row[];
  /** The rows of files. @throws {RelationRefusal} for those that are not allowed. */
  readonly external: (node: Node.External) => readonly Row[];
  /** Rows that an operator may give. */
  readonly mostRows?: number;
  /** UTF-16 units of the texts that an operator may give, some more; any number where absent. */
  readonly mostCharacters?: number;
  /** Called now and then; throws when the evaluation has to end. */
  readonly check?: () => void;
}

const MOST_ROWS = 1_000_000;
/** Rows between two calls of `check`. */
const CHECKED_ROWS = 256;

/** @throws {RelationRefusal} where a function is not supported or there are too many rows. */
export function evaluateRelation(relation: Node.Relation, environment: RelationEnvironment): readonly Row[] {
  return new Evaluator(environment, new Map(), undefined).rows(relation);
}

class Evaluator {
  private readonly environment: RelationEnvironment;
  private readonly shared: Map<string, readonly Row[]>;
  /** What `group` stands for. */
  private readonly group: readonly Row[] | undefined;

  constructor(
    environment: RelationEnvironment,
    shared: Map<string, readonly Row[]>,
    group: readonly Row[] | undefined,
  ) {
    this.environment = environment;
    this.shared = shared;
    this.group = group;
  }

  rows(node: Node.Relation): readonly Row[] {
    const rows = this.evaluate(node);
    const most = this.environment.mostRows ?? MOST_ROWS;
    if (rows.length > most) throw tooMany(node.kind, most);
    return rows;
  }

  /** Takes the rows that an operator makes, and says when they are too many. */
  private taker(operator: string): { readonly rows: Row[]; readonly take: (row: Row) => void } {
    const { mostRows: most = MOST_ROWS, mostCharacters, check } = this.environment;
    const rows: Row[] = [];
    let characters = 0;
    const take = (row: Row) => {
      if (rows.push(row) > most) throw tooMany(operator, most);
      if (rows.length % CHECKED_ROWS === 0) check?.();
      if (mostCharacters === undefined) return;
      for (const cell of row) characters += sizeOf(cell);
      if (characters > mostCharacters)
        throw new RelationRefusal(
          `“${operator}” gives more text than can be held; keep fewer columns, or filter before.`,
        );
    };
    return { rows, take };
  }

  private evaluate(node: Node.Relation): readonly Row[] {
    switch (node.kind) {
      case 'scan-table':
        return this.environment.tables(node);
      case 'external':
        return this.environment.external(node);
      case 'inline':
        return node.rows;
      case 'range':
        return this.range(node);
      case 'group':
        return this.group ?? [];
      case 'shared':
        return this.sharedRows(node);
      case 'filter':
        return this.filter(node);
      case 'project':
        return this.project(node);
      case 'summarize':
        return this.summarize(node);
      case 'join':
        return this.join(node);
      case 'union':
        return node.inputs.flatMap((input) => this.rows(input));
      case 'sort':
        return this.sort(node);
      case 'take':
        return this.rows(node.input).slice(0, Math.max(0, Number(this.constant(node.count) ?? 0)));
      case 'distinct':
        return distinctRows(this.rows(node.input), node.columns);
      case 'expand':
        return this.expand(node, this.rows(node.input));
      case 'apply':
        return this.apply(node);
      case 'partition':
        return this.partition(node);
      case 'parse':
      case 'parse-kv':
        return this.parse(node);
      case 'make-series':
        return evaluateSeries(node, this.scope(node.input));
      case 'scan-steps':
        return evaluateScanSteps(node, this.scope(node.input));
      case 'top-nested':
        return evaluateTopNested(node, this.scope(node.input));
      case 'evaluate':
        return evaluatePlugin(node, this.scope(node.input));
    }
  }

  /** For expressions over the rows of a relation. */
  private scope(node: Node.Relation, rows = this.rows(node)): ScalarScope {
    const evaluate = (relation: Node.Relation) => this.rows(relation);
    const { now, check, mostRows = MOST_ROWS } = this.environment;
    return { columns: node.columns, rows, now, evaluate, mostRows, ...(check === undefined ? {} : { check }) };
  }

  private constant(scalar: Node.Scalar): Cell {
    return constantCell(scalar, { now: this.environment.now, evaluate: (relation) => this.rows(relation) });
  }

  private sharedRows(node: Node.Shared): readonly Row[] {
    const known = this.shared.get(node.id);
    if (known !== undefined) return known;
    const rows = this.rows(node.relation);
    this.shared.set(node.id, rows);
    return rows;
  }

  private range(node: Node.Range): readonly Row[] {
    const type = node.columns[0]?.type ?? 'long';
    const stepType = type === 'datetime' ? 'timespan' : type;
    const [from, to] = [node.from, node.to].map((end) => convertCell(this.constant(end), end.type, type));
    const step = convertCell(this.constant(node.step), node.step.type, stepType);
    const most = this.environment.mostRows ?? MOST_ROWS;
    const rows: Row[] = [];
    if (typeof from === 'number' && typeof to === 'number' && typeof step === 'number') {
      for (let at = 0; step > 0 ? from + at * step <= to : step < 0 && from + at * step >= to; at += 1) {
        if (rows.push([from + at * step]) > most) break;
      }
    } else if (typeof from === 'bigint' && typeof to === 'bigint' && typeof step === 'bigint') {
      for (let at = from; step > 0n ? at <= to : step < 0n && at >= to; at += step) if (rows.push([at]) > most) break;
    }
    return rows;
  }

  private filter(node: Node.Filter): readonly Row[] {
    const scope = this.scope(node.input);
    const holds = compileScalar(node.condition, scope);
    return scope.rows.filter((row, at) => {
      if (at % CHECKED_ROWS === 0) this.environment.check?.();
      return holds(row, at) === true;
    });
  }

  private project(node: Node.Project): readonly Row[] {
    const scope = this.scope(node.input);
    const values = compileValues(node.values, node.columns, scope);
    const { rows, take } = this.taker('project');
    for (const [at, row] of scope.rows.entries()) take(values.map((value) => value(row, at)));
    return rows;
  }

  private summarize(node: Node.Summarize): readonly Row[] {
    const scope = this.scope(node.input);
    const groups = groupRows(node.keys, scope);
    if (groups.length === 0 && node.keys.length === 0) groups.push({ keys: [], rows: [] });
    const compute = computeAggregates(node.aggregates, scope);
    return groups.map(({ keys, rows }) => [...keys, ...compute(rows)]);
  }

  private join(node: Node.Join): readonly Row[] {
    const [left, right] = (['left', 'right'] as const).map((side) => {
      const scope = this.scope(node[side]);
      const values = node.keys.map((key) => compileScalar(key[side], scope));
      const types = node.keys.map((key) => key[side].type);
      const keys = scope.rows.map((row, at) =>
        rowKey(
          values.map((value) => value(row, at)),
          types,
        ),
      );
      return { rows: scope.rows, keys };
    });
    const { rows, take } = this.taker('join');
    if (left !== undefined && right !== undefined) joinRows(node, left, right, take);
    return rows;
  }

  private sort(node: Node.Sort): readonly Row[] {
    const scope = this.scope(node.input);
    const keys = node.keys.map((key) => ({ ...key, of: compileScalar(key.value, scope) }));
    const rows = scope.rows.map((row, at) => ({ row, cells: keys.map(({ of }) => of(row, at)) }));
    rows.sort((a, b) => {
      for (const [at, key] of keys.entries()) {
        const order = compareKeys(a.cells[at] ?? null, b.cells[at] ?? null, key);
        if (order !== 0) return order;
      }
      return 0;
    });
    return rows.map(({ row }) => row);
  }

  private expand(node: Node.Expand, rows: readonly Row[]): readonly Row[] {
    const { columns } = node.input;
    const scope = this.scope(node.input, rows);
    const expanded = node.expanded.map((each) => ({ ...each, of: compileScalar(each.value, scope) }));
    const { rows: made, take } = this.taker('mv-expand');
    for (const [from, row] of rows.entries()) {
      const elements = expanded.map(({ of, value }) => elementsOf(jsonOf(of(row, from), value.type), node.bags));
      const length = Math.min(Math.max(...elements.map((each) => each.length)), node.limit ?? Number.POSITIVE_INFINITY);
      for (let index = 0; index < length; index += 1) {
        const cells = node.columns.map(({ name, type }): Cell => {
          if (name === node.index) return BigInt(index);
          const at = expanded.findIndex((each) => each.name === name);
          if (at === -1) return row[columns.findIndex((column) => column.name === name)] ?? emptyCell(type);
          return convertCell((elements[at]?.[index] ?? null) as Json, 'dynamic', expanded[at]?.type ?? 'dynamic');
        });
        take(cells);
      }
    }
    return made;
  }

  private apply(node: Node.Apply): readonly Row[] {
    const { input } = node.expand;
    const places = new Map(node.body.columns.map(({ name }, at) => [name, at]));
    const own = new Map(input.columns.map(({ name }, at) => [name, at]));
    const { rows, take } = this.taker('mv-apply');
    for (const row of this.rows(input)) {
      this.environment.check?.();
      for (const made of this.inGroup(this.expand(node.expand, [row]), node.body))
        take(
          node.from.map(({ side, column }) =>
            side === 'row' ? (row[own.get(column) ?? -1] ?? null) : (made[places.get(column) ?? -1] ?? null),
          ),
        );
    }
    return rows;
  }

  private partition(node: Node.Partition): readonly Row[] {
    const groups = groupRows([{ name: '', value: node.key }], this.scope(node.input));
    const { rows: made, take } = this.taker('partition');
    for (const { rows } of groups) {
      this.environment.check?.();
      for (const row of this.inGroup(rows, node.body)) take(row);
    }
    return made;
  }

  private inGroup(group: readonly Row[], body: Node.Relation): readonly Row[] {
    // What is shared may depend on the group.
    return new Evaluator(this.environment, new Map(this.shared), group).rows(body);
  }

  private parse(node: Node.Parse | Node.ParseKeys): readonly Row[] {
    const scope = this.scope(node.input);
    const value = compileScalar(node.value, scope);
    const captured =
      node.kind === 'parse'
        ? node.parts.flatMap((part) => (part.kind === 'capture' ? [{ name: part.column, type: part.type }] : []))
        : node.keys;
    const isFilter = node.kind === 'parse' && node.isFilter;
    return scope.rows.flatMap((row, at) => {
      const text = textOf(value(row, at), node.value.type);
      const found = node.kind === 'parse' ? parseText(node, text) : parseTextKeys(node, text);
      if (found === undefined && isFilter) return [];
      const cells = node.columns.map(({ name, type }): Cell => {
        const place = captured.findIndex((each) => each.name === name);
        if (place !== -1) return found?.[place] ?? emptyCell(type);
        return row[node.input.columns.findIndex((column) => column.name === name)] ?? emptyCell(type);
      });
      return [cells];
    });
  }
}

function compileValues(
  values: readonly Node.NamedScalar[],
  columns: readonly Node.RelationColumn[],
  scope: ScalarScope,
): readonly CellOf[] {
  return values.map(({ value }, at) => {
    const of = compileScalar(value, scope);
    const type = columns[at]?.type ?? value.type;
    return type === value.type ? of : (row, place) => convertCell(of(row, place), value.type, type);
  });
}

function tooMany(operator: string, most: number): RelationRefusal {
  return new RelationRefusal(`“${operator}” gives more than ${most} rows.`);
}

/** UTF-16 units that a cell takes, about. */
function sizeOf(cell: Cell): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null) return 4;
  let size = 8;
  for (const item of Array.isArray(cell) ? cell : Object.values(cell))
    size += typeof item === 'string' ? item.length + 8 : 8;
  return size;
}

function distinctRows(rows: readonly Row[], columns: readonly Node.RelationColumn[]): readonly Row[] {
  const types = columns.map(({ type }) => type);
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = rowKey(row, types);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Nulls stand where the query says, and NaN between them and the numbers. */
function compareKeys(a: Cell, b: Cell, { order, nulls, value }: Node.SortKey): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right) return (left - right) * (nulls === 'first' ? -1 : 1);
  if (left > 0) return 0;
  return compareCells(a, b, value.type) * (order === 'asc' ? 1 : -1);
}

function rankOf(cell: Cell): number {
  return cell === null ? 2 : Number.isNaN(cell) ? 1 : 0;
}
