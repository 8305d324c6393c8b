/**
 * The scalar functions of a plan over tables, by Kusto's names: what they mean, however a query is run. One that is not
 * here is refused by name.
 */
import type { ScalarFunction } from '../function.ts';
import { ARITHMETIC_FUNCTIONS } from './arithmetic.ts';
import { CAST_FUNCTIONS } from './cast.ts';
import { COMPARISON_FUNCTIONS } from './comparison.ts';
import { CONDITION_FUNCTIONS } from './condition.ts';

export const SCALAR_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  ...ARITHMETIC_FUNCTIONS,
  ...CAST_FUNCTIONS,
  ...COMPARISON_FUNCTIONS,
  ...CONDITION_FUNCTIONS,
};
