/**
 * ASIM's schemas of what goes over the network (`imNetworkSession`, `imDns`, `imWebSession`) over ECS.
 *
 * The process that an endpoint names is the source of a connection that it opened, and the destination of one that it
 * accepted. Source: Microsoft's Advanced Security Information Model, network session schema 0.2.6, DNS 0.1.7, web session
 * 0.2.6.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { call, choose, fieldValue, literal, matchAny, type Value } from '../plan/predicate/node.ts';
import { ASIM_COMMON, ASIM_RESULT, kindColumn } from './asim-common.ts';
import { asimTables } from './asim-schema.ts';
import { columnsOf, mergedColumns } from './column-lines.ts';
import { sigmaLogSource } from './sigma-log-sources.ts';
import type { Column, Table } from './table.ts';
import { tableParameters, withDefault } from './table-parameters.ts';

/** Which way a connection went, as ASIM says it. */
export const ASIM_DIRECTION: Column = kindColumn(
  'NetworkDirection',
  ['network.direction'],
  { egress: 'Outbound', outbound: 'Outbound', ingress: 'Inbound', inbound: 'Inbound' },
  '',
);

/** The fields' text at the end of the connection that the machine is, '' at the other. */
export function localText(fields: readonly string[], side: 'source' | 'destination'): Value {
  const texts = fields.map((name) => call('text', [fieldValue({ name, type: 'keyword' }, NO_SPAN)], NO_SPAN));
  const text = call('coalesce', [...texts, literal('', NO_SPAN)], NO_SPAN);
  const test = { kind: 'equals', anyOf: ['ingress', 'inbound'], fold: 'unicode' } as const;
  const accepted = matchAny({ name: 'network.direction', type: 'keyword' }, test, NO_SPAN);
  const empty = literal('', NO_SPAN);
  return side === 'source' ? choose(accepted, empty, text, NO_SPAN) : choose(accepted, text, empty, NO_SPAN);
}

/** The columns of one end that nothing here fills. */
function unfilled(side: 'Src' | 'Dst'): string {
  const names =
    'Description DeviceType Domain DomainType DvcId DvcIdType DvcScope DvcScopeId GeoCity GeoCountry GeoRegion InterfaceGuid InterfaceName MacAddr NatIpAddr OriginalUserType SubscriptionId UserIdType UserScope UserScopeId UserType UsernameType VlanId Zone AppId AppName AppType';
  return names
    .split(' ')
    .map((name) => `${side}${name}`)
    .join('\n');
}

const ENDS = columnsOf({
  int: 'DstPortNumber destination.port\nSrcPortNumber source.port\nDstNatPortNumber\nSrcNatPortNumber',
  long: `
DstBytes destination.bytes
DstPackets destination.packets
SrcBytes source.bytes
SrcPackets source.packets
NetworkBytes network.bytes
NetworkPackets network.packets
`,
  real: 'SrcGeoLatitude\nSrcGeoLongitude\nDstGeoLatitude\nDstGeoLongitude',
  string: `${unfilled('Src')}\n${unfilled('Dst')}
Dst destination.ip
DstFQDN destination.domain
DstHostname destination.domain
DstIpAddr destination.ip
Hostname destination.domain
IpAddr source.ip
NetworkApplicationProtocol network.protocol
NetworkConnectionHistory
NetworkIcmpType
NetworkProtocol network.transport
NetworkProtocolVersion network.type
NetworkSessionId network.community_id
Protocol network.transport
SessionId network.community_id
Src source.ip
SrcFQDN source.domain
SrcHostname source.domain
SrcIpAddr source.ip
ThreatIpAddr
`,
});

const LOCAL: readonly Column[] = Object.entries({
  ProcessGuid: ['process.entity_id'],
  ProcessId: ['process.pid'],
  ProcessName: ['process.executable'],
  UserId: ['user.id'],
  Username: ['user.name'],
}).flatMap(([name, fields]): Column[] => [
  { name: `Src${name}`, type: 'string', fields: [], value: localText(fields, 'source') },
  { name: `Dst${name}`, type: 'string', fields: [], value: localText(fields, 'destination') },
]);

const NETWORK = mergedColumns(
  ASIM_COMMON,
  ENDS,
  columnsOf({
    int: 'Duration\nNetworkDuration\nNetworkIcmpCode',
    bool: 'TcpFlagsAck\nTcpFlagsFin\nTcpFlagsPsh\nTcpFlagsRst\nTcpFlagsSyn\nTcpFlagsUrg',
    string: `
EventSchema =NetworkSession
EventSchemaVersion =0.2.6
EventType =EndpointNetworkSession
NetworkRuleName
NetworkRuleNumber
Type =imNetworkSession
User user.name
`,
  }),
  LOCAL,
  [
    ASIM_DIRECTION,
    { ...ASIM_RESULT, words: { of: new Map([['failure', ['Failure']]]), otherwise: 'Success' } },
    kindColumn('DvcAction', ['event.outcome', 'event.type'], { denied: 'Deny' }, 'Allow'),
  ],
);

