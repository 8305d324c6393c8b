/** Plan → Kusto over Sentinel's normalised tables (ASIM). */
import type { Span } from '../diagnostic/span.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { ASIM_PROCESS_CREATE } from '../vocabulary/asim-process.ts';
import { sigmaLogSource } from '../vocabulary/sigma-log-sources.ts';
import { emitKql, type KqlEmission, type KqlSettings } from './kql.ts';
import { columnsOf, type KqlSource, kqlSource } from './kql-source.ts';

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

const category = (name: string): Predicate => sigmaLogSource({ category: name }, NO_SPAN).predicate;

function fileSource(sigma: string, event: string): KqlSource {
  return kqlSource({
    names: ['imFileEvent', '_Im_FileEvent'],
    columns: columnsOf({
      datetime: 'TimeGenerated @timestamp',
      string: `${DEVICE}${ACTING}${TARGET_FILE}EventType =${event}`,
    }),
    stands: category(sigma),
    conditions: [`EventType == "${event}"`],
    whole: ['ActorUsername'],
  });
}

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
  fileSource('file_rename', 'FileRenamed'),
  fileSource('file_change', 'FileModified'),
  fileSource('file_access', 'FileAccessed'),
  kqlSource({
    names: ['imNetworkSession', '_Im_NetworkSession'],
    columns: columnsOf({
      datetime: 'TimeGenerated @timestamp',
      int: 'DstPortNumber destination.port\nSrcPortNumber source.port',
      string: `${DEVICE}
SrcProcessName process.executable
SrcProcessId process.pid
SrcProcessGuid process.entity_id
SrcUsername ${USER.join(' ')}
SrcIpAddr source.ip
SrcHostname source.domain
DstIpAddr destination.ip
DstHostname destination.domain
NetworkProtocol network.transport
`,
    }),
    stands: category('network_connection'),
    whole: ['SrcUsername'],
  }),
  kqlSource({
    names: ['imDns', '_Im_Dns'],
    columns: columnsOf({
      datetime: 'TimeGenerated @timestamp',
      string: `${DEVICE}
SrcProcessName process.executable
SrcProcessId process.pid
SrcUsername ${USER.join(' ')}
SrcIpAddr source.ip
DnsQuery dns.question.name
DnsQueryTypeName dns.question.type
`,
    }),
    stands: category('dns_query'),
    whole: ['SrcUsername'],
  }),
];

export function emitKqlAsim(predicate: Predicate, span: Span, settings: KqlSettings): KqlEmission {
  return emitKql(predicate, span, settings, { name: 'ASIM', sources: SOURCES, system: 'DvcOs' });
}
