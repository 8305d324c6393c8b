/**
 * A record of a Windows event log as ECS, the way Elastic's `windows`, `system` and `sysmon_linux` integrations see it.
 *
 *   WindowsRecord ──provider, channel──▶ table (Sysmon, Security, PowerShell, any other) ──▶ Event
 *
 * `winlog.*` stands in every event, `winlog.event_data` whole, also where a value has an ECS field of its own (the
 * integrations move it there), so that rules in Windows' own names read every channel. What winlogbeat shows only by
 * name (level, task, opcode, keywords) is in `winlog.system` as the log has it. docs/formats.md lists the differences.
 */
import { define, documentSource, Event, type FieldSource, type Form, type OwnWords } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { formatTime, parseTime, timeFromMs } from '../event/time.ts';
import { type StreamsOf, streamsOfProcessStart } from './data-stream.ts';
import { type Derivation, type DerivationTable, DerivedSource, derivationTable } from './derivation.ts';
import { kindAt } from './recorded-json.ts';
import { windowsDerivation as derive } from './windows-derivation.ts';
import { POWERSHELL } from './windows-powershell.ts';
import { bracedGuid, dataText, datumOf, decodeNumber, isLinux, type WindowsRecord } from './windows-record.ts';
import { SECURITY } from './windows-security.ts';
import { SYSMON } from './windows-sysmon.ts';
import { windowsWords } from './windows-words.ts';

const COMMON: readonly Derivation<WindowsRecord>[] = [
  derive('@timestamp', 'time', 'EventData.UtcTime System.TimeCreated', (record) => formatTime(timeOf(record))),
  derive('event.kind', 'constant', '', () => 'event'),
  derive('event.module', 'compute', 'System.Channel', (record) => sourceOf(record).module),
  derive('event.dataset', 'compute', 'System.Channel', (record) => sourceOf(record).dataset),
  derive('event.code', 'same', 'System.EventID', (record) => record.code),
  derive('event.provider', 'same', 'System.Provider', (record) => record.provider),
  derive('event.outcome', 'compute', 'System.Keywords', outcome),
  derive('event.ingested', 'time', '', (record) => formatTime(timeFromMs(record.ingested))),
  derive('log.level', 'lower', 'System.Level', levelName),
  derive('message', 'same', 'RenderingInfo.Message', (record) => record.message),
  derive('tags', 'same', 'tags', (record) => record.tags),
  derive('host.name', 'same', 'System.Computer', (record) => record.computer ?? record.settings.hostName),
  derive('host.hostname', 'same', 'syslog', (record) => record.syslogHost),
  derive('host.os.type', 'compute', 'System.Channel', (record) => (isLinux(record) ? 'linux' : 'windows')),

  derive('winlog.activity_id', 'same', 'System.Correlation', (record) => bracedGuid(record.activityId)),
  derive('winlog.related_activity_id', 'same', 'System.Correlation', (record) => bracedGuid(record.relatedActivityId)),
  derive('winlog.channel', 'same', 'System.Channel', (record) => record.channel),
  derive('winlog.computer_name', 'same', 'System.Computer', (record) => record.computer),
  {
    ...derive('winlog.event_data', 'compute', 'EventData', eventData),
    member: eventDatum,
    memberFrom: (name) => {
      const isPart = PRIVILEGE_LISTS.includes(name);
      // NXLog has a member of this name, which is no data.
      return { from: [`EventData.${name}`], isPart, isSame: !isPart && name !== 'EventType' };
    },
  },
  derive('winlog.event_id', 'same', 'System.EventID', (record) => record.code),
  derive('winlog.keywords', 'compute', 'System.Keywords', keywordNames),
  derive('winlog.level', 'lower', 'System.Level', levelName),
  derive('winlog.opcode', 'compute', 'System.Opcode', opcodeName),
  derive('winlog.process.pid', 'number', 'System.Execution', (record) => decodeNumber(record.processId)),
  derive('winlog.process.thread.id', 'number', 'System.Execution', (record) => decodeNumber(record.threadId)),
  derive('winlog.provider_guid', 'same', 'System.Provider', (record) => bracedGuid(record.providerGuid)),
  derive('winlog.provider_name', 'same', 'System.Provider', (record) => record.provider),
  derive('winlog.record_id', 'same', 'System.EventRecordID', (record) => record.recordId),
  derive('winlog.system', 'same', 'System', (record) => nonEmpty(record.system)),
  derive('winlog.task', 'same', 'RenderingInfo.Task', (record) => record.names.task),
  derive('winlog.time_created', 'same', 'System.TimeCreated', (record) => record.created),
  derive('winlog.user', 'same', 'System.Security', (record) => nonEmpty(record.user)),
  derive('winlog.user_data', 'same', 'UserData', (record) => record.userData),
  derive('winlog.version', 'number', 'System.Version', (record) => decodeNumber(record.version)),
  derive('nxlog', 'same', 'NXLog', (record) => record.shipper),
];

