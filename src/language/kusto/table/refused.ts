/**
 * What of Kusto is not run, and why; the docs list it. What is neither here nor anywhere else is refused as well, without
 * a reason of its own.
 */

const UNPUBLISHED = 'Microsoft does not publish how it is computed, so that no other engine gives the same.';
const ESTIMATE = 'It estimates, and what it holds between two steps is not published.';
const NO_CLUSTER = 'There is no cluster here.';
const NO_STORAGE = 'It tells of how Kusto stores rows. Leave it out.';
const SCALE = 'By what it scales is not published.';
const CELLS = 'Which cells cover a place is a matter of its library. Use geo_point_to_geohash.';
const SHAPES = 'Of shapes on a map only geo_point_in_polygon and geo_point_in_circle are computed here.';
const UNITS = 'Multiply by the factor of the unit.';

const NO_GRAPHS = 'Graphs are not run here.';

/** @param names with blanks between them */
function each(why: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]));
}

/** Scalar functions. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  ...each(CELLS, 'geo_point_to_h3cell geo_h3cell_to_central_point geo_h3cell_to_polygon geo_h3cell_neighbors'),
  ...each(CELLS, 'geo_h3cell_children geo_h3cell_parent geo_h3cell_rings geo_h3cell_level geo_point_to_s2cell'),
  ...each(CELLS, 'geo_s2cell_to_central_point geo_s2cell_to_polygon geo_s2cell_neighbors geo_polygon_to_s2cells'),
  ...each(CELLS, 'geo_polygon_to_h3cells geo_line_to_s2cells'),
  ...each(SHAPES, 'geo_from_wkt geo_angle geo_azimuth geo_closest_point_on_line geo_closest_point_on_polygon'),
  ...each(SHAPES, 'geo_distance_point_to_line geo_distance_point_to_polygon geo_intersects_2lines'),
  ...each(SHAPES, 'geo_intersects_line_with_polygon geo_intersects_2polygons geo_intersection_2lines'),
  ...each(SHAPES, 'geo_intersection_line_with_polygon geo_intersection_2polygons geo_union_polygons_array'),
  ...each(SHAPES, 'geo_simplify_polygons_array geo_union_lines_array geo_polygon_densify geo_polygon_area'),
  ...each(SHAPES, 'geo_polygon_buffer geo_polygon_centroid geo_polygon_perimeter geo_polygon_simplify'),
  ...each(SHAPES, 'geo_line_length geo_line_buffer geo_line_centroid geo_line_densify geo_line_simplify'),
  ...each(SHAPES, 'geo_line_locate_point geo_line_interpolate_point geo_point_buffer'),
  ...each(SHAPES, 'geo_geohash_to_polygon geo_geohash_neighbors'),
  ...each(UNITS, 'convert_angle convert_energy convert_force convert_length convert_mass convert_speed'),
  ...each(UNITS, 'convert_temperature convert_volume'),
  ...each(NO_GRAPHS, 'all any map inner_nodes node_id node_degree_in node_degree_out labels'),
  ...each(UNPUBLISHED, 'hash_combine hash_many regex_quote series_fit_poly'),
  ...each(NO_STORAGE, 'estimate_data_size'),
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
  gzip_compress_to_base64_string: 'What a text becomes depends on the compressor.',
  hll_merge: ESTIMATE,
  parse_user_agent: 'It needs a list of all browsers. Use has, or extract.',
  percentile_tdigest: `${ESTIMATE} Use percentile.`,
  percentrank_tdigest: ESTIMATE,
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
