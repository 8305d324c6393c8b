/**
 * A record of HarfangLab as ECS: the derivations.
 *
 * What a record is of stands in `log_type`, or shows in which fields it has. A process record is about its own process;
 * every other about the process that did it. An alert holds the process that it is about under `process`.
 */
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime } from '../event/time.ts';
import { type Derivation, derivationTable, type Transform } from './derivation.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import { asIp, distinct, integerAt, textAt } from './json-fields.ts';
import { osOfPath } from './os-of-path.ts';
import { splitWords } from './split-words.ts';
import { knownFields } from './vendor-fields.ts';
import { splitWindowsArguments } from './windows-arguments.ts';
import { splitAccount } from './windows-record.ts';

type Kind = 'process' | 'network' | 'dns' | 'file' | 'registry' | 'library' | 'driver' | 'other';

export interface HarfangLabRecord {
  readonly row: JsonObject;
  readonly agent: JsonObject;
  readonly time: EventTime;
  readonly kind: Kind;
  readonly isAlert: boolean;
  /** The record, or within it the one that tells of the process. */
  readonly process: JsonObject;
}

const KIND_OF_LOG_TYPE: ReadonlyMap<string, Kind> = new Map([
  ['process', 'process'],
  ['network', 'network'],
  ['dns_resolution', 'dns'],
  ['file', 'file'],
  ['registry', 'registry'],
  ['library', 'library'],
  ['driverload', 'driver'],
]);
/** A field that only records of this kind have, the surest first. */
const KIND_OF_FIELD: readonly (readonly [string, Kind])[] = [
  ['commandline', 'process'],
  ['requested_name', 'dns'],
  ['target_object', 'registry'],
  ['event_path', 'file'],
  ['library_path', 'library'],
  ['imagebase', 'driver'],
  ['daddr', 'network'],
  ['transport_protocol', 'network'],
];
const CATEGORY: Readonly<Record<Kind, string | undefined>> = {
  process: 'process',
  network: 'network',
  dns: 'network',
  file: 'file',
  registry: 'registry',
  library: 'library',
  driver: 'driver',
  other: undefined,
};
const TYPE_OF_OPERATION: ReadonlyMap<string, string> = new Map([
  ['create', 'creation'],
  ['download', 'creation'],
  ['write', 'change'],
  ['rename', 'change'],
  ['delete', 'deletion'],
  ['read', 'access'],
  ['setvalue', 'change'],
  ['createkey', 'creation'],
  ['deletekey', 'deletion'],
  ['deletevalue', 'deletion'],
]);

/** @param row a line's record */
export function kindOfRecord(row: JsonObject): Pick<HarfangLabRecord, 'kind' | 'isAlert' | 'process'> {
  const type = textAt(row, 'log_type') ?? '';
  if (type === 'alert') {
    const process = isJsonObject(row.process) ? row.process : row;
    return { kind: 'other', isAlert: true, process };
  }
  const kind = KIND_OF_LOG_TYPE.get(type) ?? KIND_OF_FIELD.find(([field]) => Object.hasOwn(row, field))?.[1] ?? 'other';
  return { kind, isAlert: false, process: row };
}

type Row = Derivation<HarfangLabRecord>;
type Compute = (record: HarfangLabRecord) => Json | undefined;

const derive = (field: string, transform: Transform, from: string, compute: Compute): Row => ({
  field,
  from: from.split(' '),
  transform,
  compute,
});
const ofProcess = (field: string, name: string, read: typeof textAt | typeof integerAt = textAt): Row =>
  derive(`process.${field}`, 'same', name, ({ process }) => read(process, name));
const within = (field: string, object: string, name: string): Row =>
  derive(field, 'same', `${object}.${name}`, ({ process }) => {
    const inner = process[object];
    return isJsonObject(inner) ? textAt(inner, name) : undefined;
  });

