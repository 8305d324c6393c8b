/**
 * The lines of one audit event, in a room of their own, with the places of their heads.
 *
 *   line ──add──▶ lines joined by line feeds ──asked──▶ records (`auditd-record.ts`) │ JSON (`auditd-json.ts`)
 *
 * Most events are needed by nobody, and of these no record is parsed. The room is given back then, for another event.
 */
import type { AuditHead } from './auditd-head.ts';
import { type AuditRecord, parseAuditRecord } from './auditd-record.ts';

const FIRST_ROOM = 2_048;
/** Rooms that wait for another event, and the largest that does. */
const MOST_SPARE = 64;
const LARGEST_SPARE = 16_384;
const LINE_FEED = 0x0a;
const UTF8 = new TextDecoder('utf-8');
const spare: Buffer[] = [];

/** Of one line: where its type starts and ends, its body, and its end. */
export const PLACES = 4;

export interface TakenLine {
  readonly line: Uint8Array;
  /** Absent where it is not plainly written. */
  readonly head?: AuditHead;
  /** What it says, where somebody has read that already: the line may have a header of syslog's before it. */
  readonly record?: AuditRecord;
}

export class JoinedLines {
  /** The head of the first line, where that is plain. */
  readonly head: AuditHead | undefined;
  /** `PLACES` numbers a line; empty where some line is not plainly written. */
  readonly places: number[] = [];
  /** By where their lines start. */
  private readonly parsed = new Map<number, AuditRecord>();
  private isPlain = true;
  private room: Buffer;
  private length = 0;

  constructor(head: AuditHead | undefined) {
    this.head = head && { ...head };
    this.room = spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_ROOM);
  }

  /** Copies the line. */
  add({ line, head, record }: TakenLine): void {
    const start = this.length === 0 ? 0 : this.length + 1;
    if (record !== undefined) this.parsed.set(start, record);
    const end = start + line.length;
    if (end >= this.room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(2 * this.room.length, end + 1));
      room.set(this.room.subarray(0, start));
      this.room = room;
    }
    this.room.set(line, start);
    this.room[end] = LINE_FEED;
    this.length = end;
    if (head === undefined) {
      this.isPlain = false;
      this.places.length = 0;
    } else if (this.isPlain) {
      this.places.push(start + head.typeStart, start + head.typeEnd, start + head.body, end);
    }
  }

  /** The lines as received, joined by line feeds. */
  get raw(): Uint8Array {
    return this.room.subarray(0, this.length);
  }

  get size(): number {
    return this.length;
  }

  /** As `raw`, with a line feed after the last, and more. */
  get ended(): Uint8Array {
    return this.room;
  }

  get records(): readonly AuditRecord[] {
    const records: AuditRecord[] = [];
    let start = 0;
    while (start <= this.length) {
      const feed = this.room.indexOf(LINE_FEED, start);
      const end = feed === -1 || feed > this.length ? this.length : feed;
      const record = this.parsed.get(start) ?? parseAuditRecord(UTF8.decode(this.room.subarray(start, end)).trim());
      if (record !== undefined) records.push(record);
      start = end + 1;
    }
    return records;
  }

  /** Whether the line is of the event that these are of. */
  isOf(line: Uint8Array, other: AuditHead): boolean {
    const { head, room } = this;
    return (
      head !== undefined &&
      isSame(room, head.idStart, head.idEnd, line, other.idStart, other.idEnd) &&
      isSame(room, head.nodeStart, head.nodeEnd, line, other.nodeStart, other.nodeEnd)
    );
  }

  /** Nobody asks for anything of it any more. */
  giveBack(): void {
    if (this.room.length <= LARGEST_SPARE && spare.length < MOST_SPARE) spare.push(this.room);
    this.parsed.clear();
    this.length = 0;
    this.room = NO_ROOM;
  }
}

const NO_ROOM = Buffer.alloc(0);

function isSame(
  bytes: Uint8Array,
  start: number,
  end: number,
  others: Uint8Array,
  othersStart: number,
  othersEnd: number,
): boolean {
  if (end - start !== othersEnd - othersStart) return false;
  // From the last on: serial numbers differ there.
  for (let back = 1; back <= end - start; back += 1) {
    if (bytes[end - back] !== others[othersEnd - back]) return false;
  }
  return true;
}
