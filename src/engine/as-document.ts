/**
 * Events as the documents that they came as, for hunts that are told of fields no format knows.
 *
 *   event, fields that the hunt names ──some stand in its line, but not in the event──▶ the line's own JSON object
 *
 * A format turns a vendor's record into ECS; whoever gives a mapping for that record means the record. An event that has
 * the fields that were named, and one that does not come as a JSON object, stays as it is.
 */
import { documentSource, Event } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import { isJsonObject, type JsonObject, parseJson } from '../event/json.ts';

const BRACE = '{'.charCodeAt(0);

/** @param named fields that are not ECS, as the hunt names them */
export function asDocument(event: Event, named: readonly string[]): Event {
  const missing = named.filter((field) => event.json(field) === undefined);
  if (missing.length === 0 || event.raw[0] !== BRACE) return event;
  const document = objectOf(event.raw);
  if (document === undefined || !missing.some((field) => (jsonAt(document, field) ?? undefined) !== undefined)) {
    return event;
  }
  return new Event({
    time: event.time,
    source: documentSource(document),
    raw: event.raw,
    format: event.format,
    dataStreams: event.dataStreams,
    ...(event.origin === undefined ? {} : { origin: event.origin }),
    ...(event.id === undefined ? {} : { id: event.id }),
    ...(event.identity === undefined ? {} : { identity: event.identity }),
  });
}

function objectOf(bytes: Uint8Array): JsonObject | undefined {
  try {
    const json = parseJson(new TextDecoder().decode(bytes));
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
