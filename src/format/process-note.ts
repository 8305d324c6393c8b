/**
 * What the table of processes is told of an event: few values, and the rest for when somebody asks.
 *
 *   event ──noteOf──▶ note ──▶ ProcessTable
 *   line that nobody reads ──its bytes (`match/process-notes.ts`)──▶ `LineNote`, of which nothing is a text that need not be
 */
import type { Event } from '../event/event.ts';
import { isJsonObject, type Json } from '../event/json.ts';
import { IdText } from './id-text.ts';
import { hostOf, type KnownProcess, pidOf, processChange } from './known-process.ts';
import { basename } from './process-fields.ts';
import { eventOf, parentIn, type Told, type ToldLine, toldBy } from './told-process.ts';

export type ProcessNote = StartNote | EndNote | LoginNote | LineNote;

export interface StartNote {
  readonly kind: 'start';
  /** The host's id, or its name where it has none. */
  readonly host: string;
  readonly pid: number;
  readonly ppid: number | undefined;
  /** As the source names the process and its parent. */
  readonly entityId: string | undefined;
  readonly parentEntityId: string | undefined;
  /** When it began, as the source says; absent where it does not, null where that is not known. */
  readonly start: string | undefined | null;
  readonly told: Told;
  readonly login?: Login;
  /** What the event itself says of a parent that is named; absent where that is in the line. Asked only where it is not known. */
  readonly parent?: (() => KnownProcess | undefined) | undefined;
  /** What laurel says of the process with the parent's pid; asked only where that is not known. */
  readonly laurelParent?: (() => LaurelParent | undefined) | undefined;
}

type LaurelParent = Omit<KnownProcess, 'pid'>;

export interface EndNote {
  readonly kind: 'end';
  readonly host: string;
  readonly pid: number;
}

/** A running process changes its session. */
interface LoginNote {
  readonly kind: 'login';
  readonly host: string;
  readonly pid: number;
  readonly login: Login;
}

/** Of Linux' audit log. */
export interface Login {
  readonly session: string | undefined;
  readonly loginId: string | undefined;
}

/** What lines of a kind have in common that tell of processes. */
export interface LineTeller extends Login {
  readonly format: string;
}

/** Of a line whose process starts, told by its bytes; good until the next line comes. One is filled for each line of a kind. */
export class LineNote {
  readonly kind = 'line';
  host = '';
  pid = 0;
  /** 0 where the line does not say. */
  ppid = 0;
  readonly entityId = new IdText();
  readonly parentEntityId = new IdText();
  teller: LineTeller = NOBODY;
  line: Uint8Array = NO_BYTES;
  readonly start: undefined | null;

  /** @param start as of a `StartNote`, without one that is known */
  constructor(start: undefined | null) {
    this.start = start;
  }

  /** The same with texts. */
  asStart(): StartNote {
    const { host, pid, ppid, entityId, parentEntityId, teller, line, start } = this;
    const { format } = teller;
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
    const told: ToldLine = { line: bytes.toString('latin1'), format, at: 'process' };
    return {
      kind: 'start',
      host,
      pid,
      ppid: ppid === 0 ? undefined : ppid,
      entityId: entityId.length === 0 ? undefined : entityId.text,
      parentEntityId: parentEntityId.length === 0 ? undefined : parentEntityId.text,
      start,
      told,
      login: teller,
      laurelParent: format === LAUREL ? () => laurelParentOf(told) : undefined,
    };
  }
}

const NO_BYTES = new Uint8Array(0);
const NOBODY: LineTeller = { format: '', session: undefined, loginId: undefined };

/**
 * @param isAtOnce whether a process that starts is described though its line could be kept
 * @returns undefined where the event neither starts nor ends a process, or does not say which
 */
export function noteOf(event: Event, isAtOnce: boolean): ProcessNote | undefined {
  const change = processChange(event);
  const pid = change && pidOf(event, 'process.pid');
  if (pid === undefined) return undefined;
  const host = hostOf(event);
  if (change === 'start') return startNote(event, host, pid, isAtOnce);
  return change === 'end' ? { kind: 'end', host, pid } : { kind: 'login', host, pid, login: loginOf(event) };
}

function startNote(event: Event, host: string, pid: number, isAtOnce: boolean): StartNote {
  const parentEntityId = event.text('process.parent.entity_id');
  const told = toldBy(event, isAtOnce);
  return {
    kind: 'start',
    host,
    pid,
    ppid: pidOf(event, 'process.parent.pid'),
    entityId: event.text('process.entity_id'),
    parentEntityId,
    start: event.text('process.start'),
    told,
    login: loginOf(event),
    ...(parentEntityId === undefined || told.line !== undefined ? {} : { parent: () => parentIn(event) }),
    laurelParent: () => laurelParentIn(event),
  };
}

export const LAUREL = 'laurel';

/** Of the event that a line told of. */
function laurelParentOf(told: ToldLine): LaurelParent | undefined {
  const event = told.format === LAUREL ? eventOf(told) : undefined;
  return event && laurelParentIn(event);
}

export function loginOf(event: Event): Login {
  return { session: event.text('auditd.session'), loginId: event.text('auditd.user.audit.id') };
}

function laurelParentIn(event: Event): LaurelParent | undefined {
  const told = event.format === LAUREL ? event.json('auditd.record.syscall.PPID') : undefined;
  if (!isJsonObject(told)) return undefined;
  const executable = textOf(told.exe)?.replace(/ \(deleted\)$/, '');
  const name = (executable === undefined ? undefined : basename(executable)) || textOf(told.comm);
  if (name === undefined) return undefined;
  const ppid = Number(textOf(told.ppid));
  return {
    name,
    ...(executable === undefined ? {} : { executable }),
    ...(Number.isInteger(ppid) ? { ppid } : {}),
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
