/**
 * Places on Earth, which is a sphere here as it is to Kusto: longitudes and latitudes in degrees, lengths in meters.
 *
 * Null where a coordinate is out of its range. Source: Microsoft's pages on `geo_distance_2points` and `geo_point_in_circle`;
 * the radius is that of the library S2, with which the example's distance comes out to all its digits.
 */
import type { Cell } from '../cell.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { realAt } from './arguments.ts';

const EARTH_RADIUS = 6_371_010;

export const GEOGRAPHY_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  geo_distance_2points: (args, signature) => distanceAt(args, signature),
  geo_point_in_circle: (args, signature) => {
    const [distance, radius] = [distanceAt(args, signature), realAt(args, signature, 4)];
    return distance === null || radius === null || !(radius > 0) ? null : distance <= radius;
  },
};

/** Between the place of the first two arguments and that of the next two. */
function distanceAt(args: readonly Cell[], signature: Signature): number | null {
  const from = placeAt(args, signature, 0);
  const to = placeAt(args, signature, 2);
  if (from === undefined || to === undefined) return null;
  const across = Math.sin((to.latitude - from.latitude) / 2) ** 2;
  const along = Math.sin((to.longitude - from.longitude) / 2) ** 2;
  const part = across + Math.cos(from.latitude) * Math.cos(to.latitude) * along;
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(Math.min(1, part)));
}

/** In radians. */
function placeAt(args: readonly Cell[], signature: Signature, at: number) {
  const [longitude, latitude] = [realAt(args, signature, at), realAt(args, signature, at + 1)];
  if (longitude === null || latitude === null) return undefined;
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return undefined;
  return { longitude: (longitude * Math.PI) / 180, latitude: (latitude * Math.PI) / 180 };
}
