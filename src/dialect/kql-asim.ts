/** Plan → Kusto over Sentinel's normalised tables (ASIM). */
import type { Span } from '../diagnostic/span.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, literal, type Predicate, type Value } from '../plan/predicate/node.ts';
import { ASIM_DIRECTION, localText } from '../vocabulary/asim-network.ts';
import { ASIM_PROCESS_CREATE } from '../vocabulary/asim-process.ts';
import { columnsOf } from '../vocabulary/column-lines.ts';
import {
  REGISTRY_KEY,
  REGISTRY_PATH,
  REGISTRY_VALUE,
  registryAction,
  whenAction,
} from '../vocabulary/registry-column.ts';
import { sigmaLogSource } from '../vocabulary/sigma-log-sources.ts';
import type { Column } from '../vocabulary/table.ts';
import { emitKql, type KqlEmission, type KqlSettings, type KqlTarget } from './kql.ts';
import { isOutbound, joinedPath, registryPath } from './kql-made.ts';
import { type KqlSource, kqlSource, type MadeColumn } from './kql-source.ts';

/** Aliases, names of older content, and columns that hold the same as a column with more to say. */
const AVOIDED = [
  'ActorUserId',
  'ActorUserName',
  'ActorUsername',
  'CommandLine',
  'Computer',
  'Dvc',
  'DvcHostName',
  'DvcScopeId',
  'EventEndTime',
  'EventStartTime',
  'EventOriginalUid',
  'Hash',
  'Process',
  'Rule',
  'TargetProcessFilePath',
  'TargetUserName',
  'User',
];

/** ASIM writes a user with the domain, as Sysmon does. */
const USER = ['winlog.event_data.User', 'user.name', 'user.domain'];

const DEVICE = `
DvcHostname host.name
DvcId host.id
DvcOs host.os.type host.os.name
`;

const ACTING = `
ActingProcessName process.executable
ActingProcessCommandLine process.command_line
ActingProcessId process.pid
ActingProcessGuid process.entity_id
ActorUsername ${USER.join(' ')}
ActorUserId user.id
`;

const TARGET_FILE = `
TargetFilePath file.path
TargetFileName file.name
TargetFileMD5 file.hash.md5
TargetFileSHA1 file.hash.sha1
TargetFileSHA256 file.hash.sha256
`;

const TIME = 'TimeGenerated @timestamp';

const category = (name: string): Predicate => sigmaLogSource({ category: name }, NO_SPAN).predicate;

const isEventType = (...names: readonly string[]): readonly string[] => {
  const [only, another] = names.map((name) => `"${name}"`);
  if (only === undefined) return [];
  return [
    another === undefined ? `EventType == ${only}` : `EventType in (${names.map((name) => `"${name}"`).join(', ')})`,
  ];
};

function fileSource(sigma: string, event: string, further = ''): KqlSource {
  return kqlSource({
    names: ['imFileEvent', '_Im_FileEvent'],
    columns: columnsOf({
      datetime: TIME,
      string: `${DEVICE}${ACTING}${TARGET_FILE}${further}\nEventType =${event}`,
    }),
    stands: category(sigma),
    conditions: isEventType(event),
    whole: ['ActorUsername'],
  });
}

/** A key that was renamed stands under its new name, and its old one beside it. */
const REGISTRY_NOW = joinedPath('RegistryKey', 'RegistryValue');
const REGISTRY_PATHS: Readonly<Record<string, string>> = {
  registry_rename: 'RegistryKeyModified',
  registry_event: `iff(EventType == "RegistryKeyRenamed", RegistryKeyModified, ${REGISTRY_NOW})`,
};

function registrySource(sigma: string, ...events: readonly string[]): KqlSource {
  const action = registryAction('EventType', events[0] ?? '');
  const ofOld = ['RegistryKeyRenamed'];
  return kqlSource({
    names: ['imRegistry', '_Im_RegistryEvent'],
    columns: [
      ...columnsOf({
        datetime: TIME,
        string: `${DEVICE}${ACTING}
ParentProcessName process.parent.executable
ParentProcessId process.parent.pid
ParentProcessGuid process.parent.entity_id
RegistryValueData registry.data.strings
RegistryValueType registry.data.type
`,
      }),
      action,
      registryName('RegistryKey', whenAction(action, ofOld, literal('', NO_SPAN), REGISTRY_KEY)),
      registryName('RegistryValue', whenAction(action, ofOld, literal('', NO_SPAN), REGISTRY_VALUE)),
      registryName('RegistryKeyModified', whenAction(action, ofOld, REGISTRY_PATH)),
    ],
    stands: category(sigma),
    conditions: isEventType(...events),
    whole: ['ActorUsername'],
    made: [registryPath(REGISTRY_PATHS[sigma] ?? REGISTRY_NOW)],
    system: 'windows',
  });
}

function registryName(name: string, value: Value): Column {
  return { name, type: 'string', fields: [], value };
}

const SESSION = `${DEVICE}
SrcIpAddr source.ip
DstIpAddr destination.ip
SrcHostname
DstHostname
SrcFQDN source.domain
DstFQDN destination.domain
`;

/** A host's name stands whole in one column, or, where it has no domain, in the other. */
const HOSTS: readonly MadeColumn[] = (['Src', 'Dst'] as const).map((side) => ({
  name: side === 'Src' ? 'SourceHostname' : 'DestinationHostname',
  type: 'string',
  fields: [side === 'Src' ? 'source.domain' : 'destination.domain'],
  says: `coalesce(${side}FQDN, ${side}Hostname)`,
}));

