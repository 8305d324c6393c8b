/**
 * Documents of winlogbeat and Elastic Agent that no ingest pipeline has been over yet: `winlog.*` is filled, ECS is not.
 *
 *   document, or search hit ──winlog.*──▶ WindowsRecord ──derived, laid over the document──▶ Event
 *
 * A document with `event.category` has been through a pipeline and is taken as it is, by elastic-defend.ts. Sysmon for
 * Linux comes in this form too, with some of the record's head among the data (`opcode`, `provider_name`, `version`).
 */
import { jsonAt, valuesAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { dataStreamsOfDocument, documentOf } from './elastic-defend.ts';
import type { FormatSettings } from './format.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { asText, millisecondsAsTime } from './json-fields.ts';
import { windowsEvent } from './windows-ecs.ts';
import { plain } from './windows-event.ts';
import type { WindowsRecord } from './windows-record.ts';

export const winlogbeat: Format = {
  name: 'winlogbeat',
  isAlone: true,
  names: ['winlog', '_source'],
  recognises: ({ json }) => json !== undefined && isUnderived(documentOf(json).document),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const { document, hit } = documentOf(line.json ?? {});
      const streams = dataStreamsOfDocument(document, hit);
      const event = windowsEvent(readWinlog(document, settings), {
        format: 'winlogbeat',
        raw: line.bytes,
        origin: line.origin,
        document,
        isJson: true,
        id: text(hit, '_id') ?? text(document, 'event.id'),
        ...(streams.length === 0 ? {} : { dataStreams: streams }),
      });
      if (event === undefined) rejectLine(sink, line, 'no-time', 'The document does not say when it was written.');
      else sink.event(event);
    },
  }),
};

function isUnderived(document: JsonObject): boolean {
  if (!isJsonObject(document.winlog)) return false;
  const { winlog } = document;
  return /^\d{1,10}$/.test(text(winlog, 'event_id') ?? '') && valuesAt(document, 'event.category').length === 0;
}

function readWinlog(document: JsonObject, settings: FormatSettings): WindowsRecord {
  const winlog = document.winlog as JsonObject;
  const given = jsonAt(winlog, 'event_data');
  const data = isJsonObject(given) ? Object.entries(given).filter(([, value]) => value !== null) : [];
  const ofHead = new Map(data.filter(([name]) => HEAD_IN_DATA.has(name)));
  const head = (name: string) => text(winlog, name) ?? asText(ofHead.get(name));
  const created = text(winlog, 'time_created') ?? text(document, '@timestamp');
  const userData = jsonAt(winlog, 'user_data');
  const keywords = valuesAt(winlog, 'keywords').map(String);
  return {
    provider: head('provider_name') ?? text(document, 'event.provider'),
    providerGuid: text(winlog, 'provider_guid'),
    code: String(Number(text(winlog, 'event_id'))),
    version: head('version'),
    channel: text(winlog, 'channel'),
    computer: text(winlog, 'computer_name'),
    recordId: text(winlog, 'record_id'),
    created,
    createdTime: millisecondsAsTime(created) ?? millisecondsAsTime(text(document, '@timestamp')),
    activityId: text(winlog, 'activity_id'),
    relatedActivityId: text(winlog, 'related_activity_id'),
    processId: text(winlog, 'process.pid'),
    threadId: text(winlog, 'process.thread.id'),
    user: userOf(winlog),
    system: {},
    names: {
      level: text(winlog, 'level') ?? text(document, 'log.level'),
      task: text(winlog, 'task'),
      opcode: head('opcode'),
      ...(keywords.length === 0 ? {} : { keywords }),
    },
    message: text(document, 'message'),
    data: Object.fromEntries(data.map(([name, value]) => [name, plain(value)])),
    ...(isJsonObject(userData) ? { userData } : {}),
    tags: jsonAt(document, 'tags'),
    syslogHost: text(document, 'log.syslog.hostname'),
    ingested: settings.now(),
    settings,
  };
}

const HEAD_IN_DATA: ReadonlySet<string> = new Set(['opcode', 'provider_name', 'version']);

function userOf(winlog: JsonObject): WindowsRecord['user'] {
  const found: [string, Json][] = [];
  for (const name of ['identifier', 'name', 'domain', 'type']) {
    const value = text(winlog, `user.${name}`);
    if (value !== undefined) found.push([name, value]);
  }
  return Object.fromEntries(found) as WindowsRecord['user'];
}

function text(object: JsonObject | undefined, path: string): string | undefined {
  return object === undefined ? undefined : asText(valuesAt(object, path)[0]);
}
