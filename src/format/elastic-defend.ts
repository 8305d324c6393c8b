/**
 * Documents that already are Elastic Common Schema: Elastic Defend's, and whatever else ships in ECS (auditbeat,
 * winlogbeat, Elastic Agent). Taken as they are, nested or flat.
 *
 * Three wrappings: the document itself; a search hit `{"_index", "_id", "_source"}` as Elasticsearch's API and export
 * tools give it; the same with `fields` ignored. Which rules read it is decided by its data stream: the hit's index,
 * else `data_stream.*`, else the Beat that shipped it, else what `event.dataset` or the module says. A document that says
 * none of these belongs to no known stream, and every rule reads it.
 */
import { Event, rawDocumentSource, wrappedDocumentSource } from '../event/event.ts';
import { jsonAt, valuesAt } from '../event/field-path.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import { toTime } from '../plan/predicate/scalar.ts';
import { dataStreamOfIndex, ENDGAME_INDEX } from './data-stream.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';

const STREAM_OF_CATEGORY: ReadonlyMap<string, string> = new Map([
  ['authentication', 'security'],
  ['driver', 'library'],
  ['iam', 'security'],
  ['session', 'security'],
]);

export const elasticDefend: Format = {
  name: 'elastic-defend',
  broad: true,
  isAlone: true,
  names: ['@timestamp', '_source'],
  recognises: ({ json }) =>
    json !== undefined &&
    (Object.hasOwn(json, '@timestamp') || (Object.hasOwn(json, '_source') && isJsonObject(json._source))),
  open: (_settings, sink) => ({
    line(line: ReadLine): void {
      const { document, hit } = documentOf(line.json ?? {});
      const time = timeOf(document);
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The document has no @timestamp that is a time.');
        return;
      }
      sink.event(
        new Event({
          time,
          source: hit === undefined ? rawDocumentSource(document) : wrappedDocumentSource(document),
          raw: line.bytes,
          format: 'elastic-defend',
          dataStreams: hit?._index === undefined ? dataStreamsOf(document) : dataStreamsOfDocument(document, hit),
          origin: line.origin,
          id: () => scalarText(hit, '_id') ?? scalarText(document, 'event.id'),
        }),
      );
    },
  }),
};

function timeOf(document: JsonObject): EventTime | undefined {
  const value = valuesAt(document, '@timestamp')[0];
  return typeof value === 'string' || typeof value === 'number' ? toTime(value) : undefined;
}

/** The document of a line, out of its search hit where it comes in one. */
export function documentOf(json: JsonObject): { readonly document: JsonObject; readonly hit: JsonObject | undefined } {
  const source = Object.hasOwn(json, '_source') ? json._source : undefined;
  return isJsonObject(source) ? { document: source, hit: json } : { document: json, hit: undefined };
}

/**
 * What a Beat ships itself lies in its index (`auditbeat-7.17.9`), which rules over Beats read; what an Elastic Agent ships
 * says its stream. A dataset with a dot (`system.auth`) is one of the integrations', too.
 */
export function dataStreamsOf(document: JsonObject): string[] {
  const streams = dataStreamsOfDocument(document, undefined);
  const beat = scalarText(document, 'agent.type') ?? scalarText(document, '@metadata.beat');
  if (beat === undefined || !BEATS.has(beat) || scalarText(document, 'data_stream.dataset') !== undefined)
    return streams;
  const version = scalarText(document, 'agent.version') ?? scalarText(document, '@metadata.version');
  const own = version === undefined ? beat : `${beat}-${version}`;
  return scalarText(document, 'event.dataset')?.includes('.') === true ? [own, ...streams] : [own];
}

const BEATS: ReadonlySet<string> = new Set(['auditbeat', 'filebeat', 'packetbeat', 'winlogbeat']);

/** The stream that the hit's index, or the document itself, says it lies in; empty where neither does. */
export function dataStreamsOfDocument(document: JsonObject, hit: JsonObject | undefined): string[] {
  const index = scalarText(hit, '_index');
  if (index !== undefined) return [dataStreamOfIndex(index)];
  if (isOfEndgame(document)) return [ENDGAME_INDEX];
  const dataset =
    scalarText(document, 'data_stream.dataset') ?? scalarText(document, 'event.dataset') ?? moduleDataset(document);
  if (dataset === undefined) return [];
  const type = scalarText(document, 'data_stream.type') ?? 'logs';
  return [`${type}-${dataset}-${scalarText(document, 'data_stream.namespace') ?? 'default'}`];
}

function isOfEndgame(document: JsonObject): boolean {
  return ['event.module', 'agent.type', 'data_stream.dataset'].some((name) => scalarText(document, name) === 'endgame');
}

/** Elastic Defend's streams are named after what they hold; for any other module its name has to do. */
function moduleDataset(document: JsonObject): string | undefined {
  const module = scalarText(document, 'event.module');
  if (module !== 'endpoint' && scalarText(document, 'agent.type') !== 'endpoint') return module;
  if (scalarText(document, 'event.kind') === 'alert') return 'endpoint.alerts';
  const category = jsonAt(document, 'dll') === undefined ? scalarText(document, 'event.category') : 'library';
  return category === undefined ? undefined : `endpoint.events.${STREAM_OF_CATEGORY.get(category) ?? category}`;
}

function scalarText(document: JsonObject | undefined, path: string): string | undefined {
  const value = document === undefined ? undefined : valuesAt(document, path)[0];
  return value === undefined || value === '' ? undefined : String(value);
}
