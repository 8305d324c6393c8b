/**
 * Microsoft Defender's advanced hunting tables over ECS, for rules that are written for them or converted to them.
 *
 * A process table is about the process that starts, its parent being the initiating one; every other table is about the
 * initiating process. `FolderPath` is the whole path. Source: Microsoft's schema reference of advanced hunting; ECS
 * names as `format/defender-ecs.ts` fills them.
 */
import type { ColumnType } from './table.ts';

export interface DefenderTable {
  readonly name: string;
  readonly columns: Readonly<Partial<Record<ColumnType, string>>>;
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
`;

const FILE = `
FileName file.name
FolderPath file.path
MD5 file.hash.md5
SHA1 file.hash.sha1
SHA256 file.hash.sha256
`;

const TIME = 'Timestamp @timestamp\nTimeGenerated @timestamp';

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
};

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
FileName dll.name
FolderPath dll.path file.path
MD5 dll.hash.md5 file.hash.md5
SHA1 dll.hash.sha1 file.hash.sha1
SHA256 dll.hash.sha256 file.hash.sha256
`,
  },
};

export const DEVICE_NETWORK_EVENTS: DefenderTable = {
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
`,
  },
};
