/**
 * One record of a Windows event log (or of Sysmon for Linux, which writes the same), whichever shape it came in.
 *
 *   nested JSON, XML ──▶ windows-event.ts ─┐
 *   flat JSON ──▶ windows-flat.ts ─────────┼──▶ WindowsRecord ──▶ windows-ecs.ts ──▶ Event
 *   winlogbeat ──▶ winlogbeat.ts ──────────┘
 *
 * Values are text as the event log prints them; what is missing is `undefined`. In `data`, `-`, an empty text and the
 * GUID of zeros are how Windows and Sysmon say that there is nothing: `dataText` reads them as missing, while
 * `winlog.event_data` shows them as they are.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import type { FormatSettings } from './format.ts';
import { asText } from './json-fields.ts';

export interface WindowsRecord {
  readonly provider?: string | undefined;
  readonly providerGuid?: string | undefined;
  /** The event id, decimal. */
  readonly code: string;
  readonly version?: string | undefined;
  readonly channel?: string | undefined;
  readonly computer?: string | undefined;
  readonly recordId?: string | undefined;
  /** When the record was written: the text as received, and read. */
  readonly created?: string | undefined;
  readonly createdTime: EventTime | undefined;
  /** Whether it is known that it says when it was written, without reading that. */
  readonly isTimed?: boolean;
  readonly activityId?: string | undefined;
  readonly relatedActivityId?: string | undefined;
  /** Of the process that wrote the record. */
  readonly processId?: string | undefined;
  readonly threadId?: string | undefined;
  /** The account that the record was written under. */
  readonly user: {
    readonly identifier?: string;
    readonly name?: string;
    readonly domain?: string;
    readonly type?: string;
  };
  /** `Level`, `Task`, `Opcode`, `Keywords`, `Qualifiers` and the like as the log has them: numbers as text. */
  readonly system: JsonObject;
  /** The names that rendering (or the shipper) gave for these numbers. */
  readonly names: {
    readonly level?: string | undefined;
    readonly task?: string | undefined;
    readonly opcode?: string | undefined;
    readonly keywords?: readonly string[] | undefined;
  };
  readonly message?: string | undefined;
  /** `EventData` by name; values without a name are `param1`, `param2`, … as winlogbeat has them. */
  readonly data: JsonObject;
  /** One value of `data`, where it can be had without the rest. */
  datum?(name: string): Json | undefined;
  /** As `Promises.placeOf`, of `EventData.NAME`. A property, since records are asked by whoever holds them. */
  readonly placeOf?: ((path: string) => string | undefined) | undefined;
  readonly userData?: JsonObject | undefined;
  /** What the shipper added, under its own name (`nxlog`). */
  readonly shipper?: JsonObject | undefined;
  readonly tags?: Json | undefined;
  /** The host name in the syslog header around the record. */
  readonly syslogHost?: string | undefined;
  readonly ingested: number;
  readonly settings: FormatSettings;
}

const LINUX_SYSMON = 'Linux-Sysmon';

export function isLinux(record: WindowsRecord): boolean {
  return record.provider === LINUX_SYSMON || record.channel?.startsWith(`${LINUX_SYSMON}/`) === true;
}

const NOTHING = /^(?:-|\{?00000000-0000-0000-0000-000000000000\}?)?$/;

/** A value of the record's data as it stands there. */
export function datumOf(record: WindowsRecord, name: string): Json | undefined {
  if (record.datum !== undefined) return record.datum(name);
  return Object.hasOwn(record.data, name) ? record.data[name] : undefined;
}

/** The first of the names in the record's data that says something. */
export function dataText(record: WindowsRecord, ...names: string[]): string | undefined {
  for (const name of names) {
    const text = asText(datumOf(record, name));
    if (text !== undefined && !NOTHING.test(text)) return text;
  }
  return undefined;
}

/** A number that the event log prints in decimal or as `0x…`. */
export function decodeNumber(text: string | undefined): number | string | undefined {
  if (text === undefined || !/^(?:-?\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : BigInt(text).toString();
}

/** Sysmon and Windows print GUIDs in braces; some converters drop them. */
export function bracedGuid(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? `{${text}}` : text;
}

/** The last part of a path of either kind of system. */
export function lastPart(path: string | undefined): string | undefined {
  return path?.slice(lastSeparator(path) + 1) || undefined;
}

/** In a path of Linux a backslash is a character like any other. */
export function lastSeparator(path: string): number {
  const slash = path.lastIndexOf('/');
  return path.startsWith('/') ? slash : Math.max(path.lastIndexOf('\\'), slash);
}

/** Everything before the last separator, and what follows the last dot of the name; nothing of a name alone. */
export function pathParts(path: string | undefined): { readonly directory?: string; readonly extension?: string } {
  if (path === undefined || lastSeparator(path) === -1) return {};
  const end = lastSeparator(path);
  const dot = path.lastIndexOf('.');
  return {
    ...(end > 0 ? { directory: path.slice(0, end) } : {}),
    ...(dot > end && dot < path.length - 1 ? { extension: path.slice(dot + 1) } : {}),
  };
}

/** `DOMAIN\name`; on Linux the name alone. */
export function splitAccount(account: string | undefined): { readonly domain?: string; readonly name?: string } {
  if (account === undefined) return {};
  const [domain = '', name, ...more] = account.split('\\');
  if (name === undefined) return { name: account };
  return more.length > 0 || name === '' ? {} : { domain, name };
}
