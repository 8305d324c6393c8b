/**
 * Entries of the systemd journal in its export form (`journalctl -o export`, https://systemd.io/JOURNAL_EXPORT_FORMATS).
 *
 *   lines ──fields until a blank line──▶ the entry as the journal's JSON has it ──▶ journald.ts ──▶ Event
 *
 * A field is `NAME=value`, or where its value is no text of one line, `NAME`, then the value's length in eight bytes,
 * little-endian, the value, and a line end. Such a value may hold line ends, blank lines and whatever looks like a log, so
 * its lines are counted by their places in the stream, also those that were too long to be read: what the splitter took
 * off the end of a line is told by where the next one starts.
 *
 * Memory is bounded by `MAX_ENTRY`. An entry that is longer, or damaged, is read to its end and put aside; nothing in the
 * middle of a value is ever taken for an entry.
 */
import { isUtf8 } from 'node:buffer';
import type { Origin } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import type { EventSink, FormatSettings, InputLine } from './format.ts';
import type { Format, FormatReader, ReadLine } from './format-reader.ts';
import { openJournal } from './journald.ts';

/** Bytes of an entry that is read: as much as of a line. */
const MAX_ENTRY = 8 * 1024 * 1024;
/** Fields of an entry that is read; the journal itself writes at most 1,024. */
const MAX_FIELDS = 2_048;
/** The longest value that the journal writes; a length beyond it is none. */
const MAX_VALUE = 768 * 1024 * 1024;
/** Bytes that are no text become a list of numbers, many times their size: of more, the value is null as in the JSON form. */
const MAX_BYTES_AS_NUMBERS = 256 * 1024;
const KEPT_OF_REJECT = 1024;
/** Most entries have one to two thousand bytes. */
const FIRST_ROOM = 2048;

const MAX_NAME = 64;
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;
const EQUALS = 61;
/** What the journal does not take for text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
const NEWLINE = Buffer.from('\n');
const RETURN_NEWLINE = Buffer.from('\r\n');
const LENGTH_BYTES = 8;
const BYTE_ORDER_MARK_BYTES = 3;

export const journaldExport: Format = {
  name: 'journald-export',
  // The journal writes its own fields, those with two underscores, first.
  names: [],
  recognises: ({ text, json }) => json === undefined && /^__[A-Z][A-Z0-9_]{0,61}=/.test(text),
  open: (settings, sink) => new ExportReader(settings, sink),
};

/** Places are counted from the entry's first byte. */
interface Entry {
  readonly origin: Origin;
  /** The bytes up to `at`, with room behind them; of an entry that is broken those before it was. */
  kept: Buffer;
  readonly fields: { readonly name: string; readonly start: number; readonly end: number }[];
  at: number;
  /** Where, in the stream, the last line ended, its line end not counted. */
  lineEnd: number;
  /** The name on the last line, whose value follows by length. */
  named: string | undefined;
  value: Value | undefined;
  /** Why it cannot be an event. */
  broken: string | undefined;
}

/** A value that is being read by its length; without `end` the length itself is. */
interface Value {
  readonly name: string;
  readonly length: number[];
  start: number;
  end: number | undefined;
}

