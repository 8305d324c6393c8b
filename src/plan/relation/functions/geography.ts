/**
 * Places on Earth, which is a sphere here as it is to Kusto: longitudes and latitudes in degrees, lengths in meters.
 *
 * Null where a coordinate is out of its range. Source: Microsoft's pages on each function;
 * the radius is that of the library S2, with which the example's distance comes out to all its digits.
 */
import type { Cell } from '../cell.ts';
import { exactReal } from '../exact-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { countAt, realAt, textAt } from './arguments.ts';
import { isInPolygon } from './polygon.ts';

const EARTH_RADIUS = 6_371_010;

export const GEOGRAPHY_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  geo_distance_2points: (args, signature) => distanceAt(args, signature),
  geo_point_in_circle: (args, signature) => {
    const [distance, radius] = [distanceAt(args, signature), realAt(args, signature, 4)];
    return distance === null || radius === null || !(radius > 0) ? null : distance <= radius;
  },
  geo_point_in_polygon: (args, signature) => {
    if (placeAt(args, signature, 0) === undefined) return null;
    return isInPolygon(realAt(args, signature, 0) ?? 0, realAt(args, signature, 1) ?? 0, args[2] ?? null);
  },
  geo_point_to_geohash: (args, signature) => {
    const accuracy = args.length > 2 ? countAt(args, signature, 2) : 5;
    if (placeAt(args, signature, 0) === undefined || accuracy === null || accuracy < 1 || accuracy > 18) return '';
    return geohashOf(realAt(args, signature, 0) ?? 0, realAt(args, signature, 1) ?? 0, accuracy);
  },
  geo_geohash_to_central_point: (args, signature) => {
    const middle = middleOf(textAt(args, signature, 0).toLowerCase());
    return middle === undefined ? null : { type: 'Point', coordinates: middle.map(exactReal) };
  },
};

/** A letter is five bits, of longitude and latitude in turn, each of which halves what is left. */
const GEOHASH = '0123456789bcdefghjkmnpqrstuvwxyz';
const WORLD: readonly Span[] = [
  [-180, 180],
  [-90, 90],
];
type Span = readonly [number, number];

function geohashOf(longitude: number, latitude: number, letters: number): string {
  const spans = [...WORLD];
  const place = [longitude, latitude];
  let made = '';
  let letter = 0;
  for (let bit = 0; bit < letters * 5; bit += 1) {
    const of = bit % 2;
    const [low, high] = spans[of] ?? [0, 0];
    const middle = (low + high) / 2;
    const isUpper = (place[of] ?? 0) >= middle;
    spans[of] = isUpper ? [middle, high] : [low, middle];
    letter = letter * 2 + Number(isUpper);
    if (bit % 5 !== 4) continue;
    made += GEOHASH[letter];
    letter = 0;
  }
  return made;
}

/** Longitude and latitude. */
function middleOf(geohash: string): readonly number[] | undefined {
  if (!/^[0-9b-hjkmnp-z]{1,18}$/.test(geohash)) return undefined;
  const spans = [...WORLD];
  const bits = [...geohash].map((letter) => GEOHASH.indexOf(letter).toString(2).padStart(5, '0')).join('');
  for (const [at, bit] of [...bits].entries()) {
    const [low, high] = spans[at % 2] ?? [0, 0];
    const middle = (low + high) / 2;
    spans[at % 2] = bit === '1' ? [middle, high] : [low, middle];
  }
  return spans.map(([low, high]) => (low + high) / 2);
}

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
