/**
 * One line of the Linux audit log, parsed.
 *
 *   [node=N ]type=T msg=audit(SECONDS.MS:SERIAL): key=value … [0x1d KEY="value" …]
 *
 * Values come quoted, bare, or, where a program could choose the bytes (file names, command lines), as upper-case hex
 * when they hold a space, a quote, a control or a non-ASCII byte. Which names those are is fixed by the kernel and
 * libaudit (`ESCAPED` in auparse/typetab.h): `a1=cafe` of a SYSCALL is a register, `exe=2F62…` a path. Text after 0x1d
 * is what auditd added when it writes `log_format = ENRICHED` (names of users, architecture, system call).
 * The parser takes anything: what is cut off or malformed gives fewer or shorter fields, never an exception.
 */
import { type ArgumentPiece, type ArgumentPieces, addPiece, isHex, isOfArguments } from './auditd-arguments.ts';
import { numbered } from './numbered-names.ts';

/** Fields are read out of the text when first asked for: of most records, no rule asks for any. */
export class AuditRecord {
  readonly node: string | undefined;
  /** `SYSCALL`, `EXECVE`, …; `UNKNOWN[1334]` as auditd prints what it does not know. */
  readonly type: string;
  /** Decimal seconds as written, `1604994496.155`. */
  readonly time: string;
  readonly serial: string;
  private readonly body: string;
  private found: Found | undefined;

  constructor(node: string | undefined, type: string, time: string, serial: string, body: string) {
    this.node = node;
    this.type = type;
    this.time = time;
    this.serial = serial;
    this.body = body;
  }

  /** Decoded values by name. `(null)` is left out. For an EXECVE, all but its arguments. */
  get fields(): ReadonlyMap<string, string> {
    this.found ??= readBody(this.type, this.body);
    return this.found.fields;
  }

  /** Of an EXECVE: argument number → its pieces, by piece number (0 where the argument is whole). */
  get args(): ReadonlyMap<number, ReadonlyMap<number, ArgumentPiece>> {
    this.found ??= readBody(this.type, this.body);
    return this.found.args;
  }
}

const HEADER =
  /^(?:node=(\S+) )?type=([A-Z][A-Z0-9_]*|UNKNOWN\[\d{1,5}\]|\d{1,5}) msg=audit\((\d{1,12}\.\d{1,9}):(\d{1,20})\):? ?/;

/** A line may name its type by number (linux/audit.h): runs of names, each after the number of its first. */
const NUMBERED_TYPES = `
1005: USER LOGIN
1100: USER_AUTH USER_ACCT USER_MGMT CRED_ACQ CRED_DISP USER_START USER_END USER_AVC USER_CHAUTHTOK USER_ERR
CRED_REFR USYS_CONFIG USER_LOGIN USER_LOGOUT ADD_USER DEL_USER ADD_GROUP DEL_GROUP DAC_CHECK CHGRP_ID TEST
TRUSTED_APP USER_SELINUX_ERR USER_CMD USER_TTY CHUSER_ID GRP_AUTH SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL
SERVICE_START SERVICE_STOP GRP_MGMT GRP_CHAUTHTOK MAC_CHECK ACCT_LOCK ACCT_UNLOCK USER_DEVICE SOFTWARE_UPDATE
1200: DAEMON_START DAEMON_END DAEMON_ABORT DAEMON_CONFIG DAEMON_RECONFIG DAEMON_ROTATE DAEMON_RESUME DAEMON_ACCEPT
DAEMON_CLOSE DAEMON_ERR
1300: SYSCALL
1302: PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD
1309: EXECVE
1311: IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID TTY EOE BPRM_FCAPS
CAPSET MMAP NETFILTER_PKT NETFILTER_CFG SECCOMP PROCTITLE FEATURE_CHANGE REPLACE KERN_MODULE FANOTIFY TIME_INJOFFSET
TIME_ADJNTPVAL BPF EVENT_LISTENER URINGOP OPENAT2
1400: AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE
1700: ANOM_PROMISCUOUS ANOM_ABEND ANOM_LINK ANOM_CREAT
2000: KERNEL`;
let typeNames: ReadonlyMap<string, string> | undefined;

const ESCAPED = new Set(
  (
    'acct cgroup cmd comm cwd data device dir exe file grp invalid_context key name new-disk new-fs ocomm ' +
    'old-disk old-fs path proctitle root_dir sw vm watch'
  ).split(' '),
);

