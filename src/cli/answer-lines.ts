/**
 * An answer as lines of text: a table with a head of names and types; where that is wider than the terminal, each row as
 * a block of names and values. Columns that are empty in all rows are left out of many.
 */
import type { TableAnswer } from '../plan/relation/answer.ts';
import type { Row } from '../plan/relation/cell.ts';
import { textOf } from '../plan/relation/cell-text.ts';
import type { RelationColumn } from '../plan/relation/node.ts';
import { printable, type Style } from './terminal.ts';

/** Columns of the terminal that a cell takes at most; `--json` has all of it. */
const WIDEST = 60;
const FEW_COLUMNS = 8;
const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real', 'decimal']);

export function answerLines({ columns, rows }: TableAnswer, style: Style, width: number): string[] {
  if (rows.length === 0 && columns.length > FEW_COLUMNS) return [];
  const shown = columns
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => {
      return columns.length <= FEW_COLUMNS || rows.some((row) => textOf(row[at] ?? null, column.type) !== '');
    });
  const left = columns.length - shown.length;
  const cells = rows.map((row) => shown.map(({ column, at }) => cut(shownCell(row, at, column))));
  const widths = shown.map(({ column: { name, type } }, index) =>
    cells.reduce((most, row) => Math.max(most, lengthOf(row[index] ?? '')), Math.max(lengthOf(name), type.length)),
  );
  const total = widths.reduce((sum, each) => sum + each + 2, -2);
  const what =
    left === 1 ? '1 column without a value in these rows is' : `${left} columns without a value in these rows are`;
  const note = left === 0 ? [] : [style.dim(`${what} left out`)];
  if (total >= width && shown.length > 2) return [...blocks(shown, rows, style), ...note];
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => {
        const room = ' '.repeat((widths[index] ?? 0) - lengthOf(value));
        if (NUMBERS.has(shown[index]?.column.type ?? '')) return room + value;
        return index === values.length - 1 ? value : value + room;
      })
      .join('  ');
  return [
    style.bold(line(shown.map(({ column }) => printable(column.name)))),
    style.dim(line(shown.map(({ column }) => column.type))),
    ...cells.map(line),
    ...note,
  ];
}

function blocks(
  shown: readonly { readonly column: RelationColumn; readonly at: number }[],
  rows: readonly Row[],
  style: Style,
): string[] {
  const widest = Math.max(...shown.map(({ column }) => lengthOf(column.name)));
  return rows.flatMap((row, number) => [
    style.bold(`row ${number + 1}`),
    ...shown.flatMap(({ column, at }) => {
      const value = shownCell(row, at, column);
      const room = ' '.repeat(widest - lengthOf(column.name));
      return value === '' ? [] : [`  ${style.dim(`${printable(column.name)}${room}`)}  ${value}`];
    }),
  ]);
}

function shownCell(row: Row, at: number, { type }: RelationColumn): string {
  return printable(textOf(row[at] ?? null, type));
}

function lengthOf(text: string): number {
  return [...text].length;
}

function cut(text: string): string {
  const points = [...text];
  return points.length > WIDEST ? `${points.slice(0, WIDEST - 1).join('')}…` : text;
}
