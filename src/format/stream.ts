/**
 * Reads a stream of lines in whatever formats they come.
 *
 *   bytes ──length──▶ text ──JSON object?──▶ first format that recognises it, the last one first ──▶ its reader
 *
 * A line in the document of a shipper that mapped nothing is read as if it had come by itself (shipped.ts).
 *
 * A line is decoded and parsed once, whichever format takes it. Invariants: nothing that a line holds makes this
 * throw; the bytes of a reject are those received; formats share nothing but the sink.
 */
import type { Event, Origin } from '../event/event.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../event/json.ts';
import type {
  EventSink,
  FormatSettings,
  InputLine,
  LineBlock,
  LineFilter,
  PassedLine,
  Reject,
  SievedLine,
  StreamReader,
} from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { formatOf } from './formats.ts';
import { journaldExport } from './journald-export.ts';
import { jsonObject } from './json-object.ts';
import { isFrame, JsonOverLines, joined, withoutListEnd } from './json-over-lines.ts';
import { type Envelopes, shippedEvent, shippedIn } from './shipped.ts';
import { syslog } from './syslog.ts';

/** The longest line that is read: an execve with all the arguments the kernel allows is about half of it. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** The deepest nesting that is read: ten times what any sensor writes, and far from what would exhaust the stack. */
export const MAX_DEPTH = 200;
const TOO_LONG = `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB.`;

/** @param filter says which lines need not be read */
export function openStream(settings: FormatSettings, sink: EventSink, filter?: LineFilter): StreamReader {
  return new FormatStream(settings, sink, filter);
}

/** Lines in a row that the filter is asked about in vain, and those after each more that it is not: to ask takes a tenth of a short line. */
const [MOST_MISSES, REST] = [64, 63];

interface OpenFormat {
  readonly format: Format;
  readonly reader: FormatReader;
  readonly mayWait: boolean;
}

class FormatStream implements StreamReader {
  private readonly counts = new Map<string, { events: number }>();
  /** Of the event before: most are of one format. */
  private counted = '';
  private count = { events: 0 };
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private readonly counting: EventSink;
  /** Of formats that read each line by itself. */
  private readonly ofLines: EventSink;
  private readonly filter: LineFilter | undefined;
  private readonly open = new Map<Format, OpenFormat>();
  private readonly envelopes: Envelopes = new WeakMap();
  private readonly object = new JsonOverLines();
  private last: OpenFormat | undefined;
  passedOver = 0;
  /** Lines that are not asked about before others are: where none was passed over, the next one seldom is. */
  private resting = 0;
  private misses = 0;
  private readonly take = (passed: PassedLine) => {
    this.passedOver += 1;
    this.takeOver(passed);
  };
  private lastShipped: OpenFormat | undefined;

  constructor(settings: FormatSettings, sink: EventSink, filter: LineFilter | undefined) {
    this.settings = settings;
    this.sink = sink;
    this.filter = filter;
    this.counting = {
      event: (event: Event) => {
        this.countOne(event.format);
        const envelope = event.origin === undefined ? undefined : this.envelopes.get(event.origin);
        sink.event(envelope === undefined ? event : shippedEvent(event, envelope));
      },
      reject: (reject) => sink.reject(reject),
      ...(filter === undefined ? {} : { isTaken: this.isTaken.bind(this) }),
    };
    this.ofLines = {
      ...this.counting,
      event: (event: Event) => {
        event.isOfLine = true;
        this.counting.event(event);
      },
    };
  }

  line(line: InputLine): void {
    if (line.bytes.length > MAX_LINE_BYTES) {
      const { origin, bytes } = line;
      this.missed({ origin, code: 'too-long', reason: TOO_LONG, bytes });
      return;
    }
    if (this.object.isOpen) {
      const taken = this.object.take(line);
      if (taken === 'foreign') this.giveUpObject();
      else if (taken !== 'open') this.lineAlone(taken);
      if (taken !== 'foreign') return;
    }
    if (this.last !== undefined) {
      const { reader } = this.last;
      if (reader.continues?.(line) === true) {
        this.give(reader, { ...line, text: UTF8.decode(line.bytes), json: undefined });
        return;
      }
      if (this.offerAgain(reader.takeBack?.() ?? NO_LINES)) {
        this.line(line);
        return;
      }
    }
    if (!this.object.start(line)) this.lineAlone(line);
  }

