/**
 * Objects of JSON written over several lines for people to read (`journalctl -o json-pretty`, `jq .`, a list of objects
 * in a file): put together to one.
 *
 *   `{` alone on a line ──lines that are indented deeper──▶ `}` below it ──▶ the whole, as if it were one line
 *
 * Programs that write JSON so put an object's last brace below its first, and all between further in; a line that stands
 * elsewhere gives the object up, so that a brace in other text takes nothing with it. The brackets of a list around objects
 * are no lines of their own (`isFrame`).
 */
import type { Origin } from '../event/event.ts';
import type { InputLine } from './format.ts';

/** The whole object is bounded as a line is (`MAX_LINE_BYTES` of stream.ts); short lines cost more than their bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINES = 50_000;
const FRAME = /^(?:[[\],]|\],)[ \t\r]*$/;
/** An object that starts is alone on a line: longer ones are not looked at. */
const START_BYTES = 256;

/** Whether the line is the bracket around a list of objects, or a comma in it. */
export function isFrame(text: string): boolean {
  return text.length <= 2 && FRAME.test(text);
}

/** The text of an object without what a list has behind it, where each of its objects is on a line of its own. */
export function withoutListEnd(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last === COMMA || last === BRACKET ? text.replace(LIST_END, '}') : text;
}

export class JsonOverLines {
  private lines: InputLine[] = [];
  private indent = '';
  private bytes = 0;

  get isOpen(): boolean {
    return this.lines.length > 0;
  }

  get waiting(): Origin | undefined {
    return this.lines[0]?.origin;
  }

  /** Starts an object, where the line is the start of one. */
  start(line: InputLine): boolean {
    const { bytes } = line;
    if (bytes.length > START_BYTES) return false;
    let brace = 0;
    while (bytes[brace] === SPACE || bytes[brace] === TAB) brace += 1;
    if (bytes[brace] !== BRACE) return false;
    for (let at = brace + 1; at < bytes.length; at += 1) if (!isBlank(bytes[at])) return false;
    this.indent = textOf(bytes.subarray(0, brace));
    this.keep(line);
    return true;
  }

  /** What becomes of the open object with this line: it goes on, it is whole, or the line is not its. */
  take(line: InputLine): 'open' | 'foreign' | InputLine {
    const { indent } = this;
    const head = textOf(line.bytes.subarray(0, indent.length + 2));
    const next = head.charAt(indent.length);
    const isBlank = line.bytes.length <= START_BYTES && textOf(line.bytes).trim() === '';
    const isWithin = isBlank || (head.startsWith(indent) && (next === ' ' || next === '\t'));
    const isEnd =
      head.startsWith(indent) && next === '}' && /^\s*\},?\s*$/.test(textOf(line.bytes.subarray(0, START_BYTES)));
    const isTooLarge = this.bytes + line.bytes.length > MAX_BYTES || this.lines.length >= MAX_LINES;
    if (isTooLarge || !(isWithin || isEnd)) return 'foreign';
    const { origin } = this.lines[0] ?? line;
    this.keep(isEnd ? { bytes: Buffer.from(`${indent}}`), origin: line.origin } : line);
    return isEnd ? { bytes: joined(this.release()), origin } : 'open';
  }

  /** The lines of the open object, which is none any more. */
  release(): readonly InputLine[] {
    const { lines } = this;
    this.lines = [];
    this.bytes = 0;
    return lines;
  }

  private keep({ bytes, origin }: InputLine): void {
    this.lines.push({ bytes: Buffer.from(bytes), origin });
    this.bytes += bytes.length + 1;
  }
}

/** The bytes of lines, one below the other. */
export function joined(lines: readonly InputLine[]): Buffer {
  return Buffer.concat(lines.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [NEWLINE, bytes])));
}

const [BRACE, SPACE, TAB, RETURN, COMMA, BRACKET] = [0x7b, 0x20, 0x09, 0x0d, 0x2c, 0x5d];
const LIST_END = /\}[ \t]*[,\]]$/;
const NEWLINE = Buffer.from('\n');

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
