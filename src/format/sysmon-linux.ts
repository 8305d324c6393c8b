/**
 * Sysmon for Linux as it writes to syslog: an `<Event>` as XML after a header of RFC 3164 or RFC 5424, or alone.
 *
 *   `Oct 24 17:05:38 host sysmon[77]: <Event>…</Event>` ──header: host──▶ record ──▶ windows-ecs.ts ──▶ Event
 *
 * The year and the fraction of the second come from the record, so the header gives only the host's name.
 */
import { isJsonObject } from '../event/json.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { windowsEvent } from './windows-ecs.ts';
import { readWindowsEvent, xmlAsJson } from './windows-event.ts';
import { parseXml } from './xml.ts';

const RFC3164 =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\S{1,40}) (\S{1,255}) sysmon(?:\[\d{1,10}\])?: ?(?=<Event>)/;
const RFC5424 =
  /^<\d{1,3}>1 \S{1,40} (\S{1,255}) sysmon \S{1,128} \S{1,32} (?:-|\[[^\]]{0,512}\]) ?(?:\ufeff)?(?=<Event>)/;

export const sysmonLinux: Format = {
  name: 'sysmon-linux',
  names: [],
  recognises: ({ text, json }) => json === undefined && headerOf(text) !== undefined,
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const header = headerOf(line.text);
      const element = parseXml(line.text.slice(header?.length ?? 0));
      const json = element === undefined ? undefined : xmlAsJson(element);
      const record = isJsonObject(json) ? readWindowsEvent(json, settings, header?.host) : undefined;
      if (record === undefined) {
        rejectLine(sink, line, 'bad-windows-event', 'The record of Sysmon is cut off, no XML, or has no event id.');
        return;
      }
      const event = windowsEvent(record, { format: 'sysmon-linux', raw: line.bytes, origin: line.origin });
      if (event === undefined) rejectLine(sink, line, 'no-time', 'The record does not say when it was written.');
      else sink.event(event);
    },
  }),
};

function headerOf(text: string): { readonly length: number; readonly host: string | undefined } | undefined {
  if (!text.includes('<Event>')) return undefined;
  const match = RFC3164.exec(text) ?? RFC5424.exec(text);
  return match === null ? undefined : { length: match[0].length, host: match[1] };
}
