/**
 * Messages of syslog and of the journal as ECS: the derivations they share, after Elastic's system integration.
 *
 *   syslog line, journal entry ──▶ LogMessage ──readAuthMessage──▶ who logged in, from where, ran what as whom
 *
 * Messages of authentication lie in `logs-system.auth-*`, all others in `logs-system.syslog-*`, as with Elastic.
 */
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, timeFromMs } from '../event/time.ts';
import { type AuthFacts, isAccountTool, readAuthMessage } from './auth-message.ts';
import { type CiscoCode, readCiscoCode } from './cisco-code.ts';
import { type Derivation, derivationTable, type Promises, type Transform } from './derivation.ts';
import { asInteger, distinct, textAt } from './json-fields.ts';
import { partName } from './part-names.ts';
import type { SyslogLine } from './syslog-line.ts';

const AUTH_STREAMS = ['logs-system.auth-default'];
const SYSLOG_STREAMS = ['logs-system.syslog-default'];
const CISCO_STREAMS: Readonly<Record<CiscoCode['product'], readonly string[]>> = {
  asa: ['logs-cisco_asa.log-default'],
  ftd: ['logs-cisco_ftd.log-default'],
  ios: ['logs-cisco_ios.log-default'],
};

/** The object that a message came in, and the name of the member that holds it. */
export interface Holder {
  readonly json: JsonObject;
  readonly member: string;
}

/** A message with what came along. */
export class LogMessage {
  readonly line: SyslogLine;
  /** Epoch ms. */
  readonly ingested: number;
  /** The whole entry, where it comes from the journal. */
  readonly entry: JsonObject | undefined;
  readonly holder: Holder | undefined;
  /** Where the line names none. */
  readonly ownHost: string | undefined;
  private readonly timeOf: () => EventTime;
  private code: CiscoCode | null | undefined;
  private read: { readonly facts: AuthFacts | undefined } | undefined;

  constructor(
    line: SyslogLine,
    timeOf: () => EventTime,
    more: Pick<LogMessage, 'hostName' | 'ingested' | 'entry' | 'holder'>,
  ) {
    this.line = line;
    this.timeOf = timeOf;
    this.ownHost = more.hostName;
    this.ingested = more.ingested;
    this.entry = more.entry;
    this.holder = more.holder;
  }

  get time(): EventTime {
    return this.timeOf();
  }

  get hostName(): string | undefined {
    return this.line.host ?? this.ownHost;
  }

  /** The whole line, where it came inside of something else. */
  get original(): string | undefined {
    return this.holder && textAt(this.holder.json, this.holder.member);
  }

  /** Of a device of Cisco's, what its message is called. */
  get cisco(): CiscoCode | undefined {
    if (this.code === undefined) this.code = readCiscoCode(this.line.program) ?? null;
    return this.code ?? undefined;
  }

  get facts(): AuthFacts | undefined {
    this.read ??= { facts: this.readFacts() };
    return this.read.facts;
  }

  private readFacts(): AuthFacts | undefined {
    const { line } = this;
    if (line.isPlain === true && !isAccountTool(line.program)) return undefined;
    return readAuthMessage(line.program, line.message);
  }

  /** Of authentication: by facility (auth, authpriv), by who says it, by what it says. */
  get isAuth(): boolean {
    if (this.cisco !== undefined) return false;
    const { priority, program } = this.line;
    const facility = priority === undefined ? undefined : priority >> 3;
    return facility === 4 || facility === 10 || AUTH_PROGRAMS.has(program ?? '') || this.facts !== undefined;
  }

  /** One and the same list for all messages of a stream. */
  get dataStreams(): readonly string[] {
    if (this.cisco !== undefined) return CISCO_STREAMS[this.cisco.product];
    return this.isAuth ? AUTH_STREAMS : SYSLOG_STREAMS;
  }
}

const AUTH_PROGRAMS: ReadonlySet<string> = new Set(
  (
    'chage chfn chsh gpasswd groupadd groupdel groupmod login passwd pkexec polkitd sshd sshd-auth sshd-session su sudo ' +
    'systemd-logind unix_chkpwd useradd userdel usermod'
  ).split(' '),
);

