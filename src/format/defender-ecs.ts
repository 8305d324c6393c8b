/**
 * A row of Microsoft Defender as ECS: the derivations.
 *
 * A process table is about the process of `FileName`, `FolderPath` and `Process…`, its parent being the initiating one;
 * every other table is about the initiating process. Every column also stands under `m365_defender.event.`, named as
 * Elastic's integration does. Only some tables name the system, so it is else read from the paths.
 */
import { isJsonObject, type Json, type JsonObject, parseJson } from '../event/json.ts';
import { type EventTime, formatTime, parseTime } from '../event/time.ts';
import { type DefenderAction, defenderAction } from './defender-actions.ts';
import { defenderPath } from './defender-names.ts';
import { type Derivation, derivationTable, type Transform } from './derivation.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import { asIp, distinct, integerAt, isoTime, textAt } from './json-fields.ts';
import { osOfPath } from './os-of-path.ts';
import { knownFields, placeField } from './vendor-fields.ts';
import { splitWindowsArguments } from './windows-arguments.ts';

export interface DefenderRecord {
  /** The line; of a flat row the row itself. */
  readonly whole: JsonObject;
  readonly row: JsonObject;
  readonly time: EventTime;
  /** In lower case, `deviceprocessevents`. */
  readonly table: string;
}

type Compute = (record: DefenderRecord) => Json | undefined;
type Row = Derivation<DefenderRecord>;

const derive = (field: string, transform: Transform, from: string, compute: Compute): Row => ({
  field,
  from: from.split(' '),
  transform,
  compute,
});
const same = (field: string, name: string): Row => derive(field, 'same', name, ({ row }) => textAt(row, name));

/** A column of the process that the row is about: in a process table one of its own, else the initiating process's. */
const ofProcess = (
  field: string,
  own: string,
  initiating: string,
  read: typeof textAt | typeof integerAt = textAt,
): Row =>
  derive(`process.${field}`, read === textAt ? 'same' : 'number', `${own} ${initiating}`, (record) =>
    read(record.row, isOfProcess(record) ? own : initiating),
  );
/** A column of its parent. */
const ofParent = (field: string, own: string, further: string, read: typeof textAt | typeof integerAt = textAt): Row =>
  derive(`process.parent.${field}`, read === textAt ? 'same' : 'number', `${own} ${further}`, (record) =>
    read(record.row, isOfProcess(record) ? own : further),
  );
/** A column of the parent that only process tables have. */
const ofInitiating = (field: string, name: string): Row =>
  derive(`process.parent.${field}`, 'same', name, (record) =>
    isOfProcess(record) ? textAt(record.row, name) : undefined,
  );

