/**
 * The scalar functions of a plan over tables, by Kusto's names: what they mean, however a query is run. One that is not
 * here is refused by name.
 */
import type { ScalarFunction } from '../function.ts';
import { ADDRESS_FUNCTIONS } from './address.ts';
import { ARITHMETIC_FUNCTIONS } from './arithmetic.ts';
import { ARRAY_FUNCTIONS } from './array.ts';
import { BAG_FUNCTIONS } from './bag.ts';
import { CAST_FUNCTIONS } from './cast.ts';
import { COMPARISON_FUNCTIONS } from './comparison.ts';
import { CONDITION_FUNCTIONS } from './condition.ts';
import { DATETIME_FUNCTIONS } from './datetime.ts';
import { DECOMPOSITION_FUNCTIONS } from './decomposition.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { FORMAT_TIME_FUNCTIONS } from './format-time.ts';
import { GEOGRAPHY_FUNCTIONS } from './geography.ts';
import { HASH_FUNCTIONS } from './hash.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { PARSE_TEXT_FUNCTIONS } from './parse-text.ts';
import { RANDOM_FUNCTIONS } from './random.ts';
import { REGEX_FUNCTIONS } from './regex.ts';
import { SERIES_FUNCTIONS } from './series.ts';
import { SPECIAL_FUNCTIONS } from './special.ts';
import { STATISTICS_FUNCTIONS } from './statistics.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TEXT_MATCH_FUNCTIONS } from './text-match.ts';

export const SCALAR_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  ...ADDRESS_FUNCTIONS,
  ...ARITHMETIC_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...BAG_FUNCTIONS,
  ...CAST_FUNCTIONS,
  ...COMPARISON_FUNCTIONS,
  ...CONDITION_FUNCTIONS,
  ...DATETIME_FUNCTIONS,
  ...DECOMPOSITION_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...FORMAT_TIME_FUNCTIONS,
  ...GEOGRAPHY_FUNCTIONS,
  ...HASH_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...PARSE_TEXT_FUNCTIONS,
  ...RANDOM_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...SERIES_FUNCTIONS,
  ...SPECIAL_FUNCTIONS,
  ...STATISTICS_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TEXT_MATCH_FUNCTIONS,
};
