/**
 * Holds whoever takes lines to what a filter of lines says of them: that it is good until the next line comes.
 */
import type { InputLine, LineFilter, PassedLine, SievedLine } from '../format/format.ts';
import type { IdText } from '../format/id-text.ts';
import { LineNote, type ProcessNote } from '../format/process-note.ts';

type Given = PassedLine | SievedLine;

/** The filter, of which what was said of a line says something else when the next one comes, or throws. */
export function spoiling(filter: LineFilter): LineFilter {
  let spoil = () => {};
  const handed = (given: Given | undefined) => {
    if (given === undefined) return undefined;
    const { note, spoilNote } = ownNote(given.note);
    const own = 'matching' in given ? new SpoiledLine(given, note) : { ...given, note };
    spoil = () => {
      spoilNote();
      Object.assign(own, { isOver: true, format: 'spoiled', isUnrouted: true, note: undefined });
    };
    return own;
  };
  const next = () => {
    spoil();
    spoil = () => {};
  };
  return {
    passOver: (block, from, take) => {
      next();
      const over = (passed: PassedLine) => {
        next();
        take(handed(passed) as PassedLine);
      };
      return filter.passOver?.(block, from, over) ?? from;
    },
    look: (line) => {
      next();
      return handed(filter.look(line));
    },
    lookAs: (line, format, make) => {
      next();
      return handed(filter.lookAs(line, format, make));
    },
  };
}

/** Bytes that hold a line, and another one afterwards. */
export function bytesOf(room: Buffer, text: string): InputLine['bytes'] {
  return room.subarray(0, room.fill('?').write(text));
}

class SpoiledLine implements SievedLine {
  isOver = false;
  readonly format: string;
  readonly isUnrouted: boolean;
  readonly note: ProcessNote | undefined;
  private readonly line: SievedLine;

  constructor(line: SievedLine, note: ProcessNote | undefined) {
    this.line = line;
    this.format = line.format;
    this.isUnrouted = line.isUnrouted;
    this.note = note;
  }

  get isNeeded() {
    return this.here().isNeeded;
  }

  teach(taught: Parameters<SievedLine['teach']>[0]) {
    this.here().teach(taught);
  }

  matching() {
    return this.here().matching();
  }

  time() {
    return this.here().time();
  }

  identity() {
    return this.here().identity();
  }

  event() {
    return this.here().event();
  }

  private here(): SievedLine {
    if (this.isOver) throw new Error('a line was asked when the next one had come');
    return this.line;
  }
}

/** One of each kind is enough, as each says something else when the next line comes. */
const NOTES = { lacking: new LineNote(undefined), given: new LineNote(null) };

/** A note that nobody else has. */
function ownNote(given: ProcessNote | undefined) {
  if (given?.kind !== 'line') {
    const note = given && { ...given };
    return { note, spoilNote: () => note && Object.assign(note, { host: 'spoiled', pid: 1 }) };
  }
  const note = given.start === null ? NOTES.given : NOTES.lacking;
  const { host, pid, ppid, teller, line } = given;
  Object.assign(note, { host, pid, ppid, teller, line });
  copyId(given.entityId, note.entityId);
  copyId(given.parentEntityId, note.parentEntityId);
  const spoilNote = () => {
    Object.assign(note, { host: 'spoiled', pid: 1, ppid: 1, line: Buffer.from('{}') });
    note.teller = { format: 'spoiled', session: 'spoiled', loginId: 'spoiled' };
    note.entityId.write('spoiled');
    note.parentEntityId.write('spoiled');
  };
  return { note, spoilNote };
}

function copyId(from: IdText, to: IdText): void {
  to.copy(from.words, 0, from.length);
}