const OTHER: readonly Derivation<WindowsRecord>[] = [
  derive('event.action', 'same', 'RenderingInfo.Task', (record) => record.names.task),
  derive('user.id', 'same', 'System.Security', (record) => record.user.identifier),
  derive('user.name', 'same', 'System.Security', (record) => record.user.name),
  derive('user.domain', 'same', 'System.Security', (record) => record.user.domain),
];

export const WINDOWS = {
  sysmon: derivationTable([...COMMON, ...SYSMON]),
  security: derivationTable([...COMMON, ...SECURITY]),
  powershell: derivationTable([...COMMON, ...POWERSHELL]),
  other: derivationTable([...COMMON, ...OTHER]),
};

/** A name of these. */
export type WindowsTable = keyof typeof WINDOWS;

/** What an event has beside its record. */
export interface WindowsEventParts {
  readonly format: string;
  readonly raw: Uint8Array;
  readonly origin: Event['origin'];
  /** A document that the record was read from: it holds what is not derived. */
  readonly document?: JsonObject;
  /** What its fields are read from, where the table of this name is not all. */
  readonly sourceOf?: (table: WindowsTable) => FieldSource;
  /** The store's id of that document, and the data stream it says it lies in. */
  readonly id?: () => string | undefined;
  readonly dataStreams?: readonly string[];
  /** Whether the raw bytes are the record, or the document, as JSON. */
  readonly isJson?: boolean;
}

/** The event of a record; `undefined` where nothing in it says when it happened. */
export function windowsEvent(record: WindowsRecord, parts: WindowsEventParts): Event | undefined {
  const time = record.isTimed === true ? () => timeOf(record) : (utcTime(record) ?? record.createdTime);
  if (time === undefined) return undefined;
  const streams = parts.dataStreams === undefined ? streamsOf(record) : { dataStreams: parts.dataStreams };
  return new Event({
    time,
    source: parts.sourceOf?.(tableName(record)) ?? sourceOfRecord(record, parts),
    raw: parts.raw,
    format: parts.format,
    ...streams,
    ...(parts.origin === undefined ? {} : { origin: parts.origin }),
    id: () => parts.id?.() ?? recordIdentity(record),
  });
}

function sourceOfRecord(record: WindowsRecord, { isJson, document }: WindowsEventParts): FieldSource {
  const table = WINDOWS[tableName(record)];
  const derived = new DerivedSource(record, table, isJson === true ? JSON_PROMISES : PROMISES);
  return document === undefined ? derived : new OverlaidSource(derived, table, document);
}

/** What the fields of the log source are derived from, with the table that derives them. */
function sortOf(record: WindowsRecord): string {
  const { code, channel, provider, names, system } = record;
  const table = tableName(record);
  return `windows ${table} ${code}\n${channel}\n${provider}\n${names.task}\n${names.keywords?.join()}\n${system.Keywords}`;
}

const PROMISES = { sort: sortOf };
const JSON_PROMISES = {
  sort: sortOf,
  words: windowsWords,
  placeOf: ({ placeOf }: WindowsRecord, path: string) => placeOf?.(path),
};

/** A document with what is derived from its record laid over it. */
class OverlaidSource implements FieldSource {
  private readonly derived: DerivedSource<WindowsRecord>;
  private readonly table: DerivationTable<WindowsRecord>;
  private readonly given: FieldSource;
  private whole: JsonObject | undefined;
  private plain: boolean | undefined;

  constructor(derived: DerivedSource<WindowsRecord>, table: DerivationTable<WindowsRecord>, document: JsonObject) {
    this.derived = derived;
    this.table = table;
    this.given = documentSource(document);
  }

  get(field: string): Json | undefined {
    const { derived, given, table } = this;
    const own = derived.get(field);
    if (own !== undefined && !table.parents.has(field) && (table.byField.has(field) || this.isPlain)) return own;
    if (table.parents.has(field) || !this.isPlain) return jsonAt(this.document(), field) ?? undefined;
    const value = given.get(field);
    const above = value === undefined ? undefined : derived.above(field);
    // What is derived stands in place of all that the document has there.
    return above === undefined || derived.get(above) === undefined ? value : undefined;
  }

