/**
 * Falco's alerts as JSON (`json_output`): a rule that fired, with the fields its output names.
 *
 *   {"time", "rule", "priority", "output", "source", "tags", "hostname", "uuid", "output_fields": {"proc.name": …}}
 *
 * ECS as Elastic's falco integration derives it; beside that the user and the host are also what other sources call them
 * (`user.*`, `host.os.type`). The whole alert stands under `falco`.
 */
import { Event } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs } from '../event/time.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import { fileOfPath } from './file-path.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { asInteger, asIp, asText, distinct, textAt } from './json-fields.ts';

const STREAM = 'logs-falco.alerts-default';

interface FalcoAlert {
  readonly json: JsonObject;
  readonly time: EventTime;
  /** Epoch ms. */
  readonly ingested: number;
}

export const falco: Format = {
  name: 'falco',
  isAlone: true,
  names: ['rule'],
  recognises: ({ json }) =>
    json !== undefined &&
    typeof json.rule === 'string' &&
    typeof json.priority === 'string' &&
    (isJsonObject(json.output_fields) || typeof json.output === 'string'),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const json = line.json ?? {};
      const time = timeOf(json);
      if (time === undefined) {
        rejectLine(sink, line, 'no-time', 'The Falco alert has no time.');
        return;
      }
      sink.event(
        new Event({
          time,
          source: new DerivedSource({ json, time, ingested: settings.now() }, FALCO),
          raw: line.bytes,
          format: 'falco',
          dataStreams: [STREAM],
          origin: line.origin,
          id: () => textAt(json, 'uuid'),
        }),
      );
    },
  }),
};

function timeOf(json: JsonObject): EventTime | undefined {
  const told = textAt(json, 'time');
  const time = told === undefined ? undefined : parseTime(told);
  if (time !== undefined) return time;
  // Nanoseconds since 1970; so many digits are read as text.
  const nanoseconds = field(json, 'evt.time') ?? field(json, 'evt.time.iso8601') ?? field(json, 'evt.rawtime');
  if (nanoseconds === undefined || !/^\d{16,19}$/.test(nanoseconds)) return undefined;
  const { ms } = timeFromMs(Number(BigInt(nanoseconds) / 1_000_000n));
  return { ms, ticks: Number((BigInt(nanoseconds) % 1_000_000n) / 100n) };
}

/** One of the output fields; `<NA>` is how Falco says that there is nothing. */
function field(json: JsonObject, name: string): string | undefined {
  const value = isJsonObject(json.output_fields) ? textAt(json.output_fields, name) : undefined;
  return value === '<NA>' ? undefined : value;
}

const derive = (
  name: string,
  transform: Transform,
  from: string,
  compute: (alert: FalcoAlert) => Json | undefined,
): Derivation<FalcoAlert> => ({ field: name, from: from.split(' '), transform, compute });
const same = (name: string, from: string) =>
  derive(name, 'same', `output_fields.${from}`, ({ json }) => field(json, from));
const number = (name: string, from: string) =>
  derive(name, 'number', `output_fields.${from}`, ({ json }) => asInteger(field(json, from)));
const ip = (name: string, ...from: string[]) =>
  derive(name, 'same', from.map((one) => `output_fields.${one}`).join(' '), ({ json }) =>
    asIp(from.map((one) => field(json, one)).find((one) => one !== undefined)),
  );
const constant = (name: string, value: Json) => derive(name, 'constant', '', () => value);

