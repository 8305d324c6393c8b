/** The query asks for something that no engine here computes as Kusto does, or for more than it may have. */
export class RelationRefusal extends Error {}

/** What functions say of cells for which nobody knows Kusto's answer; their place in the query is found by it. */
export const UNKNOWN_ANSWERS = {
  spread:
    'A series has values beyond others that are nearly all the same; Kusto’s score of them is not known. Leave such series out, or take the trend “linefit”.',
  half: 'Polygons that reach around half of the Earth are not computed here.',
  edge: 'Whether a place on the very edge of a polygon is within it is not known.',
} as const;

/** The functions that say so; `undefined` for other sentences. */
export function refusingFunctions(message: string): ReadonlySet<string> | undefined {
  if (message === UNKNOWN_ANSWERS.spread) return new Set(['series_outliers', 'series_decompose_anomalies']);
  const isOfPolygon = message === UNKNOWN_ANSWERS.half || message === UNKNOWN_ANSWERS.edge;
  return isOfPolygon ? new Set(['geo_point_in_polygon']) : undefined;
}
