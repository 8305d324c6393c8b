/**
 * Columns of a table as text, one a line, by type: `name field…`; a name without fields is a column that no source
 * fills, `=` gives a constant.
 */
import type { Column, ColumnType } from './table.ts';

export type ColumnLines = Readonly<Partial<Record<ColumnType, string>>>;

const NUMERIC: ReadonlySet<ColumnType> = new Set(['int', 'long', 'real']);

export function columnsOf(lists: ColumnLines): readonly Column[] {
  return (Object.entries(lists) as [ColumnType, string][]).flatMap(([type, lines]) =>
    lines
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Column => {
        const [name = '', ...fields] = line.split(' ');
        const constant = fields[0]?.startsWith('=') === true ? fields.join(' ').slice(1) : undefined;
        if (constant === undefined) return Object.freeze({ name, type, fields });
        return Object.freeze({ name, type, fields: [], constant: NUMERIC.has(type) ? Number(constant) : constant });
      }),
  );
}

/** Columns one list after the other; of those of one name the last one counts, where the first one stands. */
export function mergedColumns(...lists: readonly (readonly Column[])[]): readonly Column[] {
  const columns = new Map<string, Column>();
  for (const column of lists.flat()) columns.set(column.name, column);
  return Object.freeze([...columns.values()]);
}