export const FALCO = derivationTable<FalcoAlert>([
  derive('@timestamp', 'time', 'time output_fields.evt.time', ({ time }) => formatTime(time)),
  derive('message', 'same', 'rule', ({ json }) => textAt(json, 'rule')),
  derive('event.id', 'same', 'uuid', ({ json }) => textAt(json, 'uuid')),
  constant('event.kind', 'alert'),
  constant('event.module', 'falco'),
  constant('event.dataset', 'falco.alerts'),
  derive('event.provider', 'same', 'source', ({ json }) => textAt(json, 'source')),
  derive('event.ingested', 'time', '', ({ ingested }) => formatTime(timeFromMs(ingested))),
  derive('event.category', 'compute', 'output_fields.evt.category', ({ json }) => [categoryOf(json)]),
  derive('event.type', 'compute', 'output_fields.evt.type', ({ json }) => [typeOf(json)]),
  same('event.action', 'evt.type'),
  derive('event.outcome', 'compute', 'output_fields.evt.res', ({ json }) => {
    const result = field(json, 'evt.res');
    return result === undefined ? undefined : result === 'SUCCESS' ? 'success' : 'failure';
  }),
  derive('event.severity', 'compute', 'priority', ({ json }) => severityOf(textAt(json, 'priority'))),
  number('event.sequence', 'evt.num'),
  derive('rule.name', 'same', 'rule', ({ json }) => textAt(json, 'rule')),
  derive('threat.technique.id', 'compute', 'tags', ({ json }) => techniques(json, /^T\d{4}$/)),
  derive('threat.technique.subtechnique.id', 'compute', 'tags', ({ json }) => techniques(json, /^T\d{4}\.\d{3}$/)),

  derive('host.name', 'same', 'hostname', hostName),
  derive('host.os.type', 'compute', 'source', ({ json }) =>
    /^syscalls?$/.test(textAt(json, 'source') ?? '') ? 'linux' : undefined,
  ),
  derive('observer.hostname', 'same', 'hostname', hostName),
  constant('observer.product', 'falco'),
  constant('observer.type', 'sensor'),
  constant('observer.vendor', 'sysdig'),
  derive('related.hosts', 'same', 'hostname', (alert) => distinct([hostName(alert)])),
  derive('related.user', 'same', 'output_fields.user.name', ({ json }) => distinct([field(json, 'user.name')])),

  number('process.pid', 'proc.pid'),
  same('process.name', 'proc.name'),
  same('process.executable', 'proc.exepath'),
  same('process.command_line', 'proc.cmdline'),
  derive('process.args', 'compute', 'output_fields.proc.exe output_fields.proc.exepath output_fields.proc.args', args),
  number('process.args_count', 'proc.cmdnargs'),
  same('process.working_directory', 'proc.cwd'),
  number('process.vpid', 'proc.vpid'),
  number('process.thread.id', 'thread.tid'),
  same('process.user.id', 'user.uid'),
  same('process.user.name', 'user.name'),
  same('process.group.id', 'group.gid'),
  same('process.group.name', 'group.name'),
  number('process.parent.pid', 'proc.ppid'),
  same('process.parent.name', 'proc.pname'),
  same('process.parent.executable', 'proc.pexepath'),
  same('process.parent.command_line', 'proc.pcmdline'),
  number('process.session_leader.pid', 'proc.sid'),
  same('process.session_leader.name', 'proc.sname'),
  same('user.id', 'user.uid'),
  same('user.name', 'user.name'),

  same('container.id', 'container.id'),
  same('container.name', 'container.name'),
  derive(
    'container.image.name',
    'same',
    'output_fields.container.image output_fields.container.image.repository',
    ({ json }) => field(json, 'container.image') ?? field(json, 'container.image.repository'),
  ),
  derive('container.image.tag', 'same', 'output_fields.container.image.tag', ({ json }) =>
    distinct([field(json, 'container.image.tag')]),
  ),
  same('container.runtime', 'container.type'),
  same('orchestrator.namespace', 'k8s.ns.name'),
  same('orchestrator.resource.name', 'k8s.pod.name'),

  derive('file', 'compute', 'output_fields.fd.name output_fields.fd.type', ({ json }) => fileOf(json)),
  ip('client.ip', 'fd.cip'),
  number('client.port', 'fd.cport'),
  ip('server.ip', 'fd.sip'),
  number('server.port', 'fd.sport'),
  ip('source.ip', 'fd.lip', 'fd.cip'),
  derive('source.port', 'number', 'output_fields.fd.lport output_fields.fd.cport', ({ json }) =>
    asInteger(field(json, 'fd.lport') ?? field(json, 'fd.cport')),
  ),
  ip('destination.ip', 'fd.rip', 'fd.sip'),
  derive('destination.port', 'number', 'output_fields.fd.rport output_fields.fd.sport', ({ json }) =>
    asInteger(field(json, 'fd.rport') ?? field(json, 'fd.sport')),
  ),
  derive('network.transport', 'lower', 'output_fields.fd.l4proto', ({ json }) => {
    const protocol = field(json, 'fd.l4proto')?.toLowerCase();
    return protocol === 'na' ? undefined : protocol;
  }),

  derive('falco', 'same', '*', ({ json }) => json),
]);

