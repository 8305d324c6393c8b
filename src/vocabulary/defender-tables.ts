/**
 * Microsoft Defender's advanced hunting tables over ECS, for rules that are written for them or converted to them.
 *
 * A process table is about the process that starts, its parent being the initiating one; every other table is about the
 * initiating process. `FolderPath` is the whole path. Source: Microsoft's schema reference of advanced hunting; ECS
 * names as `format/defender-ecs.ts` fills them.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { call, choose, fieldValue, literal, matchAny, type Value } from '../plan/predicate/node.ts';
import { REGISTRY_KEY, REGISTRY_PATH, REGISTRY_VALUE, whenAction } from './registry-column.ts';
import type { Column, ColumnType } from './table.ts';

export interface DefenderTable {
  readonly name: string;
  readonly columns: Readonly<Partial<Record<ColumnType, string>>>;
  /** Columns that stand in no field as they are. */
  readonly computed?: readonly Column[];
}

const DEVICE = `
DeviceId host.id
DeviceName host.name
`;

/** The initiating process where it is the parent. */
const BY_PARENT = `
InitiatingProcessFileName process.parent.name
InitiatingProcessFolderPath process.parent.executable
InitiatingProcessCommandLine process.parent.command_line
InitiatingProcessMD5 process.parent.hash.md5
InitiatingProcessSHA1 process.parent.hash.sha1
InitiatingProcessSHA256 process.parent.hash.sha256
InitiatingProcessVersionInfoOriginalFileName process.parent.pe.original_file_name
InitiatingProcessVersionInfoCompanyName process.parent.pe.company
InitiatingProcessVersionInfoProductName process.parent.pe.product
InitiatingProcessVersionInfoFileDescription process.parent.pe.description
`;

/** The initiating process where the event is its own. */
const BY_PROCESS = `
InitiatingProcessFileName process.name
InitiatingProcessFolderPath process.executable
InitiatingProcessCommandLine process.command_line
InitiatingProcessMD5 process.hash.md5
InitiatingProcessSHA1 process.hash.sha1
InitiatingProcessSHA256 process.hash.sha256
InitiatingProcessVersionInfoOriginalFileName process.pe.original_file_name
InitiatingProcessVersionInfoCompanyName process.pe.company
InitiatingProcessVersionInfoProductName process.pe.product
InitiatingProcessVersionInfoFileDescription process.pe.description
InitiatingProcessAccountName user.name
InitiatingProcessAccountDomain user.domain
InitiatingProcessAccountSid user.id
InitiatingProcessParentFileName process.parent.name
InitiatingProcessIntegrityLevel winlog.event_data.IntegrityLevel process.Ext.token.integrity_level_name
`;

const FILE = `
FileName file.name
FolderPath file.path
MD5 file.hash.md5
SHA1 file.hash.sha1
SHA256 file.hash.sha256
`;

const TIME = 'Timestamp @timestamp\nTimeGenerated @timestamp';

const GRANDPARENT = 'winlog.event_data.GrandParentImage';
const PARENT_USER = 'winlog.event_data.ParentUser';

/** Sysmon writes the number in hexadecimal. */
const LOGON_ID = ['winlog.event_data.LogonId', 'winlog.logon.id', 'process.Ext.authentication_id'];

