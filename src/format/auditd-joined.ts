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
const FIRST_PLACES = 64;
/** Rooms that wait for another event, and the largest that does. */
const MOST_SPARE = 64;
const LARGEST_SPARE = 16_384;
const LINE_FEED = 0x0a;
const UTF8 = new TextDecoder('utf-8');

/** Of one line: where its type starts and ends, its body, and its end. */
export const PLACES = 4;

interface Room {
  bytes: Buffer;
  places: Int32Array;
  readonly head: AuditHead;
}

const spare: Room[] = [];

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
  /** How many numbers `places` has; 0 where some line is not plainly written. */
  placed = 0;
  /** By where their lines start. */
  private parsed: Map<number, AuditRecord> | undefined;
  private isPlain = true;
  private room: Room;
  private length = 0;

  constructor(head: AuditHead | undefined) {
    this.room = spare.pop() ?? newRoom();
    this.head = head && copyHead(head, this.room.head);
  }

  /** `PLACES` numbers a line. */
  get places(): Int32Array {
    return this.room.places;
  }

  /** Copies the line. */
  add({ line, head, record }: TakenLine): void {
    const { room } = this;
    const start = this.length === 0 ? 0 : this.length + 1;
    if (record !== undefined) {
      this.parsed ??= new Map();
      this.parsed.set(start, record);
    }
    const end = start + line.length;
    if (end >= room.bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(2 * room.bytes.length, end + 1));
      bytes.set(room.bytes.subarray(0, start));
      room.bytes = bytes;
    }
    room.bytes.set(line, start);
    room.bytes[end] = LINE_FEED;
    this.length = end;
    if (head === undefined) {
      this.isPlain = false;
      this.placed = 0;
    } else if (this.isPlain) {
      this.place(start, end, head);
    }
  }

  private place(start: number, end: number, { typeStart, typeEnd, body }: AuditHead): void {
    const { room, placed } = this;
    if (placed === room.places.length) {
      const places = new Int32Array(2 * placed);
      places.set(room.places);
      room.places = places;
    }
    const { places } = room;
    places[placed] = start + typeStart;
    places[placed + 1] = start + typeEnd;
    places[placed + 2] = start + body;
    places[placed + 3] = end;
    this.placed = placed + PLACES;
  }

  /** The lines as received, joined by line feeds. */
  get raw(): Uint8Array {
    return this.room.bytes.subarray(0, this.length);
  }

  get size(): number {
    return this.length;
  }

  /** As `raw`, with a line feed after the last, and more. */
  get ended(): Buffer {
    return this.room.bytes;
  }

  get records(): readonly AuditRecord[] {
    const records: AuditRecord[] = [];
    const { bytes } = this.room;
    let start = 0;
    while (start <= this.length) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed === -1 || feed > this.length ? this.length : feed;
      const record = this.parsed?.get(start) ?? parseAuditRecord(UTF8.decode(bytes.subarray(start, end)).trim());
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
      isSame(room.bytes, head.idStart, head.idEnd, line, other.idStart, other.idEnd) &&
      isSame(room.bytes, head.nodeStart, head.nodeEnd, line, other.nodeStart, other.nodeEnd)
    );
  }

  /** Nobody asks for anything of it any more. */
  giveBack(): void {
    const { room } = this;
    if (room.bytes.length <= LARGEST_SPARE && spare.length < MOST_SPARE) spare.push(room);
    this.parsed = undefined;
    this.length = 0;
    this.placed = 0;
    this.room = NO_ROOM;
  }
}

const NO_HEAD: AuditHead = {
  ...{ nodeStart: 0, nodeEnd: 0, typeStart: 0, typeEnd: 0 },
  ...{ idStart: 0, timeEnd: 0, idEnd: 0, body: 0 },
};
const NO_ROOM: Room = { bytes: Buffer.alloc(0), places: new Int32Array(0), head: NO_HEAD };

function newRoom(): Room {
  return { bytes: Buffer.allocUnsafeSlow(FIRST_ROOM), places: new Int32Array(FIRST_PLACES), head: { ...NO_HEAD } };
}

function copyHead(head: AuditHead, to: AuditHead): AuditHead {
  to.nodeStart = head.nodeStart;
  to.nodeEnd = head.nodeEnd;
  to.typeStart = head.typeStart;
  to.typeEnd = head.typeEnd;
  to.idStart = head.idStart;
  to.timeEnd = head.timeEnd;
  to.idEnd = head.idEnd;
  to.body = head.body;
  return to;
}

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
