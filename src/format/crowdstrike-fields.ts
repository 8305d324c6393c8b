/**
 * How single ECS values come from a CrowdStrike record, and what of the record stays under `crowdstrike.`.
 *
 * Semantics are those of Elastic's integration; src/format/deviations/crowdstrike-fdr.ts lists where they are not.
 */
import type { OwnWords } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, parseTime } from '../event/time.ts';
import { communityId } from './community-id.ts';
import { CROWDSTRIKE_ACTION_WORDS, type CrowdstrikeAction, crowdstrikeAction } from './crowdstrike-actions.ts';
import type { KnownHost, KnownUser } from './crowdstrike-directory.ts';
import { dnsTypeName, dnsTypeNames } from './dns-types.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import {
  asIp,
  distinct,
  integerAt,
  isoTime,
  millisecondsAsTime,
  secondsAsTime,
  textAt,
  ticksAsTime,
} from './json-fields.ts';
import { splitWords } from './split-words.ts';
import { splitWindowsArguments } from './windows-arguments.ts';

export interface CrowdstrikeRecord {
  readonly raw: JsonObject;
  readonly time: EventTime;
  /** What other records told of the event's host and user. */
  readonly host: KnownHost | undefined;
  readonly user: KnownUser | undefined;
  /** Whether that stands in the event's JSON, too. */
  readonly isNamed?: boolean;
}

const PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['Lin', 'linux'],
  ['Mac', 'macos'],
  ['Win', 'windows'],
  ['iOS', 'ios'],
  ['Android', 'android'],
]);
const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['0', 'hopopt'],
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['8', 'egp'],
  ['17', 'udp'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['58', 'ipv6-icmp'],
  ['112', 'vrrp'],
  ['132', 'sctp'],
]);
const HOST_RECORD: CrowdstrikeAction = { category: ['host'], type: ['info'], kind: 'asset' };
const USER_RECORD: CrowdstrikeAction = { category: ['iam'], type: ['user', 'info'], kind: 'asset' };

const words = splitWords(
  `${CROWDSTRIKE_ACTION_WORDS} user asset crowdstrike.fdr inbound outbound unknown admin query dir ${[
    ...[PLATFORMS, TRANSPORTS].flatMap((names) => [...names.values()]),
    ...dnsTypeNames(),
  ].join(' ')}`.toLowerCase(),
  ['CommandLine'],
);

/** An event's id is put together, as `eventIdOf` does it; that of a flow is made where it has ports. */
export function crowdstrikeWords({ raw, host, user, isNamed }: CrowdstrikeRecord): OwnWords {
  const own = words(raw);
  const made = isNamed ? own.made : [...Object.values(host ?? {}), ...Object.values(user ?? {})].map(String);
  const flow = Object.hasOwn(raw, 'LocalPort') && Object.hasOwn(raw, 'RemotePort') ? () => flowIdOf(raw) : undefined;
  return { ...own, made, flow, joint: '|' };
}

/** Of one sensor's event, however often it is delivered, the same; `undefined` for records without an id. */
export function eventIdOf(raw: JsonObject): string | undefined {
  const id = textAt(raw, 'id');
  return id === undefined ? undefined : `${id}|${textAt(raw, 'aid') ?? ''}|${textAt(raw, 'cid') ?? ''}`;
}

/** When the cloud took the event, else when the record says that it was made; with the name that told. */
export function crowdstrikeTime(raw: JsonObject): { readonly time: EventTime; readonly from: string } | undefined {
  for (const from of ['UTCTimestamp', 'timestamp']) {
    const time = millisecondsAsTime(textAt(raw, from));
    if (time !== undefined) return { time, from };
  }
  for (const from of ['CreationTimeStamp', 'Time', '_time', 'ContextTimeStamp']) {
    const time = secondsAt(raw, from);
    if (time !== undefined) return { time, from };
  }
  const time = isJsonObject(raw.scores) ? parseTime(textAt(raw.scores, 'modified_time') ?? '') : undefined;
  return time === undefined ? undefined : { time, from: 'scores' };
}

/** Decimal seconds, Windows' 100-ns ticks (some Windows sensors send those) or ISO 8601. */
export function secondsAt(raw: JsonObject, name: string): EventTime | undefined {
  const text = textAt(raw, name);
  return text === undefined ? undefined : (secondsAsTime(text) ?? ticksAsTime(text) ?? parseTime(text));
}

export function actionOf(raw: JsonObject): CrowdstrikeAction {
  const name = textAt(raw, 'event_simpleName');
  if (name !== undefined) return crowdstrikeAction(name);
  return userSidOf(raw) === undefined ? HOST_RECORD : USER_RECORD;
}

export function userSidOf(raw: JsonObject): string | undefined {
  return firstText(raw, 'UserSid_readable', 'UserSid');
}

