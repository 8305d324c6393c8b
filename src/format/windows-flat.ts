/**
 * Records of a Windows event log as flat JSON: NXLog's `im_msvistalog`, Logstash's and Azure's like (`EventID`, `Channel`
 * and the names of the event's data side by side), EvtxECmd's, and plain Sysmon fields.
 *
 *   object ──names of the log──▶ System      other names ──▶ EventData      names NXLog adds ──▶ nxlog.*
 *
 * NXLog writes `EventTime` in local time without a zone. Where the object also says when it was received, once local
 * (`EventReceivedTime`) and once in UTC (`@timestamp`), their difference gives the zone, in quarters of an hour.
 */
import { isJsonObject, type Json, type JsonObject, parseJson } from '../event/json.ts';
import { type EventTime, parseTime } from '../event/time.ts';
import type { FormatSettings } from './format.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { asText, millisecondsAsTime } from './json-fields.ts';
import { windowsEvent } from './windows-ecs.ts';
import { hexKeywords, plain } from './windows-event.ts';
import type { WindowsRecord } from './windows-record.ts';

export const windowsFlat: Format = {
  name: 'windows-flat',
  isAlone: true,
  names: ['EventID', 'EventId', 'event_id'],
  recognises: ({ json }) => json !== undefined && codeOf(json) !== undefined && SIGNS.some((name) => has(json, name)),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const record = new FlatRecord(line.json ?? {}, settings);
      const event = windowsEvent(record, {
        format: 'windows-flat',
        raw: line.bytes,
        origin: line.origin,
        isJson: true,
      });
      if (event === undefined) rejectLine(sink, line, 'no-time', 'The record does not say when it was written.');
      else sink.event(event);
    },
  }),
};

/** With a numeric event id, any of these makes it a record of an event log. */
const SIGNS = ['Channel', 'SourceName', 'Provider_Name', 'ProviderName', 'Provider', 'EventLog', 'UtcTime'];

const CODES = ['EventID', 'EventId', 'event_id'];
const TIMES = ['TimeCreated', 'EventTime', 'TimeGenerated', 'SystemTime', '@timestamp', 'EventReceivedTime'];

/** Names of the log itself, in the order in which they count. */
const SYSTEM = {
  provider: ['SourceName', 'Provider_Name', 'ProviderName', 'Provider', 'EventSourceName'],
  providerGuid: ['ProviderGuid', 'Provider_Guid'],
  version: ['Version'],
  channel: ['Channel', 'EventLog'],
  computer: ['Hostname', 'Computer', 'ComputerName', 'MachineName'],
  recordId: ['RecordNumber', 'EventRecordID', 'EventRecordId', 'RecordId'],
  activityId: ['ActivityID', 'ActivityId'],
  relatedActivityId: ['RelatedActivityID', 'RelatedActivityId'],
  processId: ['ExecutionProcessID'],
  threadId: ['ThreadID', 'ExecutionThreadID', 'ThreadId'],
  message: ['Message'],
} as const;
const USER = { identifier: ['UserID'], name: ['AccountName'], domain: ['Domain'], type: ['AccountType'] } as const;
const NXLOG = new Set(
  'EventReceivedTime SourceModuleName SourceModuleType Severity SeverityValue EventTypeOrignal @version host port'.split(
    ' ',
  ),
);
const RAW = ['Level', 'Task', 'OpcodeValue', 'Keywords', 'Qualifiers'];
const LOG_NAMES = new Set<string>([
  ...CODES,
  ...Object.values(SYSTEM).flat(),
  ...TIMES,
  ...RAW,
  ...['Category', 'Opcode', 'tags', 'Payload'],
]);
const NXLOG_USER = new Set<string>(Object.values(USER).flat());
/** What NXLog's own `EventType` says; anything else under that name is the event's data (Sysmon's registry events). */
const NXLOG_EVENT_TYPES = /^(?:INFO|WARNING|ERROR|CRITICAL|VERBOSE|DEBUG|AUDIT_SUCCESS|AUDIT_FAILURE)$/;
const SYSMON = { provider: 'Microsoft-Windows-Sysmon', channel: 'Microsoft-Windows-Sysmon/Operational' };

