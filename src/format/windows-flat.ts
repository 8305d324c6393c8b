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
  recognises: ({ json }) => json !== undefined && codeOf(json) !== undefined && SIGNS.some((name) => has(json, name)),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const record = readFlat(line.json ?? {}, settings);
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

function readFlat(json: JsonObject, settings: FormatSettings): WindowsRecord {
  const nxlog = has(json, 'SourceModuleType') || has(json, 'EventReceivedTime');
  const code = String(Number(codeOf(json)));
  const data = new Map<string, Json>();
  const shipper = new Map<string, Json>();
  for (const [name, value] of Object.entries(json)) {
    if (value === null) continue;
    const ownEventType = name === 'EventType' && NXLOG_EVENT_TYPES.test(String(value));
    if (nxlog && (NXLOG.has(name) || ownEventType)) shipper.set(name, value);
    else if (isData(name, nxlog, json)) data.set(name, plain(value));
  }
  for (const [name, value] of Object.entries(payloadOf(json))) if (value !== null) data.set(name, plain(value));
  const created = first(json, TIMES);
  const sysmon = first(json, SYSTEM.channel) === undefined && isSysmons(code, data);
  const user = nxlog ? pick(json, USER) : {};
  return {
    ...pick(json, SYSTEM),
    ...(sysmon ? SYSMON : {}),
    code,
    created,
    createdTime: timeOf(json, nxlog) ?? creationTime(code, data),
    user,
    system: rawNumbers(json),
    names: {
      task: first(json, ['Category']),
      opcode: nameIn(first(json, ['Opcode'])),
      level: nameIn(first(json, ['Level'])),
    },
    data: Object.fromEntries(data),
    ...(shipper.size === 0 ? {} : { shipper: Object.fromEntries(shipper) }),
    tags: has(json, 'tags') ? (json.tags ?? undefined) : undefined,
    ingested: settings.now(),
    settings,
  };
}

function isData(name: string, nxlog: boolean, json: JsonObject): boolean {
  if (name === 'Payload') return !isEvtxecmd(json);
  return !(LOG_NAMES.has(name) || (nxlog && NXLOG_USER.has(name)));
}

/** Without a channel: Sysmon's events say when and for which process in words of their own. */
function isSysmons(code: string, data: ReadonlyMap<string, Json>): boolean {
  const known = (Number(code) >= 1 && Number(code) <= 29) || code === '255';
  return known && (data.has('UtcTime') || data.has('ProcessGuid') || data.has('SourceProcessGUID'));
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

/** A file that was created says when; for want of anything else that is when the event happened. */
function creationTime(code: string, data: ReadonlyMap<string, Json>): EventTime | undefined {
  return code === '11' ? parseTime(String(data.get('CreationUtcTime') ?? '')) : undefined;
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
