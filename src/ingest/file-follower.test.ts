import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runs as effort } from '../../test/effort.ts';
import type { Origin } from '../event/event.ts';
import type { Reject } from '../format/format.ts';
import { FileFollower, type FollowOptions, type FollowState } from './file-follower.ts';

type ReadArguments = [buffer: Buffer, at: number, length: number, position: number];

const POLL_MS = 5;
/** For what hangs. */
const PATIENCE_MS = 120_000;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-follow-'));
  path = join(folder, 'app.log');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

class Following {
  readonly lines: string[] = [];
  readonly origins: Origin[] = [];
  readonly states: FollowState[] = [];
  readonly rejects: Reject[] = [];
  readonly follower: FileFollower;
  private looked = 0;
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  constructor(position?: string, options: Partial<FollowOptions> = {}, before?: (line: string) => Promise<void>) {
    this.follower = new FileFollower(path, {
      startAt: 'start',
      pollMs: POLL_MS,
      onState: (state) => this.states.push(state),
      onReject: (reject) => this.rejects.push(reject),
      onLook: () => {
        this.looked += 1;
      },
      ...options,
    });
    const deliver = ({ bytes, origin }: { bytes: Uint8Array; origin: Origin }) => {
      const text = Buffer.from(bytes).toString();
      this.lines.push(text);
      this.origins.push(origin);
      return before?.(text);
    };
    this.done = this.follower.run(deliver, position, this.stopping.signal);
  }

  /** Waits for so many lines and, where one is named, for a state. */
  async until(count: number, state?: FollowState['state']): Promise<void> {
    await this.wait(
      () => this.lines.length >= count && (state === undefined || this.states.some((told) => told.state === state)),
      () => `only ${this.lines.length} of ${count} lines came: ${this.lines.join(' ')}`,
    );
  }

  /** Waits for so many looks that begin from now on, so that what should not happen has had its chance. */
  async looks(count: number): Promise<void> {
    // The first that ends may have begun before.
    const last = this.looked + count + 1;
    await this.wait(
      () => this.looked >= last,
      () => `only ${this.looked} of ${last} looks came`,
    );
  }

  private async wait(isThere: () => boolean, missing: () => string): Promise<void> {
    for (let waited = 0; !isThere(); waited += POLL_MS) {
      if (waited > PATIENCE_MS) throw new Error(missing());
      await pause(POLL_MS);
    }
  }

  /** Stops and gives the position to go on from. */
  async stop(): Promise<string> {
    this.stopping.abort();
    await this.done;
    return this.follower.position() as string;
  }

