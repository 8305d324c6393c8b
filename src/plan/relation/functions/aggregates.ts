/**
 * The aggregate functions of a plan over tables, by Kusto's names. One that is not here is refused by name.
 *
 * `dcount` counts exactly where Kusto estimates. What Kusto leaves open (the order of a list, which row of a tie) goes by
 * the order of the input.
 */
import type { Cell } from '../cell.ts';
import { boolOf } from '../cell-number.ts';
import type { AggregateFunction } from '../function.ts';
import { LIST_AGGREGATES } from './aggregate-lists.ts';
import { MOMENT_AGGREGATES } from './aggregate-moments.ts';
import { schemaOf } from './schema-of.ts';

const PLAIN: Readonly<Record<string, AggregateFunction>> = {
  ...MOMENT_AGGREGATES,
  ...LIST_AGGREGATES,
  buildschema: schemaOf,
};

/** By name, the function of the rows for which a condition is true, and which argument the condition is. */
const CONDITIONAL: Readonly<Record<string, readonly [plain: string, condition: number]>> = {
  avgif: ['avg', 1],
  count_distinctif: ['count_distinct', 1],
  countif: ['count', 0],
  covarianceif: ['covariance', 2],
  covariancepif: ['covariancep', 2],
  dcountif: ['dcount', 1],
  make_bag_if: ['make_bag', 1],
  make_list_if: ['make_list', 1],
  make_set_if: ['make_set', 1],
  maxif: ['max', 1],
  minif: ['min', 1],
  stdevif: ['stdev', 1],
  sumif: ['sum', 1],
  take_anyif: ['take_any', 1],
  varianceif: ['variance', 1],
  variancepif: ['variancep', 1],
};

export const AGGREGATE_FUNCTIONS: Readonly<Record<string, AggregateFunction>> = {
  ...PLAIN,
  ...Object.fromEntries(
    Object.entries(CONDITIONAL).map(([name, [plain, condition]]) => [
      name,
      onlyIf(PLAIN[plain] as AggregateFunction, condition),
    ]),
  ),
};

function onlyIf(plain: AggregateFunction, condition: number): AggregateFunction {
  const without = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => at !== condition);
  return (rows, { args, results }) => {
    const passing = rows.filter((row: readonly Cell[]) => boolOf(row[condition] ?? null, args[condition] ?? 'bool'));
    return plain(passing.map(without), { args: without(args), results });
  };
}
