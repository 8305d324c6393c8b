/**
 * Syslog: lines of RFC 5424 and RFC 3164 and the files that rsyslog and syslogd write.
 *
 *   line ──header──▶ an audit record behind it ──▶ the audit log's reader (its records are put together)
 *                  ├▶ a record of Windows as Snare sends it ──▶ snare.ts
 *                  └▶ a message ──▶ Event, of authentication where it says so
 *
 * Audit records come behind syslog's header from audispd's syslog plug-in (`audispd: type=… msg=audit(…)`), and from the
 * kernel where no auditd runs (`kernel: audit: type=1400 audit(…)`).
 */
import { Event } from '../event/event.ts';
import { timeFromMs } from '../event/time.ts';
import { auditd } from './auditd.ts';
import { type Beside, fieldsBeside, firstNames, sourceWithBeside } from './beside.ts';
import { DerivedSource } from './derivation.ts';
import type { EventSink, FormatSettings } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { readSnare, type SnareRecord } from './snare.ts';
import { LogMessage, SYSLOG } from './syslog-ecs.ts';
import { parseSyslog, type SyslogLine, syslogTime } from './syslog-line.ts';
import { WINDOWS, windowsEvent } from './windows-ecs.ts';

export const syslog: Format = {
  name: 'syslog',
  recognises: ({ text, json }) => {
    if (json !== undefined) return false;
    const line = syslogIn(text);
    // Sysmon for Linux is a format of its own.
    return line !== undefined && !(line.program === 'sysmon' && line.message.startsWith('<Event>'));
  },
  open: (settings, sink) => new SyslogReader(settings, sink),
};

/** A text that starts as a line of syslog does, parsed. */
export function syslogIn(text: string): SyslogLine | undefined {
  return /^(?:<\d{1,3}>|[A-Z][a-z]{2} {1,2}\d{1,2} \d|\d{4}-\d{2}-\d{2}T)/.test(text) ? parseSyslog(text) : undefined;
}

/** A message with the rest of the object that it came in, and the name of the format that the object is of. */
export interface Wrapped extends Beside {
  readonly format: string;
}

export class SyslogReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly audit: FormatReader;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.audit = auditd.open(settings, sink);
  }

  line(line: ReadLine): void {
    this.read(line, parseSyslog(line.text), undefined);
  }

  /** Reads a message out of what it came in. */
  read(line: ReadLine, parsed: SyslogLine | undefined, wrapped: Wrapped | undefined): void {
    const record = parsed && auditRecordIn(parsed);
    if (record !== undefined) {
      this.audit.line({ ...line, text: record });
      return;
    }
    const format = wrapped?.format ?? syslog.name;
    const snare = parsed && readSnare(parsed.message, parsed.host, this.settings);
    if (snare !== undefined) {
      this.giveSnare(line, snare, wrapped, format);
      return;
    }
    const now = this.settings.now();
    const time = parsed && (parsed.timestamp === undefined ? timeFromMs(now) : syslogTime(parsed.timestamp, now));
    if (parsed === undefined || time === undefined) {
      rejectLine(this.sink, line, 'no-time', 'The line of syslog has no time that is one.');
      return;
    }
    const message = new LogMessage(parsed, time, {
      hostName: this.settings.hostName,
      ingested: now,
      entry: undefined,
      original: wrapped?.original,
    });
    const derived = new DerivedSource(message, SYSLOG);
    this.sink.event(
      new Event({
        time,
        source: wrapped === undefined ? derived : sourceWithBeside(derived, fieldsBeside(wrapped.fields, SYSLOG_NAMES)),
        raw: line.bytes,
        format,
        dataStreams: [message.dataStream],
        origin: line.origin,
      }),
    );
  }

  private giveSnare(line: ReadLine, read: SnareRecord, wrapped: Wrapped | undefined, format: string): void {
    const beside = wrapped === undefined ? {} : fieldsBeside(wrapped.fields, WINDOWS_NAMES);
    const original = wrapped?.original ?? line.text;
    const event = windowsEvent(read.record, {
      format,
      raw: line.bytes,
      origin: line.origin,
      document: { ...beside, snare: read.snare, event: { original } },
    });
    if (event === undefined) rejectLine(this.sink, line, 'no-time', 'The record does not say when it was written.');
    else this.sink.event(event);
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

const SYSLOG_NAMES = firstNames(SYSLOG);
const WINDOWS_NAMES: ReadonlySet<string> = new Set([...firstNames(...Object.values(WINDOWS)), 'snare']);

/** The record as the audit log has it, of the host that the header names; `undefined` where the message is none. */
function auditRecordIn({ host, message }: SyslogLine): string | undefined {
  const node = host === undefined ? '' : `node=${host} `;
  if (/^type=\S{1,64} msg=audit\(/.test(message)) return node + message;
  if (/^node=\S{1,255} type=\S{1,64} msg=audit\(/.test(message)) return message;
  const kernel = /^(?:\[ *\d{1,10}\.\d{1,9}\] )?audit: (type=\d{1,5}) (audit\(.*)$/s.exec(message);
  return kernel === null ? undefined : `${node}${kernel[1]} msg=${kernel[2]}`;
}
