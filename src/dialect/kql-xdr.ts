/**
 * Plan → Kusto over Microsoft Defender XDR's advanced hunting tables.
 *
 * No table names the operating system of its device; `DeviceInfo` does, of every device that reported within the time of
 * the query.
 */
import type { Span } from '../diagnostic/span.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, type Predicate } from '../plan/predicate/node.ts';
import { columnsOf } from '../vocabulary/column-lines.ts';
import {
  ACCEPTED,
  DEVICE_EVENTS,
  DEVICE_FILE_EVENTS,
  DEVICE_IMAGE_LOAD_EVENTS,
  DEVICE_NETWORK_EVENTS,
  DEVICE_NETWORK_EVENTS_OUT,
  DEVICE_PROCESS_EVENTS,
  DEVICE_REGISTRY_EVENTS,
  type DefenderTable,
  OPENED,
  registryNames,
} from '../vocabulary/defender-tables.ts';
import { registryAction } from '../vocabulary/registry-column.ts';
import { sigmaLogSource } from '../vocabulary/sigma-log-sources.ts';
import { emitKql, type KqlEmission, type KqlSettings, type KqlTarget } from './kql.ts';
import { isOutbound, joinedPath, registryPath } from './kql-made.ts';
import { type KqlSource, kqlSource, type MadeColumn, type SourceParts } from './kql-source.ts';

/** Beside what the table itself gives. */
type Further = Partial<Pick<SourceParts, 'conditions' | 'made' | 'account' | 'system' | 'stands'>> & {
  /** `ActionType` in the rows, where the table's own word for them is what tells them. */
  readonly action?: string;
};

function source(category: string, { name, columns, computed = [] }: DefenderTable, further: Further = {}): KqlSource {
  const { action, made = [], ...rest } = further;
  const constant = action === undefined ? '' : `ActionType =${action}`;
  return kqlSource({
    names: [name],
    columns: [...columnsOf({ ...columns, string: `${columns.string}\n${constant}` }), ...computed],
    stands: sigmaLogSource({ category }, NO_SPAN).predicate,
    conditions: action === undefined ? [] : [`ActionType == "${action}"`],
    made: columns.string?.includes(PARENT_NAME) === true ? [...made, PARENT] : made,
    ...rest,
  });
}

const PARENT_NAME = 'InitiatingProcessParentFileName';

/** Of the parent the tables have the name alone. */
const PARENT: MadeColumn = {
  name: 'ParentFile',
  type: 'string',
  fields: ['process.parent.executable'],
  says: `strcat("\\\\", ${PARENT_NAME})`,
  isEnding: true,
};

const account = (columns: string): MadeColumn => ({
  name: 'Account',
  type: 'string',
  fields: [],
  says: `strcat(${columns}Domain, "\\\\", ${columns}Name)`,
});

const OF_PROCESS = { account: account('InitiatingProcessAccount') };

const oneOf = (actions: readonly string[]) => `ActionType in (${actions.map((each) => `"${each}"`).join(', ')})`;

/** An end of a connection, which depends on who opened it. */
const end = (name: string, field: string, accepted: string, opened: string, type: 'int' | 'string'): MadeColumn => ({
  name,
  type,
  fields: [field],
  says: `iff(ActionType == "${ACCEPTED}", ${accepted}, ${opened})`,
});

const ENDS: readonly MadeColumn[] = [
  end('SourceIP', 'source.ip', 'RemoteIP', 'LocalIP', 'string'),
  end('SourcePort', 'source.port', 'RemotePort', 'LocalPort', 'int'),
  end('SourceHostname', 'source.domain', 'RemoteUrl', '""', 'string'),
  end('DestinationIP', 'destination.ip', 'LocalIP', 'RemoteIP', 'string'),
  end('DestinationPort', 'destination.port', 'LocalPort', 'RemotePort', 'int'),
  end('DestinationHostname', 'destination.domain', '""', 'RemoteUrl', 'string'),
];

const additional = (name: string) => `tostring(parse_json(AdditionalFields).${name})`;

const part = (name: string, fields: readonly string[], says: string): MadeColumn => ({
  name,
  type: 'string',
  fields,
  says,
});

/** The path of the file has its name or lacks it, by the kind of event and the age of the sensor. */
const WHOLE_PATH = 'iff(FolderPath endswith FileName, FolderPath, strcat(FolderPath, "\\\\", FileName))';

/** Sysmon leaves out the folder of all pipes. */
const PIPE = ['file.name', 'winlog.event_data.PipeName'];

const network = sigmaLogSource({ category: 'network_connection' }, NO_SPAN).predicate;

