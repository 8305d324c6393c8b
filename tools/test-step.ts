/**
 * One step of `npm test`: a program, run quietly in a process group of its own, and what became of it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Case, OUTCOMES, readOutcomes } from './outcome.ts';

export interface Step {
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** `cases`: the program tells of its cases (`outcome.ts`); `check`: the step as a whole passes or fails. */
  readonly tells: 'cases' | 'check';
  readonly timeoutSeconds: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface StepOutcome {
  readonly title: string;
  readonly seconds: number;
  /** Processor time of the program and of all it started and waited for; NaN where the system does not tell. */
  readonly processorSeconds: number;
  readonly cases: readonly Case[];
  readonly output: string;
}

export interface StepContext {
  readonly root: string;
  /** A folder for the files that steps tell of their cases in, and for what Node compiled for one of them. */
  readonly scratch: string;
  /** What a skip may not be for. */
  readonly required: ReadonlySet<string>;
}

/** Threads and programs that tests start load hundreds of our files each, and take half as long with this. */
const COMPILED = 'compiled';
/** And a third less with this. */
const SHORT_WAYS = fileURLToPath(new URL('short-ways.cjs', import.meta.url));

const running = new Set<ChildProcess>();
/** What the steps before took. Two that end in one moment are told as one. */
let toldSeconds = 0;

export async function runStep(step: Step, context: StepContext): Promise<StepOutcome> {
  const started = performance.now();
  const outcomes = join(context.scratch, `${step.title.replaceAll(/\W+/g, '-')}.json`);
  rmSync(outcomes, { force: true });
  const { code, output, timedOut } = await run(step, context, outcomes);
  const seconds = (performance.now() - started) / 1000;
  const processorSeconds = endedSeconds() - toldSeconds;
  toldSeconds += processorSeconds;
  const ending = timedOut ? `no end after ${step.timeoutSeconds} s` : `exit code ${code}`;
  const told = step.tells === 'check' ? [{ name: step.title, state: stateOf(code) } as const] : readOutcomes(outcomes);
  const cases = (told ?? []).map((item) => judgeSkip(item, context.required));
  // A program that failed without naming a case must not look like one that passed.
  if (code !== 0 && !cases.some(({ state }) => state === 'failed')) {
    cases.push({ name: `${step.title}: ${ending}`, state: 'failed' });
  } else if (told === undefined) {
    cases.push({ name: `${step.title}: told of no cases`, state: 'failed' });
  }
  return { title: step.title, seconds, processorSeconds, cases, output: timedOut ? `${output}\n${ending}` : output };
}

/** Ends what runs, with everything it started. */
export function stopSteps(): void {
  for (const child of running) killGroup(child);
}

function stateOf(code: number | null): 'passed' | 'failed' {
  return code === 0 ? 'passed' : 'failed';
}

function judgeSkip(item: Case, required: ReadonlySet<string>): Case {
  if (item.state !== 'skipped') return item;
  const note = item.note ?? '';
  if (note === '') return { name: item.name, state: 'failed', note: 'skipped without a reason' };
  const requirement = note.split(':', 1)[0] ?? '';
  return required.has(requirement) ? { name: item.name, state: 'failed', note: `required: ${note}` } : item;
}

function run(
  step: Step,
  { root, scratch }: StepContext,
  outcomes: string,
): Promise<{ code: number | null; output: string; timedOut: boolean }> {
  return new Promise((settle) => {
    const [program, ...args] = step.command;
    const child = spawn(program, args, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        NODE_COMPILE_CACHE: join(scratch, COMPILED),
        ...process.env,
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(SHORT_WAYS)}`,
        ...step.environment,
        [OUTCOMES]: outcomes,
      },
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output += text;
      });
    }
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, step.timeoutSeconds * 1000);
    const end = (code: number | null) => {
      clearTimeout(limit);
      running.delete(child);
      settle({ code, output, timedOut });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', end);
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}

const TICKS_A_SECOND = 100;

/** Processor seconds of all programs that ended, with those they waited for. */
function endedSeconds(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // After the name, which may hold anything: user and system time of children are the 14th and 15th (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}