export const DEFENDER = derivationTable<DefenderRecord>([
  derive('@timestamp', 'time', 'Timestamp', ({ time }) => formatTime(time)),
  derive('event.id', 'compute', 'DeviceId ReportId Timestamp category', defenderEventId),
  derive('event.kind', 'constant', '', () => 'event'),
  derive('event.module', 'constant', '', () => 'm365_defender'),
  derive('event.dataset', 'constant', '', () => 'm365_defender.event'),
  derive('event.category', 'compute', 'category ActionType', (record) => nonEmptyList(actionOf(record).category)),
  derive('event.type', 'compute', 'category ActionType', (record) => actionOf(record).type),
  derive('event.outcome', 'compute', 'category ActionType', (record) => actionOf(record).outcome),
  derive('event.action', 'compute', 'ActionType', ({ row }) => actionWord(row)),

  same('host.id', 'DeviceId'),
  derive('host.name', 'lower', 'DeviceName', ({ row }) => textAt(row, 'DeviceName')?.toLowerCase()),
  derive('host.os.type', 'compute', 'OSPlatform FolderPath InitiatingProcessFolderPath RegistryKey', ({ row }) =>
    osOf(row),
  ),
  same('host.os.version', 'OSVersion'),
  same('host.architecture', 'OSArchitecture'),

  derive('user.name', 'compute', 'AccountName InitiatingProcessAccountName', (record) => accountAt(record, 'Name')),
  derive('user.domain', 'compute', 'AccountDomain InitiatingProcessAccountDomain', (record) =>
    accountAt(record, 'Domain'),
  ),
  derive('user.id', 'compute', 'AccountSid InitiatingProcessAccountSid', (record) => accountAt(record, 'Sid')),
  derive('user.email', 'compute', 'AccountUpn InitiatingProcessAccountUpn', (record) => accountAt(record, 'Upn')),

  derive('process.name', 'compute', 'ProcessName FileName InitiatingProcessFileName', nameOf),
  derive(
    'process.executable',
    'compute',
    'FolderPath FileName InitiatingProcessFolderPath InitiatingProcessFileName',
    (record) => (isOfProcess(record) ? pathOf(record.row, '') : pathOf(record.row, 'InitiatingProcess')),
  ),
  ofProcess('command_line', 'ProcessCommandLine', 'InitiatingProcessCommandLine'),
  derive('process.args', 'compute', 'ProcessCommandLine InitiatingProcessCommandLine', (record) =>
    argumentsAt(record.row, isOfProcess(record) ? 'ProcessCommandLine' : 'InitiatingProcessCommandLine'),
  ),
  derive(
    'process.args_count',
    'compute',
    'ProcessCommandLine InitiatingProcessCommandLine',
    (record) =>
      argumentsAt(record.row, isOfProcess(record) ? 'ProcessCommandLine' : 'InitiatingProcessCommandLine')?.length,
  ),
  ofProcess('pid', 'ProcessId', 'InitiatingProcessId', integerAt),
  ofProcess('hash.md5', 'MD5', 'InitiatingProcessMD5'),
  ofProcess('hash.sha1', 'SHA1', 'InitiatingProcessSHA1'),
  ofProcess('hash.sha256', 'SHA256', 'InitiatingProcessSHA256'),
  ofProcess(
    'pe.original_file_name',
    'ProcessVersionInfoOriginalFileName',
    'InitiatingProcessVersionInfoOriginalFileName',
  ),
  ofProcess('pe.company', 'ProcessVersionInfoCompanyName', 'InitiatingProcessVersionInfoCompanyName'),
  ofProcess('pe.description', 'ProcessVersionInfoFileDescription', 'InitiatingProcessVersionInfoFileDescription'),
  ofProcess('pe.product', 'ProcessVersionInfoProductName', 'InitiatingProcessVersionInfoProductName'),
  ofProcess('pe.file_version', 'ProcessVersionInfoProductVersion', 'InitiatingProcessVersionInfoProductVersion'),
  derive('process.start', 'time', 'ProcessCreationTime InitiatingProcessCreationTime', (record) =>
    timeAt(record.row, isOfProcess(record) ? 'ProcessCreationTime' : 'InitiatingProcessCreationTime'),
  ),
  derive('process.working_directory', 'compute', 'ProcessCurrentWorkingDirectory AdditionalFields', (record) =>
    directoryOf(record),
  ),
  derive('process.code_signature.status', 'compute', 'InitiatingProcessSignatureStatus', (record) =>
    isOfProcess(record) ? undefined : textAt(record.row, 'InitiatingProcessSignatureStatus'),
  ),

  ofParent('pid', 'InitiatingProcessId', 'InitiatingProcessParentId', integerAt),
  derive(
    'process.parent.name',
    'compute',
    'InitiatingProcessFileName InitiatingProcessParentFileName ParentProcessName',
    (record) => parentNameOf(record),
  ),
  derive('process.parent.executable', 'compute', 'InitiatingProcessFolderPath InitiatingProcessFileName', (record) =>
    isOfProcess(record) ? pathOf(record.row, 'InitiatingProcess') : undefined,
  ),
  ofInitiating('command_line', 'InitiatingProcessCommandLine'),
  derive('process.parent.args', 'compute', 'InitiatingProcessCommandLine', (record) =>
    isOfProcess(record) ? argumentsAt(record.row, 'InitiatingProcessCommandLine') : undefined,
  ),
  derive('process.parent.args_count', 'compute', 'InitiatingProcessCommandLine', (record) =>
    isOfProcess(record) ? argumentsAt(record.row, 'InitiatingProcessCommandLine')?.length : undefined,
  ),
  ofInitiating('hash.md5', 'InitiatingProcessMD5'),
  ofInitiating('hash.sha1', 'InitiatingProcessSHA1'),
  ofInitiating('hash.sha256', 'InitiatingProcessSHA256'),
  ofInitiating('pe.original_file_name', 'InitiatingProcessVersionInfoOriginalFileName'),
  ofInitiating('code_signature.status', 'InitiatingProcessSignatureStatus'),
  derive(
    'process.parent.start',
    'time',
    'InitiatingProcessCreationTime InitiatingProcessParentCreationTime',
    (record) =>
      timeAt(record.row, isOfProcess(record) ? 'InitiatingProcessCreationTime' : 'InitiatingProcessParentCreationTime'),
  ),
  ofInitiating('group_leader.name', 'InitiatingProcessParentFileName'),
  derive('process.parent.group_leader.pid', 'number', 'InitiatingProcessParentId', (record) =>
    isOfProcess(record) ? integerAt(record.row, 'InitiatingProcessParentId') : undefined,
  ),
  derive('process.parent.group_leader.start', 'time', 'InitiatingProcessParentCreationTime', (record) =>
    isOfProcess(record) ? timeAt(record.row, 'InitiatingProcessParentCreationTime') : undefined,
  ),

  derive(
    'file',
    'compute',
    'FolderPath FileName FileSize MD5 SHA1 SHA256 PreviousFolderPath PreviousFileName',
    (record) => fileOf(record),
  ),
  derive('dll', 'compute', 'FolderPath FileName MD5 SHA1 SHA256', (record) => dllOf(record)),
  derive(
    'registry',
    'compute',
    'RegistryKey RegistryValueName RegistryValueData RegistryValueType PreviousRegistryKey PreviousRegistryValueName',
    ({ row }) => registryOf(row),
  ),

  derive('network.direction', 'compute', 'ActionType AdditionalFields', (record) => directionOf(record)),
  derive(
    'network.transport',
    'compute',
    'Protocol',
    ({ row }) => /^(?:tcp|udp|icmp)/.exec(textAt(row, 'Protocol')?.toLowerCase() ?? '')?.[0],
  ),
  derive('source.ip', 'compute', 'LocalIP RemoteIP', (record) => endOf(record, 'source').ip),
  derive('source.port', 'number', 'LocalPort RemotePort', (record) => endOf(record, 'source').port),
  derive('destination.ip', 'compute', 'LocalIP RemoteIP', (record) => endOf(record, 'destination').ip),
  derive('destination.port', 'number', 'LocalPort RemotePort', (record) => endOf(record, 'destination').port),
  derive('url.full', 'compute', 'RemoteUrl', ({ row }) => {
    const url = textAt(row, 'RemoteUrl');
    return url?.includes('://') ? url : undefined;
  }),
  derive('url.domain', 'compute', 'RemoteUrl', ({ row }) => {
    const url = textAt(row, 'RemoteUrl');
    return url === undefined ? undefined : /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#:]+)/i.exec(url)?.[1];
  }),

  same('container.id', 'ContainerId'),
  same('container.name', 'ContainerName'),

  derive('related.hosts', 'compute', 'DeviceId DeviceName', ({ row }) =>
    distinct([textAt(row, 'DeviceId'), textAt(row, 'DeviceName')?.toLowerCase()]),
  ),
  derive(
    'related.hash',
    'compute',
    'MD5 SHA1 SHA256 InitiatingProcessMD5 InitiatingProcessSHA1 InitiatingProcessSHA256',
    ({ row }) =>
      distinct(
        ['', 'InitiatingProcess'].flatMap((of) => ['MD5', 'SHA1', 'SHA256'].map((kind) => textAt(row, `${of}${kind}`))),
      ),
  ),
  derive('related.ip', 'compute', 'LocalIP RemoteIP', ({ row }) =>
    distinct([asIp(textAt(row, 'LocalIP')), asIp(textAt(row, 'RemoteIP'))]),
  ),
  derive('related.user', 'compute', 'AccountName InitiatingProcessAccountName', ({ row }) =>
    distinct([textAt(row, 'AccountName'), textAt(row, 'InitiatingProcessAccountName')]),
  ),
  derive('m365_defender.event', 'compute', '*', (record) => vendorFieldsOf(record)),
]);

