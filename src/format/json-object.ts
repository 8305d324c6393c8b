/**
 * Any JSON object that no other format knows: taken as it stands, under its own names.
 *
 *   object ──a line of syslog in `message`──▶ syslog.ts, the other fields beside what it says
 *          └──else──▶ Event: its names, and a time
 *
 * Names of ECS work where the object has them. Where nothing in it names its data stream it is unrouted: every rule reads
 * it. An object without a time counts as of the moment it was read, as a line of syslog without one does.
 */
import { documentSource, Event } from '../event/event.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs, timeFromSeconds } from '../event/time.ts';
import { fieldsBeside } from './beside.ts';
import { dataStreamsOfDocument } from './elastic-defend.ts';
import type { EventSink, FormatSettings } from './format.ts';
import type { Format, FormatReader, ReadLine } from './format-reader.ts';
import { millisecondsAsTime, textAt } from './json-fields.ts';
import { SyslogReader, syslogIn } from './syslog.ts';

export const jsonObject: Format = {
  name: 'json',
  broad: true,
  recognises: ({ json }) => json !== undefined,
  open: (settings, sink) => new JsonObjectReader(settings, sink),
};

/** Where shippers and programs write the time, the surest name first; `@timestamp` makes a document in ECS. */
const TIMES =
  'timestamp Timestamp time Time _time ts eventTime event_time EventTime TimeCreated TimeGenerated datetime UtcTime utc_time created_at'.split(
    ' ',
  );

const NONE: ReadonlySet<string> = new Set();

const MESSAGE = 'message';

class JsonObjectReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly syslog: SyslogReader;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.syslog = new SyslogReader(settings, sink);
  }

  line(line: ReadLine): void {
    const json = line.json ?? {};
    const text = textAt(json, MESSAGE);
    const message = text === undefined ? undefined : syslogIn(text.trim());
    if (message === undefined) this.give(line, json);
    else this.syslog.read(line, message, { format: jsonObject.name, json, member: MESSAGE });
  }

  settle(now: number): void {
    this.syslog.settle(now);
  }

  end(): void {
    this.syslog.end();
  }

  get waiting() {
    return this.syslog.waiting;
  }

  get forced(): number {
    return this.syslog.forced;
  }

  private give(line: ReadLine, json: JsonObject): void {
    const time = timeIn(json) ?? timeFromMs(this.settings.now());
    const { hostName } = this.settings;
    const namesHost = hostName === undefined || Object.keys(json).some((name) => /^host(?:\.|$)/.test(name));
    // Where an event was read stands below `log`.
    const { log } = json;
    const isText = log !== undefined && !isJsonObject(log);
    const document: JsonObject = {
      ...(isText ? fieldsBeside(json, NONE) : json),
      '@timestamp': formatTime(time),
      ...(namesHost ? {} : { host: { name: hostName } }),
    };
    const id = textAt(json, '_id');
    this.sink.event(
      new Event({
        time,
        source: documentSource(document),
        raw: line.bytes,
        format: jsonObject.name,
        dataStreams: dataStreamsOfDocument(json, json),
        origin: line.origin,
        ...(id === undefined ? {} : { id }),
      }),
    );
  }
}

function timeIn(json: JsonObject): EventTime | undefined {
  for (const name of TIMES) {
    const text = textAt(json, name);
    const time = text === undefined ? undefined : (sinceEpoch(text) ?? parseTime(text));
    if (time !== undefined) return time;
  }
  return undefined;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their digits (from 1973 on). */
function sinceEpoch(text: string): EventTime | undefined {
  const [, digits = '', fraction = ''] = /^(\d{9,19})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  if (digits === '') return undefined;
  if (digits.length <= 11) return timeFromSeconds(text);
  if (digits.length <= 14) return millisecondsAsTime(fraction === '' ? digits : `${digits}.${fraction.slice(0, 9)}`);
  const unit = digits.length <= 17 ? 6 : 9;
  return timeFromSeconds(`${digits.slice(0, -unit)}.${digits.slice(-unit)}`);
}