const ENRICHMENT = '\x1d';
const NAME = /^[A-Za-z][\w.-]{0,100}(?:\[\d{1,7}\])?$/;
const LONGEST_NAME = 120;
/** What may stand between two fields; the bracket opens a group in old user-space messages. */
const SEPARATORS = ' \t,(';

interface Found {
  readonly fields: Map<string, string>;
  readonly args: ArgumentPieces;
}

/** `undefined` where the line does not start as an audit record does. */
export function parseAuditRecord(line: string): AuditRecord | undefined {
  const header = HEADER.exec(line);
  if (header === null) return undefined;
  const [whole, node, typeText, time, serial] = header as unknown as [string, string?, string?, string?, string?];
  const type = typeName(typeText as string);
  return new AuditRecord(node, type, time as string, serial as string, line.slice(whole.length));
}

function typeName(text: string): string {
  if (!/^\d/.test(text)) return text;
  typeNames ??= numbered(NUMBERED_TYPES);
  return typeNames.get(text) ?? text;
}

/** Whether a value of that name that stands there without quotes may be hexadecimal. */
export function isEscapedName(name: string): boolean {
  return ESCAPED.has(name);
}

/** What a field's value says that stands there without quotes. */
export function decodedValue(name: string, value: string): string {
  return ESCAPED.has(name) ? (decodeHex(value) ?? value) : value;
}

/** Hex digits to text, as UTF-8 with replacement; `undefined` where the text is no hex as audit writes it. */
function decodeHex(value: string): string | undefined {
  return isHex(value) ? Buffer.from(value, 'hex').toString('utf8') : undefined;
}

function readBody(type: string, body: string): Found {
  const found: Found = { fields: new Map(), args: new Map() };
  const cut = body.indexOf(ENRICHMENT);
  readFields(cut === -1 ? body : body.slice(0, cut), type, found, true);
  if (cut !== -1) readFields(body.slice(cut + 1), 'ENRICHED', found, false);
  if (type === 'AVC') readAvc(body, found.fields);
  return found;
}

// Written with `indexOf` rather than one expression: a line may be megabytes, and every step must stay linear.
function readFields(text: string, type: string, found: Found, mayNest: boolean): void {
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    if (equals === -1) return;
    const name = nameBefore(text, at, equals);
    const start = equals + 1;
    const opening = text[start];
    if (name === undefined) {
      at = start;
    } else if (opening === '"') {
      const end = endOr(text.indexOf('"', start + 1), text);
      keep(type, name, text.slice(start + 1, end), true, found);
      at = end + 1;
    } else if (opening === "'" && mayNest) {
      // A user-space message: fields of its own up to the last quote.
      const last = text.lastIndexOf("'");
      const end = last > start ? last : text.length;
      readFields(text.slice(start + 1, end), type, found, false);
      at = end + 1;
    } else {
      const end = endOr(text.indexOf(' ', start), text);
      keep(type, name, trimTail(text.slice(start, end)), false, found);
      at = end;
    }
  }
}

function endOr(end: number, text: string): number {
  return end === -1 ? text.length : end;
}

/** The name that ends at `equals`; kernels before 3.0 write a LOGIN as `old auid=0 new auid=1000`. */
function nameBefore(text: string, from: number, equals: number): string | undefined {
  let start = equals;
  const earliest = Math.max(from, equals - LONGEST_NAME);
  while (start > earliest && !SEPARATORS.includes(text[start - 1] as string)) start -= 1;
  const name = text.slice(start, equals);
  if (!NAME.test(name)) return undefined;
  return text.slice(Math.max(from, start - 5), start) === ' old ' ? `old-${name}` : name;
}

function keep(type: string, name: string, value: string, quoted: boolean, found: Found): void {
  if (!quoted && value === '(null)') return;
  if (type === 'EXECVE') {
    if (addPiece(found.args, name, value, quoted) || isOfArguments(name)) return;
  }
  // The first wins: what the kernel says stands before what a program says of itself in `msg='…'`.
  if (found.fields.has(name)) return;
  found.fields.set(name, quoted ? value : decodedValue(name, value));
}

// What closes a message may cling to its last value: `res=success'`, `res=success)'`, in some logs `res=success"`;
// and a comma may follow a value (`hostname=?, addr=?`).
function trimTail(value: string): string {
  return value.startsWith('(') ? value : value.replace(/[,)'"]{1,4}$/, '');
}

function readAvc(body: string, fields: Map<string, string>): void {
  const match = /avc:\s{1,9}(granted|denied)\s{1,9}\{([^}]{0,1000})\}/.exec(body);
  if (match === null) return;
  fields.set('seresult', match[1] as string);
  fields.set('seperms', (match[2] as string).trim());
}