export const HARFANGLAB = derivationTable<HarfangLabRecord>([
  derive('@timestamp', 'time', '@event_create_date @timestamp', ({ time }) => formatTime(time)),
  derive('event.kind', 'compute', 'log_type', ({ isAlert }) => (isAlert ? 'alert' : 'event')),
  derive('event.module', 'constant', '', () => 'harfanglab'),
  derive('event.dataset', 'constant', '', () => 'harfanglab.edr'),
  derive('event.category', 'compute', 'log_type', categoriesOf),
  derive('event.type', 'compute', 'log_type operation event_type direction', (record) => distinct(typesOf(record))),
  derive('event.action', 'compute', 'log_type operation event_type alert_subtype', actionOf),

  derive('agent.id', 'same', 'agent.agentid', ({ agent }) => textAt(agent, 'agentid')),
  derive('agent.version', 'same', 'agent.version', ({ agent }) => textAt(agent, 'version')),
  derive('host.id', 'same', 'agent.agentid', ({ agent }) => textAt(agent, 'agentid')),
  derive('host.name', 'lower', 'agent.hostname', ({ agent }) => textAt(agent, 'hostname')?.toLowerCase()),
  derive('host.domain', 'same', 'agent.domainname', ({ agent }) => textAt(agent, 'domainname')),
  derive('host.ip', 'compute', 'agent.ipaddress', ({ agent }) => distinct([asIp(textAt(agent, 'ipaddress'))])),
  derive('host.os.type', 'compute', 'agent.ostype agent.osproducttype image_name', osOf),
  derive('host.os.version', 'same', 'agent.osversion', ({ agent }) => textAt(agent, 'osversion')),
  derive('host.os.full', 'same', 'agent.osproducttype', ({ agent }) => textAt(agent, 'osproducttype')),

  derive('user.name', 'compute', 'username user_name', (record) => accountOf(record).name),
  derive('user.domain', 'compute', 'username user_name', (record) => accountOf(record).domain),
  derive(
    'user.id',
    'compute',
    'usersid user_sid',
    ({ row, process }) => textAt(process, 'usersid') ?? textAt(row, 'user_sid'),
  ),

  ofProcess('entity_id', 'process_unique_id'),
  ofProcess('pid', 'pid', integerAt),
  derive('process.executable', 'compute', 'image_name process_image_path source_image', executableOf),
  derive('process.name', 'compute', 'process_name image_name process_image_path source_image', (record) => {
    const path = executableOf(record);
    return textAt(record.process, 'process_name') ?? (path === undefined ? undefined : lastPart(path));
  }),
  ofProcess('command_line', 'commandline'),
  derive('process.args', 'compute', 'commandline', ({ process }) => argumentsOf(process, 'commandline')),
  derive('process.args_count', 'compute', 'commandline', ({ process }) => argumentsOf(process, 'commandline')?.length),
  ofProcess('working_directory', 'current_directory'),
  derive('process.hash', 'compute', 'hashes', (record) =>
    isOfProcess(record) ? hashesOf(record.process.hashes) : undefined,
  ),
  within('process.pe.original_file_name', 'pe_info', 'original_filename'),
  within('process.pe.company', 'pe_info', 'company_name'),
  within('process.pe.description', 'pe_info', 'file_description'),
  within('process.pe.product', 'pe_info', 'product_name'),
  within('process.pe.file_version', 'pe_info', 'file_version'),
  ofProcess('pe.imphash', 'pe_imphash'),
  ofProcess('Ext.token.integrity_level_name', 'integrity_level'),
  derive('process.parent.pid', 'number', 'ppid', ({ process }) => integerAt(process, 'ppid')),
  derive('process.parent.entity_id', 'same', 'parent_unique_id', ({ process }) => textAt(process, 'parent_unique_id')),
  derive('process.parent.executable', 'same', 'parent_image', ({ process }) => textAt(process, 'parent_image')),
  derive('process.parent.name', 'basename', 'parent_image', ({ process }) => {
    const image = textAt(process, 'parent_image');
    return image === undefined ? undefined : lastPart(image);
  }),
  derive('process.parent.command_line', 'same', 'parent_commandline', ({ process }) =>
    textAt(process, 'parent_commandline'),
  ),
  derive('process.parent.args', 'compute', 'parent_commandline', ({ process }) =>
    argumentsOf(process, 'parent_commandline'),
  ),

  derive('file', 'compute', 'event_path written_file_size written_file_hashes', fileOf),
  derive('dll', 'compute', 'library_path imagepath hashes', dllOf),
  derive('registry', 'compute', 'target_object details', registryOf),

  derive('network.direction', 'compute', 'direction', ({ kind, row }) =>
    kind === 'network' ? directionOf(row) : undefined,
  ),
  derive('network.transport', 'lower', 'transport_protocol', ({ row }) =>
    textAt(row, 'transport_protocol')?.toLowerCase(),
  ),
  derive('source.ip', 'compute', 'saddr', ({ row }) => asIp(textAt(row, 'saddr'))),
  derive('source.port', 'number', 'sport', ({ row }) => integerAt(row, 'sport')),
  derive('destination.ip', 'compute', 'daddr', ({ row }) => asIp(textAt(row, 'daddr'))),
  derive('destination.port', 'number', 'dport', ({ row }) => integerAt(row, 'dport')),
  derive('dns.question.name', 'same', 'requested_name', ({ row }) => textAt(row, 'requested_name')),
  derive('dns.question.type', 'same', 'query_type', ({ row }) => textAt(row, 'query_type')),
  derive('dns.resolved_ip', 'compute', 'ip_addresses', ({ row }) =>
    Array.isArray(row.ip_addresses)
      ? distinct(row.ip_addresses.map((address) => (typeof address === 'string' ? asIp(address) : undefined)))
      : undefined,
  ),

  derive('rule.id', 'same', 'rule_id', ({ row }) => textAt(row, 'rule_id')),
  derive('rule.name', 'same', 'rule_name', ({ row }) => textAt(row, 'rule_name')),
  derive('message', 'same', 'msg', ({ row }) => textAt(row, 'msg')),
  derive('harfanglab', 'same', '*', ({ row }) => row),
]);

