/**
 * Records of a Windows event log as Azure's diagnostics export them: an object of `WindowsEventLogsTable` with the record's
 * XML as text in it.
 *
 *   {"category": "WindowsEventLogsTable", "properties": {"RawXml": "<Event …>", …}} ──RawXml──▶ record ──▶ Event
 *
 * What Azure says beside the XML (the role, the deployment) stays under its own names; its copy of the XML does not.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { fieldsBeside, firstNames } from './beside.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { WINDOWS, windowsEvent } from './windows-ecs.ts';
import { readWindowsEvent, xmlAsJson } from './windows-event.ts';
import { parseXml } from './xml.ts';

const WINDOWS_NAMES = firstNames(...Object.values(WINDOWS));

export const windowsAzure: Format = {
  name: 'windows-azure',
  names: ['properties'],
  recognises: ({ json }) => json !== undefined && xmlIn(json) !== undefined,
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const json = line.json ?? {};
      const element = parseXml((xmlIn(json) ?? '').trim());
      const event = element === undefined ? undefined : xmlAsJson(element);
      const record = isJsonObject(event) ? readWindowsEvent(event, settings) : undefined;
      if (record === undefined) {
        rejectLine(sink, line, 'bad-windows-event', 'The XML in the object is no record of an event log.');
        return;
      }
      const { RawXml: _, ...properties } = json.properties as JsonObject;
      const read = windowsEvent(record, {
        format: windowsAzure.name,
        raw: line.bytes,
        origin: line.origin,
        document: fieldsBeside({ ...json, properties }, WINDOWS_NAMES),
      });
      if (read === undefined) rejectLine(sink, line, 'no-time', 'The record does not say when it was written.');
      else sink.event(read);
    },
  }),
};

function xmlIn(json: JsonObject): string | undefined {
  const properties = Object.hasOwn(json, 'properties') ? json.properties : undefined;
  if (!isJsonObject(properties) || !Object.hasOwn(properties, 'RawXml')) return undefined;
  return typeof properties.RawXml === 'string' ? properties.RawXml : undefined;
}
