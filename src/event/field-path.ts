/**
 * Reading a dotted field out of a document.
 *
 * Documents come nested (`{"process": {"name": …}}`), flat (`{"process.name": …}`) or mixed, and arrays may stand at
 * any level; Elasticsearch treats all of these alike, and so does this. Every name at a level is tried whole first,
 * then split at each dot. Names are looked up as own properties only, so `__proto__` is a name like any other.
 */
import type { Json, JsonObject } from './json.ts';

export type Scalar = string | number | boolean;
export type Values = readonly Scalar[];

export const NO_VALUES: Values = Object.freeze([]);

/** All scalar values of a field in document order, arrays flattened, nulls and objects left out. */
export function valuesAt(document: JsonObject, path: string): Values {
  const found: Scalar[] = [];
  visit(document, path, (value) => collectScalars(value, found));
  return found.length === 0 ? NO_VALUES : found;
}

/** The value as it stands in the document; where the path leads to several places, the array of what stands there. */
export function jsonAt(document: JsonObject, path: string): Json | undefined {
  const found: Json[] = [];
  visit(document, path, (value) => {
    if (value !== null) found.push(value);
  });
  return found.length > 1 ? found : found[0];
}

/** The scalars of one JSON value. */
export function scalarsOf(value: Json | undefined): Values {
  if (value === undefined || value === null) return NO_VALUES;
  if (typeof value !== 'object') return [value];
  const found: Scalar[] = [];
  collectScalars(value, found);
  return found;
}

function visit(at: JsonObject, path: string, found: (value: Json) => void): void {
  if (Object.hasOwn(at, path)) found(at[path] as Json);
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(at, head)) descend(at[head] as Json, path.slice(dot + 1), found);
  }
}

function descend(value: Json, path: string, found: (value: Json) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) descend(item, path, found);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as JsonObject, path, found);
  }
}

function collectScalars(value: Json, found: Scalar[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collectScalars(item, found);
  } else if (value !== null && typeof value !== 'object') {
    found.push(value as Scalar);
  }
}
