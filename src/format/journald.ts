/**
 * Entries of the systemd journal as JSON (`journalctl -o json`): one object a line, the journal's field names as keys.
 * journald-export.ts makes the same of the export form.
 *
 *   entry ──_TRANSPORT=audit──▶ its record as the audit log has it ──▶ the audit log's reader
 *         └──else──▶ a message of syslog, with what the journal knows of who wrote it ──▶ Event
 *
 * A value is text; a list of numbers where it holds bytes that are no text; a list of values where the field stands
 * several times; null where it was too long. The whole entry stands under `journald`.
 */
import { Event } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import { auditd } from './auditd.ts';
import { DerivedSource, derivationTable, type Promises } from './derivation.ts';
import type { EventSink, FormatSettings } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { asInteger, asText } from './json-fields.ts';
import { basename } from './process-fields.ts';
import { kindAt } from './recorded-json.ts';
import { logMessageField as derive, LOG_MESSAGE_FIELDS, LogMessage, SYSLOG_PROMISES, wordsOf } from './syslog-ecs.ts';
import type { SyslogLine } from './syslog-line.ts';
import { isPlainIn } from './text-parts.ts';

export const journald: Format = {
  name: 'journald',
  names: ['__REALTIME_TIMESTAMP'],
  recognises: ({ json }) => json !== undefined && typeof json.__REALTIME_TIMESTAMP === 'string',
  // A record of the audit log is one of several, which are an event together.
  isAlone: ({ _TRANSPORT }) => _TRANSPORT !== 'audit',
  open: (settings, sink) => openJournal('journald', settings, sink),
};

/** Reads entries given as JSON, whatever form they came in; `format` is what their events say of it. */
export function openJournal(format: string, settings: FormatSettings, sink: EventSink): FormatReader {
  return new JournalReader(format, settings, sink);
}

class JournalReader implements FormatReader {
  private readonly format: string;
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly audit: FormatReader;

  constructor(format: string, settings: FormatSettings, sink: EventSink) {
    this.format = format;
    this.settings = settings;
    this.sink = sink;
    this.audit = auditd.open(settings, sink);
  }

  line(line: ReadLine): void {
    const entry = line.json ?? {};
    const record = auditRecordOf(entry);
    if (record !== undefined) {
      this.audit.line({ ...line, text: record, json: undefined });
      return;
    }
    const time = microseconds(textOf(entry, '_SOURCE_REALTIME_TIMESTAMP') ?? textOf(entry, '__REALTIME_TIMESTAMP'));
    if (time === undefined) {
      rejectLine(this.sink, line, 'no-time', 'The entry of the journal has no time that is one.');
      return;
    }
    const message = new LogMessage(asLine(entry), () => time, {
      hostName: this.settings.hostName,
      ingested: this.settings.now(),
      entry,
      holder: undefined,
    });
    this.sink.event(
      new Event({
        time,
        source: new DerivedSource(message, JOURNALD, this.format === journald.name ? PROMISES : undefined),
        raw: line.bytes,
        format: this.format,
        dataStreams: message.dataStreams,
        origin: line.origin,
        id: () => textOf(entry, '__CURSOR'),
      }),
    );
  }

  settle(now: number): void {
    this.audit.settle?.(now);
  }

  end(): void {
    this.audit.end?.();
  }

  get waiting() {
    return this.audit.waiting;
  }

  get forced(): number {
    return this.audit.forced ?? 0;
  }
}

/** `SYSCALL arch=…` of the journal as `type=SYSCALL msg=audit(time:serial): arch=…` of the audit log. */
function auditRecordOf(entry: JsonObject): string | undefined {
  if (entry._TRANSPORT !== 'audit') return undefined;
  const message = textOf(entry, 'MESSAGE') ?? '';
  const type = textOf(entry, '_AUDIT_TYPE_NAME') ?? textOf(entry, '_AUDIT_TYPE');
  const serial = textOf(entry, '_AUDIT_ID');
  const time = textOf(entry, '_SOURCE_REALTIME_TIMESTAMP') ?? textOf(entry, '__REALTIME_TIMESTAMP');
  if (type === undefined || serial === undefined || time === undefined || !/^\d{7,18}$/.test(time)) return undefined;
  const host = textOf(entry, '_HOSTNAME');
  const node = host === undefined || /\s/.test(host) ? '' : `node=${host} `;
  const seconds = `${time.slice(0, -6)}.${time.slice(-6, -3)}`;
  const fields = message.replace(/^(?:[A-Z][A-Z0-9_]{0,63}|<audit-\d{1,5}>) /, '');
  return `${node}type=${type} msg=audit(${seconds}:${serial}): ${fields}`;
}

