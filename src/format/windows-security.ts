/**
 * Events of the Security log as ECS, after Elastic's `system.security`.
 *
 * Whom an event is about: `user` is who did it (`Subject…`), of a logon who logged on (`Target…`); `user.target` is the
 * account changed, `user.effective` the account in whose name something is done, `group` the group changed.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { Derivation } from './derivation.ts';
import { asIp, distinct } from './json-fields.ts';
import { decoded, windowsDerivation as derive, numberData, sameData } from './windows-derivation.ts';
import { dataText, lastPart, type WindowsRecord } from './windows-record.ts';
import { securityKind } from './windows-security-kinds.ts';

export const SECURITY: readonly Derivation<WindowsRecord>[] = [
  derive('event.category', 'compute', 'System.EventID', ({ code }) => securityKind(code)?.category),
  derive('event.type', 'compute', 'System.EventID', ({ code }) => securityKind(code)?.type),
  derive(
    'event.action',
    'compute',
    'System.EventID RenderingInfo.Task',
    ({ code, names }) => securityKind(code)?.action ?? names.task,
  ),

  decoded('process.pid', 'EventData.NewProcessId EventData.ProcessId EventData.ProcessID', (record) =>
    startsProcess(record) ? dataText(record, 'NewProcessId') : dataText(record, 'ProcessId', 'ProcessID'),
  ),
  derive(
    'process.executable',
    'same',
    'EventData.NewProcessName EventData.ProcessName EventData.Application EventData.CallerProcessName',
    executable,
  ),
  derive(
    'process.name',
    'basename',
    'EventData.NewProcessName EventData.ProcessName EventData.Application EventData.CallerProcessName',
    (record) => lastPart(executable(record)),
  ),
  sameData('process.command_line', 'CommandLine'),
  derive('process.args', 'compute', 'EventData.CommandLine', (record) => wordsOf(dataText(record, 'CommandLine'))),
  decoded('process.parent.pid', 'EventData.ProcessId', (record) =>
    startsProcess(record) ? dataText(record, 'ProcessId') : undefined,
  ),
  sameData('process.parent.executable', 'ParentProcessName'),
  derive('process.parent.name', 'basename', 'EventData.ParentProcessName', (record) =>
    lastPart(dataText(record, 'ParentProcessName')),
  ),

  derive('user.id', 'compute', 'EventData', (record) => userOf(record).id),
  derive('user.name', 'compute', 'EventData', (record) => userOf(record).name),
  derive('user.domain', 'compute', 'EventData', (record) => userOf(record).domain),
  derive('user.effective', 'compute', 'EventData', (record) =>
    EFFECTIVE.has(record.code) ? target(record) : undefined,
  ),
  derive('user.target', 'compute', 'EventData', userTarget),
  sameData('user.changes.name', 'NewTargetUserName'),
  derive('group', 'compute', 'EventData', (record) => (isGroupEvent(record) ? target(record) : undefined)),
  derive('related.user', 'compute', 'EventData', relatedUsers),

  derive('source.ip', 'compute', 'EventData.IpAddress', (record) =>
    asIp(dataText(record, 'IpAddress', 'ClientAddress', 'SourceAddress')),
  ),
  numberData('source.port', 'IpPort SourcePort'),
  sameData('source.domain', 'WorkstationName'),
  derive('destination.ip', 'compute', 'EventData.DestAddress', (record) => asIp(dataText(record, 'DestAddress'))),
  numberData('destination.port', 'DestPort'),
  derive('related.ip', 'compute', 'EventData.IpAddress EventData.DestAddress', (record) =>
    distinct([asIp(dataText(record, 'IpAddress', 'SourceAddress')), asIp(dataText(record, 'DestAddress'))]),
  ),
  sameData('service.name', 'ServiceName'),
  derive('service.type', 'compute', 'EventData.ServiceType', (record) =>
    SERVICE_TYPES.get(dataText(record, 'ServiceType')?.toLowerCase() ?? ''),
  ),
  derive('file', 'compute', 'EventData.RelativeTargetName EventData.ShareLocalPath EventData.ShareName', sharedFile),
  derive(
    'winlog.logon.id',
    'same',
    'EventData.SubjectLogonId EventData.TargetLogonId',
    (record) => dataText(record, 'SubjectLogonId') ?? dataText(record, 'TargetLogonId'),
  ),
  derive('winlog.logon.type', 'compute', 'EventData.LogonType', (record) =>
    LOGON_TYPES.get(dataText(record, 'LogonType') ?? ''),
  ),
];

const startsProcess = ({ code }: WindowsRecord): boolean => code === '4688';

function executable(record: WindowsRecord): string | undefined {
  if (startsProcess(record)) return dataText(record, 'NewProcessName');
  return dataText(record, 'ProcessName', 'Application', 'CallerProcessName');
}

/**
 * Words parted by white space outside quotes, the quotes kept, as the integration shows arguments of 4688. It has none
 * of Sysmon's rules for quotes.
 */
function wordsOf(line: string | undefined): readonly string[] | undefined {
  if (line === undefined) return undefined;
  const words: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at += 1) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    if (character !== undefined && (quoted || !/\s/.test(character))) continue;
    if (at > start) words.push(line.slice(start, at));
    start = at + 1;
  }
  return words;
}

