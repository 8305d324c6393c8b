/**
 * Documents of winlogbeat and Elastic Agent that no ingest pipeline has been over yet: `winlog.*` is filled, ECS is not.
 *
 *   document, or search hit ──winlog.*──▶ WindowsRecord ──derived, laid over the document──▶ Event
 *
 * A document with `event.category` has been through a pipeline and is taken as it is, by elastic-defend.ts. Sysmon for
 * Linux comes in this form too, with some of the record's head among the data (`opcode`, `provider_name`, `version`).
 */
import { define } from '../event/event.ts';
import { jsonAt, valuesAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
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
      const event = windowsEvent(new WinlogRecord(document, settings), {
        format: 'winlogbeat',
        raw: line.bytes,
        origin: line.origin,
        document,
        isJson: true,
        id: () => text(hit, '_id') ?? text(document, 'event.id'),
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

/** Read from the document as it is asked: most rules ask for few of its members. */
class WinlogRecord implements WindowsRecord {
  readonly code: string;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  readonly settings: FormatSettings;
  readonly ingested: number;
  readonly system = NO_NUMBERS;
  private readonly whole: JsonObject;
  private readonly winlog: JsonObject;
  private readonly given: JsonObject;
  private wholeData: JsonObject | undefined;

  constructor(document: JsonObject, settings: FormatSettings) {
    const winlog = document.winlog as JsonObject;
    const given = jsonAt(winlog, 'event_data');
    this.whole = document;
    this.winlog = winlog;
    this.given = isJsonObject(given) ? given : {};
    this.settings = settings;
    this.ingested = settings.now();
    this.code = String(Number(text(winlog, 'event_id')));
    this.provider = this.ofHead('provider_name') ?? text(document, 'event.provider');
    this.channel = text(winlog, 'channel');
  }

  get providerGuid(): string | undefined {
    return text(this.winlog, 'provider_guid');
  }

  get version(): string | undefined {
    return this.ofHead('version');
  }

  get computer(): string | undefined {
    return text(this.winlog, 'computer_name');
  }

  get recordId(): string | undefined {
    return text(this.winlog, 'record_id');
  }

  get created(): string | undefined {
    return text(this.winlog, 'time_created') ?? text(this.whole, '@timestamp');
  }

  get createdTime(): EventTime | undefined {
    return millisecondsAsTime(this.created) ?? millisecondsAsTime(text(this.whole, '@timestamp'));
  }

  get activityId(): string | undefined {
    return text(this.winlog, 'activity_id');
  }

  get relatedActivityId(): string | undefined {
    return text(this.winlog, 'related_activity_id');
  }

  get processId(): string | undefined {
    return text(this.winlog, 'process.pid');
  }

  get threadId(): string | undefined {
    return text(this.winlog, 'process.thread.id');
  }

  get user(): WindowsRecord['user'] {
    return userOf(this.winlog);
  }

  get names(): WindowsRecord['names'] {
    const { winlog, whole } = this;
    const keywords = valuesAt(winlog, 'keywords').map(String);
    return {
      level: text(winlog, 'level') ?? text(whole, 'log.level'),
      task: text(winlog, 'task'),
      opcode: this.ofHead('opcode'),
      ...(keywords.length === 0 ? {} : { keywords }),
    };
  }

  get message(): string | undefined {
    return text(this.whole, 'message');
  }

  get data(): JsonObject {
    this.wholeData ??= withoutNulls(this.given);
    return this.wholeData;
  }

  datum(name: string): Json | undefined {
    const value = Object.hasOwn(this.given, name) ? this.given[name] : undefined;
    return value === undefined || value === null ? undefined : plain(value);
  }

  get userData(): JsonObject | undefined {
    const userData = jsonAt(this.winlog, 'user_data');
    return isJsonObject(userData) ? userData : undefined;
  }

  get tags(): Json | undefined {
    return jsonAt(this.whole, 'tags');
  }

  get syslogHost(): string | undefined {
    return text(this.whole, 'log.syslog.hostname');
  }

  /** Sysmon for Linux has it among the data. */
  private ofHead(name: 'opcode' | 'provider_name' | 'version'): string | undefined {
    return text(this.winlog, name) ?? asText(Object.hasOwn(this.given, name) ? this.given[name] : undefined);
  }
}

function withoutNulls(given: JsonObject): JsonObject {
  const data: Record<string, Json> = {};
  for (const name of Object.keys(given)) {
    const value = given[name] as Json;
    if (value !== null) define(data, name, plain(value));
  }
  return data;
}

const NO_NUMBERS: JsonObject = Object.freeze({});

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
