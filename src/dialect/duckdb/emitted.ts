/**
 * An operator that was emitted: the name of its common table expression, and what those above it may rely on.
 *
 * Besides the plan's columns it has hidden ones: what orders the rows, and other forms of columns, which DuckDB drops
 * where nothing reads them.
 */
import type { RelationColumn } from '../../plan/relation/node.ts';

export interface OrderKey {
  readonly column: string;
  readonly order: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
  /** Whole numbers, no two of them equal. */
  readonly isPlace?: true;
}

/** Columns that hold the same as one of the plan's, in a form that some expressions are cheaper over. */
export interface ColumnForms {
  /** Of a text: NULL where it may also be ''. */
  readonly text?: string;
  /** Of a dynamic value: a list of texts. */
  readonly list?: string;
  /** Of a time: the milliseconds since 1970 before it, NULL where it is NULL. */
  readonly millis?: string;
  /** Of a text that is one of a few words: by the word, a column that is true where the text is that one. */
  readonly words?: ReadonlyMap<string, string>;
  /** Of a text: no letter of it is one that DuckDB's `lower` changes oddly. */
  readonly isLowered?: true;
}

/** By the plan's name of the column. */
export type Forms = ReadonlyMap<string, ColumnForms>;

export const NO_FORMS: Forms = new Map();

export interface Emitted {
  /** Of the common table expression. */
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  readonly order: readonly OrderKey[];
  /** Whether the order was asked for, and is not only that in which the rows were found. */
  readonly isSorted: boolean;
  readonly forms: Forms;
}

/** The columns that have to be passed on for the order. */
export function carried({ order }: Emitted): readonly string[] {
  return order.map(({ column }) => column);
}

export function orderText(order: readonly OrderKey[]): string {
  return order
    .map(({ column, order: way, nulls }) => `${column} ${way.toUpperCase()} NULLS ${nulls.toUpperCase()}`)
    .join(', ');
}

/** Of the forms those of columns that are passed on, under their new names. @param passed new name and old */
export function passedForms(
  { forms }: Emitted,
  passed: readonly (readonly [name: string, from: string])[],
): { readonly forms: Forms; readonly hidden: readonly string[] } {
  if (forms.size === 0) return { forms, hidden: [] };
  const kept = new Map(
    passed.flatMap(([name, from]) => {
      const found = forms.get(from);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
  return { forms: kept, hidden: [...new Set([...kept.values()].flatMap(formColumns))] };
}

/** The columns that hold the forms. */
function formColumns({ text, list, millis, words }: ColumnForms): readonly string[] {
  return [text, list, millis, ...(words?.values() ?? [])].filter((one) => one !== undefined);
}

/** Forms whose columns have other names. */
export function renamedForms(
  { text, list, millis, words, isLowered }: ColumnForms,
  renamed: (column: string) => string,
): ColumnForms {
  return {
    ...(text === undefined ? {} : { text: renamed(text) }),
    ...(list === undefined ? {} : { list: renamed(list) }),
    ...(millis === undefined ? {} : { millis: renamed(millis) }),
    ...(words === undefined ? {} : { words: new Map([...words].map(([word, column]) => [word, renamed(column)])) }),
    ...(isLowered === undefined ? {} : { isLowered }),
  };
}
