/**
 * One line of syslog, parsed: as RFC 5424 has it, as RFC 3164 describes it, and as rsyslog and syslogd write files (the
 * same without the priority in front, the time also in ISO 8601).
 *
 *   <38>Jan  2 03:04:05 web-1 sshd[77]: message            <38>1 2026-01-02T03:04:05Z web-1 sshd 77 ID [sd x="y"] message
 *
 * Every step is linear in the line, whatever it holds.
 */
import { type EventTime, parseTime } from '../event/time.ts';
import type { SnareText } from './snare-parts.ts';
import { HEADER_ROOM, HOST, MESSAGE, PID, PRIORITY, PROGRAM, SyslogSplitter, TEXT, TIMESTAMP } from './syslog-parts.ts';

export interface SyslogLine {
  /** As written; `undefined` where RFC 5424 says there is none. */
  readonly timestamp: string | undefined;
  readonly priority?: number | undefined;
  readonly version?: string | undefined;
  readonly host?: string | undefined;
  readonly program?: string | undefined;
  readonly pid?: string | undefined;
  readonly messageId?: string | undefined;
  /** With its brackets. */
  readonly structuredData?: string | undefined;
  readonly message: string;
  /** That the message's first word tells that it is no record of another format, and nothing that authentication says. */
  readonly isPlain?: boolean;
  /** That its parts count as members of the line of JSON that it stands in (`text-parts.ts`). */
  readonly isOfParts?: boolean;
  /** The record of Windows that its message is, where that is known; the message is not asked for then. */
  readonly snare?: SnareText;
}

