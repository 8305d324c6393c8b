/**
 * Rotations at every instant: between listing a folder and looking a name up, between that and opening it, in the middle
 * of renaming. The file system is the real one; every call to it lets some steps of whoever writes the log go first.
 */
import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runs as effort } from '../../test/effort.ts';
import { FileFollower } from './file-follower.ts';

/** What goes first at every call. */
const writer = { goesOn: () => {} };
const real = { open: files.open, readdir: files.readdir, stat: files.stat };

/** The functions as every module has them by name; `call` stands between them and whoever calls. */
function setCalls(call: <T>(work: () => T) => T): void {
  Object.assign(files, {
    open: (...given: Parameters<typeof files.open>) => call(() => real.open(...given)),
    readdir: (...given: [string]) => call(() => real.readdir(...given)),
    stat: (...given: [string]) => call(() => real.stat(...given)),
  });
  syncBuiltinESMExports();
}

let folder: string;
beforeEach(() => {
  setCalls((work) => {
    writer.goesOn();
    return work();
  });
  folder = mkdtempSync(join(tmpdir(), 'vedette-rotation-'));
});
afterEach(() => {
  Object.assign(files, real);
  syncBuiltinESMExports();
  writer.goesOn = () => {};
  rmSync(folder, { recursive: true });
});

it('delivers every line once and in order, whatever call a rotation comes between', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('write', 'rotate'), { maxLength: 14 }),
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (acts, paces, isStopped) => {
        runs += 1;
        const log = new RotatedLog(join(folder, `run-${runs}.log`));
        log.write();
        for (const act of acts) log.plan(act);
        writer.goesOn = () => {};
        const delivered: string[] = [];
        const deliver = ({ bytes }: { bytes: Uint8Array }) => {
          delivered.push(Buffer.from(bytes).toString());
          return undefined;
        };
        let position: string | undefined;
        if (isStopped) {
          const first = new FileFollower(log.path, { startAt: 'start', untilEnd: true });
          await first.run(deliver, undefined, new AbortController().signal);
          position = first.position();
        }
        let calls = 0;
        const goesOn = () => {
          for (let steps = paces[calls++ % paces.length] as number; steps > 0; steps -= 1) log.step();
        };
        // What is renamed before the first look was never this follower's to read, unless it has a position in it.
        if (isStopped) writer.goesOn = goesOn;
        const onState = () => {
          writer.goesOn = goesOn;
        };
        const stopping = new AbortController();
        const follower = new FileFollower(log.path, { startAt: 'start', pollMs: 0, onState });
        const running = follower.run(deliver, position, stopping.signal);
        while (!log.isDone || delivered.length < log.written) {
          if (calls > 1_000) break;
          await new Promise((resolve) => setImmediate(resolve));
        }
        stopping.abort();
        await running;
        expect(delivered).toEqual(Array.from({ length: log.written }, (_, line) => `line ${line}`));
      },
    ),
    { numRuns: effort(60) },
  );
});

/** A log and what is going to happen to it, name by name. */
class RotatedLog {
  readonly path: string;
  written = 0;
  /** Each tells whether there was anything to do. */
  private readonly steps: (() => boolean)[] = [];

  constructor(path: string) {
    this.path = path;
  }

  get isDone(): boolean {
    return this.steps.length === 0;
  }

  write(): boolean {
    appendFileSync(this.path, `line ${this.written++}\n`);
    return true;
  }

  plan(act: string): void {
    if (act === 'write') this.steps.push(() => this.write());
    else this.steps.push(...Array.from({ length: 16 }, (_, n) => () => this.moveUp(15 - n)), () => this.make());
  }

  /** Does the next thing there is to do; a name that no file has is nothing. */
  step(): void {
    while (this.steps.shift()?.() === false);
  }

  private moveUp(number: number): boolean {
    const from = number === 0 ? this.path : `${this.path}.${number}`;
    if (!existsSync(from)) return false;
    renameSync(from, `${this.path}.${number + 1}`);
    return true;
  }

  private make(): boolean {
    writeFileSync(this.path, '');
    return true;
  }
}
