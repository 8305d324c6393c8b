/**
 * The write-ahead log of events: NDJSON files that are only ever appended to.
 *
 *   lines ──write──▶ wal/00000007.ndjson ──fdatasync──▶ acknowledged
 *
 * Invariants: what `write` resolved for is on the disk, in whole lines; what it rejected for is cut off again, before
 * anything else is written. A last line without its end, which a crash can leave, was never acknowledged and is cut off
 * when the log is opened.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pass } from './failure-point.ts';

const NEWLINE = 10;
const TAIL_BYTES = 64 * 1024;

export class WalFile {
  readonly path: string;
  private readonly file: FileHandle;
  private length = 0;
  /** Beyond `length` there may be bytes of a write that failed. */
  private isDirty = false;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  /** Begins a file, whose name is on the disk when this resolves. */
  static async begin(path: string): Promise<WalFile> {
    const file = await open(path, 'wx', 0o600);
    syncFolder(dirname(path));
    pass('wal-begun');
    return new WalFile(path, file);
  }

  get bytes(): number {
    return this.length;
  }

  /** All or none; on the disk when it resolves. One call at a time. */
  async write(lines: Buffer): Promise<void> {
    if (this.isDirty) await this.file.truncate(this.length);
    this.isDirty = true;
    try {
      for (let at = 0; at < lines.length; ) {
        const { bytesWritten } = await this.file.write(lines, at, lines.length - at, this.length + at);
        at += bytesWritten;
      }
      await this.file.datasync();
    } catch (error) {
      // Where that fails, too, it is tried again before the next write.
      await this.file.truncate(this.length).catch(() => {});
      throw error;
    }
    this.isDirty = false;
    this.length += lines.length;
    pass('wal-written');
  }

  async close(): Promise<void> {
    try {
      if (this.isDirty) await this.file.truncate(this.length);
    } finally {
      await this.file.close();
    }
  }
}

/** Cuts off a last line that has no end. */
export function cutTornLine(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const piece = Buffer.alloc(TAIL_BYTES);
    const { size } = fstatSync(file);
    for (let end = size; ; ) {
      const start = Math.max(0, end - TAIL_BYTES);
      const read = readSync(file, piece, 0, end - start, start);
      const newline = piece.subarray(0, read).lastIndexOf(NEWLINE);
      if (newline === -1 && start > 0) {
        end = start;
        continue;
      }
      const whole = start + newline + 1;
      if (whole < size) {
        ftruncateSync(file, whole);
        fsyncSync(file);
      }
      return;
    }
  } finally {
    closeSync(file);
  }
}

/** A name that was made, changed or removed in a folder is so after a power cut, too. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
