/**
 * What further threads do for a scan under SigmaHQ's rules: time, processor time of each thread, memory; of a file, and of one
 * twice as long. What the second half took is told apart (`marginal`): it is read when nothing starts and little is learned.
 * What each further thread takes of memory (`further`) is told of these, and of a little file (`few`).
 *
 *   node bench/threads.ts [--megabytes 1000] [--threads 1,2,3] [--lane captures] [--rounds 1]
 *
 * Lanes: `captures` are all of those, any other is one of `bench/lanes.ts`; several with commas. The numbers of threads take
 * turns, so that what else the machine does meets all of them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LANES } from './lanes.ts';
import { processorSeconds, residentMebibytes } from './process-usage.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULES = resolve(ROOT, process.env.VEDETTE_CORPORA ?? '../shared/corpora', 'sigma/rules');
const SAMPLE_MS = 50;
const MEGABYTE = 1e6;
/** A file over which threads are ready and have hardly learned anything. */
const LITTLE = 20 * MEGABYTE;

interface Measured {
  readonly seconds: number;
  /** MiB. */
  readonly peak: number;
  readonly cpu: Readonly<Record<string, number>>;
}

interface Peaks {
  readonly threads: number;
  readonly peaks: readonly number[];
}

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1,2,3' },
    lane: { type: 'string', default: 'captures' },
    rounds: { type: 'string', default: '1' },
  },
});
const counts = values.threads.split(',').map(Number);
for (const lane of values.lane.split(',')) await measureLane(lane);

async function measureLane(lane: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-threads-'));
  try {
    const bytes = bytesOf(lane);
    const [little, first, twice] = ['little', 'once', 'twice'].map((name) => join(folder, `${name}.ndjson`)) as [
      string,
      string,
      string,
    ];
    writeFileSync(little, bytes.subarray(0, bytes.indexOf('\n', Math.min(LITTLE, bytes.length - 1)) + 1));
    for (let size = 0; size < Number(values.megabytes) * MEGABYTE; size += bytes.length) {
      appendFileSync(first, bytes);
      for (let time = 0; time < 2; time += 1) appendFileSync(twice, bytes);
    }
    // What is kept of rules and of code is there then.
    await measure(first, Math.max(...counts));
    for (let round = 0; round < Number(values.rounds); round += 1) {
      let before: Peaks | undefined;
      for (const threads of counts) {
        const few = await measure(little, threads);
        const [short, long] = [await measure(first, threads), await measure(twice, threads)];
        const more = (statSync(twice).size - statSync(first).size) / MEGABYTE;
        const now = { threads, peaks: [few, short, long].map(({ peak }) => peak) };
        const further = before === undefined ? undefined : furtherOf(before, now);
        before = now;
        console.log(
          JSON.stringify({ lane, threads, few, short, long, marginal: marginalOf(short, long, more), further }),
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What each further thread takes of memory, in MiB: of the little file, the file, and the one twice as long. */
function furtherOf(before: Peaks, now: Peaks): readonly number[] {
  const threads = now.threads - before.threads;
  return now.peaks.map((peak, at) => Math.round((peak - (before.peaks[at] as number)) / threads));
}

/** Of the second half. What its busiest thread computes is how long it would take with nothing else at work. */
function marginalOf(short: Measured, long: Measured, megabytes: number) {
  const took = (thread: string) => (long.cpu[thread] ?? 0) - (short.cpu[thread] ?? 0);
  const [main, scouts, helpers] = ['MainThread', 'WorkerThread', 'V8Worker'].map((thread) =>
    Number(took(thread).toFixed(2)),
  );
  return { rate: `${Math.round(megabytes / (long.seconds - short.seconds))} MB/s`, main, scouts, helpers };
}

function bytesOf(lane: string): Buffer {
  const named = LANES.filter(({ name }) => (lane === 'captures' ? name.startsWith('capture-') : name === lane));
  const all = Buffer.concat(named.flatMap(({ load }) => load() ?? []));
  if (all.length === 0) throw new Error(`the lane ${lane} is not on this machine`);
  return all;
}

async function measure(file: string, threads: number): Promise<Measured> {
  const began = performance.now();
  const flags = ['--max-semi-space-size=4', join(ROOT, 'bin/vedette.js'), 'scan', file, '--rules', RULES];
  const child = spawn(process.execPath, [...flags, '--no-progress', '--threads', String(threads)], {
    stdio: 'ignore',
    // As `vedette` runs a scan.
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  const cpu = new Map<string, number>();
  let peak = 0;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMebibytes(child.pid as number, 'VmHWM') || 0);
    try {
      // What a thread has taken is told while it is there.
      for (const [name, taken] of processorSeconds(child.pid as number))
        cpu.set(name, Math.max(taken, cpu.get(name) ?? 0));
    } catch {
      // It has ended between two looks.
    }
  }, SAMPLE_MS);
  await once(child, 'exit');
  clearInterval(sampling);
  const seconds = (performance.now() - began) / 1000;
  const worked = [...cpu].filter(([, taken]) => taken > 0);
  return { seconds: Number(seconds.toFixed(2)), peak: Math.round(peak), cpu: Object.fromEntries(worked) };
}
