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
import { type EventTime, timeFromMs } from '../event/time.ts';
import { auditd } from './auditd.ts';
import { firstNames, LaidBeside, SourceWithBeside } from './beside.ts';
import { DerivedSource } from './derivation.ts';
import type { EventSink, FormatSettings } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { textAt } from './json-fields.ts';
import { SNARE, SNARE_PROMISES, SnareRecord, snareTextIn } from './snare.ts';
import type { SnareText } from './snare-parts.ts';
import { type Holder, LogMessage, SYSLOG, SYSLOG_PROMISES } from './syslog-ecs.ts';
import { parseSyslog, type SyslogLine, syslogTime } from './syslog-line.ts';
import { windowsEvent } from './windows-ecs.ts';

export const syslog: Format = {
  name: 'syslog',
  names: [],
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
  return text.startsWith('<') || TIME.test(text) ? parseSyslog(text) : undefined;
}

const TIME = /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d|\d{4}-\d{2}-\d{2}T)/;

/** What a message came in, and the name of the format that the object is of. */
export interface Wrapped extends Holder {
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
    const isPlain = parsed?.isPlain === true;
    const isOther = parsed === undefined || isPlain || parsed.snare !== undefined;
    const record = isOther ? undefined : auditRecordIn(parsed);
    if (record !== undefined) {
      this.audit.line({ ...line, text: record, json: undefined });
      return;
    }
    const snare = parsed === undefined || isPlain ? undefined : (parsed.snare ?? snareTextIn(parsed.message));
    if (parsed !== undefined && snare !== undefined) {
      this.giveSnare(line, parsed, snare, wrapped);
      return;
    }
    const now = this.settings.now();
    const time = parsed && timeOf(parsed, now);
    if (parsed === undefined || time === undefined) {
      rejectLine(this.sink, line, 'no-time', 'The line of syslog has no time that is one.');
      return;
    }
    const message = new LogMessage(parsed, time, {
      hostName: this.settings.hostName,
      ingested: now,
      entry: undefined,
      holder: wrapped,
    });
    const derived = new DerivedSource(message, SYSLOG, SYSLOG_PROMISES);
    this.sink.event(
      new Event({
        time,
        source:
          wrapped === undefined
            ? derived
            : new SourceWithBeside(derived, new LaidBeside(wrapped.json, wrapped.member, SYSLOG_NAMES)),
        raw: line.bytes,
        format: wrapped?.format ?? syslog.name,
        dataStreams: message.dataStreams,
        origin: line.origin,
      }),
    );
  }

  private giveSnare(line: ReadLine, parsed: SyslogLine, text: SnareText, wrapped: Wrapped | undefined): void {
    const original = () => (wrapped && textAt(wrapped.json, wrapped.member)) ?? line.text;
    const record = new SnareRecord(text, { host: () => parsed.host, original }, this.settings);
    const beside = wrapped && new LaidBeside(wrapped.json, wrapped.member, WINDOWS_NAMES);
    const event = windowsEvent(record, {
      format: wrapped?.format ?? syslog.name,
      raw: line.bytes,
      origin: line.origin,
      sourceOf: (table) => {
        const derived = new DerivedSource(record, SNARE[table], SNARE_PROMISES);
        return beside === undefined ? derived : new SourceWithBeside(derived, beside);
      },
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
const WINDOWS_NAMES: ReadonlySet<string> = firstNames(...Object.values(SNARE));

/** `undefined` where the line has no time that is one. Of a line that was split it is known that it has. */
function timeOf(line: SyslogLine, now: number): (() => EventTime) | undefined {
  if (line.isPlain !== undefined) return () => syslogTime(line.timestamp, now) as EventTime;
  const time = line.timestamp === undefined ? timeFromMs(now) : syslogTime(line.timestamp, now);
  return time && (() => time);
}

/** The record as the audit log has it, of the host that the header names; `undefined` where the message is none. */
export function auditRecordIn({ host, message }: SyslogLine): string | undefined {
  const node = host === undefined ? '' : `node=${host} `;
  if (/^type=\S{1,64} msg=audit\(/.test(message)) return node + message;
  if (/^node=\S{1,255} type=\S{1,64} msg=audit\(/.test(message)) return message;
  const kernel = /^(?:\[ *\d{1,10}\.\d{1,9}\] )?audit: (type=\d{1,5}) (audit\(.*)$/s.exec(message);
  return kernel === null ? undefined : `${node}${kernel[1]} msg=${kernel[2]}`;
}
