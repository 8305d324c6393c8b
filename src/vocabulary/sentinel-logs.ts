/**
 * Tables of a Log Analytics workspace that logs of machines come into: Windows event logs (`SecurityEvent`, `Event`,
 * `WindowsEvent`) and `Syslog`, over ECS.
 *
 * `SecurityEvent` has a column for each name that Windows gives to the data of its events; here these stand in
 * `winlog.event_data`. Source: Microsoft's table reference of Azure Monitor.
 */
import { NO_SPAN, type Span } from '../diagnostic/span.ts';
import {
  and,
  call,
  choose as chosen,
  compare,
  exists,
  fieldValue,
  literal,
  matchAny,
  not,
  type Predicate,
  type Value,
} from '../plan/predicate/node.ts';
import { kindColumn } from './asim-common.ts';
import { columnsOf, mergedColumns } from './column-lines.ts';
import type { Column, Table } from './table.ts';

const equals = (name: string, word: string, span: Span): Predicate =>
  matchAny({ name, type: 'keyword' }, { kind: 'equals', anyOf: [word], fold: 'unicode' }, span);

/** Columns named as the event's data. */
const DATA_NAMES = `
AccessList AccessMask AccessReason AccountDomain AccountExpires AccountName AccountSessionIdentifier
AdditionalInfo AdditionalInfo2 AllowedToDelegateTo Attributes AuditPolicyChanges AuditsDiscarded
AuthenticationPackageName AuthenticationProvider AuthenticationServer CalledStationID CallerProcessId CallerProcessName
CallingStationID CategoryId ClassId ClassName ClientAddress ClientIPAddress ClientName CommandLine CompatibleIds
DCDNSName DeviceDescription DeviceId DisplayName Disposition DomainBehaviorVersion DomainName DomainPolicyChanged
DomainSid EAPType ElevatedToken ErrorCode ExtendedQuarantineState FailureReason FileHash FilePath FilePathNoUser
Filter ForceLogoff Fqbn FullyQualifiedSubjectMachineName FullyQualifiedSubjectUserName GroupMembership HandleId
HardwareIds HomeDirectory HomePath ImpersonationLevel InterfaceUuid IpAddress IpPort KeyLength LmPackageName
LocationInformation LockoutDuration LockoutObservationWindow LockoutThreshold LoggingResult LogonGuid LogonHours
LogonID LogonProcessName LogonType MachineAccountQuota MachineInventory MachineLogon MandatoryLabel MaxPasswordAge
MemberName MemberSid MinPasswordAge MinPasswordLength MixedDomainMode NASIdentifier NASIPv4Address NASIPv6Address
NASPort NASPortType NetworkPolicyName NewDate NewMaxUsers NewProcessId NewProcessName NewRemark NewShareFlags NewTime
NewUacValue NewValue NewValueType ObjectName ObjectServer ObjectType ObjectValueName OemInformation OldMaxUsers
OldRemark OldShareFlags OldUacValue OldValue OldValueType OperationType PackageName ParentProcessName
PasswordHistoryLength PasswordLastSet PasswordProperties PreviousDate PreviousTime PrimaryGroupId PrivateKeyUsageCount
PrivilegeList Process ProcessId ProcessName ProfilePath Properties ProtocolSequence ProxyPolicyName QuarantineHelpURL
QuarantineSessionID QuarantineSessionIdentifier QuarantineState QuarantineSystemHealthResult RelativeTargetName
RemoteIpAddress RemotePort Requester RequestId RestrictedAdminMode RowsDeleted SamAccountName ScriptPath
SecurityDescriptor ServiceAccount ServiceFileName ServiceName ServiceStartType ServiceType SessionName ShareLocalPath
ShareName SidHistory Status SubcategoryGuid SubcategoryId Subject SubjectDomainName SubjectKeyIdentifier
SubjectLogonId SubjectMachineName SubjectMachineSID SubjectUserName SubjectUserSid SubStatus TableId
TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId TargetOutboundDomainName
TargetOutboundUserName TargetServerName TargetSid TargetUser TargetUserName TargetUserSid TemplateContent
TemplateDSObjectFQDN TemplateInternalName TemplateOID TemplateSchemaVersion TemplateVersion TicketEncryptionType
TicketOptions TokenElevationType TransmittedServices UserAccountControl UserParameters UserPrincipalName
UserWorkstations VendorIds VirtualAccount Workstation WorkstationName
`;

const USER = { name: 'user.name', type: 'keyword' } as const;
const TARGET_DOMAIN = { name: 'winlog.event_data.TargetDomainName', type: 'keyword' } as const;
const TARGET_USER = call(
  'coalesce',
  [fieldValue({ name: 'winlog.event_data.TargetUserName', type: 'keyword' }, NO_SPAN), text('')],
  NO_SPAN,
);
/** The name of a machine's account ends so. */
const isMachine = compare(
  '==',
  call('ends-with', [fieldValue(USER, NO_SPAN), text('$'), literal(false, NO_SPAN)], NO_SPAN),
  literal(true, NO_SPAN),
  NO_SPAN,
);

/** Windows' names for the types of logons. */
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

function text(value: string): Value {
  return literal(value, NO_SPAN);
}

function computed(name: string, value: Value): Column {
  return { name, type: 'string', fields: [], value };
}

function choose(condition: Predicate, then: Value, otherwise: Value): Value {
  return chosen(condition, then, otherwise, NO_SPAN);
}

