/**
 * Sysmon's events as ECS: those of Windows (ids 1 to 29 and 255) and of Sysmon for Linux, which has some of them.
 *
 * Model: Elastic's `windows.sysmon_operational` and `sysmon_linux.log`. `event.action` holds both words an event goes by:
 * that of the integration and the task as Windows renders it, since rules ask for either. On Linux `process.name` is
 * the last part of the executable and `user.name` the account, which the integration leaves out.
 */
import type { Json, JsonObject } from '../event/json.ts';
import { formatTime } from '../event/time.ts';
import { communityId } from './community-id.ts';
import type { Derivation, MemberPlace } from './derivation.ts';
import { asIp, distinct } from './json-fields.ts';
import { splitWindowsArguments } from './windows-arguments.ts';
import { windowsDerivation as derive, nameData, numberData, sameData } from './windows-derivation.ts';
import {
  bracedGuid,
  dataText,
  decodeNumber,
  isLinux,
  lastPart,
  lastSeparator,
  pathParts,
  splitAccount,
  type WindowsRecord,
} from './windows-record.ts';
import { type DnsAnswers, dnsAnswers, dnsStatus, dnsWords } from './windows-sysmon-dns.ts';
import { registryOf, registryWords } from './windows-sysmon-registry.ts';

interface Kind {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly actions: readonly string[];
}

/** id | category | type | Elastic's action | the task as Windows renders it */
const KINDS_TEXT = `
  1 | process | start | Process creation | Process Create (rule: ProcessCreate)
  2 | file | change | A process changed a file creation time | File creation time changed (rule: FileCreateTime)
  3 | network | start connection protocol | Network connection | Network connection detected (rule: NetworkConnect)
  4 | process | change | Sysmon service state changed | Sysmon service state changed
  5 | process | end | Process terminated | Process terminated (rule: ProcessTerminate)
  6 | driver | start | Driver loaded | Driver loaded (rule: DriverLoad)
  7 | process | change | Image loaded | Image loaded (rule: ImageLoad)
  8 | process | change | CreateRemoteThread | CreateRemoteThread detected (rule: CreateRemoteThread)
  9 | process | access | RawAccessRead | RawAccessRead detected (rule: RawAccessRead)
  10 | process | access | ProcessAccess | Process accessed (rule: ProcessAccess)
  11 | file | creation | FileCreate | File created (rule: FileCreate)
  12 | configuration registry | change | RegistryEvent (Object create and delete) | Registry object added or deleted (rule: RegistryEvent)
  13 | configuration registry | change | RegistryEvent (Value Set) | Registry value set (rule: RegistryEvent)
  14 | configuration registry | change | RegistryEvent (Key and Value Rename) | Registry object renamed (rule: RegistryEvent)
  15 | file | access | FileCreateStreamHash | File stream created (rule: FileCreateStreamHash)
  16 | configuration | change | ServiceConfigurationChange | Sysmon config state changed
  17 | file | creation | PipeEvent (Pipe Created) | Pipe Created (rule: PipeEvent)
  18 | file | access | PipeEvent (Pipe Connected) | Pipe Connected (rule: PipeEvent)
  19 | process | info | WmiEvent (WmiEventFilter activity detected) | WmiEventFilter activity detected (rule: WmiEvent)
  20 | process | change | WmiEvent (WmiEventConsumer activity detected) | WmiEventConsumer activity detected (rule: WmiEvent)
  21 | process | access | WmiEvent (WmiEventConsumerToFilter activity detected) | WmiEventConsumerToFilter activity detected (rule: WmiEvent)
  22 | network | connection protocol info | DNSEvent (DNS query) | Dns query (rule: DnsQuery)
  23 | file | deletion | FileDelete (File Delete archived) | File Delete archived (rule: FileDelete)
  24 | | change | ClipboardChange (New content in the clipboard) | Clipboard changed (rule: ClipboardChange)
  25 | process | change | ProcessTampering (Process image change) | Process Tampering (rule: ProcessTampering)
  26 | file | deletion | FileDeleteDetected (File Delete logged) | File Delete logged (rule: FileDeleteDetected)
  27 | file | creation | FileBlockExecutable | File Block Executable (rule: FileBlockExecutable)
  28 | file | deletion | FileBlockShredding | File Block Shredding (rule: FileBlockShredding)
  29 | file | creation | FileExecutableDetected | File Executable Detected (rule: FileExecutableDetected)
  255 | process | | Error | Error report
`;
const KINDS: ReadonlyMap<string, Kind> = kinds(KINDS_TEXT);