  words(): OwnWords | undefined {
    return this.derived.words();
  }

  /** Of what is derived; what only the document says is made of nobody knows what. */
  form(field: string): Form | undefined {
    const isDerived = this.table.byField.has(field) && this.derived.get(field) !== undefined;
    return isDerived ? this.derived.form(field) : undefined;
  }

  /** Whether each field of the document is spelled in one way, so that one can be told without the others. */
  private get isPlain(): boolean {
    this.plain ??= isPlainlyNested(this.given.document());
    return this.plain;
  }

  document(): JsonObject {
    if (this.whole === undefined) {
      const document = copied(this.given.document()) as Record<string, Json>;
      if (!this.isPlain) this.leaveOut(document);
      this.derived.layOver(document);
      this.whole = document;
    }
    return this.whole;
  }

  /** Fields that are spelled as one name and derived. */
  private leaveOut(document: Record<string, Json>): void {
    for (const name of Object.keys(document)) {
      if (name.includes('.') && this.table.byField.has(name) && this.derived.get(name) !== undefined)
        delete document[name];
    }
  }
}

/** A copy of one's own; of what only looks like an object (`recorded-json.ts`), too. */
function copied(value: Json): Json {
  if (Array.isArray(value)) return value.map(copied);
  if (!isJsonObject(value)) return value;
  const own: Record<string, Json> = {};
  for (const name of Object.keys(value)) define(own, name, copied(value[name] as Json));
  return own;
}

/** Whether no name holds a dot, and no array an object. */
function isPlainlyNested(object: JsonObject): boolean {
  for (const name of Object.keys(object)) {
    if (name.includes('.')) return false;
    const kind = kindAt(object, name);
    if (kind === 'array' && (object[name] as readonly Json[]).some((item) => typeof item === 'object')) return false;
    if (kind === 'object' && !isPlainlyNested(object[name] as JsonObject)) return false;
  }
  return true;
}

function tableName(record: WindowsRecord): WindowsTable {
  if (isSysmon(record)) return 'sysmon';
  if (record.channel === 'Security') return 'security';
  return isPowershell(record) ? 'powershell' : 'other';
}

function isSysmon(record: WindowsRecord): boolean {
  return record.provider === 'Microsoft-Windows-Sysmon' || record.channel === SYSMON_CHANNEL || isLinux(record);
}

function isPowershell(record: WindowsRecord): boolean {
  return record.channel !== undefined && POWERSHELL_CHANNELS.has(record.channel);
}

// --- Where it lies ----------------------------------------------------------------------------------------------------

const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const POWERSHELL_CHANNELS: ReadonlySet<string> = new Set([
  'Microsoft-Windows-PowerShell/Operational',
  'PowerShellCore/Operational',
  'Windows PowerShell',
]);
const DATASETS: ReadonlyMap<string, string> = new Map([
  [SYSMON_CHANNEL, 'windows.sysmon_operational'],
  ['Security', 'system.security'],
  ['System', 'system.system'],
  ['Application', 'system.application'],
  ['Windows PowerShell', 'windows.powershell'],
  ['Microsoft-Windows-PowerShell/Operational', 'windows.powershell_operational'],
  ['PowerShellCore/Operational', 'windows.powershell_operational'],
  ['ForwardedEvents', 'windows.forwarded'],
]);
const LINUX_DATASET = 'sysmon_linux.log';

function sourceOf(record: WindowsRecord): { readonly module: string; readonly dataset: string } {
  const dataset = isLinux(record) ? LINUX_DATASET : (DATASETS.get(record.channel ?? '') ?? 'winlog.winlog');
  return { module: dataset.slice(0, dataset.indexOf('.')), dataset };
}

/** The stream of Elastic's integration for the channel, and winlogbeat's index, whose documents are the same. */
function streamsOf(record: WindowsRecord): StreamsOf {
  const { dataset } = sourceOf(record);
  const own = `logs-${dataset}-vedette`;
  if (!isLinux(record)) {
    let streams = WINDOWS_STREAMS.get(dataset);
    if (streams === undefined) {
      streams = { dataStreams: Object.freeze([own, 'winlogbeat-vedette']) };
      WINDOWS_STREAMS.set(dataset, streams);
    }
    return streams;
  }
  const starts = record.code === '1' && dataText(record, 'Image') !== undefined;
  return starts ? streamsOfProcessStart(own, record.settings) : { dataStreams: [own] };
}