class ExportReader implements FormatReader {
  private readonly sink: EventSink;
  private readonly journal: FormatReader;
  private entry: Entry | undefined;
  /** What `continues` found in the line that `line` is given next. */
  private field: FieldLine | undefined;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.sink = sink;
    this.journal = openJournal(journaldExport.name, settings, sink);
  }

  /** Ends the entry at a line that cannot belong to it. */
  continues({ bytes, origin }: InputLine): boolean {
    const { entry } = this;
    this.field = undefined;
    if (entry === undefined) return false;
    if (origin.offset <= entry.lineEnd) {
      // The stream goes on in another file.
      this.putAside(entry, CUT_OFF);
      return false;
    }
    if (entry.named !== undefined || entry.value !== undefined || bytes.length === 0) return true;
    this.field = fieldIn(bytes);
    const name = this.field?.name;
    if (name === undefined) this.putAside(entry, NO_FIELD);
    else if (name !== CURSOR || entry.fields.every((field) => field.name !== CURSOR)) return true;
    else this.give(entry);
    return false;
  }

  line(line: ReadLine): void {
    if (this.entry !== undefined) {
      this.goOn(this.entry, line);
      return;
    }
    this.entry = {
      origin: line.origin,
      kept: Buffer.allocUnsafe(FIRST_ROOM),
      fields: [],
      at: 0,
      lineEnd: line.origin.offset,
      named: undefined,
      value: undefined,
      broken: undefined,
    };
    this.readField(this.entry, line, fieldIn(line.bytes));
  }

  /** The start of the line may hold the length of a value, by which the lines after it are known to be the value's. */
  missed({ bytes, origin }: InputLine): void {
    const { entry } = this;
    if (entry === undefined || origin.offset <= entry.lineEnd) return;
    entry.broken ??= LINE_MISSING;
    takeLineEnd(entry, origin.offset - entry.lineEnd);
    append(entry, bytes);
    entry.lineEnd = origin.offset + bytes.length;
    endValue(entry);
  }

  settle(now: number): void {
    this.journal.settle?.(now);
  }

  end(): void {
    const { entry } = this;
    if (entry?.named !== undefined || entry?.value !== undefined) this.putAside(entry, CUT_OFF);
    else if (entry !== undefined) this.give(entry);
    this.journal.end?.();
  }

  get waiting(): Origin | undefined {
    const [own, inner] = [this.entry?.origin, this.journal.waiting];
    return own === undefined || (inner !== undefined && inner.offset < own.offset) ? inner : own;
  }

  get forced(): number {
    return this.journal.forced ?? 0;
  }

  private goOn(entry: Entry, line: ReadLine): void {
    takeLineEnd(entry, line.origin.offset - entry.lineEnd);
    if (entry.value !== undefined) {
      append(entry, line.bytes);
      entry.lineEnd = line.origin.offset + line.bytes.length;
      endValue(entry);
    } else if (line.bytes.length > 0) {
      this.readField(entry, line, this.field ?? fieldIn(line.bytes));
    } else {
      this.give(entry);
    }
  }

  private readField(entry: Entry, { bytes, origin }: ReadLine, field: FieldLine | undefined): void {
    const start = entry.at;
    append(entry, bytes);
    entry.lineEnd = origin.offset + bytes.length;
    if (field === undefined) entry.broken ??= NO_FIELD;
    else if (field.valueAt === undefined) entry.named = field.name;
    else addField(entry, field.name, start + field.valueAt, entry.at);
  }

  private give(entry: Entry): void {
    if (entry.broken !== undefined) {
      this.putAside(entry, entry.broken);
      return;
    }
    this.entry = undefined;
    const bytes = entry.kept.subarray(0, entry.at);
    this.journal.line({ bytes, origin: entry.origin, text: '', json: asJson(entry, bytes) });
  }

  private putAside({ origin, kept, at, broken }: Entry, reason: string): void {
    this.entry = undefined;
    const bytes = Buffer.from(kept.subarray(0, Math.min(at, KEPT_OF_REJECT)));
    this.sink.reject({ origin, code: 'bad-journal-entry', reason: broken ?? reason, bytes });
  }
}

const CURSOR = '__CURSOR';
const CUT_OFF = 'The entry of the journal is cut off in the middle of a value.';
const LINE_MISSING = 'A line of the entry of the journal was too long to be read.';
const NO_FIELD = 'A line of the entry of the journal is no field.';
const TOO_LONG = `The entry of the journal is longer than ${MAX_ENTRY / 1024 / 1024} MiB, or has more than ${MAX_FIELDS} fields.`;
const WRONG_LENGTH = 'A value in the entry of the journal does not have the length that is said.';