/** Of the entry no more is read than is asked for. */
function asLine(entry: JsonObject): SyslogLine {
  return {
    get timestamp() {
      return textOf(entry, '__REALTIME_TIMESTAMP');
    },
    get message() {
      return textOf(entry, 'MESSAGE') ?? '';
    },
    get isPlain() {
      return isPlainIn(entry, 'MESSAGE');
    },
    get priority() {
      const facility = Number(textOf(entry, 'SYSLOG_FACILITY') ?? Number.NaN);
      const severity = Number(textOf(entry, 'PRIORITY') ?? Number.NaN);
      const priority = facility * 8 + severity;
      return Number.isInteger(priority) && priority >= 0 && priority < 192 ? priority : undefined;
    },
    get host() {
      return textOf(entry, '_HOSTNAME');
    },
    get program() {
      return textOf(entry, 'SYSLOG_IDENTIFIER') ?? textOf(entry, '_COMM');
    },
    get pid() {
      return textOf(entry, 'SYSLOG_PID') ?? textOf(entry, '_PID');
    },
  };
}

/** A field as text: bytes decoded, of several values the first. */
function textOf(entry: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(entry, name) ? entry[name] : undefined;
  if (!Array.isArray(value)) return asText(value);
  const values = value as readonly Json[];
  if (typeof values[0] !== 'number') return textOf({ first: values[0] ?? null }, 'first');
  return Buffer.from(values.map(Number)).toString('utf8');
}

function microseconds(text: string | undefined): EventTime | undefined {
  if (text === undefined || !/^\d{1,18}$/.test(text)) return undefined;
  const ms = Number(BigInt(text) / 1_000n);
  return ms > 253_402_300_799_999 ? undefined : { ms, ticks: Number(BigInt(text) % 1_000n) * 10 };
}

const same = (field: string, name: string) => derive(field, 'same', name, ({ entry }) => entry && textOf(entry, name));
const number = (field: string, name: string) =>
  derive(field, 'number', name, ({ entry }) => entry && asInteger(textOf(entry, name)));

export const JOURNALD = derivationTable<LogMessage>([
  ...LOG_MESSAGE_FIELDS,
  same('event.id', '__CURSOR'),
  same('host.id', '_MACHINE_ID'),
  same('host.boot.id', '_BOOT_ID'),
  derive('user.id', 'compute', 'MESSAGE _UID', ({ facts, entry }) =>
    facts?.user === undefined ? entry && textOf(entry, '_UID') : facts.user.id,
  ),
  derive('user.name', 'compute', 'MESSAGE', ({ facts }) => facts?.user?.name),
  derive('group.id', 'compute', 'MESSAGE _GID', ({ facts, entry }) =>
    facts?.group === undefined ? entry && textOf(entry, '_GID') : facts.group.id,
  ),
  number('process.pid', '_PID'),
  derive('process.name', 'basename', '_EXE _COMM SYSLOG_IDENTIFIER', ({ entry, line }) => {
    const path = entry && textOf(entry, '_EXE');
    return path === undefined ? ((entry && textOf(entry, '_COMM')) ?? line.program) : basename(path);
  }),
  same('process.executable', '_EXE'),
  derive('process.command_line', 'compute', 'MESSAGE _CMDLINE', ({ facts, entry }) =>
    facts?.command === undefined ? entry && textOf(entry, '_CMDLINE') : facts.command.line,
  ),
  derive('process.args', 'compute', 'MESSAGE _CMDLINE', (message) => argumentsOf(message)),
  derive('process.args_count', 'compute', 'MESSAGE _CMDLINE', (message) => argumentsOf(message)?.length),
  derive('process.working_directory', 'compute', 'MESSAGE', ({ facts }) => facts?.command?.directory),
  same('systemd.unit', '_SYSTEMD_UNIT'),
  same('systemd.transport', '_TRANSPORT'),
  derive('journald', 'same', '*', ({ entry }) => entry),
]);

/** Of entries that are JSON: whatever their fields hold is a text that stands there, but for bytes, which become one. */
const PROMISES: Promises<LogMessage> = {
  words: (message) => {
    const { entry = {} } = message;
    const said = Object.keys(entry).some((name) => kindAt(entry, name) === 'array')
      ? undefined
      : SYSLOG_PROMISES.words?.(message);
    return said && { ...said, isWritten: true };
  },
};

/** Of the command that sudo ran, else of who wrote the entry; their boundaries are lost where they hold spaces. */
function argumentsOf({ facts, entry }: LogMessage): string[] | undefined {
  const line = facts?.command?.line ?? (entry && textOf(entry, '_CMDLINE'));
  return line === undefined ? undefined : wordsOf(line);
}
