/**
 * What several events have in common: the document of a sequence's alert, as Elastic's shell alerts have it.
 *
 * A field is shared when all events have it with an equal value; of arrays the values that all of them hold, in the
 * order of the first event. Objects are gone through field by field.
 */
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';

/** The fields that the documents share; those of one document are all its own. */
export function sharedFields(documents: readonly JsonObject[]): JsonObject {
  const [first = {}, ...rest] = documents;
  return rest.reduce(intersect, first);
}

function intersect(a: JsonObject, b: JsonObject): JsonObject {
  const shared: [string, Json][] = [];
  for (const [name, value] of Object.entries(a)) {
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    const common = other === undefined ? undefined : commonValue(value, other);
    if (common !== undefined) shared.push([name, common]);
  }
  return Object.fromEntries(shared);
}

function commonValue(a: Json, b: Json): Json | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    const held = new Set(b.map((value: Json) => JSON.stringify(value)));
    const both = a.filter((value: Json) => held.has(JSON.stringify(value)));
    return both.length === 0 ? undefined : both;
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const both = intersect(a, b);
    return Object.keys(both).length === 0 ? undefined : both;
  }
  return a === b && a !== null ? a : undefined;
}
