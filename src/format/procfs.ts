/**
 * Process starts as read from Linux `/proc`: JSON lines that the `/proc` source of this program writes.
 *
 *   {"procfs":1,"time":"ISO","pid":n,"ppid":n,"comm":"…","exe":"…","args":[…],"cwd":"…","uid":"0","user":"root",
 *    "tty":"…","start_ticks":n,"host":"…","host_id":"…"}
 *
 * `start_ticks` (clock ticks from boot to the process's start) tells a process from a later one of the same pid.
 */
import { Event } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs } from '../event/time.ts';
import { PROCFS_STREAM, streamsOfProcessStart } from './data-stream.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import type { FormatSettings } from './format.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { procfsEntityId } from './process-entity.ts';
import { basename, commandLine, terminal } from './process-fields.ts';

interface ProcfsRecord {
  readonly json: JsonObject;
  readonly time: EventTime;
  readonly settings: FormatSettings;
  /** Epoch ms. */
  readonly ingested: number;
}

export const procfs: Format = {
  name: 'procfs',
  names: ['procfs'],
  recognises: ({ json }) => json !== undefined && json.procfs === 1,
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const json = isJsonObject(line.json) ? line.json : {};
      const time = typeof json.time === 'string' ? parseTime(json.time) : undefined;
      if (time === undefined || typeof json.pid !== 'number') {
        rejectLine(sink, line, 'bad-procfs-record', 'A line read from /proc needs a time and a pid.');
        return;
      }
      const record: ProcfsRecord = { json, time, settings, ingested: settings.now() };
      sink.event(
        new Event({
          time,
          source: new DerivedSource(record, PROCFS),
          raw: line.bytes,
          format: 'procfs',
          ...streamsOfProcessStart(PROCFS_STREAM, settings),
          origin: line.origin,
          id: eventId(record),
        }),
      );
    },
  }),
};

const derive = (
  field: string,
  transform: Transform,
  from: string,
  compute: (record: ProcfsRecord) => Json | undefined,
): Derivation<ProcfsRecord> => ({ field, from: from.split(' '), transform, compute });
const text = (field: string, name: string) => derive(field, 'same', name, ({ json }) => textOf(json[name]));
const number = (field: string, name: string) => derive(field, 'same', name, ({ json }) => numberOf(json[name]));
const constant = (field: string, value: Json) => derive(field, 'constant', '', () => value);

export const PROCFS = derivationTable<ProcfsRecord>([
  derive('@timestamp', 'time', 'time', ({ time }) => formatTime(time)),
  derive('event.id', 'compute', 'host host_id pid start_ticks time', eventId),
  constant('event.kind', 'event'),
  constant('event.module', 'procfs'),
  constant('event.dataset', 'procfs.process'),
  constant('event.category', ['process']),
  constant('event.type', ['start']),
  constant('event.action', ['exec']),
  constant('event.outcome', 'success'),
  derive('event.ingested', 'time', '', ({ ingested }) => formatTime(timeFromMs(ingested))),
  derive('host.name', 'same', 'host', ({ json, settings }) => textOf(json.host) ?? settings.hostName),
  derive('host.id', 'same', 'host_id', ({ json, settings }) => textOf(json.host_id) ?? settings.hostId),
  constant('host.os.type', 'linux'),
  text('user.id', 'uid'),
  derive('user.name', 'same', 'user uid', ({ json, settings }) => {
    const id = textOf(json.uid);
    return textOf(json.user) ?? (id === undefined ? undefined : settings.userName?.(id));
  }),
  number('process.pid', 'pid'),
  derive('process.entity_id', 'compute', 'host host_id pid start_ticks', entityId),
  derive('process.name', 'basename', 'exe comm', ({ json }) => {
    const path = executable(json);
    return (path === undefined ? undefined : basename(path)) || textOf(json.comm);
  }),
  derive('process.executable', 'same', 'exe', ({ json }) => executable(json)),
  derive('process.args', 'same', 'args', ({ json }) => argumentsOf(json)),
  derive('process.args_count', 'compute', 'args', ({ json }) => argumentsOf(json)?.length),
  derive('process.command_line', 'compute', 'args', ({ json }) => {
    const args = argumentsOf(json);
    return args && commandLine(args);
  }),
  text('process.working_directory', 'cwd'),
  derive('process.tty', 'compute', 'tty', ({ json }) => terminal(textOf(json.tty))),
  number('process.parent.pid', 'ppid'),
  text('procfs.comm', 'comm'),
  text('procfs.tty', 'tty'),
  number('procfs.start_ticks', 'start_ticks'),
]);

function eventId(record: ProcfsRecord): string {
  const { json } = record;
  return `procfs/${hostOf(record)}/${json.pid}:${numberOf(json.start_ticks) ?? ''}/${formatTime(record.time)}`;
}

function entityId(record: ProcfsRecord): string | undefined {
  const ticks = numberOf(record.json.start_ticks);
  return ticks === undefined ? undefined : procfsEntityId(hostOf(record), Number(record.json.pid), ticks);
}

function hostOf({ json, settings }: ProcfsRecord): string {
  return textOf(json.host_id) ?? settings.hostId ?? textOf(json.host) ?? settings.hostName ?? '';
}

function executable(json: JsonObject): string | undefined {
  return textOf(json.exe)?.replace(/ \(deleted\)$/, '');
}

function argumentsOf(json: JsonObject): string[] | undefined {
  return Array.isArray(json.args) ? json.args.map(String) : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