// --- Accounts ---------------------------------------------------------------------------------------------------------

interface Account {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: string;
}

const EFFECTIVE: ReadonlySet<string> = new Set(['4648', '4688']);
/** Of these, the account that logs on or off is the user. */
const OF_TARGET: ReadonlySet<string> = new Set(
  '4624 4625 4627 4634 4647 4768 4769 4770 4771 4776 4778 4779 4964'.split(' '),
);
/** Of these, an account is changed, or looked at. */
const CHANGES_ACCOUNT: ReadonlySet<string> = new Set(
  '4670 4720 4722 4723 4724 4725 4726 4738 4740 4767 4781 4798 4817 4907'.split(' '),
);

function isGroupEvent({ code }: WindowsRecord): boolean {
  const number = Number(code);
  if (number === 4738 || (number >= 4738 && number <= 4743)) return false;
  return (number >= 4727 && number <= 4737) || (number >= 4744 && number <= 4764) || number === 4799;
}

function userOf(record: WindowsRecord): Account {
  return OF_TARGET.has(record.code) ? (target(record) ?? subject(record)) : subject(record);
}

function subject(record: WindowsRecord): Account {
  const { userData = {} } = record;
  const inUserData = (name: string) => (typeof userData[name] === 'string' ? (userData[name] as string) : undefined);
  return account(
    dataText(record, 'SubjectUserSid') ?? inUserData('SubjectUserSid'),
    dataText(record, 'SubjectUserName') ?? inUserData('SubjectUserName'),
    dataText(record, 'SubjectDomainName') ?? inUserData('SubjectDomainName'),
  );
}

function target(record: WindowsRecord): (Account & JsonObject) | undefined {
  const found = account(
    dataText(record, 'TargetSid', 'TargetUserSid'),
    withoutRealm(dataText(record, 'TargetUserName', 'AccountName', 'OldTargetUserName')),
    dataText(record, 'TargetDomainName', 'AccountDomain'),
  );
  return Object.keys(found).length === 0 ? undefined : found;
}

function userTarget(record: WindowsRecord): JsonObject | undefined {
  if (CHANGES_ACCOUNT.has(record.code)) return target(record);
  if (!isGroupEvent(record)) return undefined;
  const name = dataText(record, 'MemberName');
  const id = dataText(record, 'MemberSid');
  const group = target(record);
  if (name === undefined && id === undefined) return undefined;
  const domain = /(?:^|,)\s*DC=([^,]+)/i.exec(name ?? '')?.[1];
  return {
    ...account(id, name === undefined ? undefined : /^(?:CN=)?((?:\\,|[^,])*)/i.exec(name)?.[1], domain),
    ...(group === undefined ? {} : { group }),
  };
}

function account(id: string | undefined, name: string | undefined, domain: string | undefined): Account & JsonObject {
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(domain === undefined ? {} : { domain }),
  };
}

/** Kerberos names carry the realm: `ada@EXAMPLE.ORG`. */
function withoutRealm(name: string | undefined): string | undefined {
  return name?.split('@')[0] || undefined;
}

function relatedUsers(record: WindowsRecord): Json | undefined {
  const named = userTarget(record)?.name;
  const others = isGroupEvent(record) ? [] : [target(record)?.name, dataText(record, 'NewTargetUserName')];
  return distinct([userOf(record).name, subject(record).name, named, ...others]);
}

// --- Words ------------------------------------------------------------------------------------------------------------

/** A file on a share (5140, 5145). */
function sharedFile(record: WindowsRecord): JsonObject | undefined {
  const name = dataText(record, 'RelativeTargetName');
  const directory = dataText(record, 'ShareLocalPath');
  const share = dataText(record, 'ShareName');
  if (name === undefined && directory === undefined) return undefined;
  const extension = name === undefined ? undefined : /\.([^.\\/]+)$/.exec(name)?.[1];
  return {
    ...(name === undefined ? {} : { name }),
    ...(directory === undefined ? {} : { directory }),
    ...(name === undefined || directory === undefined ? {} : { path: `${directory}\\${name}` }),
    ...(name === undefined || share === undefined ? {} : { target_path: `${share}\\${name}` }),
    ...(extension === undefined ? {} : { extension }),
  };
}

const LOGON_TYPES: ReadonlyMap<string, string> = new Map([
  ['2', 'Interactive'],
  ['3', 'Network'],
  ['4', 'Batch'],
  ['5', 'Service'],
  ['7', 'Unlock'],
  ['8', 'NetworkCleartext'],
  ['9', 'NewCredentials'],
  ['10', 'RemoteInteractive'],
  ['11', 'CachedInteractive'],
]);

const SERVICE_TYPES: ReadonlyMap<string, string> = new Map([
  ['0x1', 'Kernel Driver'],
  ['0x2', 'File System Driver'],
  ['0x8', 'Recognizer Driver'],
  ['0x10', 'Win32 Own Process'],
  ['0x20', 'Win32 Share Process'],
  ['0x110', 'Interactive Own Process'],
  ['0x120', 'Interactive Share Process'],
]);