/** Read from the object as it is asked: most rules ask for few of its many names. */
class FlatRecord implements WindowsRecord {
  readonly code: string;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  readonly settings: FormatSettings;
  readonly ingested: number;
  private readonly json: JsonObject;
  private readonly isNxlog: boolean;
  private readonly isEvtxecmd: boolean;
  private wholeData: JsonObject | undefined;
  private numbers: JsonObject | undefined;
  private time: EventTime | null | undefined;

  constructor(json: JsonObject, settings: FormatSettings) {
    this.json = json;
    this.settings = settings;
    this.ingested = settings.now();
    this.isNxlog = has(json, 'SourceModuleType') || has(json, 'EventReceivedTime');
    this.isEvtxecmd = isEvtxecmd(json);
    this.code = String(Number(codeOf(json)));
    const channel = first(json, SYSTEM.channel);
    const isSysmon = channel === undefined && this.isSysmons();
    this.channel = isSysmon ? SYSMON.channel : channel;
    this.provider = isSysmon ? SYSMON.provider : first(json, SYSTEM.provider);
  }

  get providerGuid(): string | undefined {
    return first(this.json, SYSTEM.providerGuid);
  }

  get version(): string | undefined {
    return first(this.json, SYSTEM.version);
  }

  get computer(): string | undefined {
    return first(this.json, SYSTEM.computer);
  }

  get recordId(): string | undefined {
    return first(this.json, SYSTEM.recordId);
  }

  get activityId(): string | undefined {
    return first(this.json, SYSTEM.activityId);
  }

  get relatedActivityId(): string | undefined {
    return first(this.json, SYSTEM.relatedActivityId);
  }

  get processId(): string | undefined {
    return first(this.json, SYSTEM.processId);
  }

  get threadId(): string | undefined {
    return first(this.json, SYSTEM.threadId);
  }

  get message(): string | undefined {
    return first(this.json, SYSTEM.message);
  }

  get created(): string | undefined {
    return first(this.json, TIMES);
  }

  get createdTime(): EventTime | undefined {
    if (this.time === undefined) this.time = timeOf(this.json, this.isNxlog) ?? this.creationTime() ?? null;
    return this.time ?? undefined;
  }

  get user(): WindowsRecord['user'] {
    return this.isNxlog ? pick(this.json, USER) : {};
  }

  get system(): JsonObject {
    this.numbers ??= rawNumbers(this.json);
    return this.numbers;
  }

  get names(): WindowsRecord['names'] {
    const { json } = this;
    return {
      task: first(json, ['Category']),
      opcode: nameIn(first(json, ['Opcode'])),
      level: nameIn(first(json, ['Level'])),
    };
  }

  get data(): JsonObject {
    this.wholeData ??= this.readData();
    return this.wholeData;
  }

  datum(name: string): Json | undefined {
    if (this.isEvtxecmd) return has(this.data, name) ? this.data[name] : undefined;
    const value = has(this.json, name) ? this.json[name] : undefined;
    return value === undefined || value === null || !this.isData(name, value) ? undefined : plain(value);
  }

  get placeOf(): WindowsRecord['placeOf'] {
    return this.isEvtxecmd ? undefined : flatPlaceOf;
  }

  /** What NXLog knows of itself. */
  get shipper(): JsonObject | undefined {
    if (!this.isNxlog) return undefined;
    const found = Object.entries(this.json).filter(([name, value]) => value !== null && isNxlogs(name, value));
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }

  get tags(): Json | undefined {
    return has(this.json, 'tags') ? (this.json.tags ?? undefined) : undefined;
  }

  private readData(): JsonObject {
    const data = new Map<string, Json>();
    for (const [name, value] of Object.entries(this.json)) {
      if (value !== null && this.isData(name, value)) data.set(name, plain(value));
    }
    for (const [name, value] of Object.entries(payloadOf(this.json))) if (value !== null) data.set(name, plain(value));
    return Object.fromEntries(data);
  }

  private isData(name: string, value: Json): boolean {
    if (this.isNxlog && isNxlogs(name, value)) return false;
    if (name === 'Payload') return !this.isEvtxecmd;
    return !(LOG_NAMES.has(name) || (this.isNxlog && NXLOG_USER.has(name)));
  }

  /** Without a channel: Sysmon's events say when and for which process in words of their own. */
  private isSysmons(): boolean {
    const known = (Number(this.code) >= 1 && Number(this.code) <= 29) || this.code === '255';
    return known && ['UtcTime', 'ProcessGuid', 'SourceProcessGUID'].some((name) => this.datum(name) !== undefined);
  }

