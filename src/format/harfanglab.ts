/**
 * HarfangLab EDR's telemetry and alerts: one JSON record a line, as its streaming sends it. There is no integration of
 * Elastic's to follow, so the whole record stands under `harfanglab.` as it came.
 */
import { Event } from '../event/event.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { DerivedSource } from './derivation.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { HARFANGLAB, HARFANGLAB_PROMISES, type HarfangLabRecord, kindOfRecord } from './harfanglab-ecs.ts';
import { textAt } from './json-fields.ts';
import { kindAt } from './recorded-json.ts';

const STREAM = 'logs-harfanglab.edr-default';

export const harfanglab: Format = {
  name: 'harfanglab',
  isAlone: true,
  names: ['@event_create_date'],
  recognises: ({ json }) =>
    json !== undefined && Object.hasOwn(json, '@event_create_date') && isJsonObject(json.agent) && isAgent(json.agent),
  open: (_settings, sink) => ({
    line(line: ReadLine): void {
      const row = line.json ?? {};
      const time = parseTime(textAt(row, '@event_create_date') ?? '') ?? parseTime(textAt(row, '@timestamp') ?? '');
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The record has no @event_create_date that is a time.');
        return;
      }
      const record: HarfangLabRecord = { row, agent: row.agent as JsonObject, time, ...kindOfRecord(row) };
      const id = textAt(row, 'alert_unique_id');
      sink.event(
        new Event({
          time,
          source: new DerivedSource(record, HARFANGLAB, HARFANGLAB_PROMISES),
          raw: line.bytes,
          format: harfanglab.name,
          dataStreams: [STREAM],
          origin: line.origin,
          ...(id === undefined ? {} : { id }),
        }),
      );
    },
  }),
};

function isAgent(agent: JsonObject): boolean {
  return kindAt(agent, 'agentid') === 'string' && ['ostype', 'osproducttype', 'hostname'].some((name) => name in agent);
}
