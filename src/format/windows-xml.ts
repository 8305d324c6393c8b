/**
 * Records of a Windows event log as XML: `<Event …>` a line (wevtutil, Vector, Splunk's), several on a line, and exports
 * over many lines with `<Events>` around them (Event Viewer, wevtutil /e).
 *
 *   lines ──kept from `<Event` to `</Event>`──▶ one element ──▶ xml.ts ──▶ windows-event.ts ──▶ Event
 *
 * While a record is open its lines are its own, whatever they look like: in an escaped script anything may stand at the
 * start of a line but `<Event`, which therefore starts the next record and gives the open one up. What was given up hands
 * its lines back, so that one record that is cut off, or has others' lines in it, does not take those with it. Memory is
 * bounded by `MAX_RECORD` and `MAX_LINES`, many times what Windows lets a record be (64 KiB).
 */
import type { Origin } from '../event/event.ts';
import { isJsonObject } from '../event/json.ts';
import type { EventSink, FormatSettings, InputLine } from './format.ts';
import { type Format, type FormatReader, type ReadLine, rejectLine } from './format-reader.ts';
import { windowsEvent } from './windows-ecs.ts';
import { readWindowsEvent, xmlAsJson } from './windows-event.ts';
import { parseXml, type XmlElement } from './xml.ts';

const FRAME = /^\s*(?:<\?xml\b|<\/?Events\b)/;
/** What may stand around records, without space around it. */
const FRAMES = /^(?:<\?xml[^>]*>)?\s*(?:<\/?Events\b[^>]*>)?$/;
const START = /<Event(?=[\s>/])/g;
const END = '</Event>';
/** Characters of a record over several lines. */
const MAX_RECORD = 1024 * 1024;
const MAX_LINES = 20_000;
const NEXT_RECORD = /^\s*(?:<Event[\s>]|<\?xml\b)/;
/** Of a line, to see whether a record starts in it. */
const START_BYTES = 64;

export const windowsXml: Format = {
  name: 'windows-xml',
  names: [],
  recognises: ({ text }) => text[0] === '<' && (/^<Event[\s>]/.test(text) || FRAME.test(text)),
  open: (settings, sink) => new WindowsXmlReader(settings, sink),
};

interface OpenRecord {
  readonly origin: Origin;
  readonly pieces: string[];
  /** Its lines after the first, to be handed back where it is none. */
  readonly lines: InputLine[];
  length: number;
}

class WindowsXmlReader implements FormatReader {
  private readonly settings: FormatSettings;
  private readonly sink: EventSink;
  private record: OpenRecord | undefined;
  private back: readonly InputLine[] = NO_LINES;

  constructor(settings: FormatSettings, sink: EventSink) {
    this.settings = settings;
    this.sink = sink;
  }

  get waiting(): Origin | undefined {
    return this.record?.origin;
  }

  continues(line: InputLine): boolean {
    if (this.record === undefined) return false;
    const start = Buffer.from(line.bytes.subarray(0, START_BYTES)).toString('latin1');
    if (NEXT_RECORD.test(start)) this.giveUp(NOT_CLOSED);
    return this.record !== undefined;
  }

  takeBack(): readonly InputLine[] {
    const { back } = this;
    this.back = NO_LINES;
    return back;
  }

  line(line: ReadLine): void {
    if (this.record !== undefined && NEXT_RECORD.test(line.text)) this.giveUp(NOT_CLOSED);
    if (this.record === undefined) this.read(line, line.text);
    else this.goOn(this.record, line);
  }

  end(): void {
    this.giveUp(NOT_CLOSED);
  }

  /** Text outside a record: frames are skipped, records are read, the start of one is kept. */
  private read(line: ReadLine, text: string): void {
    let at = 0;
    for (;;) {
      START.lastIndex = at;
      const start = START.exec(text)?.index;
      if (!FRAMES.test(text.slice(at, start).trim())) {
        rejectLine(this.sink, line, 'bad-windows-event', 'Between records of an event log stands something else.');
      }
      if (start === undefined) return;
      const end = text.indexOf(END, start);
      if (end === -1) {
        this.record = { origin: line.origin, pieces: [], lines: [], length: 0 };
        this.keep(this.record, text.slice(start));
        return;
      }
      at = end + END.length;
      this.give(text.slice(start, at), line);
    }
  }

  private goOn(record: OpenRecord, line: ReadLine): void {
    record.lines.push({ bytes: Buffer.from(line.bytes), origin: line.origin });
    const end = line.text.indexOf(END);
    if (end === -1) {
      this.keep(record, line.text);
      return;
    }
    this.keep(record, line.text.slice(0, end + END.length));
    if (this.record === undefined) return;
    this.record = undefined;
    const whole = record.pieces.join('\n');
    const isRead = this.give(whole, { ...line, origin: record.origin, bytes: Buffer.from(whole) });
    if (!isRead) this.back = record.lines;
    this.read(line, line.text.slice(end + END.length));
  }

  private keep(record: OpenRecord, piece: string): void {
    record.pieces.push(piece);
    record.length += piece.length + 1;
    if (record.length > MAX_RECORD || record.lines.length > MAX_LINES) this.giveUp(TOO_LONG);
  }

  private giveUp(reason: string): void {
    if (this.record === undefined) return;
    const { origin, pieces, lines } = this.record;
    this.record = undefined;
    this.back = lines;
    this.sink.reject({ origin, code: 'bad-windows-event', reason, bytes: Buffer.from(pieces.join('\n')) });
  }

  private give(xml: string, line: ReadLine): boolean {
    const bytes = xml.length === line.text.length ? line.bytes : Buffer.from(xml);
    return readRecord(xml, { ...line, bytes }, this.settings, this.sink);
  }
}

const NO_LINES: readonly InputLine[] = [];

const NOT_CLOSED = 'The record of an event log has no end.';
const TOO_LONG = `The record of an event log is longer than ${MAX_RECORD / 1024 / 1024} MiB, or than ${MAX_LINES.toLocaleString('en-US')} lines.`;

/** Whether it was a record. */
function readRecord(xml: string, line: ReadLine, settings: FormatSettings, sink: EventSink): boolean {
  const element = parseXml(xml);
  const json = element === undefined || hasTextBetween(element) ? undefined : xmlAsJson(element);
  const record = isJsonObject(json) ? readWindowsEvent(json, settings) : undefined;
  if (record === undefined) {
    rejectLine(
      sink,
      line,
      'bad-windows-event',
      'The record of an event log is no XML, has no event id, or has other lines in it.',
    );
    return false;
  }
  const event = windowsEvent(record, { format: 'windows-xml', raw: line.bytes, origin: line.origin });
  if (event === undefined) rejectLine(sink, line, 'no-time', 'The record does not say when it was written.');
  else sink.event(event);
  return true;
}

/** Windows writes text in the innermost elements only: between others it is somebody else's lines. */
function hasTextBetween(record: XmlElement): boolean {
  const parts = record.children.filter(({ name }) => name === 'System' || name === 'EventData');
  return [record, ...parts].some(({ children, text }) => children.length > 0 && text.trim() !== '');
}
