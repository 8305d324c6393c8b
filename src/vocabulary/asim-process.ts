/**
 * ASIM's events of processes over ECS: `imProcessCreate`, `imProcessTerminate`, and both in one (`imProcessEvent`).
 *
 * Source: Microsoft's Advanced Security Information Model, process event schema 0.1.4, with the aliases of older
 * content. What differs from a Sentinel workspace, for want of the same in ECS:
 *   - user names come without their domain; the acting and the target user are the event's user;
 *   - `ParentProcess…` (the parent of the acting process) is not in ECS, so it is empty;
 *   - ids of processes are texts, as in ASIM, though ECS has numbers.
 */
import type { Span } from '../diagnostic/span.ts';
import { and, matchAny, or, type Predicate } from '../plan/predicate/node.ts';
import { asimTables } from './asim-schema.ts';
import { type ColumnLines, columnsOf, mergedColumns } from './column-lines.ts';
import type { Table } from './table.ts';

const COLUMNS: ColumnLines = {
  datetime: `
TimeGenerated @timestamp
EventStartTime @timestamp
EventEndTime @timestamp
ActingProcessCreationTime process.parent.start
ParentProcessCreationTime
TargetProcessCreationTime process.start
ThreatFirstReportedTime
ThreatLastReportedTime
`,
  int: `
EventCount =1
ParentProcessFileSize
RuleNumber
ThreatConfidence
ThreatRiskLevel
ActingProcessFileSize
TargetProcessFileSize
`,
  bool: `
ActingProcessIsHidden
ParentProcessIsHidden
TargetProcessIsHidden
ThreatIsActive
`,
  dynamic: `
AdditionalFields
`,
  string: `
ActingProcessCommandLine process.parent.command_line
ActingProcessFileCompany process.parent.pe.company
ActingProcessFileDescription process.parent.pe.description
ActingProcessFileInternalName
ActingProcessFileOriginalName process.parent.pe.original_file_name
ActingProcessFileProduct process.parent.pe.product
ActingProcessFileVersion process.parent.pe.file_version
ActingProcessFilename process.parent.name
ActingProcessGuid process.parent.entity_id
ActingProcessId process.parent.pid
ActingProcessIMPHASH process.parent.pe.imphash
ActingProcessInjectedAddress
ActingProcessIntegrityLevel winlog.event_data.ParentIntegrityLevel
ActingProcessMD5 process.parent.hash.md5
ActingProcessName process.parent.executable
ActingProcessSHA1 process.parent.hash.sha1
ActingProcessSHA256 process.parent.hash.sha256
ActingProcessSHA512 process.parent.hash.sha512
ActingProcessTokenElevation
ActorOriginalUserType
ActorScope
ActorScopeId
ActorSessionId winlog.event_data.LogonId
ActorUserAadId
ActorUserId user.id
ActorUserIdType
ActorUserSid
ActorUserType
ActorUserName user.name
ActorUsername user.name
ActorUsernameType
CommandLine process.command_line
Computer host.name
Dvc host.name
DvcAction
DvcDescription
DvcDomain host.domain
DvcDomainType
DvcFQDN
DvcHostName host.name
DvcHostname host.name
DvcId host.id
DvcIdType
DvcInterface
DvcIpAddr host.ip
DvcMacAddr host.mac
DvcOriginalAction
DvcOs host.os.type host.os.name
DvcOsVersion host.os.version
DvcScope cloud.account.name
DvcScopeId cloud.account.id
DvcSubscriptionId cloud.account.id
DvcZone
EventMessage message
EventOriginalResultDetails
EventOriginalSeverity log.level
EventOriginalSubType
EventOriginalType event.code
EventOriginalUid event.id
EventOwner
EventProduct observer.product
EventProductVersion observer.version
EventReportUrl event.url
EventResult =Success
EventResultDetails
EventSchema =ProcessEvent
EventSchemaVersion =0.1.4
EventSeverity =Informational
EventSubType
EventType =ProcessCreated
EventUid event.id
EventVendor observer.vendor
Hash process.hash.sha512 process.hash.sha256 process.hash.sha1 process.hash.md5
HashType
ParentProcessFileCompany
ParentProcessFileDescription
ParentProcessFileProduct
ParentProcessFileVersion
ParentProcessGuid
ParentProcessId
ParentProcessIMPHASH
ParentProcessInjectedAddress
ParentProcessIntegrityLevel
ParentProcessMD5
ParentProcessName
ParentProcessSHA1
ParentProcessSHA256
ParentProcessSHA512
ParentProcessTokenElevation
Process process.executable
Rule rule.name
RuleName rule.name
TargetOriginalUserType
TargetProcessCommandLine process.command_line
TargetProcessCurrentDirectory process.working_directory
TargetProcessFileCompany process.pe.company
TargetProcessFileDescription process.pe.description
TargetProcessFileInternalName
TargetProcessFileOriginalName process.pe.original_file_name
TargetProcessFilePath process.executable
TargetProcessFileProduct process.pe.product
TargetProcessFileVersion process.pe.file_version
TargetProcessFilename process.name
TargetProcessGuid process.entity_id
TargetProcessId process.pid
TargetProcessIMPHASH process.pe.imphash
TargetProcessInjectedAddress
TargetProcessIntegrityLevel winlog.event_data.IntegrityLevel process.Ext.token.integrity_level_name
TargetProcessMD5 process.hash.md5
TargetProcessName process.executable
TargetProcessSHA1 process.hash.sha1
TargetProcessSHA256 process.hash.sha256
TargetProcessSHA512 process.hash.sha512
TargetProcessStatusCode process.exit_code
TargetProcessTokenElevation
TargetScope
TargetScopeId
TargetUserAadId
TargetUserId user.id
TargetUserIdType
TargetUserSessionGuid
TargetUserSessionId
TargetUserSid
TargetUserType
TargetUserName user.name
TargetUsername user.name
TargetUsernameType
TenantId
ThreatCategory
ThreatField
ThreatId
ThreatName
ThreatOriginalConfidence
ThreatOriginalRiskLevel
Type =imProcessCreate
User user.name
`,
};