function hostName({ json }: FalcoAlert): string | undefined {
  return textAt(json, 'hostname') ?? field(json, 'evt.hostname');
}

/** The program as it was called and its arguments; their boundaries are lost where they hold spaces. */
function args({ json }: FalcoAlert): Json | undefined {
  const rest = field(json, 'proc.args');
  const program = field(json, 'proc.exe') ?? field(json, 'proc.exepath') ?? field(json, 'proc.name');
  if (rest !== undefined && program !== undefined) return [program, ...wordsOf(rest)];
  const line = field(json, 'proc.cmdline');
  return line === undefined ? undefined : wordsOf(line);
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function fileOf(json: JsonObject): JsonObject | undefined {
  const path = field(json, 'fd.name');
  const type = field(json, 'fd.type');
  if (path?.startsWith('/') !== true || (type !== undefined && type !== 'file' && type !== 'directory'))
    return undefined;
  return fileOfPath(path, type === 'directory');
}

/** Of Falco's categories of calls those that are no category of ECS by name; a process does all others. */
const CATEGORIES: Readonly<Record<string, string>> = {
  file: 'file',
  process: 'process',
  time: 'configuration',
  scheduler: 'configuration',
  system: 'host',
  memory: 'host',
  sleep: 'host',
  wait: 'host',
  internal: 'host',
  ipc: 'network',
  net: 'network',
  signal: 'network',
  user: 'session',
};

function categoryOf(json: JsonObject): string {
  const category = field(json, 'evt.category')?.toLowerCase() ?? '';
  return Object.hasOwn(CATEGORIES, category) ? (CATEGORIES[category] as string) : 'process';
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^execve(?:at)?$/, 'start'],
  [/^(?:exit|exit_group|procexit|kill|tkill|tgkill|shutdown|swapoff)$/, 'end'],
  [/^(?:open|openat|openat2|open_by_handle_at|read|readv|readlink|readlinkat|faccessat2?)$/, 'access'],
  [/^(?:accept4?|connect|socket|socketpair|recv(?:from|msg|mmsg)?|send(?:to|msg|mmsg)?|sendfile)$/, 'connection'],
  [/^(?:unlink|unlinkat|rmdir|umount2?|delete_module|[fl]?removexattr|unshare)$/, 'deletion'],
  [
    /^(?:clone3?|fork|vfork|creat|mkdir|mkdirat|mknod|mknodat|link|linkat|symlink|symlinkat|mount|memfd_create|init_module|dup[23]?|pipe2?)$/,
    'creation',
  ],
  [/^(?:ptrace|reboot)$/, 'admin'],
  [
    /^(?:f?ch(?:mod|own|dir)|fchmodat|fchownat|lchown|chroot|rename|renameat2?|write|writev|bind|bpf|capset)$/,
    'change',
  ],
  [/^(?:mprotect|mmap|setns|set[fr]?e?[ug]id|setres[ug]id|setsid|pivot_root|keyctl|prctl|f?truncate)$/, 'change'],
];

function typeOf(json: JsonObject): string {
  const type = field(json, 'evt.type') ?? '';
  return TYPES.find(([call]) => call.test(type))?.[1] ?? 'info';
}

/** As Elastic scores the severities of rules. */
const SEVERITIES: Readonly<Record<string, number>> = {
  emergency: 99,
  alert: 99,
  critical: 99,
  error: 73,
  warning: 47,
  notice: 21,
  informational: 21,
  info: 21,
  debug: 21,
};

function severityOf(priority: string | undefined): number | undefined {
  const name = priority?.toLowerCase() ?? '';
  return Object.hasOwn(SEVERITIES, name) ? SEVERITIES[name] : undefined;
}

function techniques(json: JsonObject, pattern: RegExp): Json | undefined {
  const tags = Array.isArray(json.tags) ? (json.tags as readonly Json[]) : [];
  return distinct(tags.map(asText).filter((tag) => tag !== undefined && pattern.test(tag)));
}
