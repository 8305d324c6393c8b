/**
 * ASIM's schemas of what processes do to files and the registry (`imFileEvent`, `imRegistry`) over ECS.
 *
 * Source: Microsoft's Advanced Security Information Model, file event schema 0.2.1, registry event schema 0.1.2.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { literal, type Value } from '../plan/predicate/node.ts';
import { ASIM_ACTING, ASIM_COMMON, kindColumn } from './asim-common.ts';
import { asimTables } from './asim-schema.ts';
import { columnsOf, mergedColumns } from './column-lines.ts';
import { REGISTRY_KEY, REGISTRY_PATH, REGISTRY_VALUE, SYSMON_ACTIONS, whenAction } from './registry-column.ts';
import { sigmaLogSource } from './sigma-log-sources.ts';
import type { Column, Table } from './table.ts';

const FILE = mergedColumns(
  ASIM_COMMON,
  ASIM_ACTING,
  columnsOf({
    long: 'SrcFileSize\nTargetFileSize file.size',
    int: 'SrcPortNumber source.port',
    datetime: 'SrcFileCreationTime\nTargetFileCreationTime file.created',
    string: `
EventResult =Success
EventSchema =FileEvent
EventSchemaVersion =0.2.1
FileName file.name
FilePath file.path
Hash file.hash.sha512 file.hash.sha256 file.hash.sha1 file.hash.md5
HashType
HttpUserAgent
IpAddr source.ip
NetworkApplicationProtocol
Src source.ip
SrcDescription
SrcDeviceType
SrcDomain
SrcDvcId
SrcFQDN
SrcFileDirectory
SrcFileExtension
SrcFileMD5
SrcFileMimeType
SrcFileName
SrcFilePath file.Ext.original.path
SrcFilePathType
SrcFileSHA1
SrcFileSHA256
SrcFileSHA512
SrcHostname source.domain
SrcIpAddr source.ip
TargetAppId
TargetAppName
TargetAppType
TargetFileDirectory file.directory
TargetFileExtension file.extension
TargetFileMD5 file.hash.md5
TargetFileMimeType file.mime_type
TargetFileName file.name
TargetFilePath file.path
TargetFilePathType
TargetFileSHA1 file.hash.sha1
TargetFileSHA256 file.hash.sha256
TargetFileSHA512 file.hash.sha512
TargetUrl
Type =imFileEvent
Url
`,
  }),
  [
    kindColumn(
      'EventType',
      ['event.type', 'event.action'],
      {
        access: 'FileAccessed',
        change: 'FileModified',
        creation: 'FileCreated',
        overwrite: 'FileCreated',
        deletion: 'FileDeleted',
        rename: 'FileRenamed',
        renamed: 'FileRenamed',
      },
      'FileModified',
    ),
  ],
);

const FILE_TABLES = asimTables({
  names: ['imFileEvent', '_Im_FileEvent', 'vimFileEvent'],
  plain: ['ASimFileEvent', '_ASim_FileEvent'],
  stem: 'FileEvent',
  sources: ['LinuxSysmonFileCreated', 'Microsoft365D', 'MicrosoftSysmon', 'MicrosoftSysmonWindowsEvent', 'SentinelOne'],
  columns: FILE,
  parameters: [
    'starttime',
    'endtime',
    'eventtype_in EventType',
    'srcipaddr_has_any_prefix SrcIpAddr',
    'actorusername_has_any ActorUsername',
    'targetfilepath_has_any TargetFilePath',
    'srcfilepath_has_any SrcFilePath',
    'hashes_has_any TargetFileMD5 TargetFileSHA1 TargetFileSHA256 TargetFileSHA512',
    'dvchostname_has_any DvcHostname',
    'pack',
  ],
  rows: (span) => sigmaLogSource({ category: 'file' }, span).predicate,
});

const EVENT_TYPE = kindColumn(
  'EventType',
  ['event.type', 'winlog.event_data.EventType'],
  {
    change: 'RegistryValueSet',
    creation: 'RegistryKeyCreated',
    deletion: 'RegistryKeyDeleted',
    ...Object.fromEntries(SYSMON_ACTIONS),
  },
  'RegistryValueSet',
);

const made = (name: string, value: Value): Column => ({ name, type: 'string', fields: [], value });
const NOTHING = literal('', NO_SPAN);
const RENAMED = ['RegistryKeyRenamed'];
/** These are of the key alone, whose own name some sources give as a value. */
const OF_KEYS = ['RegistryKeyCreated', 'RegistryKeyDeleted'];

const REGISTRY = mergedColumns(
  ASIM_COMMON,
  ASIM_ACTING,
  columnsOf({
    string: `
EventResult =Success
EventSchema =RegistryEvent
EventSchemaVersion =0.1.2
ParentProcessCommandLine process.parent.command_line
ParentProcessGuid process.parent.entity_id
ParentProcessId process.parent.pid
ParentProcessName process.parent.executable
RegistryPreviousKey
RegistryPreviousValue
RegistryPreviousValueData
RegistryPreviousValueType
RegistryValueData registry.data.strings
RegistryValueType registry.data.type
Type =imRegistry
`,
  }),
  [
    EVENT_TYPE,
    made(
      'RegistryKey',
      whenAction(EVENT_TYPE, RENAMED, NOTHING, whenAction(EVENT_TYPE, OF_KEYS, REGISTRY_PATH, REGISTRY_KEY)),
    ),
    made('RegistryValue', whenAction(EVENT_TYPE, [...RENAMED, ...OF_KEYS], NOTHING, REGISTRY_VALUE)),
    made('RegistryKeyModified', whenAction(EVENT_TYPE, RENAMED, REGISTRY_PATH)),
  ],
);

const REGISTRY_TABLES = asimTables({
  names: ['imRegistry', '_Im_RegistryEvent', '_Im_Registry', 'imRegistryEvent', 'vimRegistryEvent'],
  plain: ['ASimRegistry', '_ASim_RegistryEvent', 'ASimRegistryEvent'],
  stem: 'RegistryEvent',
  sources: ['Microsoft365D', 'MicrosoftSysmon', 'MicrosoftSysmonWindowsEvent', 'MicrosoftWindowsEvent', 'SentinelOne'],
  columns: REGISTRY,
  parameters: [
    'starttime',
    'endtime',
    'eventtype_in EventType',
    'actorusername_has_any ActorUsername',
    'registrykey_has_any RegistryKey',
    'registryvalue_has_any RegistryValue',
    'registryvaluedata_has_any RegistryValueData',
    'dvchostname_has_any DvcHostname',
    'pack',
  ],
  rows: (span) => sigmaLogSource({ category: 'registry_event' }, span).predicate,
});

export const ASIM_OBJECT_TABLES: readonly Table[] = [...FILE_TABLES, ...REGISTRY_TABLES];