export const logMessageField = (
  field: string,
  transform: Transform,
  from: string,
  compute: (message: LogMessage) => Json | undefined,
): Derivation<LogMessage> => ({ field, from: from.split(' '), transform, compute });
const derive = logMessageField;
const constant = (field: string, value: Json) => derive(field, 'constant', '', () => value);
const said = (field: string, compute: (facts: AuthFacts) => Json | undefined) =>
  derive(field, 'compute', 'program message', ({ facts }) => facts && compute(facts));

/** What both have; the entries of the journal have more. */
export const LOG_MESSAGE_FIELDS: readonly Derivation<LogMessage>[] = [
  derive('@timestamp', 'time', 'timestamp', ({ time }) => formatTime(time)),
  derive('message', 'same', 'message', ({ line }) => line.message),
  constant('event.kind', 'event'),
  derive('event.module', 'compute', 'program', ({ cisco }) =>
    cisco === undefined ? 'system' : `cisco_${cisco.product}`,
  ),
  derive('event.dataset', 'compute', 'priority program message', ({ cisco, isAuth }) => {
    if (cisco !== undefined) return `cisco_${cisco.product}.log`;
    return isAuth ? 'system.auth' : 'system.syslog';
  }),
  derive('event.ingested', 'time', '', ({ ingested }) => formatTime(timeFromMs(ingested))),
  said('event.category', ({ category }) => category),
  said('event.type', ({ type }) => type),
  said('event.action', ({ action }) => action),
  said('event.outcome', ({ outcome }) => outcome),

  derive('host.name', 'same', 'host', ({ hostName }) => hostName),
  derive('host.hostname', 'same', 'host', ({ hostName }) => hostName),
  derive('host.os.type', 'compute', 'program message', ({ isAuth, entry }) =>
    isAuth || entry !== undefined ? 'linux' : undefined,
  ),
  said('user.effective.id', ({ effective }) => effective?.id),
  said('user.effective.name', ({ effective }) => effective?.name),
  said('user.target.name', ({ target }) => target?.name),
  said('group.name', ({ group }) => group?.name),
  said('source.address', ({ source }) => source?.address),
  said('source.ip', ({ source }) => ipOf(source?.address)),
  said('source.domain', ({ source }) => (ipOf(source?.address) === undefined ? source?.address : undefined)),
  said('source.port', ({ source }) => asInteger(source?.port)),
  said('system.auth', ({ details }) => details),
  derive('related.user', 'compute', 'program message', ({ facts }) =>
    distinct([facts?.user?.name, facts?.effective?.name, facts?.target?.name]),
  ),
  derive('related.ip', 'compute', 'program message', ({ facts }) => distinct([ipOf(facts?.source?.address)])),
  derive('related.hosts', 'same', 'host', ({ hostName }) => distinct([hostName])),

  derive('log.syslog.priority', 'same', 'priority', ({ line }) => line.priority),
  derive('log.syslog.facility.code', 'compute', 'priority', ({ line }) =>
    line.priority === undefined ? undefined : line.priority >> 3,
  ),
  derive('log.syslog.severity.code', 'compute', 'priority', ({ line }) =>
    line.priority === undefined ? undefined : line.priority & 7,
  ),
  derive('log.syslog.appname', 'same', 'program', ({ line }) => line.program),
  derive('log.syslog.procid', 'same', 'pid', ({ line }) => line.pid),
  derive('log.syslog.hostname', 'same', 'host', ({ line }) => line.host),
  derive('log.syslog.msgid', 'same', 'messageId', ({ line }) => line.messageId),
  derive('log.syslog.version', 'same', 'version', ({ line }) => line.version),
  derive('log.syslog.structured_data', 'compute', 'structuredData', ({ line }) => structured(line.structuredData)),
];