export function firstText(raw: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textAt(raw, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

export function platformOf(raw: JsonObject): string | undefined {
  return PLATFORMS.get(textAt(raw, 'event_platform') ?? '');
}

export function hostNameOf({ raw, host }: CrowdstrikeRecord): string | undefined {
  return firstText(raw, 'ComputerName', 'hostname') ?? host?.name;
}

export function argumentsOf(raw: JsonObject): string[] | undefined {
  const line = textAt(raw, 'CommandLine');
  return line === undefined || platformOf(raw) === undefined ? undefined : splitWindowsArguments(line);
}

/** The executable's last part; a container's first process has `/` for one, and its first argument is the program. */
export function processNameOf(raw: JsonObject): string | undefined {
  const executable = firstText(raw, 'ImageFileName', 'ContextImageFileName');
  if (executable === undefined) return textAt(raw, 'ContextBaseFileName');
  if (executable === '/') return (argumentsOf(raw)?.[0] ?? '/').replace(/^.*\//s, '') || '/';
  return /^[\\/]/.test(executable) ? lastPart(executable) : executable;
}

/** Whole seconds from start to end. */
export function uptimeOf(raw: JsonObject): number | undefined {
  const [start, end] = [secondsAt(raw, 'ProcessStartTime'), secondsAt(raw, 'ProcessEndTime')];
  if (start === undefined || end === undefined || end.ms < start.ms) return undefined;
  return Math.floor((end.ms - start.ms) / 1000);
}

/** A hash of zeros only means that none was computed. */
export function hashesOf(raw: JsonObject): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [kind, name] of [
    ['md5', 'MD5HashData'],
    ['sha1', 'SHA1HashData'],
    ['sha256', 'SHA256HashData'],
  ] as const) {
    const hash = textAt(raw, name);
    if (hash !== undefined && !/^0*$/.test(hash)) found[kind] = hash;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

export function isOfProcess(raw: JsonObject): boolean {
  return /Process|Service/.test(textAt(raw, 'event_simpleName') ?? '');
}

/** `ada@corp.example`: the name and the domain. */
export function principalOf(raw: JsonObject): { readonly name: string; readonly domain: string } | undefined {
  const [name = '', domain = '', ...more] = (textAt(raw, 'UserPrincipal') ?? '').split('@');
  return name === '' || domain === '' || more.length > 0 ? undefined : { name, domain };
}

export function directionOf(raw: JsonObject): string | undefined {
  const text = textAt(raw, 'ConnectionDirection');
  if (text === undefined) return undefined;
  return text === '0' ? 'outbound' : text === '1' ? 'inbound' : 'unknown';
}

export function transportOf(raw: JsonObject): string | undefined {
  return TRANSPORTS.get(textAt(raw, 'Protocol') ?? '');
}

interface End {
  readonly ip: string | undefined;
  readonly port: number | string | undefined;
}

/** The host's own end is the source unless the connection came in. */
export function endOf(raw: JsonObject, side: 'source' | 'destination'): End {
  const own = (directionOf(raw) === 'inbound') === (side === 'destination');
  const where = own ? 'Local' : 'Remote';
  const ip = addressesAt(raw, `${where}AddressIP4`)?.[0] ?? addressesAt(raw, `${where}AddressIP6`)?.[0];
  return { ip, port: integerAt(raw, `${where}Port`) };
}

export function flowIdOf(raw: JsonObject): string | undefined {
  const [source, destination] = [endOf(raw, 'source'), endOf(raw, 'destination')];
  const ports = [source.port, destination.port];
  if (source.ip === undefined || destination.ip === undefined || !ports.every((port) => typeof port === 'number')) {
    return undefined;
  }
  const [from, to] = ports as [number, number];
  return communityId(transportOf(raw), { ip: source.ip, port: from }, { ip: destination.ip, port: to });
}

/** A host has no more addresses than fit. */
const MAX_ADDRESSES_TEXT = 4_096;

/** Addresses separated by space; `undefined` where one is none, so that the text stays under the vendor's name. */
export function addressesAt(raw: JsonObject, name: string): string[] | undefined {
  const text = textAt(raw, name);
  if (text === undefined || text.length > MAX_ADDRESSES_TEXT) return undefined;
  const found = text.trim().split(/\s+/).map(asIp);
  return found.includes(undefined) ? undefined : (found as string[]);
}

export function isDns(raw: JsonObject): boolean {
  return (textAt(raw, 'event_simpleName') ?? '').includes('DnsRequest');
}

export function questionTypeOf(raw: JsonObject): string | undefined {
  return isDns(raw) ? dnsTypeName(textAt(raw, 'RequestType')) : undefined;
}

export function fileOf(raw: JsonObject): JsonObject | undefined {
  const path = firstText(raw, 'TargetFileName', 'SourceFileName');
  const name = textAt(raw, 'event_simpleName') ?? '';
  const file: Record<string, Json | undefined> = {
    ...(path === undefined ? {} : fileOfPath(path, name.includes('Directory'))),
    size: integerAt(raw, 'Size'),
    inode: textAt(raw, 'FileIdentifier'),
    device: textAt(raw, 'DiskParentDeviceInstanceId'),
    hash: /File|Directory|Executable|Written/.test(name) && !isOfProcess(raw) ? hashesOf(raw) : undefined,
  };
  const known = Object.entries(file).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Names whose text moves to ECS whole, whatever it is. */
const MOVED = new Set(
  `event_simpleName aid AgentVersion ComputerName City Continent Country Timezone MachineDomain OSVersionString
  CommandLine ImageFileName TargetProcessId ParentProcessId ParentBaseFileName ServiceDisplayName UID GID UserName
  UserPrincipal TargetFileName FileIdentifier DiskParentDeviceInstanceId Protocol MAC`.split(/\s+/),
);
const MOVED_NUMBERS = new Set(
  'RawProcessId ContextThreadId ProcessGroupId ExitCode LocalPort RemotePort Size'.split(' '),
);
const MOVED_ADDRESSES = new Set('aip RemoteAddressIP4 RemoteAddressIP6'.split(' '));
/** Names that are used only where another has no value. */
const STANDS_BACK: ReadonlyMap<string, string> = new Map([
  ['ConfigBuild', 'AgentVersion'],
  ['hostname', 'ComputerName'],
  ['Version', 'OSVersionString'],
  ['ContextImageFileName', 'ImageFileName'],
  ['EtwRawProcessId', 'RawProcessId'],
  ['EtwRawThreadId', 'ContextThreadId'],
  ['UserSid', 'UID'],
  ['SourceFileName', 'TargetFileName'],
  ['PhysicalAddress', 'MAC'],
]);
const NUMBERS = new Set(
  `AttemptNumber CycleTime InterfaceIndex KernelTime NetLuidIndex PhysicalAddressLength SystemTableIndex Timeout
  UserTime`.split(/\s+/),
);
const TIMES = new Set(
  `AgentLocalTime ChangeTime ConnectTime ContextTimeStamp EndTime FirstDiscoveredDate FirstSeen LogoffTime LogonTime
  PreviousConnectTime StartTime`.split(/\s+/),
);
const LISTS: ReadonlyMap<string, RegExp> = new Map([
  ['Tags', /,\s?/],
  ['FalconGroupingTags', /,\s?/],
  ['SensorGroupingTags', /,\s?/],
  ['CallStackModuleNames', /\|/],
  ['NeighborList', /\|/],
  ['ConfigStateData', /\|/],
  ['BootArgs', /\s+/],
]);

/** Everything that has not moved to ECS, under its own name; counts and times in the form Elastic gives them. */
export function vendorFieldsOf(raw: JsonObject): JsonObject | undefined {
  const kept: [string, Json][] = [];
  const timeFrom = crowdstrikeTime(raw)?.from;
  for (const [name, value] of Object.entries(raw)) {
    if (value === '' || value === null || (name === timeFrom && name !== 'scores' && name !== 'ContextTimeStamp'))
      continue;
    if (!hasMoved(raw, name)) kept.push([name, inForm(raw, name, value)]);
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function hasMoved(raw: JsonObject, name: string): boolean {
  if (MOVED.has(name)) return textAt(raw, name) !== undefined;
  if (MOVED_NUMBERS.has(name)) return integerAt(raw, name) !== undefined;
  if (MOVED_ADDRESSES.has(name))
    return addressesAt(raw, name)?.length === 1 || (name === 'aip' && addressesAt(raw, name) !== undefined);
  const before = STANDS_BACK.get(name);
  if (before !== undefined) {
    const read = name.startsWith('Etw') ? integerAt : textAt;
    return read(raw, before) === undefined && read(raw, name) !== undefined;
  }
  switch (name) {
    case 'event_platform':
      return platformOf(raw) !== undefined;
    case 'ProcessStartTime':
    case 'ProcessEndTime':
      return secondsAt(raw, name) !== undefined;
    case 'ContextBaseFileName':
      return firstText(raw, 'ImageFileName', 'ContextImageFileName') === undefined && textAt(raw, name) !== undefined;
    case 'ConnectionDirection':
      return directionOf(raw) === 'inbound' || directionOf(raw) === 'outbound';
    case 'UserIsAdmin':
      return textAt(raw, name) === '1';
    case 'DomainName':
      return isDns(raw) && textAt(raw, name) !== undefined;
    case 'RequestType':
      return questionTypeOf(raw) !== undefined;
    case 'MD5HashData':
    case 'SHA1HashData':
    case 'SHA256HashData':
      return /^0+$/.test(textAt(raw, name) ?? '');
    default:
      return false;
  }
}

function inForm(raw: JsonObject, name: string, value: Json): Json {
  if (TIMES.has(name)) return isoTime(secondsAt(raw, name)) ?? value;
  if (NUMBERS.has(name) || /Count|Port/.test(name)) return integerAt(raw, name) ?? value;
  if (name === 'LocalAddressIP4' || name === 'LocalAddressIP6') return addressesAt(raw, name) ?? value;
  const separator = LISTS.get(name);
  const text = separator === undefined ? undefined : textAt(raw, name);
  return text === undefined
    ? value
    : (distinct(
        text
          .trim()
          .split(separator as RegExp)
          .filter((part) => part !== ''),
      ) ?? value);
}
