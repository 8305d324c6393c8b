/**
 * The tables that a query may name, as the binder is told of them. Plain data: it goes to the worker in a message.
 */
import type { Table } from '../../vocabulary/table.ts';
import type { KustoType } from './ast.ts';

export interface KustoTable {
  /** Every name the table goes by; each may be written with or without `()`. */
  readonly names: readonly string[];
  readonly parameters?: string;
  readonly columns: readonly { readonly name: string; readonly type: KustoType }[];
}

/** A function of the house; its body is Kusto. Known to queries over tables only. */
export interface KustoFunction {
  readonly name: string;
  /** As Kusto writes them: `name:type=default, …`. */
  readonly parameters: string;
  readonly body: string;
}

/** What queries may name. The same lists each time, since a parser belongs to them. */
export interface KustoNames {
  readonly tables: readonly Table[];
  readonly functions: readonly KustoFunction[];
}

export interface KustoSchema {
  readonly functions?: readonly KustoFunction[];
  readonly tables: readonly KustoTable[];
}