export const SYSLOG = derivationTable<LogMessage>([
  ...LOG_MESSAGE_FIELDS,
  said('user.id', ({ user }) => user?.id),
  said('user.name', ({ user }) => user?.name),
  said('group.id', ({ group }) => group?.id),
  derive('process.pid', 'number', 'pid', ({ line }) => asInteger(line.pid)),
  derive('process.name', 'same', 'program', ({ cisco, line }) => (cisco === undefined ? line.program : undefined)),
  said('process.command_line', ({ command }) => command?.line),
  said('process.args', ({ command }) => command && wordsOf(command.line)),
  said('process.args_count', ({ command }) => command && wordsOf(command.line).length),
  said('process.working_directory', ({ command }) => command?.directory),
  derive('event.original', 'same', 'original', ({ original }) => original),
  derive('event.code', 'compute', 'program', ({ cisco }) => cisco?.mnemonic),
  derive('event.severity', 'compute', 'program', ({ cisco }) => cisco?.severity),
  derive('cisco.asa.message_id', 'compute', 'program', ({ cisco }) => idOf(cisco, 'asa')),
  derive('cisco.ftd.message_id', 'compute', 'program', ({ cisco }) => idOf(cisco, 'ftd')),
  derive('cisco.ios.facility', 'compute', 'program', ({ cisco }) =>
    cisco?.product === 'ios' ? cisco.facility : undefined,
  ),
  derive('observer.vendor', 'compute', 'program', ({ cisco }) => cisco && 'Cisco'),
  derive('observer.product', 'compute', 'program', ({ cisco }) => cisco?.product),
  derive('observer.hostname', 'compute', 'host', ({ cisco, hostName }) => (cisco === undefined ? undefined : hostName)),
]);

/** What a line's event can be told by without being made. */
export const SYSLOG_PROMISES: Promises<LogMessage> = {
  words: ({ facts, ownHost, holder, line }) => {
    const own = ownHost === undefined ? NO_TEXTS : [ownHost];
    // What is said of who logged in is in words of ECS.
    const made = facts === undefined ? own : [...own, ...textsIn(facts)];
    // Structured data is unescaped, and split lines have none.
    const whole = line.isPlain === undefined || facts !== undefined ? undefined : holder?.member;
    return { ...WORDS, made, whole };
  },
  placeOf: ({ line, holder, ownHost }, path) => {
    if (holder === undefined) return undefined;
    if (path === 'original') return holder.member;
    if (line.isOfParts !== true || !TEXTS.has(path) || (path === 'host' && ownHost !== undefined)) return undefined;
    return partName(holder.member, path === 'message' && line.isPlain === true ? 'text' : path);
  },
  sort: ({ cisco, line, facts, isAuth }) => {
    const source = cisco === undefined ? (isAuth ? 'auth' : 'syslog') : (line.program as string);
    if (facts === undefined) return source;
    const { category, type, action, outcome } = facts;
    return `${source} ${category} ${type} ${action} ${outcome}`;
  },
};

const NO_TEXTS: readonly string[] = [];
const WORDS = {
  fixed: 'event linux system system.auth system.syslog cisco_asa.log cisco_ftd.log cisco_ios.log',
  unquoted: () => NO_TEXTS,
};

/** But for a command, which stands in the line. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return NO_TEXTS;
  return Object.entries(value).flatMap(([name, part]) => (name === 'command' ? NO_TEXTS : textsIn(part)));
}

/** Parts of a line whose values are their texts. */
const TEXTS: ReadonlySet<string> = new Set(['host', 'program', 'pid', 'message']);

function idOf(cisco: CiscoCode | undefined, product: CiscoCode['product']): string | undefined {
  return cisco?.product === product ? cisco.mnemonic : undefined;
}

/** A command line whose arguments were joined by spaces. */
export function wordsOf(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

function ipOf(address: string | undefined): string | undefined {
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}

/** `[id name="value" …][id …]` as an object of objects. */
function structured(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  const found = new Map<string, Map<string, string>>();
  let element: Map<string, string> | undefined;
  for (const [, id, name, value] of text.matchAll(/\[([^\s\]=]{1,64})|([^\s="\]]{1,64})="((?:[^"\\]|\\.)*)"/gs)) {
    if (id !== undefined) {
      element = found.get(id) ?? new Map();
      found.set(id, element);
    } else if (name !== undefined) {
      element?.set(name, (value ?? '').replace(/\\(["\\\]])/g, '$1'));
    }
  }
  return Object.fromEntries([...found].map(([id, parameters]) => [id, Object.fromEntries(parameters)]));
}
