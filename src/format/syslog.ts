/**
 * Syslog: lines of RFC 5424 and RFC 3164 and the files that rsyslog and syslogd write.
 *
 *   line ──header──▶ an audit record behind it ──▶ the audit log's reader (its records are put together)
 *                  └▶ a message ──▶ Event, of authentication where it says so
 *
 * Audit records come behind syslog's header from audispd's syslog plug-in (`audispd: type=… msg=audit(…)`), and from the
 * kernel where no auditd runs (`kernel: audit: type=1400 audit(…)`).
 */
import { Event } from '../event/event.ts';
import { timeFromMs } from '../event/time.ts';
import { auditd } from './auditd.ts';
import { DerivedSource } from './derivation.ts';
import type { EventSink, FormatSettings } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { LogMessage, SYSLOG } from './syslog-ecs.ts';
import { parseSyslog, type SyslogLine, syslogTime } from './syslog-line.ts';

export const syslog: Format = {
  name: 'syslog',
  recognises: ({ text, json }) => {
    if (json !== undefined || !/^(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d|\d{4}-\d{2}-\d{2}T)/.test(text)) return false;
    const line = parseSyslog(text);
    // Sysmon for Linux is a format of its own.
    return line !== undefined && !(line.program === 'sysmon' && line.message.startsWith('<Event>'));
  },
  open: (settings, sink) => new SyslogReader(settings, sink),
};

class SyslogReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly audit: FormatReader;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.audit = auditd.open(settings, sink);
  }

  line(line: ReadLine): void {
    const parsed = parseSyslog(line.text);
    const record = parsed && auditRecordIn(parsed);
    if (record !== undefined) {
      this.audit.line({ ...line, text: record });
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
    });
    this.sink.event(
      new Event({
        time,
        source: new DerivedSource(message, SYSLOG),
        raw: line.bytes,
        format: 'syslog',
        dataStreams: [message.dataStream],
        origin: line.origin,
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

/** The record as the audit log has it, of the host that the header names; `undefined` where the message is none. */
function auditRecordIn({ host, message }: SyslogLine): string | undefined {
  const node = host === undefined ? '' : `node=${host} `;
  if (/^type=\S{1,64} msg=audit\(/.test(message)) return node + message;
  if (/^node=\S{1,255} type=\S{1,64} msg=audit\(/.test(message)) return message;
  const kernel = /^(?:\[ *\d{1,10}\.\d{1,9}\] )?audit: (type=\d{1,5}) (audit\(.*)$/s.exec(message);
  return kernel === null ? undefined : `${node}${kernel[1]} msg=${kernel[2]}`;
}
