/**
 * Follows a log file as it grows, over rotations, truncations and restarts of ours.
 *
 *   position ──▶ rotated files not read to their end, oldest first ──▶ the file of that name ──lines──▶ deliver
 *        ▲                                                                   │ grows: read on
 *        └── position(origin): what to keep for the next start ◀─────────────┤ renamed: finish it, then the new one
 *                                                                            └ emptied or replaced: start over
 *
 * Invariants: a line is delivered when its line end is there (or its file is finished), so never in parts; lines of one
 * file come in order, and files in the order they were written; no further line is read while a delivery is awaited.
 * The file is looked at every `pollMs`, because notifications of the file system are unreliable (network and overlay
 * file systems, renames); an idle look is one `stat`.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Origin } from '../event/event.ts';
import type { InputLine, Reject } from '../format/format.ts';
import { asInputError, InputError } from './byte-source.ts';
import { couldKnowMore, type FileIdentity, identityOf, isSameFile, startsAs } from './file-identity.ts';
import { type FollowPosition, readPosition, writePosition } from './follow-position.ts';
import { LineSplitter } from './line-splitter.ts';
import { MOST_TRIES, openRotated, type RotatedFile, rotatedAfter, rotatedSince } from './rotated-files.ts';

const CHUNK_BYTES = 1024 * 1024;
/** An alert within a second leaves room for this; idle, it costs 0.3 % of a core of a busy small virtual machine. */
const POLL_MS = 200;

export interface FollowOptions {
  /** Where to start without a position: at the first line, or behind the last one that is there now. */
  readonly startAt: 'start' | 'end';
  /** End when everything that is there has been read, instead of waiting for more. */
  readonly untilEnd?: boolean;
  readonly onReject?: (reject: Reject) => void;
  /** Called when it changes. */
  readonly onState?: (state: FollowState) => void;
  /** Called after each look, when everything is delivered that was there. */
  readonly onLook?: () => void;
  readonly pollMs?: number;
  readonly maxLineBytes?: number;
}

export interface FollowState {
  readonly state: 'reading' | 'waiting';
  /** Why it waits, or what was lost, in a sentence. */
  readonly note?: string;
}

/** Takes a line; a promise holds the next line back until it is kept. */
export type Deliver = (line: InputLine) => Promise<void> | undefined;

interface OpenFile {
  readonly handle: FileHandle;
  readonly splitter: LineSplitter;
  /** False for a file that was renamed already: it is finished at its end. */
  readonly live: boolean;
  identity: FileIdentity;
  /** A file of another identity had the name at the last look. */
  replaced: boolean;
  /** Last modification at which the first bytes were compared. */
  checked: bigint;
}

interface Place {
  readonly offset: number;
  readonly line: number;
}

const FIRST_LINE: Place = { offset: 0, line: 1 };

export class FileFollower {
  private readonly path: string;
  private readonly options: FollowOptions;
  private readonly buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private current: OpenFile | undefined;
  /** The file that was read last. */
  private left: FileIdentity | undefined;
  /** Rotated files that were to be read after it when it was left; more may have been renamed since. */
  private unread: readonly RotatedFile[] = [];
  /** Device and inode of those among them that cannot be opened. */
  private readonly unreadable = new Set<string>();
  /** Stands for everything while no file is open. */
  private given: string | undefined;
  private shown = '';
  private loss: string | undefined;