/** Names that these tables have for what Sysmon gives a number for, or says otherwise. */
export function sysmonWords(): string {
  return `${KINDS_TEXT} exec log egress ingress ipv6 ipv4 dns true false ${registryWords()} ${dnsWords()}`;
}

export const SYSMON: readonly Derivation<WindowsRecord>[] = [
  derive('event.category', 'compute', 'System.EventID', (record) => nonEmpty(KINDS.get(record.code)?.category)),
  derive('event.type', 'compute', 'System.EventID', (record) => nonEmpty(KINDS.get(record.code)?.type)),
  derive('event.action', 'compute', 'System.EventID RenderingInfo.Task', actions),
  derive('event.created', 'time', 'System.TimeCreated', ({ createdTime }) => createdTime && formatTime(createdTime)),
  sameData('rule.name', 'RuleName'),
  derive('error.code', 'same', 'EventData.ID', (record) => only(record, '255', 'ID')),

  derive('process.entity_id', 'guid', 'EventData.ProcessGuid EventData.SourceProcessGUID', (record) =>
    bracedGuid(dataText(record, 'SourceProcessGUID', 'SourceProcessGuid', 'ProcessGuid')),
  ),
  numberData('process.pid', 'SourceProcessId ProcessId'),
  numberData('process.thread.id', 'SourceThreadId'),
  sameData('process.executable', 'SourceImage Destination Image'),
  derive('process.name', 'basename', 'EventData.SourceImage EventData.Destination EventData.Image', processName),
  sameData('process.command_line', 'CommandLine'),
  derive('process.args', 'compute', 'EventData.CommandLine', (record) => argumentsIn(record, 'CommandLine')),
  derive(
    'process.args_count',
    'compute',
    'EventData.CommandLine',
    (record) => argumentsIn(record, 'CommandLine')?.length,
  ),
  sameData('process.working_directory', 'CurrentDirectory'),
  derive('process.hash', 'lower', 'EventData.Hashes EventData.Hash', (record) => hashesOf(record, 'process')),
  {
    ...derive('process.pe', 'compute', 'EventData', (record) => imageOf(record, 'process')),
    member: (record, name) => partOfImage(record, 'process', name),
    memberFrom: placeOfImage,
  },
  derive('process.parent.entity_id', 'guid', 'EventData.ParentProcessGuid', (record) =>
    bracedGuid(dataText(record, 'ParentProcessGuid')),
  ),
  numberData('process.parent.pid', 'ParentProcessId'),
  sameData('process.parent.executable', 'ParentImage'),
  nameData('process.parent.name', 'ParentImage'),
  sameData('process.parent.command_line', 'ParentCommandLine'),
  derive('process.parent.args', 'compute', 'EventData.ParentCommandLine', (record) =>
    argumentsIn(record, 'ParentCommandLine'),
  ),
  derive(
    'process.parent.args_count',
    'compute',
    'EventData.ParentCommandLine',
    (record) => argumentsIn(record, 'ParentCommandLine')?.length,
  ),
  derive('process.parent.user.name', 'compute', 'EventData.ParentUser', (record) =>
    isLinux(record) ? dataText(record, 'ParentUser') : undefined,
  ),

  derive('file.path', 'same', 'EventData.TargetFilename EventData.Device EventData.ImageLoaded', filePath),
  derive(
    'file.name',
    'basename',
    'EventData.TargetFilename EventData.Device EventData.ImageLoaded EventData.PipeName',
    fileName,
  ),
  derive(
    'file.directory',
    'compute',
    'EventData.TargetFilename EventData.ImageLoaded',
    (record) => pathParts(filePath(record)).directory,
  ),
  derive(
    'file.extension',
    'end',
    'EventData.TargetFilename EventData.ImageLoaded',
    (record) => pathParts(filePath(record)).extension,
  ),
  derive('file.hash', 'lower', 'EventData.Hashes EventData.Hash', (record) => hashesOf(record, 'file')),
  {
    ...derive('file.pe', 'compute', 'EventData', (record) => imageOf(record, 'file')),
    member: (record, name) => partOfImage(record, 'file', name),
    memberFrom: placeOfImage,
  },
  derive('file.code_signature', 'compute', 'EventData.Signed EventData.Signature EventData.SignatureStatus', signature),

  sameData('network.transport', 'Protocol'),
  derive('network.protocol', 'same', 'EventData.SourcePortName EventData.DestinationPortName', (record) =>
    record.code === '22' ? 'dns' : dataText(record, 'SourcePortName', 'DestinationPortName'),
  ),
  derive('network.direction', 'compute', 'EventData.Initiated', (record) =>
    flag(record, 'Initiated', 'egress', 'ingress'),
  ),
  derive('network.type', 'compute', 'EventData.SourceIsIpv6', (record) => flag(record, 'SourceIsIpv6', 'ipv6', 'ipv4')),
  derive('network.community_id', 'compute', 'EventData.Protocol EventData.SourceIp EventData.DestinationIp', flowId),
  derive('source.ip', 'compute', 'EventData.SourceIp', (record) => asIp(dataText(record, 'SourceIp'))),
  numberData('source.port', 'SourcePort'),
  sameData('source.domain', 'SourceHostname'),
  derive('destination.ip', 'compute', 'EventData.DestinationIp', (record) => asIp(dataText(record, 'DestinationIp'))),
  numberData('destination.port', 'DestinationPort'),
  sameData('destination.domain', 'DestinationHostname'),
  sameData('dns.question.name', 'QueryName'),
  derive('dns.answers', 'compute', 'EventData.QueryResults', (record) => answers(record).answers),
  derive('dns.resolved_ip', 'compute', 'EventData.QueryResults', (record) => answers(record).ips),
  derive('sysmon.dns.status', 'compute', 'EventData.QueryStatus', (record) =>
    dnsStatus(dataText(record, 'QueryStatus')),
  ),
  derive('sysmon.file.archived', 'compute', 'EventData.Archived', (record) => flag(record, 'Archived', true, false)),
  derive('sysmon.file.is_executable', 'compute', 'EventData.IsExecutable', (record) =>
    flag(record, 'IsExecutable', true, false),
  ),
  {
    ...derive('registry', 'compute', 'EventData.TargetObject EventData.Details', registryIn),
    member: registryPart,
    memberFrom: placeInRegistry,
  },

  derive('user.id', 'same', 'System.Security', (record) => (isLinux(record) ? undefined : record.user.identifier)),
  derive('user.name', 'compute', 'EventData.User', (record) => account(record).name),
  derive('user.domain', 'compute', 'EventData.User', (record) => account(record).domain),
  derive('related.user', 'compute', 'EventData.User', (record) => distinct([account(record).name])),
  derive('related.hash', 'lower', 'EventData.Hashes EventData.Hash', (record) =>
    distinct([...allHashes(record).values()].sort()),
  ),
  derive('related.ip', 'compute', 'EventData.SourceIp EventData.DestinationIp EventData.QueryResults', (record) =>
    distinct([
      asIp(dataText(record, 'SourceIp')),
      asIp(dataText(record, 'DestinationIp')),
      ...(answers(record).ips ?? []),
    ]),
  ),
  derive('related.hosts', 'compute', 'EventData.QueryName EventData.QueryResults', (record) =>
    distinct([...(answers(record).hosts ?? []), dataText(record, 'QueryName')]),
  ),
];

