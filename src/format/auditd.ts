/**
 * The Linux audit log as auditd writes it (`audit.log`, `ausearch --raw`), plain or ENRICHED, with `node=` or without.
 *
 *   line ──parseAuditRecord──▶ AuditAssembler ──▶ AuditEvent ──derivations──▶ Event
 */
import { Event } from '../event/event.ts';
import { timeFromSeconds } from '../event/time.ts';
import { type AssembledEvent, AuditAssembler } from './auditd-assemble.ts';
import { AUDIT_TABLE } from './auditd-ecs.ts';
import { type AuditEvent, type AuditFields, auditEventId, isExecution } from './auditd-event.ts';
import { type AuditRecord, parseAuditRecord } from './auditd-record.ts';
import { AUDITD_STREAM, streamsOfProcessStart } from './data-stream.ts';
import { DerivedSource } from './derivation.ts';
import type { EventSink, FormatSettings } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';

export const auditd: Format = {
  name: 'auditd',
  recognises: (line) => line.json === undefined && (line.text.startsWith('type=') || line.text.startsWith('node=')),
  open: (settings, sink) => new AuditdReader(settings, sink),
};

class AuditdReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly assembler: AuditAssembler;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.assembler = new AuditAssembler((assembled) => this.release(assembled));
  }

  line(line: ReadLine): void {
    const record = parseAuditRecord(line.text);
    if (record === undefined) {
      rejectLine(this.sink, line, 'bad-audit-record', 'The line does not start as an audit record does.');
    } else {
      this.assembler.add(record, line.bytes, line.origin, this.settings.now());
    }
  }

  settle(now: number): void {
    this.assembler.settle(now);
  }

  end(): void {
    this.assembler.end();
  }

  get waiting() {
    return this.assembler.waiting;
  }

  get forced(): number {
    return this.assembler.forced;
  }

  private release({ records, raw, origin }: AssembledEvent): void {
    const event = joinRecords(records, this.settings);
    if (event !== undefined) this.sink.event(auditEvent('auditd', event, raw, origin));
  }
}

/** The event of a joined record, from either way of writing it. */
export function auditEvent(format: string, record: AuditEvent, raw: Uint8Array, origin: Event['origin']): Event {
  const { settings } = record.context;
  return new Event({
    time: timeFromSeconds(record.time) ?? { ms: 0, ticks: 0 },
    source: new DerivedSource(record, AUDIT_TABLE),
    raw,
    format,
    ...(isExecution(record) ? streamsOfProcessStart(AUDITD_STREAM, settings) : { dataStreams: [AUDITD_STREAM] }),
    ...(origin === undefined ? {} : { origin }),
    id: auditEventId(record),
  });
}

/** `undefined` for an EOE alone, which ends an event and says nothing. */
function joinRecords(parsed: readonly AuditRecord[], settings: FormatSettings): AuditEvent | undefined {
  const [first] = parsed;
  const records = new Map<string, AuditFields[]>();
  const pieces = new Map<number, Map<number, Uint8Array>>();
  let sawArguments = false;
  let title: string | undefined;
  for (const record of parsed) {
    if (record.type === 'EOE') continue;
    if (record.type === 'EXECVE') {
      sawArguments = true;
      for (const [index, parts] of record.args) pieces.set(index, new Map([...(pieces.get(index) ?? []), ...parts]));
    }
    if (record.type === 'PROCTITLE') title = titleOf(record.fields.get('proctitle')) ?? title;
    const all = records.get(record.type) ?? [];
    all.push(Object.fromEntries(record.fields));
    records.set(record.type, all);
  }
  if (first === undefined || records.size === 0) return undefined;
  return {
    node: first.node,
    time: first.time,
    serial: first.serial,
    records,
    ...(sawArguments ? { args: joinArguments(pieces) } : {}),
    ...(title === undefined ? {} : { title }),
    context: { settings, ingested: settings.now() },
  };
}

/** Pieces are joined as bytes, so that a character cut in two is whole again. Lost arguments are left out. */
function joinArguments(pieces: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>): string[] {
  return inOrder(pieces).map((parts) => Buffer.concat(inOrder(parts)).toString('utf8'));
}

function inOrder<T>(numbered: ReadonlyMap<number, T>): T[] {
  return [...numbered].sort(([a], [b]) => a - b).map(([, value]) => value);
}

function titleOf(value: string | undefined): string | undefined {
  return value?.replaceAll('\0', ' ').trimEnd();
}
