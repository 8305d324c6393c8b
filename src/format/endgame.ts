/**
 * Elastic Endgame in its own flat names (`event_type_full`, `process_name`, `unique_pid`); documents that Endgame wrote
 * in ECS are read as any ECS document (elastic-defend.ts).
 *
 * Every field stays as `endgame.<name>`, where Elastic's rules look for `endgame.event_subtype_full`. The sensor does not
 * name its system, so `host.os.type` is read from the paths that the event has.
 */
import { Event } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { type EventTime, formatTime } from '../event/time.ts';
import { ENDGAME_INDEX } from './data-stream.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { asIp, distinct, integerAt, millisecondsAsTime, textAt, ticksAsTime } from './json-fields.ts';
import { osOfPath } from './os-of-path.ts';
import { splitWords } from './split-words.ts';
import { splitWindowsArguments } from './windows-arguments.ts';

export const endgame: Format = {
  name: 'endgame',
  isAlone: true,
  names: ['event_type_full'],
  recognises: ({ json }) =>
    json !== undefined && typeof json.event_type_full === 'string' && json.event_type_full.endsWith('_event'),
  open: (_settings, sink) => ({
    line(line: ReadLine): void {
      const raw = line.json ?? {};
      const time = ticksAsTime(textAt(raw, 'timestamp')) ?? millisecondsAsTime(textAt(raw, '@timestamp'));
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The event has no timestamp that is a time.');
        return;
      }
      sink.event(
        new Event({
          time,
          source: new DerivedSource({ raw, time }, ENDGAME, ENDGAME_PROMISES),
          raw: line.bytes,
          format: endgame.name,
          dataStreams: [ENDGAME_INDEX],
          origin: line.origin,
        }),
      );
    },
  }),
};

interface EndgameRecord {
  readonly raw: JsonObject;
  readonly time: EventTime;
}

const PATHS = ['process_path', 'parent_process_path', 'file_path', 'image_path', 'command_line'];

const derive = (
  field: string,
  transform: Transform,
  from: string,
  compute: (raw: JsonObject) => Json | undefined,
): Derivation<EndgameRecord> => ({
  field,
  from: from.split(' '),
  transform,
  compute: ({ raw }) => compute(raw),
});
const same = (field: string, name: string) => derive(field, 'same', name, (raw) => textAt(raw, name));
const number = (field: string, name: string) => derive(field, 'number', name, (raw) => integerAt(raw, name));
const address = (field: string, name: string) => derive(field, 'compute', name, (raw) => asIp(textAt(raw, name)));

export const ENDGAME = derivationTable<EndgameRecord>([
  {
    field: '@timestamp',
    from: ['timestamp', '@timestamp'],
    transform: 'time',
    compute: ({ time }) => formatTime(time),
  },
  same('event.action', 'event_subtype_full'),
  derive('event.category', 'compute', 'event_type_full', (raw) => [categoryOf(raw)]),
  derive('event.type', 'compute', 'event_type_full event_subtype_full', (raw) => typeOf(raw)),
  derive('event.kind', 'constant', '', () => 'event'),
  derive('event.module', 'constant', '', () => 'endgame'),
  number('event.sequence', 'serial_event_id'),

  same('host.name', 'hostname'),
  derive('host.os.type', 'compute', PATHS.join(' '), (raw) => osOf(raw)),
  same('user.name', 'user_name'),
  same('user.domain', 'user_domain'),
  same('user.id', 'user_sid'),

  number('process.pid', 'pid'),
  same('process.name', 'process_name'),
  same('process.executable', 'process_path'),
  same('process.command_line', 'command_line'),
  derive('process.args', 'compute', 'command_line', (raw) => argumentsOf(raw, 'command_line')),
  derive('process.args_count', 'compute', 'command_line', (raw) => argumentsOf(raw, 'command_line')?.length),
  same('process.entity_id', 'unique_pid'),
  number('process.exit_code', 'exit_code'),
  same('process.pe.original_file_name', 'original_file_name'),
  ...['md5', 'sha1', 'sha256'].map((kind) =>
    derive(`process.hash.${kind}`, 'same', `${kind} event_type_full`, (raw) =>
      categoryOf(raw) === 'process' ? textAt(raw, kind) : undefined,
    ),
  ),
  number('process.parent.pid', 'ppid'),
  same('process.parent.name', 'parent_process_name'),
  same('process.parent.executable', 'parent_process_path'),
  same('process.parent.command_line', 'parent_command_line'),
  derive('process.parent.args', 'compute', 'parent_command_line', (raw) => argumentsOf(raw, 'parent_command_line')),
  derive(
    'process.parent.args_count',
    'compute',
    'parent_command_line',
    (raw) => argumentsOf(raw, 'parent_command_line')?.length,
  ),
  same('process.parent.entity_id', 'unique_ppid'),

  derive('file', 'compute', 'file_path file_name old_file_path', (raw) => fileOf(raw)),
  derive('registry', 'compute', 'registry_key registry_path registry_value registry_type', (raw) => registryOf(raw)),
  derive('dns.question.name', 'compute', 'query_name', (raw) => textAt(raw, 'query_name')?.replace(/(?<=.)\.$/, '')),
  address('source.ip', 'source_address'),
  number('source.port', 'source_port'),
  address('destination.ip', 'destination_address'),
  number('destination.port', 'destination_port'),
  derive('network.transport', 'lower', 'protocol', (raw) => textAt(raw, 'protocol')?.toLowerCase()),
  derive('network.direction', 'compute', 'subtype event_type_full', (raw) => directionOf(raw)),
  derive('dll.path', 'same', 'image_path', (raw) => textAt(raw, 'image_path')),
  derive('dll.name', 'same', 'image_name', (raw) => textAt(raw, 'image_name')),
  derive('endgame', 'compute', '*', (raw) => vendorFieldsOf(raw)),
]);