const HALF_NAMES = ['SrcHostname', 'DstHostname', 'SrcFQDN', 'DstFQDN'];

/** The process of the machine, which is the source of what it opened and else the destination. */
const LOCAL = [
  ['ProcessName', ['process.executable']],
  ['ProcessId', ['process.pid']],
  ['ProcessGuid', ['process.entity_id']],
  ['Username', USER],
] as const;

const networkColumns = (string: string) =>
  columnsOf({
    datetime: TIME,
    int: 'DstPortNumber destination.port\nSrcPortNumber source.port',
    string: `${SESSION}NetworkProtocol network.transport\n${string}`,
  });

const NETWORK: readonly KqlSource[] = [
  kqlSource({
    names: ['imNetworkSession', '_Im_NetworkSession'],
    columns: [
      ...networkColumns(LOCAL.map(([name, fields]) => `Src${name} ${fields.join(' ')}`).join('\n')),
      { name: ASIM_DIRECTION.name, type: 'string', fields: [], constant: 'Outbound' },
    ],
    stands: and([category('network_connection'), isOutbound], NO_SPAN),
    conditions: ['NetworkDirection == "Outbound"'],
    whole: ['SrcUsername'],
    made: HOSTS,
    avoided: HALF_NAMES,
  }),
  kqlSource({
    names: ['imNetworkSession', '_Im_NetworkSession'],
    columns: [
      ...networkColumns(''),
      ASIM_DIRECTION,
      ...LOCAL.flatMap(([name, fields]) => [
        { name: `Src${name}`, type: 'string' as const, fields: [], value: localText(fields, 'source') },
        { name: `Dst${name}`, type: 'string' as const, fields: [], value: localText(fields, 'destination') },
      ]),
    ],
    stands: category('network_connection'),
    whole: ['LocalUsername'],
    made: [
      ...HOSTS,
      ...LOCAL.map(
        ([name, fields]): MadeColumn => ({
          name: `Local${name}`,
          type: 'string',
          fields,
          says: `iff(NetworkDirection == "Inbound", Dst${name}, Src${name})`,
        }),
      ),
    ],
    avoided: HALF_NAMES,
  }),
];

const DNS = columnsOf({
  datetime: TIME,
  string: `${DEVICE}
SrcProcessName process.executable
SrcProcessId process.pid
SrcUsername ${USER.join(' ')}
SrcIpAddr source.ip
DnsQuery dns.question.name
DnsQueryTypeName dns.question.type
DnsResponseName dns.answers.data
`,
});

function webSource(sigma: string, event: string): KqlSource {
  return kqlSource({
    names: ['imWebSession', '_Im_WebSession'],
    columns: columnsOf({
      datetime: TIME,
      int: 'DstPortNumber destination.port\nSrcPortNumber source.port',
      string: `${SESSION}
Url url.original url.full
HttpHost url.domain
HttpUserAgent user_agent.original
HttpRequestMethod http.request.method
HttpReferrer http.request.referrer
HttpVersion http.version
EventResultDetails http.response.status_code
SrcUsername ${USER.join(' ')}
EventType =${event}
`,
    }),
    stands: category(sigma),
    // Sources write it `HTTPsession` and `HTTPSession`.
    conditions: [`EventType =~ "${event}"`],
    whole: ['SrcUsername', 'Url'],
    made: [...HOSTS, URL_QUERY],
    avoided: HALF_NAMES,
  });
}

const URL_QUERY: MadeColumn = {
  name: 'UrlQuery',
  type: 'string',
  fields: ['url.query'],
  says: 'iff(Url contains "?", substring(Url, indexof(Url, "?") + 1), "")',
};

const SOURCES: readonly KqlSource[] = [
  kqlSource({
    names: ASIM_PROCESS_CREATE.names,
    columns: ASIM_PROCESS_CREATE.columns.map((column) =>
      column.name === 'TargetUsername' ? { ...column, fields: USER } : column,
    ),
    stands: ASIM_PROCESS_CREATE.rows(NO_SPAN),
    avoided: AVOIDED,
    whole: ['TargetUsername'],
  }),
  fileSource('file_event', 'FileCreated'),
  fileSource('file_delete', 'FileDeleted'),
  fileSource('file_rename', 'FileRenamed', 'SrcFilePath file.Ext.original.path'),
  fileSource('file_change', 'FileModified'),
  fileSource('file_access', 'FileAccessed'),
  registrySource('registry_set', 'RegistryValueSet'),
  registrySource('registry_add', 'RegistryKeyCreated'),
  registrySource('registry_delete', 'RegistryKeyDeleted', 'RegistryValueDeleted'),
  registrySource('registry_rename', 'RegistryKeyRenamed'),
  registrySource('registry_event'),
  ...NETWORK,
  kqlSource({ names: ['imDns', '_Im_Dns'], columns: DNS, stands: category('dns_query'), whole: ['SrcUsername'] }),
  kqlSource({ names: ['imDns', '_Im_Dns'], columns: DNS, stands: category('dns'), whole: ['SrcUsername'] }),
  webSource('proxy', 'HTTPsession'),
  webSource('webserver', 'WebServerSession'),
];

export const ASIM: KqlTarget = { name: 'ASIM', sources: SOURCES, system: 'DvcOs' };

export function emitKqlAsim(predicate: Predicate, span: Span, settings: KqlSettings): KqlEmission {
  return emitKql(predicate, span, settings, ASIM);
}