/** There are as many as datasets. */
const WINDOWS_STREAMS = new Map<string, StreamsOf>();

/** Record numbers start anew when a log is cleared, so the time is part of it. */
function recordIdentity({ computer, channel, recordId, createdTime }: WindowsRecord): string | undefined {
  if (recordId === undefined || createdTime === undefined) return undefined;
  return `${computer ?? ''}/${channel ?? ''}/${recordId}@${formatTime(createdTime)}`;
}

// --- Values -----------------------------------------------------------------------------------------------------------

/** When it happened: by Sysmon's own clock, else when it was recorded. */
function timeOf(record: WindowsRecord) {
  return utcTime(record) ?? record.createdTime ?? { ms: 0, ticks: 0 };
}

function utcTime(record: WindowsRecord) {
  const text = isSysmon(record) ? dataText(record, 'UtcTime') : undefined;
  return text === undefined ? undefined : parseTime(text);
}

/** `PrivilegeList` and the like are lists that Windows prints one a line; `NewUacValue` is shown as its flags. */
function eventData({ channel, data }: WindowsRecord): JsonObject | undefined {
  if (channel !== 'Security') return nonEmpty(data);
  const lists: [string, Json][] = [];
  for (const name of PRIVILEGE_LISTS) {
    const list = Object.hasOwn(data, name) ? listOf(data[name]) : undefined;
    if (list !== undefined) lists.push([name, list]);
  }
  return nonEmpty(lists.length === 0 ? data : { ...data, ...Object.fromEntries(lists) });
}

/** A member of `eventData`. */
function eventDatum(record: WindowsRecord, name: string): Json | undefined {
  const value = datumOf(record, name);
  return (record.channel === 'Security' && PRIVILEGE_LISTS.includes(name) ? listOf(value) : undefined) ?? value;
}

function listOf(value: Json | undefined): readonly string[] | undefined {
  return typeof value === 'string' && /\s/.test(value.trim()) ? value.trim().split(/\s+/) : undefined;
}

const PRIVILEGE_LISTS = ['PrivilegeList', 'EnabledPrivilegeList', 'DisabledPrivilegeList'];

const LEVELS = ['information', 'critical', 'error', 'warning', 'information', 'verbose'];
const OPCODES = ['Info', 'Start', 'Stop', 'DCStart', 'DCStop', 'Extension', 'Reply', 'Resume', 'Suspend', 'Send'];
/** Keywords that mean the same in every log (winmeta.xml), by bit. */
const KEYWORDS: readonly (readonly [bigint, string])[] = [
  [48n, 'Response Time'],
  [49n, 'WDI Context'],
  [50n, 'WDI Diag'],
  [51n, 'SQM'],
  [52n, 'Audit Failure'],
  [53n, 'Audit Success'],
  [54n, 'Correlation Hint'],
  [55n, 'Classic'],
];

function levelName({ names, system }: WindowsRecord): string | undefined {
  return names.level?.toLowerCase() ?? LEVELS[Number(system.Level ?? -1)];
}

function opcodeName({ names, system }: WindowsRecord): string | undefined {
  return names.opcode ?? OPCODES[Number(system.Opcode ?? -1)];
}

function keywordNames({ names, system }: WindowsRecord): readonly string[] | undefined {
  if (names.keywords !== undefined) return names.keywords.length === 0 ? undefined : names.keywords;
  const { Keywords: keywords } = system;
  if (typeof keywords !== 'string') return undefined;
  if (keywords === lastKeywords.text) return lastKeywords.names;
  lastKeywords = { text: keywords, names: namesOfKeywords(keywords) };
  return lastKeywords.names;
}

/** Most events have the keywords of the one before. */
let lastKeywords: { readonly text: string; readonly names: readonly string[] | undefined } = {
  text: '',
  names: undefined,
};

function namesOfKeywords(keywords: string): readonly string[] | undefined {
  if (!/^0x[0-9a-f]{1,16}$/i.test(keywords)) return undefined;
  const bits = BigInt(keywords);
  const found = KEYWORDS.filter(([bit]) => ((bits >> bit) & 1n) === 1n).map(([, name]) => name);
  return found.length === 0 ? undefined : found;
}

function outcome(record: WindowsRecord): string | undefined {
  const names = keywordNames(record);
  if (names?.includes('Audit Failure')) return 'failure';
  return names?.includes('Audit Success') ? 'success' : undefined;
}

function nonEmpty(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}
