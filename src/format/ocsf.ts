/**
 * Events of the Open Cybersecurity Schema Framework (OCSF), versions 1.0 to 1.5: process activity (1007) and network
 * activity (4001 and its like) wholly, all other classes as far as they share its objects (device, actor, endpoints).
 *
 *   {"class_uid": 1007, "activity_id": 1, "time": ms, "metadata": {…}, "process": {…}, "actor": {…}, "device": {…}}
 *
 * OCSF is a schema, not a source: it says of no data stream of Elastic's, so that every rule reads it. The whole event
 * stands under `ocsf`.
 */
import { Event } from '../event/event.ts';
import { valuesAt } from '../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs } from '../event/time.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import { fileOfPath, lastPart } from './file-path.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { asInteger, asIp, asText, distinct } from './json-fields.ts';
import { IP_PROTOCOLS, ocsfCategory, ocsfType } from './ocsf-classes.ts';
import { wordsOf } from './syslog-ecs.ts';
import { splitWindowsArguments } from './windows-arguments.ts';

const PROCESS_ACTIVITY = 1007;

interface OcsfEvent {
  readonly json: JsonObject;
  readonly time: EventTime;
  /** Epoch ms. */
  readonly ingested: number;
}

export const ocsf: Format = {
  name: 'ocsf',
  isAlone: true,
  names: ['class_uid'],
  recognises: ({ json }) =>
    json !== undefined &&
    typeof json.class_uid === 'number' &&
    (typeof json.category_uid === 'number' || typeof json.type_uid === 'number'),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const json = line.json ?? {};
      const time = firstTime(json, ['time_dt', 'time', 'start_time_dt', 'start_time', 'metadata.original_time']);
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The OCSF event has no time.');
        return;
      }
      sink.event(
        new Event({
          time,
          source: new DerivedSource({ json, time, ingested: settings.now() }, OCSF),
          raw: line.bytes,
          format: 'ocsf',
          dataStreams: [],
          origin: line.origin,
          id: () => text(json, 'metadata.uid'),
        }),
      );
    },
  }),
};

/** Of the datetime profile's pairs the text comes first: it may say more than milliseconds. */
function firstTime(json: JsonObject, fields: readonly string[]): EventTime | undefined {
  for (const field of fields) {
    const time = asTime(text(json, field));
    if (time !== undefined) return time;
  }
  return undefined;
}

/** Milliseconds since 1970, or ISO 8601; seconds where the number is too small to be anything else (before 1973). */
function asTime(value: string | undefined): EventTime | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(value))
    return parseTime(value.replace(/^(\d{4})\/(\d{2})\/(\d{2})/, '$1-$2-$3'));
  const number = Number(value);
  return timeFromMs(number < 100_000_000_000 ? number * 1000 : number);
}

/** The scalar at a path as text; `-` is how some sources say that there is nothing. */
function text(json: JsonObject, path: string): string | undefined {
  const value = asText(valuesAt(json, path)[0]);
  return value === '-' ? undefined : value;
}

function object(json: JsonObject, ...path: string[]): JsonObject {
  let at: Json | undefined = json;
  for (const name of path) at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return isJsonObject(at) ? at : {};
}

const classOf = (json: JsonObject): number => Number(json.class_uid);

/** The process the event is about: the one launched or ended, or the one that acts. */
function processOf(json: JsonObject): JsonObject {
  const own = object(json, 'process');
  return Object.keys(own).length > 0 ? own : object(json, 'actor', 'process');
}

/** Of a process that starts, who started it; the acting process itself has its own parent. */
function parentOf(json: JsonObject): JsonObject {
  const told = object(processOf(json), 'parent_process');
  if (Object.keys(told).length > 0) return told;
  return classOf(json) === PROCESS_ACTIVITY && json.activity_id === 1 ? object(json, 'actor', 'process') : {};
}

function executableOf(process: JsonObject): string | undefined {
  return text(process, 'file.path') ?? text(process, 'path');
}

function nameOf(process: JsonObject): string | undefined {
  const path = executableOf(process);
  return text(process, 'name') ?? text(process, 'file.name') ?? (path === undefined ? undefined : lastPart(path));
}

function osOf(json: JsonObject): string | undefined {
  const type = Number(text(json, 'device.os.type_id'));
  if (type === 100) return 'windows';
  if (type === 200) return 'linux';
  if (type === 300) return 'macos';
  const name = text(json, 'device.os.type')?.toLowerCase() ?? text(json, 'device.os.name')?.toLowerCase();
  return name === 'windows' || name === 'linux' || name === 'macos' ? name : undefined;
}

/** As Windows splits on Windows; elsewhere at spaces, as the boundaries are lost. */
function argumentsOf(json: JsonObject, process: JsonObject): string[] | undefined {
  const line = text(process, 'cmd_line');
  if (line === undefined) return undefined;
  const isWindows = osOf(json) === 'windows' || executableOf(process)?.includes('\\') === true;
  return isWindows ? splitWindowsArguments(line) : wordsOf(line);
}