  passOver(block: LineBlock, from: number): number {
    const { filter, last } = this;
    if (this.resting > 0) {
      this.resting -= 1;
      return from;
    }
    if (filter?.passOver === undefined || this.object.isOpen || last?.mayWait === true) return from;
    const to = filter.passOver(block, from, this.take);
    this.misses = to > from ? 0 : this.misses + 1;
    if (this.misses >= MOST_MISSES) this.resting = REST;
    return to;
  }

  private isTaken(line: InputLine, format: Format, make: () => Event): boolean {
    // A shipper's document says more of the event than its lines.
    const passed = this.envelopes.has(line.origin) ? undefined : this.filter?.lookAs(line, format, make);
    if (passed === undefined) return false;
    this.takeOver(passed);
    return true;
  }

  private takeOver(passed: PassedLine | SievedLine): void {
    this.countOne(passed.format);
    if (!('matching' in passed)) this.sink.passed?.(passed);
    else if (this.sink.sieved !== undefined) this.sink.sieved(passed);
    else this.sink.event(passed.event());
  }

  private countOne(format: string): void {
    if (format !== this.counted) {
      const known = this.counts.get(format) ?? { events: 0 };
      this.counts.set(format, known);
      this.counted = format;
      this.count = known;
    }
    this.count.events += 1;
  }

  get formats(): ReadonlyMap<string, number> {
    return new Map([...this.counts].map(([format, { events }]) => [format, events]));
  }

  private lineAlone(line: InputLine): void {
    if (this.last?.reader.takes?.(line) === true) return;
    const passed = this.filter?.look(line);
    if (passed !== undefined) {
      this.takeOver(passed);
      return;
    }
    const whole = decode(line.bytes);
    if (whole === '' || isFrame(whole)) return;
    const text = whole.startsWith('{') ? withoutListEnd(whole) : whole;
    if (text !== whole) line = { bytes: Buffer.from(text), origin: line.origin };
    const json = text.startsWith('{') ? readJson(text) : undefined;
    if (json !== undefined && 'problem' in json) {
      rejectLine(this.sink, line, json.code, json.problem);
      return;
    }
    if (json !== undefined && this.readShipped(line, json.object)) return;
    const read: ReadLine = { ...line, text, json: json?.object };
    const reader = this.readerFor(read);
    if (reader === undefined) {
      rejectLine(this.sink, line, 'unknown-format', 'No format recognises the line.');
    } else {
      this.give(reader, read);
    }
  }

  private give(reader: FormatReader, line: ReadLine): void {
    reader.line(line);
    this.offerAgain(reader.takeBack?.() ?? NO_LINES);
  }

  private giveUpObject(): void {
    const lines = this.object.release();
    const [first, ...rest] = lines;
    if (first === undefined) return;
    rejectLine(this.sink, { origin: first.origin, bytes: joined(lines) }, 'not-json', NO_END);
    this.offerAgain(rest);
  }

  /** Lines that do not belong where they were kept, to whom they are of; whether there were any. */
  private offerAgain(lines: readonly InputLine[]): boolean {
    for (const line of lines) {
      if (this.last?.reader.continues?.(line) === true || isOfSomeFormat(line)) this.line(line);
    }
    return lines.length > 0;
  }

  missed(reject: Reject): void {
    this.sink.reject(reject);
    this.last?.reader.missed?.(reject);
  }

  settle(now: number): void {
    for (const { reader } of this.open.values()) reader.settle?.(now);
  }

  end(): void {
    this.giveUpObject();
    for (const { reader } of this.open.values()) reader.end?.();
    let offered = false;
    for (const { reader } of [...this.open.values()]) {
      offered = this.offerAgain(reader.takeBack?.() ?? NO_LINES) || offered;
    }
    if (offered) this.end();
  }

  get waiting(): Origin | undefined {
    let earliest = this.object.waiting;
    for (const { reader } of this.open.values()) {
      const { waiting } = reader;
      if (waiting !== undefined && (earliest === undefined || waiting.offset < earliest.offset)) earliest = waiting;
    }
    return earliest;
  }

  get forced(): number {
    let sum = 0;
    for (const { reader } of this.open.values()) sum += reader.forced ?? 0;
    return sum;
  }