function registryIn(record: WindowsRecord): JsonObject | undefined {
  if (!isOfRegistry(record)) return undefined;
  return registryOf(dataText(record, 'TargetObject'), dataText(record, 'Details'));
}

function registryPart(record: WindowsRecord, name: string): Json | undefined {
  if (name === 'path') return isOfRegistry(record) ? dataText(record, 'TargetObject') : undefined;
  if (name !== 'data') return registryIn(record)?.[name];
  return isOfRegistry(record) ? registryOf(undefined, dataText(record, 'Details'))?.data : undefined;
}

function placeInRegistry(name: string): MemberPlace | undefined {
  const from = ['EventData.TargetObject'];
  if (name === 'path') return { from, isPart: false };
  if (name === 'key' || name === 'value') return { from, isPart: true, isEnd: true };
  return name === 'data.strings' ? { from: ['EventData.Details'], isPart: false, orNumber: true } : undefined;
}

function isOfRegistry({ code }: WindowsRecord): boolean {
  return /^1[234]$/.test(code);
}

function kinds(text: string): ReadonlyMap<string, Kind> {
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [code = '', category = '', type = '', ...actions] = line.split('|').map((cell) => cell.trim());
        const words = (cell: string) => (cell === '' ? [] : cell.split(' '));
        return [code, { category: words(category), type: words(type), actions: [...new Set(actions)] }];
      }),
  );
}

