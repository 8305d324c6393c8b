/**
 * The other side of a statement's host functions: DuckDB hands over a chunk of rows, this process computes the cells.
 *
 *   chunk ──cells of each argument──▶ plan's function ──▶ cells of the result, in place
 *
 * They run in the thread that asked. A function that fails fails the statement, in words.
 */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBType, DuckDBVector } from '@duckdb/node-api';
import { cellOfText, type HostFunction, hostName, textOfCell } from '../../dialect/duckdb/host-function.ts';
import { DUCK_TYPES } from '../../dialect/duckdb/sql-text.ts';
import type { Json } from '../../event/json.ts';
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import { elementsOf, parseText, parseTextKeys } from '../../plan/relation/evaluate-row.ts';
import { dynamicText, parseDynamic } from '../../plan/relation/exact-number.ts';
import { AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS } from '../../plan/relation/functions/index.ts';
import type { Parse, ParseKeys } from '../../plan/relation/node.ts';
import { RelationRefusal } from '../../plan/relation/refusal.ts';
import { eventAnswers } from './event-answers.ts';

type Duck = typeof import('@duckdb/node-api');

/** Registered functions belong to the whole instance. */
const REGISTERED = new WeakMap<DuckDBInstance, Set<string>>();

/** Makes the functions known to every connection of the instance. */
export async function registerHosts(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  hosts: ReadonlyMap<string, HostFunction>,
): Promise<void> {
  const known = REGISTERED.get(instance) ?? new Set<string>();
  REGISTERED.set(instance, known);
  if ([...hosts.keys()].every((name) => known.has(name))) return;
  const duck = await import('@duckdb/node-api');
  // Only now: another query may have registered them meanwhile.
  for (const host of [...hosts.values()].filter((one) => !known.has(hostName(one)))) {
    connection.registerScalarFunction(
      duck.DuckDBScalarFunction.create({ name: hostName(host), specialHandling: true, ...shapeOf(host, duck) }),
    );
    known.add(hostName(host));
  }
}

interface Shape {
  readonly parameterTypes: readonly DuckDBType[];
  readonly returnType: DuckDBType;
  readonly mainFunction: (info: unknown, input: DuckDBDataChunk, output: DuckDBVector) => void;
}

function shapeOf(host: HostFunction, duck: Duck): Shape {
  const list = duck.LIST(duck.VARCHAR);
  const lists = (values: readonly (string | null)[]) => duck.listValue([...values]);
  switch (host.kind) {
    case 'scalar': {
      const compute = SCALAR_FUNCTIONS[host.function];
      if (compute === undefined) throw new Error(`No function “${host.function}”.`);
      const signature = { args: host.args, result: host.result };
      const readers = host.args.map(cellReader);
      return {
        parameterTypes: host.args.map((type) => duckType(type, duck)),
        returnType: duckType(host.result, duck),
        mainFunction: rowByRow((values) => {
          const cells = values.map((value, index) => (readers[index] as (value: unknown) => Cell)(value));
          return heldCell(
            inWords(() => compute(cells, signature)),
            host.result,
          );
        }),
      };
    }
    case 'aggregate': {
      const compute = AGGREGATE_FUNCTIONS[host.function];
      if (compute === undefined) throw new Error(`No aggregate “${host.function}”.`);
      const signature = { args: host.args, results: host.results };
      return {
        parameterTypes: Array.from({ length: Math.max(1, host.args.length) }, () => list),
        returnType: list,
        mainFunction: rowByRow((values) => {
          const columns = values.map((value) => itemsOf(value));
          const rows = (columns[0] ?? []).map((_, row) =>
            host.args.map((type, index) => cellOfText(columns[index]?.[row] ?? null, type, parseDynamic)),
          );
          const cells = inWords(() => compute(rows, signature));
          return lists(host.results.map((type, index) => textOfCell(cells[index] ?? null, type)));
        }),
      };
    }
    case 'elements':
      return {
        parameterTypes: [duck.VARCHAR, duck.VARCHAR],
        returnType: list,
        mainFunction: rowByRow(([text, bags]) => {
          const value = text === null ? null : parseDynamic(String(text));
          return lists(elementsOf(value, bags === 'array' ? 'array' : 'bag').map((element) => dynamicText(element)));
        }),
      };
    case 'event': {
      const answerOf = remembered(eventAnswers);
      return {
        parameterTypes: [duck.VARCHAR, duck.VARCHAR],
        returnType: duck.VARCHAR,
        mainFunction: rowByRow(([text, question]) => {
          if (text === null) return null;
          return answerOf(String(question))(String(text))?.toWellFormed() ?? null;
        }),
      };
    }
    case 'parse': {
      const nodeOf = remembered((json) => JSON.parse(json) as Parse | ParseKeys);
      return {
        parameterTypes: [duck.VARCHAR, duck.VARCHAR],
        returnType: list,
        mainFunction: rowByRow(([text, shape]) => {
          const node = nodeOf(String(shape));
          const cells =
            node.kind === 'parse' ? parseText(node, String(text ?? '')) : parseTextKeys(node, String(text ?? ''));
          const types =
            node.kind === 'parse'
              ? node.parts.flatMap((part) => (part.kind === 'capture' ? [part.type] : []))
              : node.keys.map(({ type }) => type);
          return cells === undefined ? null : lists(types.map((type, index) => textOfCell(cells[index] ?? null, type)));
        }),
      };
    }
  }
}