  /** Whether the object is a shipper's around a record that a format knows, which then has read it. */
  private readShipped(line: InputLine, object: JsonObject): boolean {
    for (const { record, envelope } of shippedIn(object)) {
      const read = typeof record === 'string' ? readRecord(record, line) : { ...line, text: '', json: record };
      const format = read === undefined ? undefined : this.formatOfRecord(read, record, object);
      if (read === undefined || format === undefined) continue;
      this.envelopes.set(line.origin, envelope);
      this.lastShipped = this.opened(format);
      this.give(this.lastShipped.reader, read);
      return true;
    }
    return false;
  }

  private formatOfRecord(read: ReadLine, record: string | JsonObject, object: JsonObject): Format | undefined {
    const last = this.lastShipped?.format;
    if (last !== undefined && last.broad !== true && isRecord(last, record, object) && last.recognises(read))
      return last;
    return formatOf(read, (one) => isRecord(one, record, object));
  }

  private readerFor(line: ReadLine): FormatReader | undefined {
    if (this.last?.format.broad !== true && this.last?.format.recognises(line) === true) return this.last.reader;
    const format = formatOf(line);
    if (format === undefined) return undefined;
    this.last = this.opened(format);
    return this.last.reader;
  }

  private opened(format: Format): OpenFormat {
    const known = this.open.get(format);
    if (known !== undefined) return known;
    const reader = format.open(this.settings, format.isAlone === true ? this.ofLines : this.counting);
    const open = { format, reader, mayWait: mayWait(reader) };
    this.open.set(format, open);
    return open;
  }
}

/** Whether it may want lines that others would take for lines of their own. */
function mayWait({ takes, continues, takeBack }: FormatReader): boolean {
  return takes !== undefined || continues !== undefined || takeBack !== undefined;
}

/**
 * Whether a shipper's record may be of the format. An entry of the journal's export is many lines, of which shippers make
 * many documents; what nothing else knows stays in its document; a line of syslog in any other object is json-object.ts's.
 */
function isRecord(format: Format, record: string | JsonObject, object: JsonObject): boolean {
  if (typeof record !== 'string') return true;
  if (format === journaldExport || format === jsonObject) return false;
  return format !== syslog || Object.hasOwn(object, '@timestamp') || Object.hasOwn(object, '_source');
}

function readRecord(record: string, line: InputLine): ReadLine | undefined {
  const text = record.trim();
  const json = text.startsWith('{') ? readJson(text) : undefined;
  if (json !== undefined && 'problem' in json) return undefined;
  return { bytes: Buffer.from(record), origin: line.origin, text, json: json?.object };
}

/** Whether a line stands for itself, whatever it was kept for: any object of JSON might be a part of that. */
function isOfSomeFormat(line: InputLine): boolean {
  const text = decode(line.bytes);
  const json = text.startsWith('{') ? readJson(text) : undefined;
  if (text === '' || (json !== undefined && 'problem' in json)) return false;
  const read: ReadLine = { ...line, text, json: json?.object };
  return formatOf(read, (one) => one !== jsonObject) !== undefined;
}

const NO_LINES: readonly InputLine[] = [];
const NO_END = 'An object of JSON starts over several lines and has no end.';

const UTF8 = new TextDecoder('utf-8');

/** Text without a byte order mark and without space around it; invalid UTF-8 is replaced. */
function decode(bytes: Uint8Array): string {
  return UTF8.decode(bytes).trim();
}

type ReadJson =
  | { readonly object: { readonly [name: string]: Json } }
  | { readonly code: string; readonly problem: string };

function readJson(text: string): ReadJson {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    // Reading exact integers is recursive, so that deep nesting shows as an exhausted stack.
    if (error instanceof RangeError) return TOO_DEEP;
    return { code: 'not-json', problem: `The line starts as JSON and is none: ${(error as Error).message}.` };
  }
  if (!isJsonObject(value)) return { code: 'not-json', problem: 'The line is no JSON object.' };
  return isDeeperThan(value, MAX_DEPTH) ? TOO_DEEP : { object: value };
}

const TOO_DEEP: ReadJson = { code: 'too-deep', problem: `Objects and lists are nested more than ${MAX_DEPTH} deep.` };

function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const part of value) if (isDeeperThan(part, depth - 1)) return true;
    return false;
  }
  const object = value as JsonObject;
  for (const name in object) if (isDeeperThan(object[name] as Json, depth - 1)) return true;
  return false;
}