/** Microsoft: a row is unique by its table, device, time and report id. */
export function defenderEventId({ row, table }: DefenderRecord): string | undefined {
  const [device, report] = [textAt(row, 'DeviceId'), textAt(row, 'ReportId')];
  const time = textAt(row, 'Timestamp') ?? textAt(row, 'TimeGenerated');
  return device === undefined || report === undefined || time === undefined
    ? undefined
    : [table, device, report, time].join('|');
}

function isOfProcess({ table }: DefenderRecord): boolean {
  return table === 'deviceprocessevents' || table === 'cloudprocessevents';
}

function actionOf({ table, row }: DefenderRecord): DefenderAction {
  return defenderAction(table, textAt(row, 'ActionType') ?? '');
}

function nonEmptyList(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

function actionWord(row: JsonObject): string | undefined {
  const action = textAt(row, 'ActionType')?.toLowerCase().replaceAll(' ', '-');
  return action === 'imageloaded' ? 'load' : action;
}

function osOf(row: JsonObject): string | undefined {
  const platform = textAt(row, 'OSPlatform')?.toLowerCase() ?? '';
  for (const os of ['windows', 'linux', 'macos']) if (platform.includes(os)) return os;
  if (textAt(row, 'RegistryKey') !== undefined || textAt(row, 'PreviousRegistryKey') !== undefined) return 'windows';
  return (
    osOfPath(textAt(row, 'InitiatingProcessFolderPath')) ??
    osOfPath(textAt(row, 'FolderPath')) ??
    osOfPath(textAt(row, 'FileName'))
  );
}

/** Who the row is about: of a process or a logon the account named, else whoever runs the initiating process. */
function accountAt(record: DefenderRecord, part: string): string | undefined {
  const { row, table } = record;
  const own = textAt(row, `Account${part}`);
  if (isOfProcess(record) || table === 'devicelogonevents') return own;
  return textAt(row, `InitiatingProcessAccount${part}`) ?? own;
}

function nameOf(record: DefenderRecord): string | undefined {
  const { row } = record;
  if (!isOfProcess(record)) return textAt(row, 'InitiatingProcessFileName');
  const file = textAt(row, 'FileName') ?? textAt(row, 'FolderPath');
  return textAt(row, 'ProcessName') ?? (file === undefined ? undefined : lastPart(file));
}

function parentNameOf(record: DefenderRecord): string | undefined {
  const { row } = record;
  if (!isOfProcess(record)) return textAt(row, 'InitiatingProcessParentFileName');
  return textAt(row, 'InitiatingProcessFileName') ?? textAt(row, 'ParentProcessName');
}

/** `FolderPath` has the file's name at its end, or not, by table and age of the sensor. */
function pathOf(row: JsonObject, of: '' | 'InitiatingProcess'): string | undefined {
  const [folder, name] = [textAt(row, `${of}FolderPath`), textAt(row, `${of}FileName`)];
  if (folder === undefined) return name !== undefined && /[\\/]/.test(name) ? name : undefined;
  if (name === undefined || /[\\/]/.test(name) || lastPart(folder).toLowerCase() === name.toLowerCase()) return folder;
  const separator = folder.includes('\\') ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}

function argumentsAt(row: JsonObject, name: string): string[] | undefined {
  const line = textAt(row, name);
  return line === undefined ? undefined : splitWindowsArguments(line);
}

function timeAt(row: JsonObject, name: string): string | undefined {
  return isoTime(parseTime(textAt(row, name) ?? ''));
}

function directoryOf(record: DefenderRecord): string | undefined {
  const own = textAt(record.row, 'ProcessCurrentWorkingDirectory');
  if (own !== undefined) return own;
  const prefix = isOfProcess(record) ? 'Process' : 'InitiatingProcess';
  const more = additionalOf(record.row);
  return more === undefined ? undefined : textAt(more, `${prefix}CurrentWorkingDirectory`);
}

function hashesOf(row: JsonObject): JsonObject | undefined {
  return knownFields({ md5: textAt(row, 'MD5'), sha1: textAt(row, 'SHA1'), sha256: textAt(row, 'SHA256') });
}

function fileOf(record: DefenderRecord): JsonObject | undefined {
  const { row, table } = record;
  if (isOfProcess(record) || table === 'deviceimageloadevents') return undefined;
  const path = pathOf(row, '');
  const oldName = textAt(row, 'PreviousFileName');
  const oldFolder = textAt(row, 'PreviousFolderPath');
  const original = knownFields({
    path: oldFolder,
    name: oldName ?? (oldFolder === undefined ? undefined : lastPart(oldFolder)),
  });
  return knownFields({
    ...(path === undefined ? {} : fileOfPath(path)),
    name: textAt(row, 'FileName'),
    size: integerAt(row, 'FileSize'),
    hash: hashesOf(row),
    Ext: original === undefined ? undefined : { original },
  });
}

function dllOf({ row, table }: DefenderRecord): JsonObject | undefined {
  if (table !== 'deviceimageloadevents') return undefined;
  return knownFields({ path: pathOf(row, ''), name: textAt(row, 'FileName'), hash: hashesOf(row) });
}

const HIVES: ReadonlyMap<string, string> = new Map([
  ['HKEY_LOCAL_MACHINE', 'HKLM'],
  ['HKEY_USERS', 'HKU'],
  ['HKEY_CURRENT_USER', 'HKCU'],
  ['HKEY_CLASSES_ROOT', 'HKCR'],
  ['HKEY_CURRENT_CONFIG', 'HKCC'],
]);

/** ECS shortens the hive and gives the key without it. */
function registryOf(row: JsonObject): JsonObject | undefined {
  const whole = textAt(row, 'RegistryKey') ?? textAt(row, 'PreviousRegistryKey');
  const value = textAt(row, 'RegistryValueName') ?? textAt(row, 'PreviousRegistryValueName');
  if (whole === undefined) return undefined;
  const [, long = '', rest] = /^([^\\]+)(?:\\(.*))?$/s.exec(whole) ?? [];
  const hive = HIVES.get(long.toUpperCase());
  const key = hive === undefined ? whole : (rest ?? '');
  return knownFields({
    hive,
    key,
    value,
    path: [hive, key, value].filter((part) => part !== undefined && part !== '').join('\\'),
    data: knownFields({
      strings: distinct([textAt(row, 'RegistryValueData')]),
      type: textAt(row, 'RegistryValueType'),
    }),
  });
}

function directionOf({ row, table }: DefenderRecord): string | undefined {
  if (table !== 'devicenetworkevents') return undefined;
  const stated = additionalOf(row)?.direction;
  if (stated === 'In') return 'inbound';
  if (stated === 'Out') return 'outbound';
  const action = textAt(row, 'ActionType') ?? '';
  return /^Inbound|^Listening/.test(action) ? 'inbound' : /^Connection/.test(action) ? 'outbound' : 'unknown';
}

/** The device's own end is the source, unless the connection came in or the row is of a logon. */
function endOf(record: DefenderRecord, side: 'source' | 'destination') {
  const cameIn = record.table === 'devicelogonevents' || directionOf(record) === 'inbound';
  const where = (side === 'source') === cameIn ? 'Remote' : 'Local';
  return { ip: asIp(textAt(record.row, `${where}IP`)), port: integerAt(record.row, `${where}Port`) };
}

const MAX_DEPTH = 100;

/** `AdditionalFields` is JSON in a text, more often than an object. */
function additionalOf(row: JsonObject): JsonObject | undefined {
  const value = Object.hasOwn(row, 'AdditionalFields') ? row.AdditionalFields : undefined;
  if (isJsonObject(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('{') || depthOf(value) > MAX_DEPTH) return undefined;
  try {
    const read = parseJson(value);
    return isJsonObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** At least the depth that the text has as JSON; brackets within strings count, too. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function vendorFieldsOf({ whole, row }: DefenderRecord): JsonObject {
  const fields: Record<string, Json> = {};
  for (const record of whole === row ? [row] : [whole, row]) {
    for (const [name, value] of Object.entries(record)) {
      if (value === null || value === '' || (record === whole && value === row)) continue;
      placeField(fields, defenderPath(name), name, name === 'AdditionalFields' ? (additionalOf(row) ?? value) : value);
    }
  }
  return fields;
}
