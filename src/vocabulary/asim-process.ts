/**
 * ASIM's process creation events (`imProcessCreate`) over ECS.
 *
 * Source: Microsoft's Advanced Security Information Model, process event schema 0.1.4, with the aliases of older
 * content. What differs from a Sentinel workspace, for want of the same in ECS:
 *   - user names come without their domain; the acting and the target user are the event's user;
 *   - `ParentProcess…` (the parent of the acting process) is not in ECS, so it is empty;
 *   - ids of processes are texts, as in ASIM, though ECS has numbers.
 */
import type { Span } from '../diagnostic/span.ts';
import { and, matchAny } from '../plan/predicate/node.ts';
import type { Column, ColumnType, Table } from './table.ts';

/** `name field…`, one a line; a name without fields is a column that no source fills, `=` gives a constant. */
const COLUMNS: Readonly<Record<Exclude<ColumnType, 'long' | 'real'>, string>> = {
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

/** As ASIM's unifying parser declares them. */
const PARAMETERS = [
  'starttime:datetime=datetime(null)',
  'endtime:datetime=datetime(null)',
  ...[
    'commandline_has_any',
    'commandline_has_all',
    'commandline_has_any_ip_prefix',
    'actingprocess_has_any',
    'targetprocess_has_any',
    'parentprocess_has_any',
  ].map((name) => `${name}:dynamic=dynamic([])`),
  "targetusername_has:string='*'",
  "actorusername_has:string='*'",
  'dvcipaddr_has_any_prefix:dynamic=dynamic([])',
  'dvchostname_has_any:dynamic=dynamic([])',
  "eventtype:string='*'",
  'hashes_has_any:dynamic=dynamic([])',
  'pack:bool=false',
].join(', ');

export const ASIM_PROCESS_CREATE: Table = Object.freeze({
  names: Object.freeze(['imProcessCreate', '_Im_ProcessCreate']),
  columns: Object.freeze(
    (Object.entries(COLUMNS) as [ColumnType, string][]).flatMap(([type, lines]) => read(type, lines)),
  ),
  parameters: PARAMETERS,
  rows: (span: Span) =>
    and(
      [
        matchAny(
          { name: 'event.category', type: 'keyword' },
          { kind: 'equals', anyOf: ['process'], fold: 'none' },
          span,
        ),
        matchAny({ name: 'event.type', type: 'keyword' }, { kind: 'equals', anyOf: ['start'], fold: 'none' }, span),
      ],
      span,
    ),
});

function read(type: ColumnType, lines: string): Column[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...fields] = line.split(' ');
      const constant = fields[0]?.startsWith('=') === true ? fields[0].slice(1) : undefined;
      if (constant === undefined) return Object.freeze({ name, type, fields });
      return Object.freeze({ name, type, fields: [], constant: type === 'int' ? Number(constant) : constant });
    });
}