  /** A file that was created says when; for want of anything else that is when the event happened. */
  private creationTime(): EventTime | undefined {
    return this.code === '11' ? parseTime(String(this.datum('CreationUtcTime') ?? '')) : undefined;
  }
}

const DATA = 'EventData.';

function flatPlaceOf(path: string): string | undefined {
  if (path === 'RenderingInfo.Message') return SYSTEM.message[0];
  return path.startsWith(DATA) ? path.slice(DATA.length) : undefined;
}

function isNxlogs(name: string, value: Json): boolean {
  return NXLOG.has(name) || (name === 'EventType' && NXLOG_EVENT_TYPES.test(String(value)));
}

/** EvtxECmd keeps the data as JSON in a text. */
function isEvtxecmd(json: JsonObject): boolean {
  return has(json, 'PayloadData1') || has(json, 'MapDescription');
}

function payloadOf(json: JsonObject): JsonObject {
  const { Payload: payload } = json;
  if (typeof payload !== 'string' || !isEvtxecmd(json)) return {};
  let inner: Json;
  try {
    inner = parseJson(payload);
  } catch {
    // Whatever it is, it is no JSON: kept as it stands.
    return { Payload: payload };
  }
  const eventData = isJsonObject(inner) && isJsonObject(inner.EventData) ? inner.EventData.Data : undefined;
  const items = (Array.isArray(eventData) ? eventData : [eventData]).filter(isJsonObject);
  if (items.length === 0) return { Payload: payload };
  return Object.fromEntries(items.map((item) => [asText(item['@Name']) ?? 'Data', item['#text'] ?? '']));
}

function rawNumbers(json: JsonObject): JsonObject {
  const found = new Map<string, string>();
  for (const name of RAW) {
    const text = first(json, [name]);
    const kept = name === 'Keywords' ? hexKeywords(text) : text;
    if (kept !== undefined) found.set(name === 'OpcodeValue' ? 'Opcode' : name, kept);
  }
  return Object.fromEntries(found);
}

// --- Time -------------------------------------------------------------------------------------------------------------

function timeOf(json: JsonObject, nxlog: boolean): EventTime | undefined {
  for (const name of TIMES) {
    const text = first(json, [name]);
    const time = millisecondsAsTime(text) ?? netTime(text);
    if (time === undefined) continue;
    const local =
      nxlog && (name === 'EventTime' || name === 'EventReceivedTime') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text ?? '');
    return local ? { ms: time.ms + zoneOf(json), ticks: time.ticks } : time;
  }
  return undefined;
}

const QUARTER = 15 * 60_000;
/** Between being received by NXLog and by what wrote `@timestamp` may lie so much. */
const FORWARDING = 5 * 60_000;

/** What to add to local time, in milliseconds; 0 where nothing tells. */
function zoneOf(json: JsonObject): number {
  const received = parseTime(first(json, ['EventReceivedTime']) ?? '');
  const stamped = parseTime(first(json, ['@timestamp']) ?? '');
  if (received === undefined || stamped === undefined) return 0;
  const apart = stamped.ms - received.ms;
  const zone = Math.round(apart / QUARTER) * QUARTER;
  return Math.abs(apart - zone) <= FORWARDING && Math.abs(zone) <= 15 * 3_600_000 ? zone : 0;
}

/** `/Date(1700000000123)/`, as PowerShell's JSON has it. */
function netTime(text: string | undefined): EventTime | undefined {
  return millisecondsAsTime(/^\/Date\((-?\d{1,15})\)\/$/.exec(text ?? '')?.[1]);
}

// --- Names ------------------------------------------------------------------------------------------------------------

function codeOf(json: JsonObject): string | undefined {
  const text = first(json, CODES);
  return text !== undefined && /^\d{1,10}$/.test(text) ? text : undefined;
}

function first(json: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = has(json, name) ? asText(json[name]) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

function pick<K extends string>(
  json: JsonObject,
  names: Readonly<Record<K, readonly string[]>>,
): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const key of Object.keys(names) as K[]) {
    const text = first(json, names[key]);
    if (text !== undefined) found[key] = text;
  }
  return found;
}

/** Numbers are not names. */
function nameIn(text: string | undefined): string | undefined {
  return text === undefined || /^\d+$/.test(text) ? undefined : text;
}

function has(json: JsonObject, name: string): boolean {
  return Object.hasOwn(json, name);
}