const words = splitWords(
  'alert event harfanglab.edr process network dns file registry library driver creation change deletion access start connection info ' +
    'protocol windows linux macos dir outbound inbound unknown',
  ['commandline', 'parent_commandline'],
);
export const HARFANGLAB_PROMISES = { words: ({ process }: HarfangLabRecord) => words(process) };

function isOfProcess({ kind, isAlert, process, row }: HarfangLabRecord): boolean {
  return kind === 'process' || (isAlert && process !== row);
}

function categoriesOf(record: HarfangLabRecord): string[] | undefined {
  if (record.kind === 'dns') return ['network'];
  const category = isOfProcess(record) ? 'process' : CATEGORY[record.kind];
  return category === undefined ? undefined : [category];
}

function typesOf({ kind, isAlert, row }: HarfangLabRecord): string[] {
  if (isAlert) return ['info'];
  if (kind === 'process') return ['start'];
  if (kind === 'network') return /^(?:out|in)/.test(directionOf(row) ?? '') ? ['connection'] : ['info'];
  if (kind === 'dns') return ['protocol', 'info'];
  if (kind === 'library' || kind === 'driver') return ['start'];
  const operation = (textAt(row, 'operation') ?? textAt(row, 'event_type') ?? '').toLowerCase();
  return [TYPE_OF_OPERATION.get(operation) ?? 'info'];
}

function actionOf({ kind, isAlert, row }: HarfangLabRecord): string | undefined {
  if (isAlert) return textAt(row, 'alert_subtype');
  if (kind === 'process') return 'start';
  const operation = textAt(row, 'operation') ?? textAt(row, 'event_type');
  return operation?.toLowerCase() ?? textAt(row, 'log_type');
}

function osOf({ agent, process }: HarfangLabRecord): string | undefined {
  const named = (textAt(agent, 'ostype') ?? textAt(agent, 'osproducttype') ?? '').toLowerCase();
  for (const os of ['windows', 'linux', 'macos']) if (named.includes(os)) return os;
  return osOfPath(textAt(process, 'image_name') ?? textAt(process, 'process_image_path'));
}

function accountOf({ process, row }: HarfangLabRecord): { readonly domain?: string; readonly name?: string } {
  return splitAccount(textAt(process, 'username') ?? textAt(row, 'user_name'));
}

function executableOf({ kind, process }: HarfangLabRecord): string | undefined {
  if (kind === 'driver') return undefined;
  return textAt(process, 'image_name') ?? textAt(process, 'process_image_path') ?? textAt(process, 'source_image');
}

function argumentsOf(process: JsonObject, name: string): string[] | undefined {
  const line = textAt(process, name);
  return line === undefined ? undefined : splitWindowsArguments(line);
}

function hashesOf(hashes: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(hashes)) return undefined;
  return knownFields({ md5: textAt(hashes, 'md5'), sha1: textAt(hashes, 'sha1'), sha256: textAt(hashes, 'sha256') });
}

function fileOf({ kind, row }: HarfangLabRecord): JsonObject | undefined {
  const path = textAt(row, 'event_path');
  if (kind !== 'file' || path === undefined) return undefined;
  return knownFields({
    ...fileOfPath(path),
    size: integerAt(row, 'written_file_size'),
    hash: hashesOf(row.written_file_hashes),
  });
}

function dllOf({ kind, row }: HarfangLabRecord): JsonObject | undefined {
  if (kind !== 'library' && kind !== 'driver') return undefined;
  const path = textAt(row, 'library_path') ?? textAt(row, 'imagepath');
  return knownFields({
    path,
    name: path === undefined ? textAt(row, 'imagename') : lastPart(path),
    hash: hashesOf(row.hashes),
  });
}

/** The hive is shortened already. */
function registryOf({ row }: HarfangLabRecord): JsonObject | undefined {
  const path = textAt(row, 'target_object');
  if (path === undefined) return undefined;
  const [hive = '', ...rest] = path.split('\\');
  const value = rest.pop();
  return knownFields({
    path,
    hive: /^HK[A-Z]+$/.test(hive) ? hive : undefined,
    key: rest.length === 0 ? undefined : rest.join('\\'),
    value,
    data: knownFields({ strings: distinct([textAt(row, 'details')]) }),
  });
}

function directionOf(row: JsonObject): string | undefined {
  const direction = textAt(row, 'direction');
  if (direction === undefined) return undefined;
  return direction.startsWith('out') ? 'outbound' : direction.startsWith('in') ? 'inbound' : 'unknown';
}
