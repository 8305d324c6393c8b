/**
 * Records of a Windows event log as nested JSON, one a line: `{"Event":{"System":…,"EventData":…}}` as evtx_dump writes
 * it, or the same without `Event` around it.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { windowsEvent } from './windows-ecs.ts';
import { readWindowsEvent } from './windows-event.ts';

export const windowsJson: Format = {
  name: 'windows-json',
  isAlone: true,
  names: ['Event', 'System'],
  recognises: ({ json }) => json !== undefined && eventIn(json) !== undefined,
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const inner = line.json === undefined ? undefined : eventIn(line.json);
      const record = inner === undefined ? undefined : readWindowsEvent(inner, settings);
      if (record === undefined) {
        rejectLine(sink, line, 'bad-windows-event', 'The record of an event log has no event id.');
        return;
      }
      const event = windowsEvent(record, {
        format: 'windows-json',
        raw: line.bytes,
        origin: line.origin,
        isJson: true,
      });
      if (event === undefined) rejectLine(sink, line, 'no-time', 'The record does not say when it was written.');
      else sink.event(event);
    },
  }),
};

function eventIn(json: JsonObject): JsonObject | undefined {
  const inner = Object.hasOwn(json, 'Event') ? json.Event : json;
  if (!isJsonObject(inner) || !Object.hasOwn(inner, 'System') || !isJsonObject(inner.System)) return undefined;
  return Object.hasOwn(inner.System, 'EventID') ? inner : undefined;
}
