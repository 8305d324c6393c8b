/**
 * What an event told of a process, kept for when somebody asks.
 *
 *   event ──of a line that can be read alone──▶ the line's bytes ──asked──▶ read again ──▶ name, executable, arguments, …
 *         ├─of such a line, at once─────────▶ what it says, written as JSON ──asked──▶ ─┘
 *         └─of anything else────────────────▶ what it says
 *
 * Most processes start nothing that anybody asks about, and to read what an event says of one takes many times as long as to
 * copy its line. Who reads every event whole anyway has it described at once: that takes a fraction of the line's room, and no
 * line has to be read again to make room. What was read again is remembered for the processes that were asked about last.
 *
 * What is described at once is kept as one text and not as an object, of which the texts may be parts of the line's: each would
 * keep all of that.
 */
import type { Event } from '../event/event.ts';
import { isJsonObject, parseJson } from '../event/json.ts';
import type { FormatSettings } from './format.ts';
import { FORMATS } from './formats.ts';
import { type KnownProcess, pidOf } from './known-process.ts';
import { eventAlone } from './line-alone.ts';
import { commandLine } from './process-fields.ts';

/** What an event says of its process, or of that one's parent. */
export interface Description extends Omit<KnownProcess, 'pid' | 'derived'> {
  /** Of its own process: when the event happened, and its number. */
  readonly seen?: string;
  readonly sequence?: string;
}

export interface ToldLine {
  /** Bytes as Latin-1. */
  readonly line: string;
  readonly format: string;
  readonly at: At;
}

export type At = 'process' | 'process.parent';

/** A `Description` as JSON. */
interface ToldText {
  readonly line?: undefined;
  readonly text: string;
}

interface Described {
  readonly line?: undefined;
  readonly text?: undefined;
  readonly description: Description;
}

export type Told = ToldLine | ToldText | Described;

/** A longer line is read at once: it is more than is known by it. */
export const LONGEST_KEPT_LINE = 16 * 1024;
/** A longer command line is kept cut, without its arguments. */
const LONGEST_COMMAND_LINE = 16 * 1024;
/** Processes whose lines need not be read again. */
const REMEMBERED = 256;
/** Nothing that is said of a process hangs on these. */
const SETTINGS: FormatSettings = { standsInForEndpoint: false, now: () => 0 };
const NOTHING: Description = {};
const NOWHERE = { path: '', offset: 0, line: 1 };
const UTF8 = new TextDecoder('utf-8');

/** @param isAtOnce whether it is described though its line could be kept */
export function toldBy(event: Event, isAtOnce: boolean): Told {
  const { raw } = event;
  if (!event.isOfLine || raw.length > LONGEST_KEPT_LINE) return { description: describedIn(event, 'process') };
  if (isAtOnce) return toldAs(describedIn(event, 'process'));
  const bytes = raw instanceof Buffer ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  return { line: bytes.toString('latin1'), format: event.format, at: 'process' };
}

/** The parent, as the event itself names it. */
export function parentIn(event: Event): KnownProcess | undefined {
  const pid = pidOf(event, 'process.parent.pid');
  return pid === undefined ? undefined : { pid, ...describedIn(event, 'process.parent') };
}

export function toldAs(description: Description): Told {
  return { text: JSON.stringify(description) };
}

/** UTF-16 units of what is kept. */
export function sizeOf(told: Told): number {
  if (told.line !== undefined) return told.line.length;
  if (told.text !== undefined) return told.text.length;
  const { name = '', executable = '', commandLine: line = '', args = [] } = told.description;
  return name.length + executable.length + line.length + args.reduce((sum, arg) => sum + arg.length, 0);
}

/** Reads out of lines what they tell, and remembers it for a while. */
export class ToldProcesses {
  /** Least recently asked about first. */
  private readonly remembered = new Map<Told, Description>();
  /** Of one event several fields are asked for. */
  private last: Told | undefined;
  private lastDescription = NOTHING;

  describe(told: Told): Description {
    if (told.line === undefined && told.text === undefined) return told.description;
    if (told === this.last) return this.lastDescription;
    const description = this.remembered.get(told) ?? readAgain(told);
    this.remembered.delete(told);
    this.remembered.set(told, description);
    if (this.remembered.size > REMEMBERED) this.remembered.delete(this.remembered.keys().next().value as Told);
    this.last = told;
    this.lastDescription = description;
    return description;
  }
}

function readAgain(told: ToldLine | ToldText): Description {
  if (told.line === undefined) return JSON.parse(told.text) as Description;
  const event = eventOf(told);
  return event === undefined ? NOTHING : describedIn(event, told.at);
}

/** The event of the line, as far as that alone tells. */
export function eventOf({ line, format: name }: ToldLine): Event | undefined {
  const format = FORMATS.find((one) => one.name === name);
  const bytes = Buffer.from(line, 'latin1');
  const json = parseJson(UTF8.decode(bytes).trim());
  if (format === undefined || !isJsonObject(json)) return undefined;
  return eventAlone(format, json, { bytes, origin: NOWHERE }, SETTINGS);
}

/** Written out, because a name put together for every event has to be hashed for every event. */
const FIELDS = {
  process: {
    name: 'process.name',
    executable: 'process.executable',
    args: 'process.args',
    line: 'process.command_line',
    ppid: 'process.parent.pid',
    entityId: 'process.entity_id',
    start: 'process.start',
  },
  'process.parent': {
    name: 'process.parent.name',
    executable: 'process.parent.executable',
    args: 'process.parent.args',
    line: 'process.parent.command_line',
    ppid: 'process.parent.parent.pid',
    entityId: 'process.parent.entity_id',
    start: 'process.parent.start',
  },
} as const;

function describedIn(event: Event, at: At): Description {
  const fields = FIELDS[at];
  const name = event.text(fields.name);
  const executable = event.text(fields.executable);
  const args = event.values(fields.args).map(String);
  const line = event.text(fields.line) ?? (args.length === 0 ? undefined : commandLine(args));
  const ppid = pidOf(event, fields.ppid);
  const entityId = event.text(fields.entityId);
  const start = event.text(fields.start);
  return cut({
    ...(ppid === undefined ? {} : { ppid }),
    ...(name === undefined ? {} : { name }),
    ...(executable === undefined ? {} : { executable }),
    ...(args.length === 0 ? {} : { args }),
    ...(line === undefined ? {} : { commandLine: line }),
    ...(entityId === undefined ? {} : { entityId }),
    ...(start === undefined ? {} : { start }),
    ...(at === 'process' ? ownMoment(event) : {}),
  });
}

export function cut(description: Description): Description {
  const { args: _, commandLine: line = '', ...rest } = description;
  return line.length > LONGEST_COMMAND_LINE
    ? { ...rest, commandLine: line.slice(0, LONGEST_COMMAND_LINE) }
    : description;
}

function ownMoment(event: Event): Pick<Description, 'seen' | 'sequence'> {
  const seen = event.text('@timestamp');
  const sequence = event.text('event.sequence');
  return { ...(seen === undefined ? {} : { seen }), ...(sequence === undefined ? {} : { sequence }) };
}
