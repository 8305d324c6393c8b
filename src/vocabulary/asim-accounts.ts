/**
 * ASIM's schemas of accounts: who logs in (`imAuthentication`) over ECS; what is done to users and what is audited
 * (`imUserManagement`, `imAuditEvent`), alerts and leases are known by their columns.
 *
 * Source: Microsoft's Advanced Security Information Model, authentication schema 0.1.3, user management 0.1.1, audit
 * event 0.1.1, DHCP 0.1, alert 0.1.
 */
import type { Span } from '../diagnostic/span.ts';
import { constant, matchAny } from '../plan/predicate/node.ts';
import { ASIM_COMMON, ASIM_RESULT, kindColumn } from './asim-common.ts';
import { asimTables } from './asim-schema.ts';
import { columnsOf, mergedColumns } from './column-lines.ts';
import type { Table } from './table.ts';

const AUTHENTICATION = mergedColumns(
  ASIM_COMMON,
  columnsOf({
    int: 'SrcPortNumber source.port\nTargetPortNumber',
    real: 'SrcGeoLatitude\nSrcGeoLongitude\nTargetGeoLatitude\nTargetGeoLongitude',
    string: `
ActingAppId
ActingAppName process.executable
ActingAppType
ActorOriginalUserType
ActorScope
ActorSessionId winlog.event_data.SubjectLogonId
ActorUserId winlog.event_data.SubjectUserSid
ActorUserIdType
ActorUserType
ActorUsername winlog.event_data.SubjectUserName
ActorUsernameType
Application process.name
Dst host.name
EventResultDetails winlog.logon.failure.sub_status
EventSchema =Authentication
EventSchemaVersion =0.1.3
EventSubType winlog.logon.type
HttpUserAgent user_agent.original
IpAddr source.ip
LogonMethod system.auth.ssh.method
LogonProtocol winlog.event_data.AuthenticationPackageName
LogonTarget host.name
Src source.ip source.domain
SrcDescription
SrcDeviceType
SrcDomain
SrcDvcHostname source.domain
SrcDvcId
SrcDvcIpAddr source.ip
SrcDvcOs
SrcFQDN
SrcGeoCity
SrcGeoCountry
SrcGeoRegion
SrcHostname source.domain winlog.event_data.WorkstationName
SrcIpAddr source.ip
SrcIsp
SrcOriginalRiskLevel
TargetAppId
TargetAppName process.name
TargetAppType
TargetDescription
TargetDeviceType
TargetDomain host.domain
TargetDvcId host.id
TargetDvcOs host.os.type
TargetFQDN
TargetHostname host.name
TargetIpAddr host.ip
TargetOriginalUserType
TargetSessionId winlog.logon.id
TargetUrl
TargetUserId user.id
TargetUserIdType
TargetUserScope
TargetUserType
TargetUsername user.name
TargetUsernameType
Type =imAuthentication
User user.name
`,
  }),
  [ASIM_RESULT, kindColumn('EventType', ['event.type'], { start: 'Logon', end: 'Logoff' }, 'Logon')],
);

const AUTHENTICATION_TABLES = asimTables({
  names: ['imAuthentication', '_Im_Authentication', 'vimAuthentication'],
  plain: ['ASimAuthentication', '_ASim_Authentication'],
  stem: 'Authentication',
  sources: ['M365Defender', 'MicrosoftWindowsEvent', 'Sshd', 'Su', 'Sudo'],
  columns: AUTHENTICATION,
  parameters: [
    'starttime',
    'endtime',
    'username_has_any TargetUsername ActorUsername',
    'targetappname_has_any TargetAppName',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'srchostname_has_any SrcHostname',
    'targetipaddr_has_any_prefix TargetIpAddr',
    'dvcipaddr_has_any_prefix DvcIpAddr',
    'dvchostname_has_any DvcHostname',
    'eventtype_in EventType',
    'eventresultdetails_in EventResultDetails',
    'eventresult EventResult',
    'pack',
    'targetusername_has TargetUsername',
    'actorusername_has ActorUsername',
  ],
  rows: (span) =>
    matchAny(
      { name: 'event.category', type: 'keyword' },
      { kind: 'equals', anyOf: ['authentication'], fold: 'none' },
      span,
    ),
});

const NOBODY = (span: Span) => constant(false, span);

const ACTOR = `
ActingAppId
ActingAppName
ActingAppType
ActingOriginalAppType
ActorOriginalUserType
ActorScope
ActorScopeId
ActorSessionId
ActorUserId
ActorUserIdType
ActorUserType
ActorUsername
ActorUsernameType
Dst
EventResult
EventSchema
EventSchemaVersion
EventType
Hostname
HttpUserAgent
IpAddr
Src
SrcDeviceType
SrcDomain
SrcDomainType
SrcDvcId
SrcDvcIdType
SrcFQDN
SrcGeoCity
SrcGeoCountry
SrcGeoRegion
SrcHostname
SrcIpAddr
Type
User
`;

