/**
 * What the schemas of ASIM have in common: the event, the device that reports it, the user and the process that act.
 *
 * Source: Microsoft's Advanced Security Information Model, common fields. User names come without their domain; who
 * reports is the machine itself.
 */
import { columnsOf } from './column-lines.ts';
import type { Column, ColumnWords } from './table.ts';

/** Of every schema. */
export const ASIM_COMMON: readonly Column[] = columnsOf({
  datetime: `
TimeGenerated @timestamp
EventStartTime @timestamp
EventEndTime @timestamp
ThreatFirstReportedTime
ThreatLastReportedTime
`,
  int: `
EventCount =1
RuleNumber
ThreatConfidence
ThreatRiskLevel
`,
  bool: 'ThreatIsActive',
  dynamic: 'AdditionalFields',
  string: `
Computer host.name
Dvc host.name
DvcAction
DvcDescription
DvcDomain host.domain
DvcDomainType
DvcFQDN
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
EventResultDetails
EventSeverity =Informational
EventSubType
EventUid event.id
EventVendor observer.vendor
Rule rule.name
RuleName rule.name
TenantId
ThreatCategory
ThreatField
ThreatId
ThreatName
ThreatOriginalConfidence
ThreatOriginalRiskLevel
`,
});

/** Of schemas in which a process of the device acts. */
export const ASIM_ACTING: readonly Column[] = columnsOf({
  string: `
ActingProcessCommandLine process.command_line
ActingProcessGuid process.entity_id
ActingProcessId process.pid
ActingProcessMD5 process.hash.md5
ActingProcessName process.executable
ActingProcessSHA1 process.hash.sha1
ActingProcessSHA256 process.hash.sha256
ActorOriginalUserType
ActorScope
ActorScopeId
ActorSessionId winlog.event_data.LogonId
ActorUserAadId
ActorUserId user.id
ActorUserIdType
ActorUserSid
ActorUserType
ActorUsername user.name
ActorUsernameType
CommandLine process.command_line
Process process.executable
User user.name
`,
});

/** What schemas call it when something went well or did not. */
export const ASIM_RESULT: Column = {
  name: 'EventResult',
  type: 'string',
  fields: ['event.outcome'],
  words: {
    of: new Map([
      ['success', ['Success']],
      ['failure', ['Failure']],
    ]),
    otherwise: 'NA',
  },
};

/** A column that tells the kinds of a schema's events apart; of several words that an event has the last one here counts. */
export function kindColumn(
  name: string,
  fields: readonly string[],
  words: Readonly<Record<string, string>>,
  otherwise: string,
): Column {
  const of: ColumnWords['of'] = new Map(Object.entries(words).map(([word, called]) => [word, [called]]));
  return { name, type: 'string', fields, words: { of, otherwise } };
}
