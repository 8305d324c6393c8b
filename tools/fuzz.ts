/**
 * Runs the fuzzers: every exported function of `test/fuzz/*.fuzz.ts` whose name starts with `fuzz`.
 *
 *   node tools/fuzz.ts [--seconds 60] [name…]      the seconds are shared between them; VEDETTE_SEED sets the seed
 *
 * A fuzzer is `fuzzX(seconds, seed) → {runs}` (or a promise of it) and throws on what it finds, its message holding the
 * input. They run after one another in a thread with little memory, which loads once what most of them need, Kusto's parser
 * too; one that takes three times its share is ended with the thread, and the next begins in another: a hang and a
 * blow-up are findings too.
 */
import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { type Case, writeOutcomes } from './outcome.ts';

/** The same seed every time, so that a red run is about the change that made it red. */
const FIXED_SEED = 1_839_201;
const HEAP_MB = 768;
/** How a fuzzer is exported. */
const EXPORTED = /^export (?:async )?function (fuzz\w+)\(/gm;
/** Loading Kusto takes seconds, and a busy machine many times as long. */
const GRACE_SECONDS = 120;

interface Job {
  readonly file: string;
  readonly name: string;
  readonly seconds: number;
  readonly seed: number;
}

type Fuzzer = (seconds: number, seed: number) => { runs: number } | Promise<{ runs: number }>;

/** How a job ended in its thread; the message of one that failed holds the input. */
type Ending = { readonly runs: number } | { readonly found: string };

if (isMainThread) await main();
else parentPort?.on('message', (job: Job) => void work(job));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, random: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const seed = Number(process.env.VEDETTE_SEED ?? (values.random ? randomInt(2 ** 31) : FIXED_SEED));
  const found = findFuzzers().filter(
    ({ name }) =>
      positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())),
  );
  const seconds = Number(values.seconds) / Math.max(found.length, 1);
  console.log(`seed ${seed}, ${found.length} fuzzers, ${seconds.toFixed(1)} s each`);
  const cases: Case[] = [];
  let thread: Worker | undefined;
  for (const { file, name } of found) {
    thread ??= startThread();
    const outcome = await runJob(thread, { file, name, seconds, seed });
    console.log(`${outcome.state === 'passed' ? '✓' : '✗'} ${name}  ${outcome.note}`);
    cases.push(outcome);
    if (outcome.state === 'passed') continue;
    await thread.terminate();
    thread = undefined;
  }
  await thread?.terminate();
  writeOutcomes(cases);
  if (cases.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

function findFuzzers(): { file: string; name: string }[] {
  const root = fileURLToPath(new URL('..', import.meta.url));
  return globSync('test/fuzz/*.fuzz.ts', { cwd: root })
    .sort()
    .flatMap((path) => {
      const file = resolve(join(root, path));
      return [...readFileSync(file, 'utf8').matchAll(EXPORTED)].map(([, name = '']) => ({ file, name }));
    });
}

function startThread(): Worker {
  const thread = new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  // What is being ended may still report an error.
  return thread.on('error', () => {});
}

function runJob(thread: Worker, job: Job): Promise<Case> {
  const again = `VEDETTE_SEED=${job.seed} node tools/fuzz.ts --seconds ${Math.ceil(job.seconds)} ${job.name}`;
  return new Promise((settle) => {
    const end = (state: Case['state'], note: string) => {
      clearTimeout(limit);
      for (const [event, hear] of Object.entries(heard)) thread.off(event, hear);
      settle({ name: job.name, state, note: state === 'failed' ? `${note}\n  again: ${again}` : note });
    };
    const heard = {
      message: (ending: Ending) => {
        if ('runs' in ending) end('passed', `${ending.runs} runs`);
        else end('failed', ending.found);
      },
      error: (error: Error) => end('failed', error.stack ?? String(error)),
      exit: (code: number) => end('failed', `ended with code ${code} and no result`),
    };
    for (const [event, hear] of Object.entries(heard)) thread.on(event, hear);
    const allowed = job.seconds * 3 + GRACE_SECONDS;
    const limit = setTimeout(() => end('failed', `no end after ${allowed.toFixed(0)} s`), allowed * 1000);
    thread.postMessage(job);
  });
}

async function work({ file, name, seconds, seed }: Job): Promise<void> {
  const ending = await fuzz(file, name, seconds, seed).catch((error: unknown) => ({
    found: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  parentPort?.postMessage(ending satisfies Ending);
}

async function fuzz(file: string, name: string, seconds: number, seed: number): Promise<Ending> {
  const module = (await import(file)) as Record<string, Fuzzer>;
  return (module[name] as Fuzzer)(seconds, seed);
}