export const DEVICE_PROCESS_EVENTS: DefenderTable = {
  name: 'DeviceProcessEvents',
  columns: {
    datetime: TIME,
    long: 'ProcessId process.pid\nInitiatingProcessId process.parent.pid',
    string: `${DEVICE}${BY_PARENT}
FileName process.name
FolderPath process.executable
ProcessCommandLine process.command_line
MD5 process.hash.md5
SHA1 process.hash.sha1
SHA256 process.hash.sha256
ProcessVersionInfoOriginalFileName process.pe.original_file_name
ProcessVersionInfoCompanyName process.pe.company
ProcessVersionInfoProductName process.pe.product
ProcessVersionInfoFileDescription process.pe.description
ProcessVersionInfoProductVersion process.pe.file_version
ProcessIntegrityLevel winlog.event_data.IntegrityLevel process.Ext.token.integrity_level_name
AccountName user.name
AccountDomain user.domain
AccountSid user.id
`,
  },
  computed: [
    {
      name: 'LogonId',
      type: 'long',
      fields: LOGON_ID,
      value: call('number', [call('coalesce', LOGON_ID.map(text), NO_SPAN), literal(null, NO_SPAN)], NO_SPAN),
    },
    // The account of the initiating process, which is the parent.
    { name: 'InitiatingProcessAccountDomain', type: 'string', fields: [], value: partOf(PARENT_USER, 'domain') },
    // Here the parent's parent; the name is all that is asked of the path.
    { name: 'InitiatingProcessParentFileName', type: 'string', fields: [], value: filled(GRANDPARENT) },
    { name: 'InitiatingProcessAccountName', type: 'string', fields: [], value: partOf(PARENT_USER, 'name') },
  ],
};

/** Of `DOMAIN\\user`; a text without a domain is a name. */
function partOf(account: string, part: 'domain' | 'name'): Value {
  const whole = filled(account);
  const at = call('index-of', [whole, literal('\\', NO_SPAN)], NO_SPAN);
  if (part === 'domain') return call('slice', [whole, literal(0, NO_SPAN), at], NO_SPAN);
  return call('slice', [whole, call('add', [at, literal(1, NO_SPAN)], NO_SPAN)], NO_SPAN);
}

/** The field's text, never null. */
function filled(field: string): Value {
  return call('coalesce', [text(field), literal('', NO_SPAN)], NO_SPAN);
}

function text(field: string): Value {
  return call('text', [fieldValue({ name: field, type: 'keyword' }, NO_SPAN)], NO_SPAN);
}

export const DEVICE_FILE_EVENTS: DefenderTable = {
  name: 'DeviceFileEvents',
  columns: {
    datetime: TIME,
    long: 'InitiatingProcessId process.pid',
    string: `${DEVICE}${BY_PROCESS}${FILE}`,
  },
};

export const DEVICE_IMAGE_LOAD_EVENTS: DefenderTable = {
  name: 'DeviceImageLoadEvents',
  columns: {
    datetime: TIME,
    long: 'InitiatingProcessId process.pid',
    string: `${DEVICE}${BY_PROCESS}
FileName dll.name file.name
FolderPath dll.path file.path
MD5 dll.hash.md5 file.hash.md5
SHA1 dll.hash.sha1 file.hash.sha1
SHA256 dll.hash.sha256 file.hash.sha256
`,
  },
};

/** Connections that the device opened: the other end is the destination. */
export const DEVICE_NETWORK_EVENTS_OUT: DefenderTable = {
  name: 'DeviceNetworkEvents',
  columns: {
    datetime: TIME,
    int: 'RemotePort destination.port\nLocalPort source.port',
    long: 'InitiatingProcessId process.pid',
    string: `${DEVICE}${BY_PROCESS}
RemoteIP destination.ip
LocalIP source.ip
RemoteUrl destination.domain
Protocol network.transport
ActionType =ConnectionSuccess
`,
  },
};

/** What the table calls a connection that the device accepted. */
export const ACCEPTED = 'InboundConnectionAccepted';
/** What it calls those that the device opened or tried to. */
export const OPENED: readonly string[] = [
  'ConnectionSuccess',
  'ConnectionFailed',
  'ConnectionAttempt',
  'ConnectionRequest',
  'ConnectionAcknowledged',
];