const USER_MANAGEMENT_TABLES = asimTables({
  names: ['imUserManagement', '_Im_UserManagement'],
  plain: ['ASimUserManagement', '_ASim_UserManagement'],
  stem: 'UserManagement',
  sources: [],
  columns: mergedColumns(
    ASIM_COMMON,
    columnsOf({
      string: `${ACTOR}
GroupId
GroupIdType
GroupName
GroupNameType
GroupOriginalType
GroupType
NewPropertyValue
PreviousPropertyValue
TargetOriginalUserType
TargetUserId
TargetUserIdType
TargetUserScope
TargetUserType
TargetUserUid
TargetUsername
TargetUsernameType
UpdatedPropertyName
`,
    }),
  ),
  parameters: [
    'starttime',
    'endtime',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'targetusername_has_any TargetUsername',
    'actorusername_has_any ActorUsername',
    'eventtype_in EventType',
    'pack',
  ],
  rows: NOBODY,
  isEmpty: true,
});

const AUDIT_TABLES = asimTables({
  names: ['imAuditEvent', '_Im_AuditEvent'],
  plain: ['ASimAuditEvent', '_ASim_AuditEvent'],
  stem: 'AuditEvent',
  sources: [],
  columns: mergedColumns(
    ASIM_COMMON,
    columnsOf({
      int: 'SrcPortNumber\nTargetPortNumber',
      string: `${ACTOR}
Application
NewValue
Object
ObjectId
ObjectType
OldValue
Operation
OriginalObjectType
TargetAppId
TargetAppName
TargetAppType
TargetDomain
TargetDvcId
TargetDvcOs
TargetFQDN
TargetHostname
TargetIpAddr
TargetUrl
Value
ValueType
`,
    }),
  ),
  parameters: [
    'starttime',
    'endtime',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'eventtype_in EventType',
    'eventresult EventResult',
    'actorusername_has_any ActorUsername',
    'operation_has_any Operation',
    'object_has_any Object',
    'newvalue_has_any NewValue',
    'pack',
  ],
  rows: NOBODY,
  isEmpty: true,
});

const DHCP_TABLES = asimTables({
  names: ['imDhcpEvent', '_Im_DhcpEvent'],
  plain: ['ASimDhcpEvent', '_ASim_DhcpEvent'],
  stem: 'DhcpEvent',
  sources: [],
  columns: mergedColumns(
    ASIM_COMMON,
    columnsOf({
      int: 'DhcpLeaseDuration\nDhcpSessionDuration',
      string: `${ACTOR}\nDhcpCircuitId\nDhcpSessionId\nDhcpSubscriberId\nDhcpUserClass\nDhcpUserClassId\nDhcpVendorClass\nDhcpVendorClassId\nRequestedIpAddr\nSrcMacAddr\nSrcUserId\nSrcUsername`,
    }),
  ),
  parameters: [
    'starttime',
    'endtime',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'srchostname_has_any SrcHostname',
    'srcusername_has_any SrcUsername',
    'eventresult EventResult',
    'pack',
  ],
  rows: NOBODY,
  isEmpty: true,
});

const ALERT_TABLES = asimTables({
  names: ['imAlertEvent', '_Im_AlertEvent'],
  plain: ['ASimAlertEvent', '_ASim_AlertEvent'],
  stem: 'AlertEvent',
  sources: [],
  columns: mergedColumns(
    ASIM_COMMON,
    columnsOf({
      string: `${ACTOR}\nAlertDescription\nAlertId\nAlertName\nAlertStatus\nAlertVerdict\nAttackTactics\nAttackTechniques\nDetectionMethod\nFileName\nFilePath\nFileSHA256\nIndicatorAssociation\nIndicatorType\nProcessCommandLine\nProcessId\nProcessName\nUrl\nUserId\nUsername`,
    }),
  ),
  parameters: [
    'starttime',
    'endtime',
    'ipaddr_has_any_prefix IpAddr',
    'hostname_has_any Hostname',
    'username_has_any Username',
    'attacktactics_has_any AttackTactics',
    'attacktechniques_has_any AttackTechniques',
    'pack',
  ],
  rows: NOBODY,
  isEmpty: true,
});

export const ASIM_ACCOUNT_TABLES: readonly Table[] = [
  ...AUTHENTICATION_TABLES,
  ...USER_MANAGEMENT_TABLES,
  ...AUDIT_TABLES,
  ...DHCP_TABLES,
  ...ALERT_TABLES,
];