const CREATED = columnsOf(COLUMNS);

const PARAMETERS = [
  'starttime',
  'endtime',
  'commandline_has_any TargetProcessCommandLine',
  'commandline_has_all TargetProcessCommandLine',
  'commandline_has_any_ip_prefix TargetProcessCommandLine',
  'actingprocess_has_any ActingProcessName',
  'targetprocess_has_any TargetProcessName',
  'parentprocess_has_any ParentProcessName',
  'targetusername_has TargetUsername',
  'actorusername_has ActorUsername',
  'dvcipaddr_has_any_prefix DvcIpAddr',
  'dvchostname_has_any DvcHostname',
  'eventtype EventType',
  'hashes_has_any TargetProcessMD5 TargetProcessSHA1 TargetProcessSHA256 TargetProcessSHA512',
  'pack',
  // Of older content.
  'dvcname_has_any DvcHostname',
  'targetusername TargetUsername',
];

function started(type: string): (span: Span) => Predicate {
  return (span) =>
    and(
      [
        matchAny(
          { name: 'event.category', type: 'keyword' },
          { kind: 'equals', anyOf: ['process'], fold: 'none' },
          span,
        ),
        matchAny({ name: 'event.type', type: 'keyword' }, { kind: 'equals', anyOf: [type], fold: 'none' }, span),
      ],
      span,
    );
}

const WINDOWS = ['MicrosoftSysmon', 'MicrosoftSysmonWindowsEvent', 'MicrosoftSecurityEvents', 'MicrosoftWindowsEvents'];

const CREATE: readonly Table[] = asimTables({
  names: ['imProcessCreate', '_Im_ProcessCreate', 'imProcessCreation', 'vimProcessCreate'],
  plain: ['ASimProcessCreate', '_ASim_ProcessCreate', 'ASimProcessEventCreate'],
  stem: 'ProcessCreate',
  sources: [...WINDOWS, 'LinuxSysmon', 'SentinelOne'],
  columns: CREATED,
  parameters: PARAMETERS,
  rows: started('start'),
});

const ENDED = mergedColumns(CREATED, columnsOf({ string: 'EventType =ProcessTerminated\nType =imProcessTerminate' }));

const TERMINATE: readonly Table[] = asimTables({
  names: ['imProcessTerminate', '_Im_ProcessTerminate', 'vimProcessTerminate'],
  plain: ['ASimProcessTerminate', '_ASim_ProcessTerminate', 'ASimProcessEventTerminate'],
  stem: 'ProcessTerminate',
  sources: [...WINDOWS, 'LinuxSysmon'],
  columns: ENDED,
  parameters: PARAMETERS,
  rows: started('end'),
});

const EITHER = mergedColumns(CREATED, columnsOf({ string: 'Type =imProcessEvent' }), [
  {
    name: 'EventType',
    type: 'string',
    fields: ['event.type'],
    words: {
      of: new Map([
        ['end', ['ProcessTerminated']],
        ['start', ['ProcessCreated']],
      ]),
      otherwise: 'ProcessCreated',
    },
  },
]);

const BOTH: readonly Table[] = asimTables({
  names: ['imProcessEvent', '_Im_ProcessEvent', 'imProcess', 'vimProcessEvent'],
  plain: ['ASimProcessEvent', '_ASim_ProcessEvent', 'ASimProcess'],
  stem: 'ProcessEvent',
  sources: ['Microsoft365D', 'CrowdStrikeFalconHost'],
  columns: EITHER,
  parameters: PARAMETERS,
  rows: (span) => or([started('start')(span), started('end')(span)], span),
});

export const ASIM_PROCESS_CREATE: Table = CREATE[0] as Table;
export const ASIM_PROCESS_TABLES: readonly Table[] = [...CREATE, ...TERMINATE, ...BOTH];
