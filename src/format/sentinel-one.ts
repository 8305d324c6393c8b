/**
 * SentinelOne Cloud Funnel: one raw JSON event a line, its names flat and dotted; as ECS by sentinel-one-ecs.ts.
 */
import { Event } from '../event/event.ts';
import { DerivedSource } from './derivation.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { millisecondsAsTime, textAt } from './json-fields.ts';
import { kindAt } from './recorded-json.ts';
import { SENTINEL_ONE, SENTINEL_ONE_PROMISES, sentinelOneRecord } from './sentinel-one-ecs.ts';

const STREAM = 'logs-sentinel_one_cloud_funnel.event-default';

export const sentinelOne: Format = {
  name: 'sentinel-one',
  isAlone: true,
  names: ['event.category'],
  recognises: ({ json }) =>
    json !== undefined &&
    typeof json['event.category'] === 'string' &&
    !Object.hasOwn(json, '@timestamp') &&
    ['agent.uuid', 'mgmt.url', 'endpoint.name', 'dataSource.name'].some((name) => kindAt(json, name) === 'string'),
  open: (_settings, sink) => ({
    line(line: ReadLine): void {
      const raw = line.json ?? {};
      const time = millisecondsAsTime(textAt(raw, 'event.time')) ?? millisecondsAsTime(textAt(raw, 'timestamp'));
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The event has no event.time that is a time.');
        return;
      }
      sink.event(
        new Event({
          time,
          source: new DerivedSource(sentinelOneRecord(raw, time), SENTINEL_ONE, SENTINEL_ONE_PROMISES),
          raw: line.bytes,
          format: sentinelOne.name,
          dataStreams: [STREAM],
          origin: line.origin,
          id: () => textAt(raw, 'event.id'),
        }),
      );
    },
  }),
};