/** Connections in both directions: which end is which depends on the row. */
export const DEVICE_NETWORK_EVENTS: DefenderTable = {
  name: 'DeviceNetworkEvents',
  columns: {
    datetime: TIME,
    long: 'InitiatingProcessId process.pid',
    string: `${DEVICE}${BY_PROCESS}\nProtocol network.transport\n`,
  },
  computed: [
    {
      name: 'ActionType',
      type: 'string',
      fields: ['network.direction'],
      words: {
        of: new Map([
          ['egress', OPENED],
          ['outbound', OPENED],
          ['ingress', [ACCEPTED]],
          ['inbound', [ACCEPTED]],
        ]),
        otherwise: 'ConnectionSuccess',
      },
    },
    { name: 'RemoteIP', type: 'string', fields: [], value: end('source.ip', 'destination.ip') },
    { name: 'LocalIP', type: 'string', fields: [], value: end('destination.ip', 'source.ip') },
    { name: 'RemotePort', type: 'int', fields: [], value: end('source.port', 'destination.port') },
    { name: 'LocalPort', type: 'int', fields: [], value: end('destination.port', 'source.port') },
    { name: 'RemoteUrl', type: 'string', fields: [], value: end('source.domain', 'destination.domain') },
  ],
};

/** A field of the event by the direction of its connection; a text is never null. */
function end(whenAccepted: string, otherwise: string): Value {
  const isPort = otherwise.endsWith('.port');
  const field = (name: string) => {
    const value = fieldValue({ name, type: isPort ? 'long' : 'keyword' }, NO_SPAN);
    return isPort ? value : call('coalesce', [call('text', [value], NO_SPAN), literal('', NO_SPAN)], NO_SPAN);
  };
  const accepted = matchAny(
    { name: 'network.direction', type: 'keyword' },
    { kind: 'equals', anyOf: ['ingress', 'inbound'], fold: 'unicode' },
    NO_SPAN,
  );
  return choose(accepted, field(whenAccepted), field(otherwise), NO_SPAN);
}

/** Events of several kinds, whose own words stand as JSON in one column. */
export const DEVICE_EVENTS: DefenderTable = {
  name: 'DeviceEvents',
  columns: { datetime: TIME, long: 'InitiatingProcessId process.pid', string: `${DEVICE}${BY_PROCESS}` },
  computed: [
    { name: 'FileName', type: 'string', fields: [], constant: '' },
    { name: 'FolderPath', type: 'string', fields: [], value: filled('winlog.event_data.TargetImage') },
    {
      name: 'AdditionalFields',
      type: 'dynamic',
      fields: [],
      parts: new Map([
        ['DnsQueryString', ['dns.question.name']],
        ['PipeName', ['file.name', 'winlog.event_data.PipeName']],
      ]),
    },
  ],
};

export const DEVICE_REGISTRY_EVENTS: DefenderTable = {
  name: 'DeviceRegistryEvents',
  columns: {
    datetime: TIME,
    long: 'InitiatingProcessId process.pid',
    string: `${DEVICE}${BY_PROCESS}
RegistryValueData registry.data.strings
RegistryValueType registry.data.type
`,
  },
};

/** The columns that name what an event is about: what there no longer is stands in those of before. */
export function registryNames(action: Column): readonly Column[] {
  const [value, keys] = ['RegistryValueDeleted', ['RegistryKeyDeleted', 'RegistryKeyRenamed']];
  const column = (name: string, of: Value): Column => ({ name, type: 'string', fields: [], value: of });
  const gone = [value, ...keys];
  return [
    column('RegistryKey', whenAction(action, gone, NOTHING, whenAction(action, MADE, REGISTRY_PATH, REGISTRY_KEY))),
    column('RegistryValueName', whenAction(action, [...gone, ...MADE], NOTHING, REGISTRY_VALUE)),
    column('PreviousRegistryKey', whenAction(action, [value], REGISTRY_KEY, whenAction(action, keys, REGISTRY_PATH))),
    column('PreviousRegistryValueName', whenAction(action, [value], REGISTRY_VALUE)),
  ];
}

const NOTHING = literal('', NO_SPAN);
/** Of the key alone, whose own name some sources give as a value. */
const MADE = ['RegistryKeyCreated'];
