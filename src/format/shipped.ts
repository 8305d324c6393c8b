/**
 * Records in the documents of shippers that mapped nothing: Filebeat, Fluent Bit, Vector, rsyslog and their like put a
 * line as they found it in `message` (`event.original`, `log`), and what they know of themselves around it.
 *
 *   {"@timestamp": …, "agent": {…}, "message": "type=SYSCALL msg=audit(…): …"} ──▶ the line, read by its own format
 *                                                                              └▶ the rest, laid under the event
 *   {"_index": …, "_id": …, "_source": {"event_simpleName": …}}              ──▶ the record, read by its own format
 *
 * A document counts as such when it has nothing but names that shippers use; with any other it was mapped, and is taken as
 * it stands. What the record says goes before what the shipper says.
 */
import { Event, type FieldSource, type Origin } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { dataStreamsOf, dataStreamsOfDocument, documentOf } from './elastic-defend.ts';

export interface Shipped {
  /** The record: a line, or an object. */
  readonly record: string | JsonObject;
  readonly envelope: Envelope;
}

/** What there is beside the record. */
interface Envelope {
  readonly document: JsonObject;
  readonly dataStreams: readonly string[];
  readonly id: string | undefined;
}

/** Where shippers put the line. */
const PLACES = ['event.original', 'message', 'log'];

const NAMES: ReadonlySet<string> = new Set(
  (
    '@metadata @timestamp @version agent app-name appname beat cloud container data_stream date docker ecs elastic_agent ' +
    'event facility fields fileset fluentbit_metadata fromhost fromhost-ip host hostname inputname input journald kafka ' +
    'kubernetes labels log message msgid offset orchestrator path pri priority procid programname prospector service ' +
    'severity source_type stream syslog syslogtag tag tags time timegenerated timereported timestamp type'
  ).split(' '),
);
/** Of these a shipper has a name only; objects of these names are ECS. */
const TEXT_NAMES: ReadonlySet<string> = new Set(['file', 'ident', 'pid', 'source', 'source_ip']);
const EVENT_NAMES: ReadonlySet<string> = new Set(
  'agent_id_status created dataset hash ingested module original sequence timezone'.split(' '),
);

/** What in a document may be a record of its own, the likeliest first. */
export function shippedIn(json: JsonObject): readonly Shipped[] {
  const { document, hit } = documentOf(json);
  const found: Shipped[] = [];
  const id = textOf(hit?._id);
  const text = isOnlyEnvelope(document)
    ? PLACES.map((name) => textOf(jsonAt(document, name))).find(Boolean)
    : undefined;
  if (text !== undefined) {
    const dataStreams = hit?._index === undefined ? dataStreamsOf(document) : dataStreamsOfDocument(document, hit);
    found.push({ record: text, envelope: { document: withoutText(document, 'log'), dataStreams, id } });
  }
  // An object in a search hit that is no document in ECS.
  if (hit !== undefined && !Object.hasOwn(document, '@timestamp')) {
    found.push({ record: document, envelope: { document: {}, dataStreams: dataStreamsOfDocument({}, hit), id } });
  }
  return found;
}

/** The record's event, with what the shipper says under it. */
export function shippedEvent(event: Event, { document, dataStreams, id }: Envelope): Event {
  const ownId = event.id ?? id;
  const source: FieldSource = {
    get: (field) => laidOver(event.json(field), jsonAt(document, field) ?? undefined),
    document: () => laidOver(event.sharedDocument(), document) as JsonObject,
  };
  return new Event({
    time: event.time,
    source,
    raw: event.raw,
    format: event.format,
    dataStreams: [...new Set([...event.dataStreams, ...dataStreams])],
    standsInFor: event.standsInFor,
    ...(event.origin === undefined ? {} : { origin: event.origin }),
    ...(ownId === undefined ? {} : { id: ownId }),
  });
}

/** Which envelope the record at a place came in; a record of several lines is at the place of its first. */
export type Envelopes = WeakMap<Origin, Envelope>;

/** Asked of every object that is read; most answer with their first name. */
function isOnlyEnvelope(document: JsonObject): boolean {
  for (const name in document) {
    if (Object.hasOwn(document, name) && !isOfEnvelope(name, document)) return false;
  }
  return true;
}

/** A value is looked at only where it counts: who notes what an event is made of is told of no more. */
function isOfEnvelope(name: string, document: JsonObject): boolean {
  if (TEXT_NAMES.has(name)) return typeof document[name] !== 'object';
  if (NAMES.has(name) && name !== 'event') return true;
  const dot = name.indexOf('.');
  if (dot !== -1) {
    const first = name.slice(0, dot);
    return first === 'event' ? EVENT_NAMES.has(name.slice(dot + 1)) : NAMES.has(first);
  }
  if (name !== 'event') return false;
  const value = document[name];
  return isJsonObject(value) && Object.keys(value).every((key) => EVENT_NAMES.has(key));
}

/** Objects are joined; anything else of the first goes before the second. */
function laidOver(first: Json | undefined, second: Json | undefined): Json | undefined {
  if (!isJsonObject(first) || !isJsonObject(second)) return first ?? second;
  const joined: [string, Json][] = Object.entries(second).filter(([name]) => !Object.hasOwn(first, name));
  for (const [name, value] of Object.entries(first)) {
    const under = Object.hasOwn(second, name) ? second[name] : undefined;
    joined.push([name, laidOver(value, under) as Json]);
  }
  return Object.fromEntries(joined);
}

/** `log` as text stands where ECS has an object. */
function withoutText(document: JsonObject, name: string): JsonObject {
  if (typeof document[name] !== 'string') return document;
  return Object.fromEntries(Object.entries(document).filter(([other]) => other !== name));
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
