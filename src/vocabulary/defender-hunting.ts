/**
 * Microsoft Defender's advanced hunting tables as queries over stored events see them: every kind of event in one table,
 * told apart by `ActionType`, and the columns that nothing here fills.
 *
 * Source: Microsoft's schema reference of advanced hunting.
 */
import type { Span } from '../diagnostic/span.ts';
import { exists, or, type Predicate } from '../plan/predicate/node.ts';
import { kindColumn } from './asim-common.ts';
import { type ColumnLines, columnsOf, mergedColumns } from './column-lines.ts';
import {
  DEVICE_EVENTS,
  DEVICE_FILE_EVENTS,
  DEVICE_IMAGE_LOAD_EVENTS,
  DEVICE_NETWORK_EVENTS,
  DEVICE_PROCESS_EVENTS,
  DEVICE_REGISTRY_EVENTS,
  type DefenderTable,
  registryNames,
} from './defender-tables.ts';
import { SYSMON_ACTIONS } from './registry-column.ts';
import { sigmaLogSource } from './sigma-log-sources.ts';
import type { Column, Table } from './table.ts';

const category =
  (...names: readonly string[]) =>
  (span: Span): Predicate =>
    or(
      names.map((name) => sigmaLogSource({ category: name }, span).predicate),
      span,
    );

/** Of every table of events. */
const COMMON: ColumnLines = {
  datetime: 'InitiatingProcessCreationTime\nInitiatingProcessParentCreationTime process.parent.start',
  dynamic: 'AdditionalFields',
  bool: 'IsInitiatingProcessRemoteSession\nIsProcessRemoteSession',
  long: `
InitiatingProcessFileSize
InitiatingProcessLogonId
InitiatingProcessParentId
InitiatingProcessSessionId
InitiatingProcessUniqueId
ReportId
`,
  string: `
ActionType
AppGuardContainerId
DeviceId host.id
DeviceName host.name
InitiatingProcessAccountDomain
InitiatingProcessAccountName
InitiatingProcessAccountObjectId
InitiatingProcessAccountSid
InitiatingProcessAccountUpn
InitiatingProcessCommandLine
InitiatingProcessFileName
InitiatingProcessFolderPath
InitiatingProcessIntegrityLevel
InitiatingProcessMD5
InitiatingProcessParentFileName
InitiatingProcessRemoteSessionDeviceName
InitiatingProcessRemoteSessionIP
InitiatingProcessSHA1
InitiatingProcessSHA256
InitiatingProcessSignatureStatus process.code_signature.status
InitiatingProcessSignerType
InitiatingProcessTokenElevation
InitiatingProcessVersionInfoCompanyName
InitiatingProcessVersionInfoFileDescription
InitiatingProcessVersionInfoInternalFileName
InitiatingProcessVersionInfoOriginalFileName
InitiatingProcessVersionInfoProductName
InitiatingProcessVersionInfoProductVersion
MachineGroup
SourceSystem
TenantId
`,
};

/** Where the event is the initiating process's own. */
const OWN_PROCESS = columnsOf({
  datetime: 'InitiatingProcessCreationTime process.start',
  long: 'InitiatingProcessId process.pid\nInitiatingProcessParentId process.parent.pid',
  string: 'InitiatingProcessVersionInfoProductVersion process.pe.file_version',
});

function table(
  { name, columns, computed = [] }: DefenderTable,
  rows: Table['rows'],
  further: ColumnLines,
  more: readonly Column[] = [],
): Table {
  const own = mergedColumns(
    columnsOf(columns),
    columnsOf(COMMON),
    columnsOf(columns),
    computed,
    columnsOf({ ...further, string: `${further.string ?? ''}\nType =${name}` }),
    more,
  );
  return Object.freeze({ names: Object.freeze([name]), columns: own, rows });
}

const PROCESS = table(DEVICE_PROCESS_EVENTS, category('process_creation'), {
  datetime: 'ProcessCreationTime process.start\nInitiatingProcessCreationTime process.parent.start',
  long: 'FileSize\nProcessUniqueId\nCreatedProcessSessionId',
  string: `
AccountObjectId
AccountUpn
ActionType =ProcessCreated
InitiatingProcessAccountSid
ProcessRemoteSessionDeviceName
ProcessRemoteSessionIP
ProcessTokenElevation
ProcessVersionInfoInternalFileName
`,
});

const FILE_ACTION = kindColumn(
  'ActionType',
  ['event.type', 'event.action'],
  {
    change: 'FileModified',
    creation: 'FileCreated',
    overwrite: 'FileCreated',
    deletion: 'FileDeleted',
    rename: 'FileRenamed',
    renamed: 'FileRenamed',
  },
  'FileModified',
);

const FILE = table(
  DEVICE_FILE_EVENTS,
  category('file_event', 'file_change', 'file_rename', 'file_delete'),
  {
    bool: 'IsAzureInfoProtectionApplied',
    int: 'RequestSourcePort source.port',
    long: 'FileSize file.size',
    string: `
FileOriginReferrerUrl
FileOriginUrl
FileOriginIP
PreviousFileName
PreviousFolderPath file.Ext.original.path
RequestAccountDomain
RequestAccountName
RequestAccountSid
RequestProtocol
RequestSourceIP source.ip
SensitivityLabel
SensitivitySubLabel
ShareName
`,
  },
  [...OWN_PROCESS, FILE_ACTION],
);