const STAMP = String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?|\d{4}-\d{2}-\d{2}T[\d:.,]{5,20}(?:Z|[+-]\d{2}:?\d{2})?`;
const BSD = new RegExp(String.raw`^(?:<(\d{1,3})>)?(${STAMP}) (?:(\S{1,255}) )?`);
/** As Cisco's devices write it: a number and the host before the time, a zone behind it, and a colon after each. */
const CISCO = new RegExp(
  String.raw`^<(\d{1,3})>(?:\d{1,10}: )?(?:([\w.-]{1,255}): )?:?[*.]?(${STAMP})(?: [A-Z]{2,5})? ?: (?=%)`,
);
const TAG = /^([^\s:[\]]{1,128})(?:\[(\d{1,10})\])?:(?: |$)/;
const IETF = /^<(\d{1,3})>(\d{1,2}) (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) ?/;

/** `undefined` where the line does not start as syslog does. */
export function parseSyslog(line: string): SyslogLine | undefined {
  return splitSyslog(line) ?? parseByPatterns(line);
}

/** Of any line; the reference for `splitSyslog`. */
export function parseByPatterns(line: string): SyslogLine | undefined {
  return line.startsWith('<') ? (parseIetf(line) ?? parseBsd(line) ?? parseCisco(line)) : parseBsd(line);
}

const SPLITTER = new SyslogSplitter();
const ROOM = Buffer.alloc(HEADER_ROOM + 1);

/** Of lines as nearly all are, whose parts are cut out only when they are asked for; `undefined` of others. */
export function splitSyslog(line: string): SplitLine | undefined {
  const length = ROOM.write(line, 0, HEADER_ROOM, 'utf8');
  ROOM[length] = 0;
  const parts = SPLITTER.split(ROOM, 0, length, length === HEADER_ROOM || length < line.length);
  return parts === 0 ? undefined : new SplitLine(line, parts, SPLITTER);
}

class SplitLine implements SyslogLine {
  /** As `SyslogSplitter.split` tells them. */
  readonly parts: number;
  private readonly text: string;
  private readonly priorityAt: number;
  private readonly timestampAt: number;
  private readonly timestampEnd: number;
  private readonly hostAt: number;
  private readonly hostEnd: number;
  private readonly programAt: number;
  private readonly programEnd: number;
  private readonly pidEnd: number;
  private readonly messageAt: number;

  /** What comes before the message is ASCII: its places in the text are those in the bytes. */
  constructor(text: string, parts: number, { starts, ends }: SyslogSplitter) {
    this.text = text;
    this.parts = parts;
    this.priorityAt = (parts & (1 << PRIORITY)) === 0 ? -1 : (starts[PRIORITY] as number);
    this.timestampAt = starts[TIMESTAMP] as number;
    this.timestampEnd = ends[TIMESTAMP] as number;
    this.hostAt = (parts & (1 << HOST)) === 0 ? -1 : (starts[HOST] as number);
    this.hostEnd = ends[HOST] as number;
    this.programAt = (parts & (1 << PROGRAM)) === 0 ? -1 : (starts[PROGRAM] as number);
    this.programEnd = ends[PROGRAM] as number;
    this.pidEnd = (parts & (1 << PID)) === 0 ? -1 : (ends[PID] as number);
    this.messageAt = starts[this.isPlain ? TEXT : MESSAGE] as number;
  }

  get isPlain(): boolean {
    return (this.parts & (1 << TEXT)) !== 0;
  }

  get priority(): number | undefined {
    // Its brackets stand between it and the time.
    return this.priorityAt === -1 ? undefined : Number(this.text.slice(this.priorityAt, this.timestampAt - 1));
  }

  get timestamp(): string {
    return this.text.slice(this.timestampAt, this.timestampEnd);
  }

  get host(): string | undefined {
    return this.hostAt === -1 ? undefined : this.text.slice(this.hostAt, this.hostEnd);
  }

  get program(): string | undefined {
    return this.programAt === -1 ? undefined : this.text.slice(this.programAt, this.programEnd);
  }

  get pid(): string | undefined {
    return this.pidEnd === -1 ? undefined : this.text.slice(this.programEnd + 1, this.pidEnd);
  }

  get message(): string {
    return this.text.slice(this.messageAt);
  }
}

function parseIetf(line: string): SyslogLine | undefined {
  const match = IETF.exec(line);
  if (match === null) return undefined;
  const [whole, priority, version, timestamp, host, program, pid, messageId] = match as unknown as string[];
  let at = (whole as string).length;
  const data = structuredDataAt(line, at);
  if (data === undefined) return undefined;
  at += data.length;
  return withoutNil({
    priority: Number(priority),
    version: version as string,
    timestamp: nil(timestamp),
    host: nil(host),
    program: nil(program),
    pid: nil(pid),
    messageId: nil(messageId),
    structuredData: nil(data),
    message: line
      .slice(at)
      .replace(/^ /, '')
      .replace(/^\ufeff/, ''),
  });
}

/** `-`, or elements in brackets, in which a backslash escapes. */
function structuredDataAt(line: string, start: number): string | undefined {
  if (line[start] === '-') return '-';
  let at = start;
  while (line[at] === '[') {
    let quoted = false;
    for (at += 1; at < line.length && (quoted || line[at] !== ']'); at += 1) {
      if (line[at] === '\\') at += 1;
      else if (line[at] === '"') quoted = !quoted;
    }
    if (line[at] !== ']') return undefined;
    at += 1;
  }
  return at === start ? undefined : line.slice(start, at);
}

function parseBsd(line: string): SyslogLine | undefined {
  const header = BSD.exec(line);
  if (header === null) return undefined;
  const [whole, priority, timestamp, second] = header as unknown as [string, string?, string?, string?];
  // Cisco's devices put a colon between the host and what they say, with a space before it or without.
  const coded = second?.startsWith('%') === false && /^(?:: )?%[A-Z]/.test(line.slice(whole.length, whole.length + 4));
  // What is written locally, to /dev/log, has no host: the tag follows the time.
  const hostless = second?.endsWith(':') === true && !coded;
  const rest = line.slice(whole.length - (hostless ? (second?.length ?? 0) + 1 : 0)).replace(coded ? /^: / : '', '');
  const tag = TAG.exec(rest);
  return withoutNil({
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    timestamp,
    host: hostless ? undefined : coded ? second?.replace(/:$/, '') : second,
    program: tag?.[1],
    pid: tag?.[2],
    message: tag === null ? rest : rest.slice(tag[0].length),
  });
}

function parseCisco(line: string): SyslogLine | undefined {
  const header = CISCO.exec(line);
  if (header === null) return undefined;
  const [whole, priority, host, timestamp] = header as unknown as [string, string, string?, string?];
  const tag = TAG.exec(line.slice(whole.length));
  return withoutNil({
    priority: Number(priority),
    timestamp,
    host,
    program: tag?.[1],
    message: line.slice(whole.length + (tag?.[0].length ?? 0)),
  });
}

/**
 * The time of a line. RFC 3164 writes no year and no zone: it is taken as UTC, in the latest year in which it is not more
 * than a day after `now` (epoch ms). Some devices write the year, or a fraction of the second.
 */
export function syslogTime(timestamp: string | undefined, now: number): EventTime | undefined {
  if (timestamp === undefined) return undefined;
  const match = /^([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)$/.exec(timestamp);
  if (match === null) return parseTime(timestamp);
  const month = MONTHS.indexOf(match[1] as string) + 1;
  if (month === 0) return undefined;
  const day = (match[2] as string).padStart(2, '0');
  const inYear = (year: string | number) => parseTime(`${year}-${String(month).padStart(2, '0')}-${day}T${match[4]}Z`);
  if (match[3] !== undefined) return inYear(match[3]);
  const year = new Date(now).getUTCFullYear();
  // February 29th may be years back.
  for (const candidate of [year + 1, year, year - 1, year - 2, year - 3, year - 4]) {
    const time = inYear(candidate);
    if (time !== undefined && time.ms <= now + DAY_MS) return time;
  }
  return undefined;
}

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function nil(value: string | undefined): string | undefined {
  return value === '-' ? undefined : value;
}

function withoutNil(line: { [K in keyof SyslogLine]: SyslogLine[K] | undefined } & { message: string }): SyslogLine {
  const present = Object.entries(line).filter(([, value]) => value !== undefined);
  return { timestamp: undefined, ...Object.fromEntries(present) } as unknown as SyslogLine;
}
