/**
 * What of Kusto is not run, and why; the docs list it. What is neither here nor anywhere else is refused as well, without
 * a reason of its own.
 */

const UNPUBLISHED = 'Microsoft does not publish how it is computed, so that no other engine gives the same.';
const ESTIMATE = 'It estimates, and what it holds between two steps is not published.';
const NO_CLUSTER = 'There is no cluster here.';
const NO_STORAGE = 'It tells of how Kusto stores rows. Leave it out.';
const CHANGING = 'It gives something else each time.';
const SCALE = 'By what it scales is not published.';
const GEOGRAPHY = 'Shapes on a map are not computed here. Use geo_point_in_circle.';

/** Scalar functions. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  assert: 'Leave it out.',
  current_cluster_endpoint: NO_CLUSTER,
  current_cursor: 'Filter by time.',
  current_database: 'There is no database of several here.',
  current_node_id: NO_CLUSTER,
  current_principal: 'Leave it out.',
  current_principal_details: 'Leave it out.',
  current_principal_is_member_of: 'Leave it out.',
  cursor_after: 'Filter by time.',
  cursor_before_or_at: 'Filter by time.',
  cursor_current: 'Filter by time.',
  dcount_hll: `${ESTIMATE} Use dcount, which counts exactly here.`,
  extent_id: NO_STORAGE,
  extent_tags: NO_STORAGE,
  geo_info_from_ip_address:
    'It needs a database of where addresses are. Use a watchlist of networks with ipv4_is_in_range.',
  geo_point_in_polygon: GEOGRAPHY,
  gzip_compress_to_base64_string: 'What a text becomes depends on the compressor.',
  hll_merge: ESTIMATE,
  new_guid: CHANGING,
  parse_user_agent: 'It needs a list of all browsers. Use has, or extract.',
  percentile_tdigest: `${ESTIMATE} Use percentile.`,
  percentrank_tdigest: ESTIMATE,
  rand: CHANGING,
  rank_tdigest: ESTIMATE,
  row_id: 'Leave it out.',
  series_fft: SCALE,
  series_fit_2lines: UNPUBLISHED,
  series_fit_2lines_dynamic: UNPUBLISHED,
  series_ifft: SCALE,
  series_periods_detect: UNPUBLISHED,
  series_periods_validate: UNPUBLISHED,
  tdigest_merge: ESTIMATE,
  zlib_compress_to_base64_string: 'What a text becomes depends on the compressor.',
};

/** Aggregate functions. */
export const REFUSED_AGGREGATES: Readonly<Record<string, string>> = {
  buildschema: 'Use bag_keys with make_set.',
  hll: `${ESTIMATE} Use dcount, which counts exactly here.`,
  hll_if: `${ESTIMATE} Use dcountif, which counts exactly here.`,
  hll_merge: ESTIMATE,
  tdigest: `${ESTIMATE} Use percentile.`,
  tdigest_merge: ESTIMATE,
};

/** Of `evaluate`. */
export const REFUSED_PLUGINS: Readonly<Record<string, string>> = {
  autocluster: UNPUBLISHED,
  basket: UNPUBLISHED,
  diffpatterns: UNPUBLISHED,
  http_request: 'Queries ask no network.',
  http_request_post: 'Queries ask no network.',
  infer_storage_schema: 'Queries ask no network.',
  python: 'No other programs run within queries.',
  r: 'No other programs run within queries.',
  sql_request: 'Queries ask no network.',
};

const NEEDS_PERIOD: Readonly<Record<string, number>> = {
  series_decompose: 1,
  series_decompose_anomalies: 2,
  series_decompose_forecast: 2,
  series_seasonal: 1,
};

/**
 * The place of the argument that says how long the period is, of functions that find it by themselves where it is not said:
 * how, is not published.
 */
export function periodPlace(name: string): number | undefined {
  return NEEDS_PERIOD[name];
}