const IMAGE = table(
  DEVICE_IMAGE_LOAD_EVENTS,
  category('image_load'),
  { long: 'FileSize', string: 'ActionType =ImageLoaded' },
  OWN_PROCESS,
);

const NETWORK = table(
  DEVICE_NETWORK_EVENTS,
  category('network_connection'),
  { string: 'LocalIPType\nRemoteIPType' },
  OWN_PROCESS,
);

const REGISTRY_ACTION = kindColumn(
  'ActionType',
  ['event.type', 'winlog.event_data.EventType'],
  {
    change: 'RegistryValueSet',
    creation: 'RegistryKeyCreated',
    deletion: 'RegistryKeyDeleted',
    ...Object.fromEntries(SYSMON_ACTIONS),
  },
  'RegistryValueSet',
);

const REGISTRY = table(
  DEVICE_REGISTRY_EVENTS,
  category('registry_event'),
  { string: 'PreviousRegistryValueData\nPreviousRegistryValueType' },
  [...OWN_PROCESS, REGISTRY_ACTION, ...registryNames(REGISTRY_ACTION)],
);

const LOGON_EVENTS: DefenderTable = {
  name: 'DeviceLogonEvents',
  columns: {
    datetime: 'Timestamp @timestamp\nTimeGenerated @timestamp',
    int: 'RemotePort source.port',
    string: `
AccountDomain user.domain
AccountName user.name
AccountObjectId
AccountSid user.id
FailureReason winlog.event_data.FailureReason
InitiatingProcessFileName process.name
InitiatingProcessFolderPath process.executable
LogonType winlog.logon.type
Protocol winlog.event_data.AuthenticationPackageName
RemoteDeviceName source.domain winlog.event_data.WorkstationName
RemoteIP source.ip
RemoteIPType
`,
  },
};

const LOGON = table(
  LOGON_EVENTS,
  (span) => sigmaLogSource({ category: 'authentication' }, span).predicate,
  { bool: 'IsLocalAdmin\nIsLocalLogon', long: 'InitiatingProcessId process.pid\nLogonId' },
  [kindColumn('ActionType', ['event.outcome'], { success: 'LogonSuccess', failure: 'LogonFailed' }, 'LogonAttempted')],
);

/** What Sysmon's other events are called there. */
const OTHER_ACTION = kindColumn(
  'ActionType',
  ['event.code'],
  { '8': 'CreateRemoteThreadApiCall', '17': 'NamedPipeEvent', '18': 'NamedPipeEvent', '22': 'DnsQueryResponse' },
  'DnsQueryResponse',
);

const EVENTS = table(
  DEVICE_EVENTS,
  category('dns_query', 'pipe_created', 'create_remote_thread'),
  {
    int: 'LocalPort\nRemotePort',
    long: 'FileSize\nLogonId\nProcessId',
    string: `
AccountDomain user.domain
AccountName user.name
AccountSid user.id
FileOriginIP
FileOriginUrl
LocalIP
MD5
ProcessCommandLine
ProcessTokenElevation
RegistryKey
RegistryValueData
RegistryValueName
RemoteDeviceName
RemoteIP
RemoteUrl dns.question.name
SHA1
SHA256
`,
  },
  [...OWN_PROCESS, OTHER_ACTION],
);

/** A row an event that names its machine: what is asked of it is which machine is of which system. */
const INFO: Table = Object.freeze({
  names: Object.freeze(['DeviceInfo']),
  columns: mergedColumns(
    columnsOf({
      datetime: 'Timestamp @timestamp\nTimeGenerated @timestamp',
      bool: 'IsAzureADJoined\nIsExcluded\nIsInternetFacing',
      dynamic: 'AdditionalFields\nCloudPlatforms\nLoggedOnUsers\nRegistryDeviceTag',
      long: 'OSBuild\nReportId',
      string: `
AadDeviceId
AwsResourceName
AzureResourceId
ClientVersion agent.version
DeviceCategory =Endpoint
DeviceId host.id
DeviceManualTags
DeviceName host.name
DeviceSubtype
DeviceType
ExclusionReason
ExposureLevel
JoinType
MachineGroup
Model
OnboardingStatus =Onboarded
OSArchitecture host.architecture
OSDistribution host.os.name
OSVersion host.os.version
OSVersionInfo host.os.full
PublicIP
SensorHealthState =Active
TenantId
Type =DeviceInfo
Vendor
`,
    }),
    [kindColumn('OSPlatform', ['host.os.type'], { linux: 'Linux', macos: 'macOS', windows: 'Windows' }, '')],
  ),
  rows: (span: Span) => exists({ name: 'host.name', type: 'keyword' }, span),
});

export const DEFENDER_TABLES: readonly Table[] = [PROCESS, FILE, IMAGE, NETWORK, REGISTRY, LOGON, EVENTS, INFO];
