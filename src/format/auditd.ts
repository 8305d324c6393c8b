/**
 * The Linux audit log as auditd writes it (`audit.log`, `ausearch --raw`), plain or ENRICHED, with `node=` or without.
 *
 *   line ──AuditAssembler──▶ lines of an event ──parseAuditRecord──▶ AuditEvent ──derivations──▶ Event
 *                                              └──as JSON──▶ taken so, and made where it is asked for (`EventSink.isTaken`)
 */
import type { Event, Origin } from '../event/event.ts';
import { type ArgumentPiece, joinArguments } from './auditd-arguments.ts';
import { type AssembledEvent, AuditAssembler } from './auditd-assemble.ts';
import { auditEvent } from './auditd-ecs.ts';
import type { AuditContext, AuditEvent } from './auditd-event.ts';
import { mayBeAudit } from './auditd-head.ts';
import { AuditJson, JsonAuditEvent } from './auditd-json.ts';
import { type AuditRecord, parseAuditRecord } from './auditd-record.ts';
import type { EventSink, FormatSettings, InputLine } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';

export const auditd: Format = {
  name: 'auditd',
  names: [],
  recognises: (line) => line.json === undefined && (line.text.startsWith('type=') || line.text.startsWith('node=')),
  open: (settings, sink) => new AuditdReader(settings, sink),
};

class AuditdReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly assembler: AuditAssembler;
  /** Large, and of no use to who reads an event written as one object. */
  private json: AuditJson | undefined;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
    this.assembler = new AuditAssembler((assembled) => this.release(assembled));
  }

  line(line: ReadLine): void {
    // An event written as one object; whoever has a record out of an object gives no object.
    if (line.json !== undefined) {
      this.sink.event(auditEvent('auditd', new JsonAuditEvent(line.json, this.context()), line.bytes, line.origin));
      return;
    }
    if (this.takes(line)) return;
    const record = parseAuditRecord(line.text);
    if (record === undefined) {
      rejectLine(this.sink, line, 'bad-audit-record', 'The line does not start as an audit record does.');
    } else {
      this.assembler.add(record, line.bytes, line.origin, this.settings.now());
    }
  }

  takes({ bytes, origin }: InputLine): boolean {
    return mayBeAudit(bytes) && this.assembler.addLine(bytes, origin, this.settings.now());
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

  private release({ lines, origin }: AssembledEvent): void {
    const json = this.sink.isTaken === undefined ? undefined : this.writer().of(lines);
    if (json === undefined) {
      // An EOE alone ends an event and says nothing.
      const event = this.eventOf(lines, origin);
      if (event !== undefined) this.sink.event(event);
      return;
    }
    // Of what has JSON there is a record that says something.
    let made: Event | undefined;
    const make = () => {
      made ??= this.eventOf(lines, origin) as Event;
      return made;
    };
    if (this.sink.isTaken?.({ bytes: json, origin }, auditd, make) !== true) this.sink.event(make());
    lines.giveBack();
  }

  private writer(): AuditJson {
    this.json ??= new AuditJson();
    return this.json;
  }

  private eventOf(lines: AssembledEvent['lines'], origin: Origin): Event | undefined {
    const event = new JoinedRecords(lines.records, this.context());
    return event.records.size > 0 ? auditEvent('auditd', event, copied(lines.raw), origin) : undefined;
  }

  private context(): AuditContext {
    return { settings: this.settings, ingested: this.settings.now() };
  }
}

class JoinedRecords implements AuditEvent {
  readonly node: string | undefined;
  readonly time: string;
  readonly serial: string;
  readonly records: ReadonlyMap<string, readonly AuditRecord[]>;
  readonly context: AuditContext;
  readonly isAsWritten = true;
  private joined: readonly string[] | undefined;

  constructor(parsed: readonly AuditRecord[], context: AuditContext) {
    const first = parsed[0] as AuditRecord;
    this.node = first.node;
    this.time = first.time;
    this.serial = first.serial;
    this.context = context;
    const records = new Map<string, AuditRecord[]>();
    for (const record of parsed) {
      if (record.type === 'EOE') continue;
      const all = records.get(record.type);
      if (all === undefined) records.set(record.type, [record]);
      else all.push(record);
    }
    this.records = records;
  }

  get args(): readonly string[] | undefined {
    this.joined ??= argumentsOf(this.records.get('EXECVE'));
    return this.joined;
  }

  get title(): string | undefined {
    const title = this.records.get('PROCTITLE')?.[0]?.fields.get('proctitle');
    return title?.slice(0, title.endsWith('\0') ? -1 : undefined).replaceAll('\0', ' ');
  }
}

/** Events share larger pieces of memory: one of its own takes longer to have than to fill. */
const PIECE = 65_536;
const LARGEST_IN_PIECE = 8_192;
let piece = Buffer.alloc(0);
let used = 0;

function copied(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  if (length > LARGEST_IN_PIECE) return Buffer.from(bytes);
  if (used + length > piece.length) {
    piece = Buffer.allocUnsafeSlow(PIECE);
    used = 0;
  }
  const copy = piece.subarray(used, used + length);
  copy.set(bytes);
  used += length;
  return copy;
}

function argumentsOf(records: readonly AuditRecord[] | undefined): readonly string[] | undefined {
  if (records === undefined) return undefined;
  if (records.length === 1) return joinArguments((records[0] as AuditRecord).args);
  const args = new Map<number, ReadonlyMap<number, ArgumentPiece>>();
  for (const record of records) {
    for (const [index, parts] of record.args) {
      const before = args.get(index);
      args.set(index, before === undefined ? parts : new Map([...before, ...parts]));
    }
  }
  return joinArguments(args);
}
