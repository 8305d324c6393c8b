/**
 * Polygons on the sphere, as GeoJSON: whether a place lies within one.
 *
 *   GeoJSON ──rings of places──▶ turns of the bearing from the place along each ring ──odd number of rings around it──▶ inside
 *
 * Edges are the shortest arcs between two vertices, and of the two parts into which a ring divides the sphere its inside
 * is the smaller one, whichever way it goes round. Null for what is no polygon. Source: Microsoft's page on
 * `geo_point_in_polygon`. To which polygon a place on an edge belongs follows from the library S2 and is not computed here.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, bagOf, realOf } from '../cell-number.ts';
import { RelationRefusal, UNKNOWN_ANSWERS } from '../refusal.ts';

/** A direction from the middle of the Earth. */
type Vector = readonly [number, number, number];
type Ring = readonly Vector[];

/** In radians: six micrometers on the ground. */
const ON_EDGE = 1e-12;

/**
 * @param longitude in degrees, as `latitude`; both in their ranges
 * @throws {RelationRefusal} for a place on an edge, and for rings that are not within half of the sphere
 */
export function isInPolygon(longitude: number, latitude: number, polygon: Cell): boolean | null {
  const shapes = shapesOf(polygon);
  if (shapes === undefined) return null;
  const place = vectorOf(longitude, latitude);
  return shapes.some(([shell, ...holes]) => {
    if (shell === undefined || !isWithin(place, shell)) return false;
    return !holes.some((hole) => isWithin(place, hole));
  });
}

/** The rings of each polygon. */
function shapesOf(cell: Cell): readonly (readonly Ring[])[] | undefined {
  const { type = null, coordinates = null } = bagOf(cell) ?? {};
  const shapes = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? arrayOf(coordinates) : null;
  if (shapes === null || shapes.length === 0) return undefined;
  const read = shapes.map((shape) => arrayOf(shape)?.map(ringOf) ?? []);
  const isWhole = read.every((rings) => rings.length > 0 && rings.every((ring) => ring !== undefined));
  return isWhole ? (read as Ring[][]) : undefined;
}

/** Without the last vertex, which is the first again. */
function ringOf(cell: Json): Ring | undefined {
  const places = arrayOf(cell)?.map((place) => (arrayOf(place) ?? []).map((part) => realOf(part, 'dynamic')));
  if (places === undefined || places.length < 4) return undefined;
  const vertices: Vector[] = [];
  for (const [longitude = null, latitude = null, ...more] of places) {
    if (longitude === null || latitude === null || more.length > 0) return undefined;
    if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return undefined;
    vertices.push(vectorOf(longitude, latitude));
  }
  const texts = places.map((place) => place.join());
  if (texts[0] !== texts.at(-1) || new Set(texts).size !== texts.length - 1) return undefined;
  return vertices.slice(0, -1);
}

function isWithin(place: Vector, ring: Ring): boolean {
  const middle = unit(ring.reduce<Vector>((sum, vertex) => plus(sum, vertex), [0, 0, 0]));
  if (middle === undefined || ring.some((vertex) => dot(vertex, middle) <= 0.01))
    throw new RelationRefusal(UNKNOWN_ANSWERS.half);
  // The rest of the sphere is the larger part.
  if (dot(place, middle) <= 0) return false;
  let turned = 0;
  for (const [at, from] of ring.entries()) {
    const to = ring[(at + 1) % ring.length] as Vector;
    refuseEdge(place, from, to);
    const [a, b] = [cross(place, from), cross(place, to)];
    turned += Math.atan2(dot(place, cross(a, b)), dot(a, b));
  }
  return Math.abs(turned) > Math.PI;
}

function refuseEdge(place: Vector, from: Vector, to: Vector): void {
  const normal = unit(cross(from, to));
  const isNear = normal !== undefined && Math.abs(dot(place, normal)) < ON_EDGE;
  const isBetween = dot(place, from) >= dot(from, to) - ON_EDGE && dot(place, to) >= dot(from, to) - ON_EDGE;
  if (isNear && isBetween) throw new RelationRefusal(UNKNOWN_ANSWERS.edge);
}

function vectorOf(longitude: number, latitude: number): Vector {
  const [along, up] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  return [Math.cos(up) * Math.cos(along), Math.cos(up) * Math.sin(along), Math.sin(up)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function unit(vector: Vector): Vector | undefined {
  const length = Math.sqrt(dot(vector, vector));
  return length < 1e-15 ? undefined : [vector[0] / length, vector[1] / length, vector[2] / length];
}