/** Of what was deleted or renamed, Defender has the names among those of before. */
const NOW = joinedPath('RegistryKey', 'RegistryValueName');
const DELETED = 'strcat(PreviousRegistryKey, "\\\\", PreviousRegistryValueName)';
const REGISTRY_PATHS: Readonly<Record<string, string>> = {
  registry_set: NOW,
  registry_add: NOW,
  registry_delete: `iff(ActionType == "RegistryValueDeleted", ${DELETED}, PreviousRegistryKey)`,
  registry_rename: 'PreviousRegistryKey',
  registry_event: `case(ActionType == "RegistryValueDeleted", ${DELETED}, ActionType in ("RegistryKeyDeleted", "RegistryKeyRenamed"), PreviousRegistryKey, ${NOW})`,
};

function registry(category: string, actions: readonly string[]): KqlSource {
  const action = registryAction('ActionType', actions[0] ?? '');
  return source(
    category,
    { ...DEVICE_REGISTRY_EVENTS, computed: [action, ...registryNames(action)] },
    {
      ...OF_PROCESS,
      conditions:
        actions.length === 0 ? [] : actions.length === 1 ? [`ActionType == "${actions[0]}"`] : [oneOf(actions)],
      made: [registryPath(REGISTRY_PATHS[category] ?? NOW)],
      system: 'windows',
    },
  );
}

const SOURCES: readonly KqlSource[] = [
  source('process_creation', DEVICE_PROCESS_EVENTS, {
    account: account('Account'),
    made: [
      { ...PARENT, name: 'GrandparentFile', fields: ['winlog.event_data.GrandParentImage'] },
      { ...account('InitiatingProcessAccount'), name: 'ParentAccount', fields: ['winlog.event_data.ParentUser'] },
    ],
  }),
  source('file_event', DEVICE_FILE_EVENTS, { ...OF_PROCESS, action: 'FileCreated' }),
  source('file_delete', DEVICE_FILE_EVENTS, { ...OF_PROCESS, action: 'FileDeleted' }),
  source('file_rename', DEVICE_FILE_EVENTS, { ...OF_PROCESS, action: 'FileRenamed' }),
  source('file_change', DEVICE_FILE_EVENTS, { ...OF_PROCESS, action: 'FileModified' }),
  source('image_load', DEVICE_IMAGE_LOAD_EVENTS, OF_PROCESS),
  source('network_connection', DEVICE_NETWORK_EVENTS_OUT, {
    ...OF_PROCESS,
    stands: and([network, isOutbound], NO_SPAN),
    conditions: [oneOf(OPENED)],
  }),
  source('network_connection', DEVICE_NETWORK_EVENTS, {
    ...OF_PROCESS,
    conditions: [oneOf([...OPENED, ACCEPTED])],
    made: ENDS,
  }),
  source('dns_query', DEVICE_EVENTS, {
    ...OF_PROCESS,
    action: 'DnsQueryResponse',
    made: [part('QueryName', ['dns.question.name'], additional('DnsQueryString'))],
  }),
  source('pipe_created', DEVICE_EVENTS, {
    ...OF_PROCESS,
    action: 'NamedPipeEvent',
    made: [part('PipeName', PIPE, `replace_string(${additional('PipeName')}, "\\\\Device\\\\NamedPipe", "")`)],
  }),
  source('create_remote_thread', DEVICE_EVENTS, {
    ...OF_PROCESS,
    action: 'CreateRemoteThreadApiCall',
    made: [part('TargetImage', ['winlog.event_data.TargetImage'], WHOLE_PATH)],
  }),
  registry('registry_set', ['RegistryValueSet']),
  registry('registry_add', ['RegistryKeyCreated']),
  registry('registry_delete', ['RegistryKeyDeleted', 'RegistryValueDeleted']),
  registry('registry_rename', ['RegistryKeyRenamed']),
  registry('registry_event', []),
];

const onSystem = (condition: string) => `DeviceId in ((DeviceInfo | where ${condition} | distinct DeviceId))`;

export const XDR: KqlTarget = {
  name: 'Defender XDR',
  sources: SOURCES,
  ofSystem: new Map([
    ['linux', onSystem('OSPlatform == "Linux"')],
    ['macos', onSystem('OSPlatform == "macOS"')],
    ['windows', onSystem('OSPlatform startswith "Windows"')],
  ]),
};

export function emitKqlXdr(predicate: Predicate, span: Span, settings: KqlSettings): KqlEmission {
  return emitKql(predicate, span, settings, XDR);
}
