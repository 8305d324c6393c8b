/**
 * Functions that look at the rows around one: `prev`, `row_number`, `row_cumsum` and the like.
 *
 * Source: Microsoft's page on each, and recorded answers.
 */
import type { Cell, Row, ScalarType } from './cell.ts';
import { convertCell } from './cell-number.ts';
import { cellKey } from './cell-order.ts';
import type { FunctionCell } from './node.ts';

type CellOf = (row: Row, at: number) => Cell;

interface Input {
  readonly rows: readonly Row[];
  /** The argument's cell for the row at that place; `undefined` where there is no such argument. */
  readonly arg: (index: number, at: number) => Cell | undefined;
  readonly types: readonly ScalarType[];
  readonly result: ScalarType;
}

export function isWindowFunction(name: string): boolean {
  return Object.hasOwn(WINDOW_FUNCTIONS, name);
}

/** A cell for each row. */
export function windowCells(node: FunctionCell, args: readonly CellOf[], rows: readonly Row[]): readonly Cell[] {
  const compute = WINDOW_FUNCTIONS[node.function] as (input: Input) => readonly Cell[];
  return compute({
    rows,
    arg: (index, at) => args[index]?.(rows[at] ?? [], at),
    types: node.args.map(({ type }) => type),
    result: node.type,
  });
}

const WINDOW_FUNCTIONS: Readonly<Record<string, (input: Input) => readonly Cell[]>> = {
  prev: (input) => neighbours(input, -1),
  next: (input) => neighbours(input, 1),
  row_number: (input) => {
    let number = 0n;
    return input.rows.map((_, at) => {
      const start = longAt(input, 0, at) ?? 1n;
      number = at === 0 || input.arg(1, at) === true ? start : number + 1n;
      return number;
    });
  },
  row_cumsum: (input) => {
    const isReal = input.result === 'real';
    let [total, real] = [0n, 0];
    return input.rows.map((_, at) => {
      if (input.arg(1, at) === true) [total, real] = [0n, 0];
      const term = convertCell(input.arg(0, at) ?? null, input.types[0] ?? 'long', input.result);
      if (typeof term === 'bigint') total += term;
      if (typeof term === 'number') real += term;
      return isReal ? real : BigInt.asIntN(64, total);
    });
  },
  row_rank_dense: (input) => ranks(input, (rank) => rank + 1n),
  row_rank_min: (input) => ranks(input, (_, place) => place),
  row_window_session: (input) => {
    let first: bigint | null = null;
    let last: bigint | null = null;
    return input.rows.map((_, at) => {
      const value = input.arg(0, at) ?? null;
      const [fromFirst, between] = [input.arg(1, at), input.arg(2, at)];
      if (typeof value !== 'bigint') return null;
      const goesOn =
        first !== null &&
        last !== null &&
        input.arg(3, at) !== true &&
        typeof fromFirst === 'bigint' &&
        typeof between === 'bigint' &&
        value - first <= fromFirst &&
        value - last <= between;
      if (!goesOn) first = value;
      last = value;
      return first;
    });
  },
};

function neighbours(input: Input, direction: 1 | -1): readonly Cell[] {
  return input.rows.map((_, at) => {
    const place = at + direction * Number(longAt(input, 1, at) ?? 1n);
    if (place >= 0 && place < input.rows.length) return input.arg(0, place) ?? null;
    const missing = convertCell(input.arg(2, at) ?? null, input.types[2] ?? input.result, input.result);
    return missing ?? (input.result === 'string' ? '' : null);
  });
}

function ranks(input: Input, next: (rank: bigint, place: bigint) => bigint): readonly Cell[] {
  let [rank, place] = [0n, 0n];
  let last: string | undefined;
  return input.rows.map((_, at) => {
    if (input.arg(1, at) === true) [rank, place, last] = [0n, 0n, undefined];
    const key = cellKey(input.arg(0, at) ?? null, input.types[0] ?? 'dynamic');
    place += 1n;
    if (key !== last) rank = next(rank, place);
    last = key;
    return rank;
  });
}

function longAt(input: Input, index: number, at: number): bigint | null {
  const value = convertCell(input.arg(index, at) ?? null, input.types[index] ?? 'long', 'long');
  return typeof value === 'bigint' ? value : null;
}
