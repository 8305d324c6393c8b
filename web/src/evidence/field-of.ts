/**
 * Reading fields out of an event as the API sends it: nested, with dotted names allowed at any level. The page shows
 * values and decides nothing by them, so this is far less than the engine's own reading of fields.
 */
import type { JsonObject } from '../../../src/serve/api.ts';

type Value = JsonObject[string];

/** All values of a field as text, arrays flattened; empty where it is missing. */
export function textsOf(document: JsonObject, path: string): readonly string[] {
  const found: string[] = [];
  collect(read(document, path), found);
  return found;
}

export function textOf(document: JsonObject, path: string): string | undefined {
  return textsOf(document, path)[0];
}

function read(at: Value | undefined, path: string): Value | undefined {
  if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
  const object = at as JsonObject;
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const value = Object.hasOwn(object, head) ? read(object[head], path.slice(dot + 1)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function collect(value: Value | undefined, found: string[]): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (typeof value !== 'object') found.push(String(value));
}

/** Every field that has a value, by its dotted name. */
export function flatFields(document: JsonObject): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, readonly string[]>();
  const walk = (value: Value, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path === '' ? name : `${path}.${name}`);
      return;
    }
    const found: string[] = [];
    collect(value, found);
    if (found.length > 0) fields.set(path, found);
  };
  walk(document, '');
  return fields;
}