  /** @param path as it will stand in every origin, also for lines of the file's rotated predecessors. */
  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.options = options;
  }

  /**
   * Delivers lines until the signal aborts or, with `untilEnd`, until all is read.
   * @throws {InputError} when the disk fails, or with `untilEnd` when there is no file.
   */
  async run(deliver: Deliver, position: string | undefined, signal: AbortSignal): Promise<void> {
    this.given = position;
    try {
      await this.start(position === undefined ? undefined : readPosition(position));
      while (!signal.aborted && (await this.step(deliver, signal))) {
        this.options.onLook?.();
        await sleep(this.options.pollMs ?? POLL_MS, undefined, { signal }).catch(() => {});
      }
    } catch (error) {
      throw asInputError(this.path, error);
    } finally {
      await this.current?.handle.close();
    }
  }

  /**
   * What to give to `run` at the next start: to read the line at `origin` again, or without one, to go on behind the
   * last delivered line (the one being delivered counts as delivered). Undefined before anything was opened.
   * @param origin of a line that this follower delivered, the object itself.
   */
  position(origin?: Origin): string | undefined {
    if (origin instanceof FollowedOrigin) return origin.position();
    if (origin !== undefined) throw new TypeError('the origin is none that this follower delivered');
    if (this.current === undefined) return this.given;
    const { identity, splitter } = this.current;
    return writePosition({ file: identity, offset: splitter.offset, line: splitter.line });
  }

  private async start(from: FollowPosition | undefined): Promise<void> {
    if (from === undefined) {
      await this.openNext(this.options.startAt === 'end');
      return;
    }
    const handle = await open(this.path, 'r').catch(() => undefined);
    if (handle !== undefined) {
      const status = await handle.stat({ bigint: true });
      const same = isSameFile(from.file, status) && status.size >= from.offset && (await startsAs(handle, from.file));
      if (same) {
        await this.use(handle, true, from);
        return;
      }
      await handle.close();
    }
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const [first, ...later] = await rotatedSince(this.path, from.file);
      if (first === undefined) break;
      const rotated = await openRotated(first);
      if (rotated === 'unreadable') break;
      if (rotated === 'moved') continue;
      this.unread = later;
      await this.use(rotated, false, from);
      return;
    }
    this.loss = `Some of what was written to ${this.path} since the last run is no longer there.`;
  }

  /** Looks, reads what is there, moves on to the next file where this one is done; false when all is read. */
  private async step(deliver: Deliver, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const file: OpenFile | undefined = this.current ?? (await this.openNext(false));
      if (file === undefined) return true;
      const replaced = !file.live || (await this.look(file));
      if (this.current !== file) continue;
      const read = await this.readOn(file, deliver, signal);
      if (signal.aborted) break;
      if (this.current !== file) continue;
      // Whoever renamed the file may write to it a moment longer: it is done when one more look finds nothing new.
      const done = !file.live || (replaced && file.replaced && read === 0);
      file.replaced = replaced;
      if (!done && (replaced || this.options.untilEnd !== true)) return true;
      const last = file.splitter.finish();
      if (last !== undefined) await deliver(last);
      if (!done) return false;
      this.unread = await rotatedAfter(this.path, file.identity, this.unread);
      await this.leave(file);
    }
    return true;
  }

  /** Whether another file has taken the name. Starts over where the file was emptied or its content replaced. */
  private async look(file: OpenFile): Promise<boolean> {
    const status = await stat(this.path, { bigint: true }).catch(() => undefined);
    if (status === undefined) {
      this.show({ state: 'waiting', note: `${this.path} is gone; waiting for it to come back.` });
      return false;
    }
    if (!isSameFile(file.identity, status)) return true;
    this.showReading();
    const isShorter = status.size < file.splitter.end;
    // Within one tick of the file system's clock a file can be cut off and keep its time.
    if (status.mtimeNs === file.checked && !isShorter) return false;
    if (!isShorter && (await startsAs(file.handle, file.identity))) {
      file.checked = status.mtimeNs;
      return false;
    }
    await this.leave(file);
    return false;
  }

  /**
   * Reads to the end as it is now; the number of bytes read. Where the content was replaced since the file was looked at, what was read is
   * of what was there before, or, where it stands there still, of what took its place: that is read from its start.
   */
  private async readOn(file: OpenFile, deliver: Deliver, signal: AbortSignal): Promise<number> {
    let read = 0;
    while (!signal.aborted) {
      const { bytesRead } = await file.handle.read(this.buffer, 0, CHUNK_BYTES, file.splitter.end);
      if (bytesRead === 0) break;
      const chunk = this.buffer.subarray(0, bytesRead);
      const isReplaced = !(await startsAs(file.handle, file.identity));
      if (isReplaced && (await isThere(file.handle, chunk, file.splitter.end))) {
        await this.leave(file);
        break;
      }
      read += bytesRead;
      file.splitter.feed(chunk);
      if (!isReplaced && couldKnowMore(file.identity, file.splitter.end)) {
        file.identity = await identityOf(file.handle, file.splitter.end);
      }
      for (let line = file.splitter.next(); line !== undefined; line = file.splitter.next()) {
        const wait = deliver(line);
        if (wait !== undefined) await wait;
        if (signal.aborted) break;
      }
      if (isReplaced && !signal.aborted) {
        await this.leave(file);
        break;
      }
    }
    return read;
  }

  private async leave(file: OpenFile): Promise<void> {
    this.given = this.position();
    this.left = file.identity;
    this.current = undefined;
    await file.handle.close();
  }

  /** Opens the next rotated file or the file of the name; undefined when there is none yet. */
  private async openNext(atEnd: boolean): Promise<OpenFile | undefined> {
    for (let moves = 0; ; ) {
      const [next] = await this.stillUnread();
      if (next !== undefined) {
        const rotated = await openRotated(next);
        if (rotated === 'moved') moves += 1;
        else if (rotated !== 'unreadable') return await this.use(rotated, false, FIRST_LINE);
        if (rotated === 'unreadable' || moves >= MOST_TRIES) this.giveUp(next);
        continue;
      }
      try {
        const handle = await open(this.path, 'r');
        // Between looking for renamed files and opening this one another rotation may have come: what it renamed comes first.
        if ((await this.stillUnread()).length === 0)
          return await this.use(handle, true, atEnd ? await lastLineEnd(handle, this.buffer) : FIRST_LINE);
        await handle.close();
      } catch (error) {
        const problem = asInputError(this.path, error);
        if (!(problem instanceof InputError) || this.options.untilEnd === true) throw problem;
        this.show({ state: 'waiting', note: problem.diagnostic.message });
        return undefined;
      }
    }
  }

  private async stillUnread(): Promise<readonly RotatedFile[]> {
    const unread = await rotatedAfter(this.path, this.left, this.unread);
    this.unread = unread.filter(({ dev, ino }) => !this.unreadable.has(`${dev} ${ino}`));
    return this.unread;
  }

  private giveUp({ path, dev, ino }: RotatedFile): void {
    this.unreadable.add(`${dev} ${ino}`);
    this.loss = `${path}, which ${this.path} was renamed to, cannot be opened; what is in it is missing.`;
  }

  private async use(handle: FileHandle, live: boolean, from: Place): Promise<OpenFile> {
    const { size, mtimeNs } = await handle.stat({ bigint: true });
    const identity = await identityOf(handle, Number(size));
    const splitter: LineSplitter = new LineSplitter({
      origin: (offset, line) => new FollowedOrigin(this.path, offset, line, file),
      onTooLong: (reject) => this.options.onReject?.(reject),
      start: { offset: from.offset, line: from.line },
      ...(this.options.maxLineBytes === undefined ? {} : { maxLineBytes: this.options.maxLineBytes }),
    });
    const file: OpenFile = { handle, splitter, live, identity, replaced: false, checked: mtimeNs };
    this.current = file;
    this.showReading();
    return file;
  }

  private showReading(): void {
    this.show(this.loss === undefined ? { state: 'reading' } : { state: 'reading', note: this.loss });
  }

  private show(state: FollowState): void {
    const text = JSON.stringify(state);
    if (text === this.shown) return;
    this.shown = text;
    this.options.onState?.(state);
  }
}

/** A place that knows its file, which the path alone does not tell once the file was renamed. */
class FollowedOrigin implements Origin {
  readonly path: string;
  readonly offset: number;
  readonly line: number;
  readonly #file: OpenFile;

  constructor(path: string, offset: number, line: number, file: OpenFile) {
    this.path = path;
    this.offset = offset;
    this.line = line;
    this.#file = file;
  }

  position(): string {
    return writePosition({ file: this.#file.identity, offset: this.offset, line: this.line });
  }
}

/** Whether these bytes stand at that place of the file now. */
async function isThere(handle: FileHandle, bytes: Buffer, place: number): Promise<boolean> {
  const there = Buffer.allocUnsafe(bytes.length);
  const { bytesRead } = await handle.read(there, 0, there.length, place);
  return bytesRead === bytes.length && there.equals(bytes);
}

/** The place behind the last whole line: line numbers stay true, at the cost of one pass over the file. */
async function lastLineEnd(handle: FileHandle, buffer: Buffer): Promise<Place> {
  let [at, offset, line] = [0, 0, 1];
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return { offset, line };
    const chunk = buffer.subarray(0, bytesRead);
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, end + 1)) {
      offset = at + end + 1;
      line += 1;
    }
    at += bytesRead;
  }
}