/** Whom the process runs as, else who acts. Windows names nobody `NULL SID`. */
function userOf(json: JsonObject): JsonObject {
  for (const user of [object(processOf(json), 'user'), object(json, 'user'), object(json, 'actor', 'user')]) {
    if (text(user, 'name') !== undefined || ![undefined, 'NULL SID'].includes(text(user, 'uid'))) return user;
  }
  return {};
}

const HASHES: Readonly<Record<string, string>> = {
  md5: 'md5',
  'sha-1': 'sha1',
  'sha-256': 'sha256',
  'sha-512': 'sha512',
  ctph: 'ssdeep',
  tlsh: 'tlsh',
};

/** `[{algorithm, value}]` of OCSF as an object of ECS. */
function hashesOf(file: JsonObject): JsonObject | undefined {
  const list = Array.isArray(file.hashes) ? (file.hashes as readonly Json[]) : [];
  const found: Record<string, Json> = {};
  for (const one of list.filter(isJsonObject)) {
    const algorithm = text(one, 'algorithm')?.toLowerCase() ?? '';
    const value = text(one, 'value');
    if (value !== undefined && Object.hasOwn(HASHES, algorithm)) {
      found[HASHES[algorithm] as string] = value.toLowerCase();
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

const derive = (
  field: string,
  transform: Transform,
  from: string,
  compute: (json: JsonObject) => Json | undefined,
): Derivation<OcsfEvent> => ({ field, from: from.split(' '), transform, compute: ({ json }) => compute(json) });
const same = (field: string, from: string) => derive(field, 'same', from, (json) => text(json, from));
const number = (field: string, from: string) => derive(field, 'number', from, (json) => asInteger(text(json, from)));
const ofTime = (field: string, ...from: string[]) =>
  derive(field, 'time', from.join(' '), (json) => {
    const time = firstTime(json, from);
    return time && formatTime(time);
  });
const constant = (field: string, value: Json) => derive(field, 'constant', '', () => value);

/** A process's fields under `process` or `process.parent`. */
const processFields = (at: 'process' | 'process.parent', of: (json: JsonObject) => JsonObject) => {
  const from = at === 'process' ? 'process' : 'process.parent_process actor.process';
  const part = (
    name: string,
    transform: Transform,
    compute: (process: JsonObject, json: JsonObject) => Json | undefined,
  ) => derive(`${at}.${name}`, transform, from, (json) => compute(of(json), json));
  return [
    part('pid', 'number', (process) => asInteger(text(process, 'pid'))),
    part('entity_id', 'same', (process) => text(process, 'uid')),
    part('name', 'compute', nameOf),
    part('executable', 'same', executableOf),
    part('command_line', 'same', (process) => text(process, 'cmd_line')),
    part('args', 'compute', (process, json) => argumentsOf(json, process)),
    part('args_count', 'compute', (process, json) => argumentsOf(json, process)?.length),
    part('working_directory', 'same', (process) => text(process, 'working_directory')),
    part('start', 'time', (process) => {
      const time = firstTime(process, ['created_time_dt', 'created_time']);
      return time && formatTime(time);
    }),
    part('hash', 'compute', (process) => hashesOf(object(process, 'file'))),
    part('user.id', 'same', (process) => text(process, 'user.uid')),
    part('user.name', 'same', (process) => text(process, 'user.name')),
  ];
};

const endpoint = (at: 'source' | 'destination', from: string, out: string) => [
  derive(`${at}.ip`, 'same', `${from}.ip`, (json) => asIp(text(json, `${from}.ip`))),
  derive(
    `${at}.address`,
    'same',
    `${from}.ip ${from}.hostname`,
    (json) => text(json, `${from}.ip`) ?? text(json, `${from}.hostname`),
  ),
  same(`${at}.domain`, `${from}.hostname`),
  number(`${at}.port`, `${from}.port`),
  same(`${at}.mac`, `${from}.mac`),
  number(`${at}.bytes`, `traffic.bytes_${out}`),
  number(`${at}.packets`, `traffic.packets_${out}`),
];

export const OCSF = derivationTable<OcsfEvent>([
  { field: '@timestamp', from: ['time', 'time_dt'], transform: 'time', compute: ({ time }) => formatTime(time) },
  { field: 'event.ingested', from: [], transform: 'time', compute: ({ ingested }) => formatTime(timeFromMs(ingested)) },
  same('message', 'message'),
  same('event.id', 'metadata.uid'),
  derive('event.kind', 'compute', 'category_uid', (json) => (json.category_uid === 2 ? 'alert' : 'event')),
  constant('event.module', 'ocsf'),
  derive('event.category', 'compute', 'class_uid', (json) => ocsfCategory(classOf(json))),
  derive('event.type', 'compute', 'class_uid activity_id', (json) =>
    ocsfType(classOf(json), Number(text(json, 'activity_id') ?? Number.NaN)),
  ),
  derive('event.action', 'compute', 'class_uid activity_id activity_name', actionsOf),
  derive('event.outcome', 'compute', 'status_id', (json) => {
    const status = text(json, 'status_id');
    return status === '1' ? 'success' : status === '2' ? 'failure' : undefined;
  }),
  derive(
    'event.code',
    'same',
    'metadata.event_code unmapped.EventCode',
    (json) => text(json, 'metadata.event_code') ?? text(json, 'unmapped.EventCode'),
  ),
  same('event.provider', 'metadata.product.name'),
  number('event.severity', 'severity_id'),
  ofTime('event.start', 'start_time_dt', 'start_time'),
  ofTime('event.end', 'end_time_dt', 'end_time'),

  derive(
    'host.name',
    'same',
    'device.hostname device.name',
    (json) => text(json, 'device.hostname') ?? text(json, 'device.name'),
  ),
  same('host.hostname', 'device.hostname'),
  same('host.id', 'device.uid'),
  same('host.domain', 'device.domain'),
  derive('host.ip', 'same', 'device.ip', (json) => distinct([asIp(text(json, 'device.ip'))])),
  derive('host.os.type', 'compute', 'device.os.type_id device.os.type', osOf),
  same('host.os.name', 'device.os.name'),
  same('host.os.version', 'device.os.version'),
  same('cloud.provider', 'cloud.provider'),
  same('cloud.region', 'cloud.region'),
  same('cloud.account.id', 'cloud.account.uid'),

  derive('user.id', 'same', 'process.user.uid user.uid actor.user.uid', (json) => text(userOf(json), 'uid')),
  derive('user.name', 'same', 'process.user.name user.name actor.user.name', (json) => text(userOf(json), 'name')),
  derive('user.domain', 'same', 'process.user.domain user.domain actor.user.domain', (json) =>
    text(userOf(json), 'domain'),
  ),
  derive('related.user', 'compute', 'process.user.name user.name actor.user.name', (json) =>
    distinct([text(userOf(json), 'name'), text(json, 'actor.user.name')]),
  ),
  derive('related.ip', 'compute', 'src_endpoint.ip dst_endpoint.ip', (json) =>
    distinct([asIp(text(json, 'src_endpoint.ip')), asIp(text(json, 'dst_endpoint.ip'))]),
  ),

  ...processFields('process', processOf),
  derive('process.exit_code', 'number', 'exit_code', (json) => asInteger(text(json, 'exit_code'))),
  derive('process.end', 'time', 'process.terminated_time', (json) => {
    const time = firstTime(processOf(json), ['terminated_time_dt', 'terminated_time']);
    return time && formatTime(time);
  }),
  derive('process.thread.id', 'number', 'process.tid', (json) => asInteger(text(processOf(json), 'tid'))),
  ...processFields('process.parent', parentOf),
  derive('container.id', 'same', 'process.container.uid', (json) => text(processOf(json), 'container.uid')),
  derive('container.name', 'same', 'process.container.name', (json) => text(processOf(json), 'container.name')),
  derive('container.image.name', 'same', 'process.container.image.name', (json) =>
    text(processOf(json), 'container.image.name'),
  ),

  derive('file', 'compute', 'file', (json) => fileOf(object(json, 'file'))),
  ...endpoint('source', 'src_endpoint', 'out'),
  ...endpoint('destination', 'dst_endpoint', 'in'),
  derive('network.direction', 'compute', 'connection_info.direction_id', (json) => {
    const id = text(json, 'connection_info.direction_id');
    return id === '1' ? 'inbound' : id === '2' ? 'outbound' : id === '3' ? 'internal' : undefined;
  }),
  derive('network.transport', 'compute', 'connection_info.protocol_name connection_info.protocol_num', (json) => {
    const number = Number(text(json, 'connection_info.protocol_num') ?? Number.NaN);
    return text(json, 'connection_info.protocol_name')?.toLowerCase() ?? IP_PROTOCOLS[number];
  }),
  derive('network.iana_number', 'same', 'connection_info.protocol_num', (json) =>
    text(json, 'connection_info.protocol_num'),
  ),
  derive('network.type', 'compute', 'connection_info.protocol_ver', (json) => {
    const version = text(json, 'connection_info.protocol_ver')?.toLowerCase();
    return version === 'ipv4' || version === 'ipv6' ? version : undefined;
  }),
  number('network.bytes', 'traffic.bytes'),
  number('network.packets', 'traffic.packets'),
  same('dns.question.name', 'query.hostname'),
  same('dns.question.type', 'query.type'),

  derive('ocsf', 'same', '*', (json) => json),
]);

/** A start and an end have the words that rules ask for, too. */
function actionsOf(json: JsonObject): Json | undefined {
  const name = text(json, 'activity_name')?.toLowerCase();
  const activity = text(json, 'activity_id');
  const word =
    classOf(json) !== PROCESS_ACTIVITY ? undefined : activity === '1' ? 'start' : activity === '2' ? 'end' : undefined;
  return distinct([word, name]);
}

function fileOf(file: JsonObject): JsonObject | undefined {
  const path = text(file, 'path');
  const name = text(file, 'name');
  const hash = hashesOf(file);
  if (path === undefined && name === undefined) return undefined;
  return {
    ...(path === undefined ? {} : fileOfPath(path, text(file, 'type_id') === '2')),
    ...(name === undefined ? {} : { name }),
    ...(hash === undefined ? {} : { hash }),
  };
}
