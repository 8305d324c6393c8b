/**
 * Objects made of a vendor's fields: nested under the names that Elastic's integrations give them, nothing lost.
 */
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';

/** What no vendor nests deeper than; a name of a thousand dots is no path. */
const MAX_DEPTH = 16;

/** Puts a value at a path of names; where another field stands in the way, or the path is long, at the vendor's own name, flat. */
export function placeField(fields: Record<string, Json>, path: readonly string[], ownName: string, value: Json): void {
  if (path.length > MAX_DEPTH) {
    define(fields, ownName, value);
    return;
  }
  const last = path.at(-1) ?? ownName;
  let at: Record<string, Json> | undefined = fields;
  for (let depth = 0; depth < path.length - 1; depth += 1) {
    const name = path[depth] as string;
    const next: Json | undefined = Object.hasOwn(at, name) ? at[name] : define(at, name, {});
    at = isJsonObject(next) ? (next as Record<string, Json>) : undefined;
    if (at === undefined) break;
  }
  if (at === undefined || Object.hasOwn(at, last)) define(fields, ownName, value);
  else define(at, last, value);
}

/** Without what is missing; `undefined` where nothing is left. */
export function knownFields(fields: { readonly [name: string]: Json | undefined }): JsonObject | undefined {
  const known = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

// Assignment, which is many times faster, would call the setter of `__proto__`; a definition makes a plain property.
function define(at: Record<string, Json>, name: string, value: Json): Json {
  if (name !== '__proto__') at[name] = value;
  else Object.defineProperty(at, name, { value, writable: true, enumerable: true, configurable: true });
  return value;
}