/** On Linux `log`, as the integration has it for every event; a start is an `exec`, too, as of an endpoint agent. */
function actions(record: WindowsRecord): Json | undefined {
  if (isLinux(record)) return record.code === '1' ? ['exec', 'log'] : 'log';
  const known = KINDS.get(record.code)?.actions ?? [];
  return distinct([...known, record.names.task]);
}

/** On Linux a process that is gone already is `(null)` or `<unknown process>`, which is no name. */
function processName(record: WindowsRecord): string | undefined {
  const name = lastPart(dataText(record, 'SourceImage', 'Destination', 'Image'));
  return isLinux(record) && (name === '(null)' || name === '<unknown process>') ? undefined : name;
}

function only(record: WindowsRecord, code: string, name: string): string | undefined {
  return record.code === code ? dataText(record, name) : undefined;
}

function argumentsIn(record: WindowsRecord, name: string): readonly string[] | undefined {
  const line = dataText(record, name);
  return line === undefined ? undefined : nonEmpty(splitWindowsArguments(line));
}

function account(record: WindowsRecord): { readonly domain?: string; readonly name?: string } {
  const user = dataText(record, 'User', 'SourceUser');
  return user?.includes('\\') || isLinux(record) ? splitAccount(user) : {};
}

export function flowId(record: WindowsRecord): string | undefined {
  const [source, destination] = (['Source', 'Destination'] as const).map((end) => ({
    ip: asIp(dataText(record, `${end}Ip`)),
    port: decodeNumber(dataText(record, `${end}Port`)),
  }));
  if (source?.ip === undefined || destination?.ip === undefined) return undefined;
  if (typeof source.port !== 'number' || typeof destination.port !== 'number') return undefined;
  return communityId(
    dataText(record, 'Protocol'),
    { ip: source.ip, port: source.port },
    { ip: destination.ip, port: destination.port },
  );
}

function flag<T extends Json>(record: WindowsRecord, name: string, yes: T, no: T): T | undefined {
  const text = dataText(record, name)?.toLowerCase();
  if (text === 'true') return yes;
  return text === 'false' ? no : undefined;
}

// --- Files ------------------------------------------------------------------------------------------------------------

function filePath(record: WindowsRecord): string | undefined {
  return dataText(record, 'TargetFilename', 'Device', 'ImageLoaded');
}

function fileName(record: WindowsRecord): string | undefined {
  const path = filePath(record);
  if (path === undefined) return dataText(record, 'PipeName');
  return lastSeparator(path) === -1 ? undefined : lastPart(path);
}

