/**
 * Runs the fuzzers: every exported function of `test/fuzz/*.fuzz.ts` whose name starts with `fuzz`.
 *
 *   node tools/fuzz.ts [--seconds 60] [name…]      the seconds are shared between them; VEDETTE_SEED sets the seed
 *
 * A fuzzer is `fuzzX(seconds, seed) → {runs}` (or a promise of it) and throws on what it finds, its message holding the
 * input. Each runs in a thread of its own with little memory, and is ended when it takes three times its share: a
 * hang and a blow-up are findings too.
 */
import { randomInt } from 'node:crypto';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Case, writeOutcomes } from './outcome.ts';

/** The same seed every time, so that a red run is about the change that made it red. */
const FIXED_SEED = 1_839_201;
const HEAP_MB = 768;
/** Loading Kusto takes seconds, and a busy machine many times as long. */
const GRACE_SECONDS = 120;

interface Job {
  readonly file: string;
  readonly name: string;
  readonly seconds: number;
  readonly seed: number;
}

type Fuzzer = (seconds: number, seed: number) => { runs: number } | Promise<{ runs: number }>;

if (isMainThread) await main();
else await work(workerData as Job);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, random: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const seed = Number(process.env.VEDETTE_SEED ?? (values.random ? randomInt(2 ** 31) : FIXED_SEED));
  const found = (await findFuzzers()).filter(
    ({ name }) =>
      positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())),
  );
  const seconds = Number(values.seconds) / Math.max(found.length, 1);
  console.log(`seed ${seed}, ${found.length} fuzzers, ${seconds.toFixed(1)} s each`);
  const cases: Case[] = [];
  for (const { file, name } of found) {
    const outcome = await runJob({ file, name, seconds, seed });
    console.log(`${outcome.state === 'passed' ? '✓' : '✗'} ${name}  ${outcome.note}`);
    cases.push(outcome);
  }
  writeOutcomes(cases);
  if (cases.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

async function findFuzzers(): Promise<{ file: string; name: string }[]> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const found: { file: string; name: string }[] = [];
  for (const path of globSync('test/fuzz/*.fuzz.ts', { cwd: root }).sort()) {
    const file = resolve(join(root, path));
    const names = Object.keys(await import(file)).filter((name) => name.startsWith('fuzz'));
    found.push(...names.map((name) => ({ file, name })));
  }
  return found;
}

function runJob(job: Job): Promise<Case> {
  const again = `VEDETTE_SEED=${job.seed} node tools/fuzz.ts --seconds ${Math.ceil(job.seconds)} ${job.name}`;
  return new Promise((settle) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const end = (state: Case['state'], note: string) => {
      clearTimeout(limit);
      void worker.terminate();
      settle({ name: job.name, state, note: state === 'failed' ? `${note}\n  again: ${again}` : note });
    };
    const allowed = job.seconds * 3 + GRACE_SECONDS;
    const limit = setTimeout(() => end('failed', `no end after ${allowed.toFixed(0)} s`), allowed * 1000);
    worker.once('message', ({ runs }: { runs: number }) => end('passed', `${runs} runs`));
    worker.once('error', (error) => end('failed', error.stack ?? String(error)));
    worker.once('exit', (code) => end('failed', `ended with code ${code} and no result`));
  });
}

async function work({ file, name, seconds, seed }: Job): Promise<void> {
  const module = (await import(file)) as Record<string, Fuzzer>;
  const { runs } = await (module[name] as Fuzzer)(seconds, seed);
  parentPort?.postMessage({ runs });
}