const NETWORK_TABLES = asimTables({
  names: ['imNetworkSession', '_Im_NetworkSession', 'vimNetworkSession'],
  plain: ['ASimNetworkSession', '_ASim_NetworkSession'],
  stem: 'NetworkSession',
  sources: ['CrowdStrikeFalconHost', 'LinuxSysmon', 'Microsoft365Defender', 'MicrosoftSysmon', 'SentinelOne'],
  columns: NETWORK,
  parameters: [
    'starttime',
    'endtime',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'dstipaddr_has_any_prefix DstIpAddr',
    'ipaddr_has_any_prefix SrcIpAddr DstIpAddr',
    'dstportnumber DstPortNumber',
    'hostname_has_any SrcHostname DstHostname',
    'dvcaction DvcAction',
    'eventresult EventResult',
    'pack',
  ],
  rows: (span) => sigmaLogSource({ category: 'network_connection' }, span).predicate,
});

const DNS = mergedColumns(
  ASIM_COMMON,
  columnsOf({
    int: 'SrcPortNumber source.port\nDstPortNumber destination.port\nDnsNetworkDuration\nDnsQueryType\nDnsResponseCode\nDuration',
    bool: `
DnsFlagsAuthenticated
DnsFlagsAuthoritative
DnsFlagsCheckingDisabled
DnsFlagsRecursionAvailable
DnsFlagsRecursionDesired
DnsFlagsTruncated
DnsFlagsZ
`,
    string: `
DnsFlags
DnsQuery dns.question.name
DnsQueryClass
DnsQueryClassName dns.question.class
DnsQueryTypeName dns.question.type
DnsResponseCodeName dns.response_code
DnsResponseIpCity
DnsResponseIpCountry
DnsResponseIpRegion
DnsResponseName dns.answers.data
DnsSessionId dns.id
Domain dns.question.name
DomainCategory
Dst destination.ip
DstHostname destination.domain
DstIpAddr destination.ip
EventResult =Success
EventResultDetails dns.response_code
EventSchema =Dns
EventSchemaVersion =0.1.7
EventSubType =response
EventType =Query
Hostname source.domain host.name
IpAddr source.ip
NetworkProtocol network.transport
NetworkProtocolVersion network.type
Process process.executable
SessionId dns.id
Src source.ip host.name
SrcDomain
SrcDvcId host.id
SrcFQDN
SrcHostname source.domain host.name
SrcIpAddr source.ip
SrcOriginalUserType
SrcProcessGuid process.entity_id
SrcProcessId process.pid
SrcProcessName process.executable
SrcUserId user.id
SrcUserIdType
SrcUserType
SrcUsername user.name
SrcUsernameType
TransactionIdHex
Type =imDns
UrlCategory
User user.name
`,
  }),
);

const DNS_TABLES = asimTables({
  names: ['imDns', '_Im_Dns', 'vimDns'],
  plain: ['ASimDns', '_ASim_Dns'],
  stem: 'Dns',
  sources: ['MicrosoftSysmon', 'MicrosoftSysmonWindowsEvent', 'SentinelOne'],
  columns: DNS,
  parameters: withDefault(
    tableParameters([
      'starttime',
      'endtime',
      'srcipaddr SrcIpAddr',
      'domain_has_any DnsQuery',
      'responsecodename DnsResponseCodeName',
      'response_has_ipv4 DnsResponseName',
      'response_has_any_prefix DnsResponseName',
      'eventtype EventType',
      'pack',
    ]),
    'eventtype',
    'Query',
  ),
  rows: (span) => sigmaLogSource({ category: 'dns' }, span).predicate,
});

const WEB = mergedColumns(
  ASIM_COMMON,
  ENDS,
  columnsOf({
    int: 'Duration\nNetworkDuration\nHttpRequestTime\nHttpResponseTime',
    long: 'FileSize http.response.body.bytes',
    string: `
EventResultDetails http.response.status_code
EventSchema =WebSession
EventSchemaVersion =0.2.6
FileContentType
FileMD5
FileName
FileSHA1
FileSHA256
FileSHA512
Hash
HttpContentFormat http.response.mime_type
HttpContentType http.response.mime_type
HttpHost url.domain
HttpReferrer http.request.referrer
HttpRequestMethod http.request.method
HttpRequestXff
HttpStatusCode http.response.status_code
HttpUserAgent user_agent.original
HttpVersion http.version
NetworkDirection
SrcProcessName process.executable
SrcUserId user.id
SrcUsername user.name
Type =imWebSession
Url url.original url.full
UrlCategory
UrlOriginal url.original
User user.name
UserAgent user_agent.original
`,
  }),
  [
    ASIM_RESULT,
    kindColumn(
      'EventType',
      ['event.module'],
      Object.fromEntries(
        ['apache', 'apache_tomcat', 'haproxy', 'iis', 'nginx', 'traefik'].map((name) => [name, 'WebServerSession']),
      ),
      'HTTPsession',
    ),
  ],
);

const WEB_TABLES = asimTables({
  names: ['imWebSession', '_Im_WebSession', 'vimWebSession'],
  plain: ['ASimWebSession', '_ASim_WebSession'],
  stem: 'WebSession',
  sources: [],
  columns: WEB,
  parameters: [
    'starttime',
    'endtime',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'ipaddr_has_any_prefix SrcIpAddr DstIpAddr',
    'url_has_any Url',
    'httpuseragent_has_any HttpUserAgent',
    'eventresultdetails_in EventResultDetails',
    'eventresult EventResult',
    'pack',
  ],
  rows: (span) => sigmaLogSource({ category: 'web' }, span).predicate,
});

export const ASIM_NETWORK_TABLES: readonly Table[] = [...NETWORK_TABLES, ...DNS_TABLES, ...WEB_TABLES];