  async ended(): Promise<void> {
    await this.done;
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe('FileFollower', () => {
  it('delivers lines as they come, whole ones only', async () => {
    writeFileSync(path, 'a\nb\n');
    const following = new Following();
    await following.until(2);
    appendFileSync(path, 'half');
    await following.looks(2);
    expect(following.lines).toEqual(['a', 'b']);
    appendFileSync(path, ' of it\nc\n');
    await following.until(4);
    await following.stop();
    expect(following.lines).toEqual(['a', 'b', 'half of it', 'c']);
    expect(following.origins.map(({ offset, line }) => [offset, line])).toEqual([
      [0, 1],
      [2, 2],
      [4, 3],
      [15, 4],
    ]);
    expect(following.states).toEqual([{ state: 'reading' }]);
  });

  it('starts behind the last whole line, counting lines and bytes from the start of the file', async () => {
    writeFileSync(path, 'a\nb\nhalf');
    const following = new Following(undefined, { startAt: 'end' });
    await following.looks(2);
    appendFileSync(path, ' of it\n');
    await following.until(1);
    await following.stop();
    expect(following.lines).toEqual(['half of it']);
    expect(following.origins[0]).toMatchObject({ offset: 4, line: 3 });
  });

  it('waits for a file that is not there yet, and reads it from its start', async () => {
    const following = new Following(undefined, { startAt: 'end' });
    await following.looks(1);
    expect(following.states).toEqual([{ state: 'waiting', note: `There is no file or folder ${path}.` }]);
    writeFileSync(path, 'a\n');
    await following.until(1);
    await following.stop();
    expect(following.states.at(-1)).toEqual({ state: 'reading' });
  });

  it('finishes a file that is renamed, late writes and an unfinished line too, then reads the new one', async () => {
    writeFileSync(path, 'a\n');
    const following = new Following();
    await following.until(1);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'b\n');
    writeFileSync(path, 'c\n');
    appendFileSync(`${path}.1`, 'unfinished');
    await following.until(4);
    await following.stop();
    expect(following.lines).toEqual(['a', 'b', 'unfinished', 'c']);
    expect(following.origins.at(-1)).toMatchObject({ path, offset: 0, line: 1 });
  });

  it('goes on with the old file while no new one has its name', async () => {
    writeFileSync(path, 'a\n');
    const following = new Following();
    await following.until(1);
    renameSync(path, `${path}.1`);
    await following.looks(1);
    expect(following.states.at(-1)).toEqual({
      state: 'waiting',
      note: `${path} is gone; waiting for it to come back.`,
    });
    appendFileSync(`${path}.1`, 'b\n');
    await following.until(2);
    writeFileSync(path, 'c\n');
    await following.until(3);
    await following.stop();
    expect(following.states.at(-1)).toEqual({ state: 'reading' });
  });

  it('reads every file when several rotations came between two looks', async () => {
    writeFileSync(path, 'a\n');
    const following = new Following(undefined, { pollMs: 100 });
    await following.until(1);
    for (const name of ['b', 'c']) {
      rmSync(`${path}.3`, { force: true });
      for (const n of [2, 1]) if (exists(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
      renameSync(path, `${path}.1`);
      await pause(5);
      writeFileSync(path, `${name}\n`);
    }
    await following.until(3);
    await following.stop();
    expect(following.lines).toEqual(['a', 'b', 'c']);
  });

  it('starts over when the file is emptied', async () => {
    writeFileSync(path, 'aaaa\nbbbb\n');
    const following = new Following();
    await following.until(2);
    truncateSync(path);
    appendFileSync(path, 'c\n');
    await following.until(3);
    await following.stop();
    expect(following.origins.at(-1)).toMatchObject({ offset: 0, line: 1 });
  });

  it('reads it from its start again when it is cut off in the middle, while it is followed and while it is not', async () => {
    writeFileSync(path, 'aaaa\nbbbb\ncccc\n');
    const following = new Following();
    await following.until(3);
    truncateSync(path, 7);
    await following.looks(2);
    appendFileSync(path, 'x\ndddd\n');
    await following.until(6);
    const position = await following.stop();
    expect(following.lines.slice(3)).toEqual(['aaaa', 'bbx', 'dddd']);
    expect(following.origins.slice(3).map(({ offset }) => offset)).toEqual([0, 5, 9]);
    truncateSync(path, 9);
    const next = new Following(position);
    await next.until(2);
    await next.stop();
    expect(next.lines).toEqual(['aaaa', 'bbx']);
    expect(next.states).toContainEqual({ state: 'reading', note: expect.stringContaining('no longer there') });
  });

  it('starts over when other content took the place, be it as long', async () => {
    writeFileSync(path, 'aaaa\n');
    // Not within the same tick of the file system's clock.
    utimesSync(path, 1, 1);
    const following = new Following();
    await following.until(1);
    writeFileSync(path, 'bbbb\ncccc\n');
    await following.until(3);
    await following.stop();
    expect(following.lines).toEqual(['aaaa', 'bbbb', 'cccc']);
  });

  it.each(['before', 'after'])(
    'loses no line of a file whose content is replaced %s it is read, behind its look',
    async (when) => {
      writeFileSync(path, 'aaaa\n');
      const following = new Following();
      await following.until(1);
      const handle = await open(path, 'r');
      const handles = Object.getPrototypeOf(handle) as { read(...of: ReadArguments): Promise<{ bytesRead: number }> };
      await handle.close();
      const { read } = handles;
      let isDone = false;
      vi.spyOn(handles, 'read').mockImplementation(async function (this: FileHandle, ...of) {
        const isNext = !isDone && of[3] === 5;
        isDone ||= isNext;
        if (isNext && when === 'before') writeFileSync(path, 'bbbb\ncccc\n');
        else if (isNext) appendFileSync(path, 'cccc\n');
        const given = await read.apply(this, of);
        if (isNext && when === 'after') writeFileSync(path, 'bbbb\ndddd\n');
        return given;
      });
      await following.until(when === 'before' ? 3 : 4);
      await following.stop();
      expect(following.lines).toEqual(when === 'before' ? ['aaaa', 'bbbb', 'cccc'] : ['aaaa', 'cccc', 'bbbb', 'dddd']);
    },
  );

  it('goes on from a position, with line numbers and offsets', async () => {
    writeFileSync(path, 'a\nb\n');
    const first = new Following();
    await first.until(2);
    const position = await first.stop();
    appendFileSync(path, 'c\n');
    const second = new Following(position);
    await second.until(1);
    await second.looks(1);
    await second.stop();
    expect(second.lines).toEqual(['c']);
    expect(second.origins[0]).toMatchObject({ offset: 4, line: 3 });
  });

  it('goes on in the renamed file, then in those that followed it', async () => {
    writeFileSync(path, 'a\nb\n');
    const first = new Following();
    await first.until(2);
    const position = first.follower.position(first.origins[1]) as string;
    await first.stop();
    writeFileSync(`${path}.5`, 'read long ago\n');
    utimesSync(`${path}.5`, 1, 1);
    writeFileSync(`${path}.err`, 'another log\n');
    renameSync(path, `${path}.2`);
    await pause(5);
    writeFileSync(`${path}.1`, 'c\nd');
    writeFileSync(path, 'e\n');
    const second = new Following(position);
    await second.until(4);
    await second.looks(1);
    await second.stop();
    expect(second.lines).toEqual(['b', 'c', 'd', 'e']);
  });

  it('starts over, and says what is missing, where the file of the position is gone', async () => {
    writeFileSync(path, 'a\nb\n');
    const first = new Following();
    await first.until(2);
    const position = await first.stop();
    unlinkSync(path);
    writeFileSync(path, 'c\nd\ne\n');
    const second = new Following(position);
    await second.until(3);
    await second.stop();
    expect(second.states).toEqual([
      { state: 'reading', note: `Some of what was written to ${path} since the last run is no longer there.` },
    ]);
  });

  it('gives the position of a line in a file that was renamed since', async () => {
    writeFileSync(path, 'a\nb\n');
    const first = new Following();
    await first.until(2);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    await first.until(3);
    const position = first.follower.position(first.origins[1]) as string;
    await first.stop();
    const second = new Following(position);
    await second.until(2);
    await second.stop();
    expect(second.lines).toEqual(['b', 'c']);
  });

  it('keeps the position it was given until there is a file', async () => {
    writeFileSync(path, 'a\n');
    const first = new Following();
    await first.until(1);
    const position = await first.stop();
    unlinkSync(path);
    const second = new Following(position);
    await second.looks(1);
    expect(await second.stop()).toBe(position);
  });

  it('treats a position that it cannot read as none', async () => {
    writeFileSync(path, 'a\n');
    for (const position of ['', '{}', 'null', '{"v":1,"dev":1}', '{"v":2}', '[']) {
      const following = new Following(position);
      await following.until(1);
      await following.stop();
    }
  });

  it('ends when told to read only what is there, an unfinished line included', async () => {
    writeFileSync(path, 'a\nb');
    const following = new Following(undefined, { untilEnd: true });
    await following.ended();
    expect(following.lines).toEqual(['a', 'b']);
    const again = new Following(following.follower.position(), { untilEnd: true });
    await again.ended();
    expect(again.lines).toEqual([]);
    unlinkSync(path);
    await expect(new Following(undefined, { untilEnd: true }).ended()).rejects.toThrow('There is no file');
  });

  it('holds the next line back while a delivery is awaited, and stops between two lines', async () => {
    writeFileSync(path, 'a\nb\nc\n');
    let release = () => {};
    const following = new Following(undefined, {}, (line) =>
      line === 'b' ? new Promise((resolve) => (release = resolve)) : Promise.resolve(),
    );
    await following.until(2);
    // No look ends meanwhile.
    await pause(4 * POLL_MS);
    expect(following.lines).toEqual(['a', 'b']);
    const stopped = following.stop();
    release();
    const position = await stopped;
    expect(following.lines).toEqual(['a', 'b']);
    const second = new Following(position);
    await second.until(1);
    await second.stop();
    expect(second.lines).toEqual(['c']);
  });

  it('reports lines that are too long and goes on', async () => {
    writeFileSync(path, `a\n${'x'.repeat(100)}\nb\n`);
    const following = new Following(undefined, { maxLineBytes: 50 });
    await following.until(2);
    await following.stop();
    expect(following.lines).toEqual(['a', 'b']);
    expect(following.rejects.map(({ code, origin }) => [code, origin.line])).toEqual([['too-long', 2]]);
  });

  it('delivers every line once and in order, whatever is written, renamed and restarted when', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }).map((lines) => ({ kind: 'write' as const, lines })) },
      { weight: 2, arbitrary: fc.constant({ kind: 'half' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'rotate' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'wait' as const }) },
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        runs += 1;
        path = join(folder, `run-${runs}.log`);
        writeFileSync(path, '');
        let [written, rotations] = [0, 0];
        const delivered: string[] = [];
        let following = new Following();
        // What is rotated away before the first look was never this follower's to read.
        await following.until(0, 'reading');
        for (const { kind, ...rest } of steps) {
          if (kind === 'write') {
            for (let n = 0; n < (rest as { lines: number }).lines; n += 1) appendFileSync(path, `line ${written++}\n`);
          } else if (kind === 'half') {
            appendFileSync(path, `line ${written}`);
            await pause(POLL_MS);
            appendFileSync(path, '\n');
            written += 1;
          } else if (kind === 'rotate') {
            for (let n = rotations; n >= 1; n -= 1) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
            renameSync(path, `${path}.1`);
            rotations += 1;
            await pause(2);
            writeFileSync(path, '');
          } else if (kind === 'restart') {
            const position = await following.stop();
            delivered.push(...following.lines);
            following = new Following(position);
          } else await following.looks(1);
        }
        await following.until(written - delivered.length);
        await following.stop();
        delivered.push(...following.lines);
        expect(delivered).toEqual(Array.from({ length: written }, (_, n) => `line ${n}`));
      }),
      { numRuns: effort(10) },
    );
  });
});

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
