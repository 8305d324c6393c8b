/**
 * Any JSON object that no other format knows: taken as it stands, under its own names.
 *
 *   object ──a line of syslog in `message`──▶ syslog.ts, the other fields beside what it says
 *          └──else──▶ Event: its names, and a time
 *
 * Names of ECS work where the object has them. Where nothing in it names its data stream it is unrouted: every rule reads
 * it. An object without a time counts as of the moment it was read, as a line of syslog without one does.
 */
import { type Copies, Event, type FieldSource, type OwnWords } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs, timeFromSeconds } from '../event/time.ts';
import { fieldsBeside, firstName } from './beside.ts';
import { dataStreamsOfDocument } from './elastic-defend.ts';
import type { EventSink, FormatSettings } from './format.ts';
import type { Format, FormatReader, ReadLine } from './format-reader.ts';
import { millisecondsAsTime, textAt } from './json-fields.ts';
import { auditRecordIn, SyslogReader, syslogIn } from './syslog.ts';
import type { SyslogLine } from './syslog-line.ts';
import { PROSE, partsIn } from './text-parts.ts';

export const jsonObject: Format = {
  name: 'json',
  broad: true,
  // Records of the audit log wait for others of their event.
  isAlone: (json) => {
    const message = messageIn(json);
    if (message === undefined || message.isPlain === true || message.snare !== undefined) return true;
    return auditRecordIn(message) === undefined;
  },
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
    const message = messageIn(json);
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
    const { settings } = this;
    const now = settings.now();
    let known: EventTime | undefined;
    const time = () => {
      known ??= timeIn(json) ?? timeFromMs(now);
      return known;
    };
    this.sink.event(
      new Event({
        time,
        source: new ObjectSource(json, time, settings.hostName),
        raw: line.bytes,
        format: jsonObject.name,
        dataStreams: dataStreamsOfDocument(json, json),
        origin: line.origin,
        id: () => textAt(json, '_id'),
      }),
    );
  }
}

/** The line of syslog in an object. */
function messageIn(json: JsonObject): SyslogLine | undefined {
  const known = partsIn(json, MESSAGE);
  if (known !== undefined) return known === PROSE ? undefined : known;
  const text = textAt(json, MESSAGE);
  return text === undefined ? undefined : syslogIn(text.trim());
}

/** The object as it stands, with a time and, where it names none, a host; of it no more is read than is asked for. */
class ObjectSource implements FieldSource {
  private readonly json: JsonObject;
  private readonly time: () => EventTime;
  /** Where the object names none. */
  private readonly hostName: string | undefined;
  private readonly ownHost: JsonObject;
  private whole: JsonObject | undefined;

  constructor(json: JsonObject, time: () => EventTime, hostName: string | undefined) {
    this.json = json;
    this.time = time;
    this.hostName = hostName === undefined || namesHost(json) ? undefined : hostName;
    this.ownHost = this.hostName === undefined ? NOTHING : { host: { name: this.hostName } };
  }

  get(field: string): Json | undefined {
    if (field === '@timestamp') return formatTime(this.time());
    if (this.isAsItStands(field)) return jsonAt(this.json, field);
    // Of the object nothing is read for it: nothing of that is below `host`.
    return jsonAt(firstName(field) === 'host' ? this.ownHost : this.document(), field);
  }

  document(): JsonObject {
    this.whole ??= this.made();
    return this.whole;
  }

  words(): OwnWords {
    const made = this.hostName === undefined ? NO_TEXTS : [this.hostName];
    return { fixed: '', made, unquoted: () => NO_TEXTS, isWritten: true };
  }

  copies(field: string): Copies | undefined {
    return this.isAsItStands(field) ? { names: [field], isPart: false } : undefined;
  }

  private made(): JsonObject {
    const { json, ownHost } = this;
    // Where an event was read stands below `log`.
    const { log } = json;
    const isText = log !== undefined && !isJsonObject(log);
    return {
      ...(isText ? fieldsBeside(json, NONE) : json),
      '@timestamp': formatTime(this.time()),
      ...ownHost,
    };
  }

  private isAsItStands(field: string): boolean {
    const first = firstName(field);
    if (first === 'log' || first === 'json' || first === '@timestamp') return false;
    return first !== 'host' || this.hostName === undefined;
  }
}

const NOTHING: JsonObject = {};
const NO_TEXTS: readonly string[] = [];

function namesHost(json: JsonObject): boolean {
  for (const name in json) if (name === 'host' || name.startsWith('host.')) return true;
  return false;
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