const SECURITY = mergedColumns(
  columnsOf({
    datetime: 'TimeGenerated @timestamp',
    int: 'EventID event.code\nTask winlog.task_id',
    string: DATA_NAMES.trim()
      .split(/\s+/)
      .map((name) => `${name} winlog.event_data.${name}`)
      .join('\n'),
  }),
  columnsOf({
    int: 'LogonType winlog.event_data.LogonType\nEventID event.code',
    string: `
Account user.name
Activity message
Channel winlog.channel
CommandLine winlog.event_data.CommandLine process.command_line
Computer host.name
EventData
EventLevelName log.level
EventSourceName winlog.provider_name
IpAddress winlog.event_data.IpAddress source.ip
IpPort winlog.event_data.IpPort
Level winlog.level
ManagementGroupName
NewProcessName winlog.event_data.NewProcessName process.executable
Opcode winlog.opcode
ParentProcessName winlog.event_data.ParentProcessName process.parent.executable
Correlation
EventRecordId winlog.record_id
ExecutionProcessId winlog.process.pid
ExecutionThreadId winlog.process.thread.id
Keywords winlog.keywords
PartitionKey
SourceComputerId host.id
SourceSystem =OpsManager
SystemProcessId winlog.process.pid
SystemThreadId winlog.process.thread.id
SystemUserId winlog.user.identifier
StorageAccount
TenantId
Type =SecurityEvent
Version winlog.version
_ResourceId
`,
  }),
  [
    computed('AccountType', choose(isMachine, text('Machine'), choose(exists(USER, NO_SPAN), text('User'), text('')))),
    computed(
      'TargetAccount',
      choose(
        exists(TARGET_DOMAIN, NO_SPAN),
        call('concat', [fieldValue(TARGET_DOMAIN, NO_SPAN), text('\\'), TARGET_USER], NO_SPAN),
        TARGET_USER,
      ),
    ),
    {
      name: 'LogonTypeName',
      type: 'string',
      fields: ['winlog.event_data.LogonType'],
      words: {
        of: new Map([...LOGON_TYPES].map(([number, name]) => [number, [`${number} - ${name}`]])),
        otherwise: '',
      },
    },
  ],
  // Lists in Elastic's integration, as Windows writes them here.
  ['PrivilegeList'].map((name) => ({
    name,
    type: 'string',
    fields: [`winlog.event_data.${name}`],
    joined: '\n\t\t\t',
  })),
);

const SECURITY_EVENT: Table = Object.freeze({
  names: Object.freeze(['SecurityEvent']),
  columns: SECURITY,
  rows: (span: Span) => equals('winlog.channel', 'Security', span),
});

const WINDOWS_EVENT: Table = Object.freeze({
  names: Object.freeze(['WindowsEvent']),
  columns: columnsOf({
    datetime: 'TimeGenerated @timestamp\nTimeCreated @timestamp',
    dynamic: 'EventData winlog.event_data\nUserData winlog.user_data',
    int: 'EventID event.code\nEventLevel\nOpcode\nTask winlog.task_id\nVersion winlog.version',
    string: `
Channel winlog.channel
Computer host.name
Correlation
Data
EventLevelName log.level
EventOriginId
EventRecordId winlog.record_id
Keywords winlog.keywords
ManagementGroupName
Provider winlog.provider_name
RawEventData
RenderedDescription message
SystemProcessId winlog.process.pid
SystemThreadId winlog.process.thread.id
SystemUserId winlog.user.identifier
TenantId
Type =WindowsEvent
_ResourceId
`,
  }),
  rows: (span: Span) => exists({ name: 'winlog.channel', type: 'keyword' }, span),
});

const EVENT: Table = Object.freeze({
  names: Object.freeze(['Event']),
  columns: columnsOf({
    datetime: 'TimeGenerated @timestamp',
    int: 'EventCategory winlog.task_id\nEventID event.code\nEventLevel',
    string: `
AzureDeploymentID
Computer host.name
EventData
EventLevelName log.level
EventLog winlog.channel
ManagementGroupName
Message message
MG
ParameterXml
RenderedDescription message
Role
Source winlog.provider_name
SourceSystem =OpsManager
TenantId
Type =Event
UserName winlog.user.name
_ResourceId
`,
  }),
  rows: (span: Span) =>
    and(
      [
        exists({ name: 'winlog.channel', type: 'keyword' }, span),
        not(equals('winlog.channel', 'Security', span), span),
        not(equals('winlog.channel', 'Linux-Sysmon/Operational', span), span),
      ],
      span,
    ),
});

const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7';
const SEVERITIES = 'emerg alert crit err warning notice info debug';

/** Numbered from 0. */
function numbered(names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name, number) => [String(number), name]));
}

const SYSLOG: Table = Object.freeze({
  names: Object.freeze(['Syslog']),
  columns: mergedColumns(
    columnsOf({
      datetime: 'TimeGenerated @timestamp\nEventTime @timestamp',
      int: 'ProcessID process.pid',
      string: `
CollectorHostName
Computer host.name
HostIP host.ip
HostName host.name
MG
ProcessName process.name
SourceSystem =Linux
SyslogMessage message
TenantId
Type =Syslog
_ResourceId
`,
    }),
    [
      kindColumn('Facility', ['log.syslog.facility.code'], numbered(FACILITIES), ''),
      kindColumn('SeverityLevel', ['log.syslog.severity.code'], numbered(SEVERITIES), ''),
    ],
  ),
  rows: (span: Span) => equals('event.module', 'system', span),
});

export const SENTINEL_LOG_TABLES: readonly Table[] = [SECURITY_EVENT, WINDOWS_EVENT, EVENT, SYSLOG];