/** Which object the hashes and the version resource of an event describe. */
function describes(record: WindowsRecord): 'file' | 'process' {
  return FILE_EVENTS.has(record.code) ? 'file' : 'process';
}

const HASHES = ['EventData.Hashes', 'EventData.Hash'];
const FILE_EVENTS: ReadonlySet<string> = new Set(['6', '7', '15', '26', '27', '28', '29']);

/** `MD5=…,SHA256=…,IMPHASH=…` by name in lower case, without hashes of nothing (all zeros). */
function allHashes(record: WindowsRecord): ReadonlyMap<string, string> {
  const text = dataText(record, 'Hashes', 'Hash') ?? '';
  if (text !== hashesOfLast.text) hashesOfLast = { text, hashes: hashesIn(text) };
  return hashesOfLast.hashes;
}

/** Several fields of one event are made of them. */
let hashesOfLast: { readonly text: string; readonly hashes: ReadonlyMap<string, string> } = {
  text: '',
  hashes: new Map(),
};

function hashesIn(text: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name = '', digest = ''] = /^\s*([A-Za-z0-9]+)=([0-9A-Fa-f]+)\s*$/.exec(part) ?? [];
    if (/[1-9a-f]/i.test(digest)) hashes.set(name.toLowerCase(), digest.toLowerCase());
  }
  return hashes;
}

function hashesOf(record: WindowsRecord, object: 'file' | 'process'): JsonObject | undefined {
  if (describes(record) !== object) return undefined;
  const hashes = [...allHashes(record)].filter(([name]) => name !== 'imphash');
  return hashes.length === 0 ? undefined : Object.fromEntries(hashes);
}

/** The version resource: of the image loaded (7), else of the process. */
function imageOf(record: WindowsRecord, object: 'file' | 'process'): JsonObject | undefined {
  const found: Record<string, Json> = {};
  for (const name of IMAGE_PARTS) {
    const part = partOfImage(record, object, name);
    if (part !== undefined) found[name] = part;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function partOfImage(record: WindowsRecord, object: 'file' | 'process', name: string): string | undefined {
  if (name === 'imphash') return describes(record) === object ? allHashes(record).get('imphash') : undefined;
  const raw = VERSION_RESOURCE.get(name);
  return raw === undefined || (record.code === '7') !== (object === 'file') ? undefined : dataText(record, raw);
}

function placeOfImage(name: string): MemberPlace | undefined {
  if (name === 'imphash') return { from: HASHES, isPart: true };
  const raw = VERSION_RESOURCE.get(name);
  return raw === undefined ? undefined : { from: [`EventData.${raw}`], isPart: false };
}

const VERSION_RESOURCE: ReadonlyMap<string, string> = new Map([
  ['original_file_name', 'OriginalFileName'],
  ['company', 'Company'],
  ['description', 'Description'],
  ['file_version', 'FileVersion'],
  ['product', 'Product'],
]);
const IMAGE_PARTS = [...VERSION_RESOURCE.keys(), 'imphash'];

function signature(record: WindowsRecord): JsonObject | undefined {
  const subject = dataText(record, 'Signature');
  const status = dataText(record, 'SignatureStatus');
  const signed = flag(record, 'Signed', true, false);
  if (subject === undefined && status === undefined && signed === undefined) return undefined;
  return {
    ...(subject === undefined ? {} : { subject_name: subject }),
    ...(status === undefined ? {} : { status }),
    ...(signed === undefined ? {} : { exists: signed }),
    ...(status === 'Valid' ? { valid: true } : {}),
  };
}

const ANSWERS = new WeakMap<WindowsRecord, DnsAnswers>();

/** Taken apart once an event. */
function answers(record: WindowsRecord): DnsAnswers {
  const known = ANSWERS.get(record);
  if (known !== undefined) return known;
  const found = dnsAnswers(dataText(record, 'QueryResults'));
  ANSWERS.set(record, found);
  return found;
}

function nonEmpty<T extends Json>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values;
}
