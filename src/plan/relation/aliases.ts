/**
 * Kusto's other names of functions. A plan over tables holds only the name that Microsoft's reference uses today, so
 * that a function is implemented, translated and documented once; the front end settles names by these records.
 *
 * `makeset` and `makelist` are more than names: the front end gives them their old limit of 128 as an argument. What
 * is another expression (`ago(x)` is `now() - x`) is lowered, and stands in neither record.
 */

/** Scalar functions: other name → name in the plan. */
export const SCALAR_ALIASES: Readonly<Record<string, string>> = {
  array_iif: 'array_iff',
  array_strcat: 'strcat_array',
  arraylength: 'array_length',
  base64_decodestring: 'base64_decode_tostring',
  base64_encodestring: 'base64_encode_tostring',
  columnifexists: 'column_ifexists',
  datepart: 'datetime_part',
  extractall: 'extract_all',
  extractjson: 'extract_json',
  floor: 'bin',
  getmonth: 'monthofyear',
  iif: 'iff',
  make_string: 'unicode_codepoints_to_string',
  merge_tdigest: 'tdigest_merge',
  notempty: 'isnotempty',
  notnull: 'isnotnull',
  pack: 'bag_pack',
  pack_dictionary: 'bag_pack',
  parsejson: 'parse_json',
  parseurl: 'parse_url',
  parseurlquery: 'parse_urlquery',
  replace: 'replace_regex',
  row_rank: 'row_rank_dense',
  to_utf8: 'unicode_codepoints_from_string',
  toboolean: 'tobool',
  todouble: 'toreal',
  todynamic: 'parse_json',
  toobject: 'parse_json',
  totime: 'totimespan',
  weekofyear: 'week_of_year',
};

/** Aggregate functions: other name → name in the plan. */
export const AGGREGATE_ALIASES: Readonly<Record<string, string>> = {
  any: 'take_any',
  anyif: 'take_anyif',
  argmax: 'arg_max',
  argmin: 'arg_min',
  cnt: 'count',
  make_dictionary: 'make_bag',
  makelist: 'make_list',
  makeset: 'make_set',
  merge_tdigest: 'tdigest_merge',
};