/** Runs over the rows of a chunk. */
function rowByRow(compute: (values: readonly unknown[]) => unknown): Shape['mainFunction'] {
  return (_info, input, output) => {
    const cells = Array.from({ length: input.columnCount }, (_, index) => cellsOf(input.getColumnVector(index)));
    for (let row = 0; row < input.rowCount; row += 1) {
      const values = cells.map((cell) => cell(row));
      output.setItem(row, compute(values) as never);
    }
    output.flush();
  };
}

/** How DuckDB holds texts: of each its length and, of more than 12 bytes, where it is. */
interface TextVector {
  readonly dataView?: DataView;
  readonly validity?: { itemValid(row: number): boolean };
}

const TEXT_BYTES = 16;
const SHORT_TEXT = 12;

/**
 * The cells of a column from its first row on. A long text that is the very one of the row before, as a constant's is, is
 * read once: a list of thousands of words took longer to be read for each row than to be looked for.
 */
function cellsOf(vector: DuckDBVector): (row: number) => unknown {
  const { dataView, validity } = vector as unknown as TextVector;
  const isOfTexts = dataView?.byteLength === vector.itemCount * TEXT_BYTES && validity !== undefined;
  if (!isOfTexts) return (row) => vector.getItem(row);
  let last: unknown;
  return (row) => {
    if (typeof last !== 'string' || !validity.itemValid(row) || !isSameText(dataView, row)) last = vector.getItem(row);
    return last;
  };
}

function isSameText(texts: DataView, row: number): boolean {
  const at = row * TEXT_BYTES;
  if (row === 0 || texts.getUint32(at, true) <= SHORT_TEXT) return false;
  return (
    texts.getBigUint64(at) === texts.getBigUint64(at - TEXT_BYTES) &&
    texts.getBigUint64(at + 8) === texts.getBigUint64(at + 8 - TEXT_BYTES)
  );
}

/** What DuckDB passes on of an error is its message alone. */
function inWords<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof RelationRefusal ? new Error(`Refused: ${error.message}`) : error;
  }
}

/** What is made of a text once for many rows; of the last texts only, since the function outlives the query. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}

const MOST_REMEMBERED = 256;

function itemsOf(value: unknown): readonly (string | null)[] {
  return value === null ? [] : (value as { readonly items: readonly (string | null)[] }).items;
}

function duckType(type: ScalarType, duck: Duck): DuckDBType {
  const types: Readonly<Record<string, DuckDBType>> = {
    BIGINT: duck.BIGINT,
    BOOLEAN: duck.BOOLEAN,
    DOUBLE: duck.DOUBLE,
    VARCHAR: duck.VARCHAR,
  };
  return types[DUCK_TYPES[type]] as DuckDBType;
}

/** From what DuckDB holds to the cell. JSON that comes again and again, as a constant does, is parsed once. */
export function cellReader(type: ScalarType): (value: unknown) => Cell {
  if (type === 'dynamic') {
    let last: string | undefined;
    let parsed: Json = null;
    return (value) => {
      if (value === null || value === undefined) return null;
      if (value !== last) {
        last = value as string;
        parsed = parseDynamic(last);
      }
      return parsed;
    };
  }
  if (type === 'string') return (value) => (value ?? '') as string;
  return (value) => (value ?? null) as Cell;
}

/** From the cell to what DuckDB holds. */
export function heldCell(cell: Cell, type: ScalarType): string | number | bigint | boolean | null {
  if (type === 'dynamic') return cell === null ? null : dynamicText(cell);
  if (cell === null) return type === 'string' ? '' : null;
  if (DUCK_TYPES[type] === 'BIGINT') return BigInt(cell as bigint | number);
  return DUCK_TYPES[type] === 'VARCHAR' ? String(cell) : (cell as number | boolean);
}