interface FieldLine {
  readonly name: string;
  /** Where in the line the value starts; `undefined` where it follows by length. */
  readonly valueAt: number | undefined;
}

function fieldIn(bytes: Uint8Array): FieldLine | undefined {
  const equals = bytes.subarray(0, MAX_NAME + 1).indexOf(EQUALS);
  if (equals === -1 && bytes.length > MAX_NAME) return undefined;
  const name = Buffer.from(equals === -1 ? bytes : bytes.subarray(0, equals)).toString('latin1');
  return NAME.test(name) ? { name, valueAt: equals === -1 ? undefined : equals + 1 } : undefined;
}

/** What stood between the line before and the one at hand: a line end, with a return or without. */
function takeLineEnd(entry: Entry, gap: number): void {
  const marked = entry.origin.offset === 0 && entry.at === entry.lineEnd && (gap === 4 || gap === 5);
  const length = marked ? gap - BYTE_ORDER_MARK_BYTES : gap;
  if (length <= 2) {
    append(entry, length === 1 ? NEWLINE : RETURN_NEWLINE);
  } else {
    // The rest of a line that was missed.
    entry.at += length;
  }
  if (entry.named !== undefined) {
    entry.value = { name: entry.named, length: [], start: 0, end: undefined };
    entry.named = undefined;
  }
  const { value } = entry;
  if (value?.end === undefined || entry.at <= value.end) return;
  // Its last byte was a return, which the splitter took for a part of the line end.
  if (entry.at === value.end + 1) addField(entry, value.name, value.start, value.end);
  else entry.broken ??= WRONG_LENGTH;
  entry.value = undefined;
}

/** Of an entry that is broken only the place is followed. */
function append(entry: Entry, bytes: Uint8Array): void {
  const { value } = entry;
  if (value !== undefined && value.end === undefined) readLength(entry, value, bytes);
  const end = entry.at + bytes.length;
  if (end > MAX_ENTRY) entry.broken ??= TOO_LONG;
  if (entry.broken === undefined) {
    if (end > entry.kept.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, Math.min(2 * entry.kept.length, MAX_ENTRY)));
      entry.kept.copy(grown, 0, 0, entry.at);
      entry.kept = grown;
    }
    entry.kept.set(bytes, entry.at);
  }
  entry.at = end;
}

/** The length may hold a line end itself, and so come in parts. */
function readLength(entry: Entry, value: Value, bytes: Uint8Array): void {
  const wanted = LENGTH_BYTES - value.length.length;
  value.length.push(...bytes.subarray(0, wanted));
  if (value.length.length < LENGTH_BYTES) return;
  const length = Buffer.from(value.length).readBigUInt64LE();
  value.start = entry.at + wanted;
  value.end = value.start + Number(length);
  if (length <= MAX_VALUE) return;
  entry.broken ??= WRONG_LENGTH;
  entry.value = undefined;
}

/** After a line of a value: whether it was the last. */
function endValue(entry: Entry): void {
  const { value } = entry;
  if (value?.end === undefined || entry.at < value.end) return;
  if (entry.at === value.end) addField(entry, value.name, value.start, value.end);
  else entry.broken ??= WRONG_LENGTH;
  entry.value = undefined;
}

function addField(entry: Entry, name: string, start: number, end: number): void {
  if (entry.fields.length === MAX_FIELDS) entry.broken ??= TOO_LONG;
  else entry.fields.push({ name, start, end });
}

/** The entry as `journalctl -o json --all` has it. */
function asJson({ fields }: Entry, bytes: Buffer): JsonObject {
  const values = new Map<string, Json[]>();
  for (const { name, start, end } of fields) {
    const value = asValue(bytes.subarray(start, end));
    const others = values.get(name);
    if (others === undefined) values.set(name, [value]);
    else others.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] as Json) : all]));
}

function asValue(bytes: Buffer): Json {
  const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  if (text !== undefined && !CONTROL.test(text)) return text;
  return bytes.length > MAX_BYTES_AS_NUMBERS ? null : [...bytes];
}