const words = splitWords(
  'event endgame network library authentication start end info protocol connection deletion creation change windows linux macos ' +
    'dir file egress ingress reg_binary reg_expand_sz reg_dword reg_multi_sz reg_qword reg_sz',
  ['command_line', 'parent_command_line'],
);
export const ENDGAME_PROMISES = { words: ({ raw }: EndgameRecord) => words(raw) };

/** Subtypes whose meaning their words do not tell. */
const PROCESS_TYPES: ReadonlyMap<string, string> = new Map([
  ['creation_event', 'start'],
  ['exec_event', 'start'],
  ['fork_event', 'start'],
  ['termination_event', 'end'],
]);
const REGISTRY_TYPES: ReadonlyMap<string, string> = new Map([
  ['binary', 'REG_BINARY'],
  ['dword', 'REG_DWORD'],
  ['expand_string', 'REG_EXPAND_SZ'],
  ['multi_string', 'REG_MULTI_SZ'],
  ['qword', 'REG_QWORD'],
  ['string', 'REG_SZ'],
]);

/** `process_event` → process; image loads are a library's, DNS the network's, security events are logons. */
function categoryOf(raw: JsonObject): string {
  const kind = (textAt(raw, 'event_type_full') ?? '').replace(/_event$/, '');
  const other: Record<string, string> = { dns: 'network', image_load: 'library', security: 'authentication' };
  return Object.hasOwn(other, kind) ? (other[kind] as string) : kind;
}

function typeOf(raw: JsonObject): string[] {
  const subtype = textAt(raw, 'event_subtype_full') ?? '';
  switch (categoryOf(raw)) {
    case 'process':
      return [PROCESS_TYPES.get(subtype) ?? 'info'];
    case 'library':
      return ['start'];
    case 'network':
      if (textAt(raw, 'event_type_full') === 'dns_event') return ['info', 'protocol'];
      return [/disconnect|close/.test(subtype) ? 'end' : 'start', 'connection'];
    case 'authentication':
      return [/logoff/.test(subtype) ? 'end' : /logon/.test(subtype) ? 'start' : 'info'];
    default:
      if (subtype.includes('delete')) return ['deletion'];
      if (subtype.includes('create')) return ['creation'];
      return [/modify|rename|overwrite|write/.test(subtype) ? 'change' : 'info'];
  }
}

function osOf(raw: JsonObject): string | undefined {
  for (const name of PATHS) {
    const os = osOfPath(textAt(raw, name));
    if (os !== undefined) return os;
  }
  return undefined;
}

function argumentsOf(raw: JsonObject, name: 'command_line' | 'parent_command_line'): string[] | undefined {
  const line = textAt(raw, name);
  return line === undefined ? undefined : splitWindowsArguments(line);
}

function fileOf(raw: JsonObject): JsonObject | undefined {
  const [path, name, old] = [textAt(raw, 'file_path'), textAt(raw, 'file_name'), textAt(raw, 'old_file_path')];
  if (path === undefined && name === undefined) return undefined;
  return {
    ...(path === undefined ? {} : fileOfPath(path)),
    ...(name === undefined ? {} : { name }),
    ...(old === undefined ? {} : { Ext: { original: { path: old, name: lastPart(old) } } }),
  };
}

function registryOf(raw: JsonObject): JsonObject | undefined {
  const path = textAt(raw, 'registry_path') ?? textAt(raw, 'key_path');
  if (path === undefined) return undefined;
  const [key, value, type] = [textAt(raw, 'registry_key'), textAt(raw, 'registry_value'), textAt(raw, 'registry_type')];
  const written = Object.hasOwn(raw, 'bytes_written_string_list') ? raw.bytes_written_string_list : undefined;
  const strings = Array.isArray(written) ? distinct(written.filter((one) => typeof one === 'string')) : undefined;
  const data = {
    ...(type === undefined ? {} : { type: REGISTRY_TYPES.get(type) ?? type }),
    ...(strings === undefined ? {} : { strings }),
  };
  return {
    path,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}

function directionOf(raw: JsonObject): string | undefined {
  if (textAt(raw, 'event_type_full') !== 'network_event') return undefined;
  return { outgoing: 'egress', incoming: 'ingress' }[textAt(raw, 'subtype') ?? ''];
}

function vendorFieldsOf(raw: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(raw).filter(([name, value]) => name !== '@timestamp' && value !== null && value !== ''),
  );
}
