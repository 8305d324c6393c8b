/**
 * `npm test` and its like.
 *
 *   node tools/test.ts [checks|unit|all|long] [step…]
 *
 * VEDETTE_REQUIRE=corpora,chromium turns skips for those reasons into failures; VEDETTE_SEED sets the fuzzers' seed.
 * Exit code 0 when nothing failed. The last line is `N passed, N failed, N skipped`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYERS, type Layer, stepsOf } from './test-layers.ts';
import { countCases, reportAll, reportStep } from './test-report.ts';
import { runStep, type StepContext, type StepOutcome, stopSteps } from './test-step.ts';

/** Each computes on one core at a time, and waits for others or for the browser the rest of it. */
const STEPS_AT_ONCE = 3;
const root = fileURLToPath(new URL('..', import.meta.url));
const FIGURES = join(root, 'docs', 'figures', 'long-test.json');

const [layer = 'all', ...titles] = process.argv.slice(2);
if (!(LAYERS as readonly string[]).includes(layer)) {
  console.error(`usage: node tools/test.ts [${LAYERS.join('|')}] [step…]`);
  process.exit(64);
}
process.exitCode = await runLayer(layer as Layer, titles);

async function runLayer(layer: Layer, titles: readonly string[]): Promise<number> {
  prepareEnvironment();
  const steps = stepsOf(layer).filter(({ title }) => titles.length === 0 || titles.includes(title));
  const scratch = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  const required = new Set((process.env.VEDETTE_REQUIRE ?? '').split(',').filter((name) => name !== ''));
  const context: StepContext = { root, scratch, required };
  const outcomes: (StepOutcome | undefined)[] = steps.map(() => undefined);
  let next = 0;
  const lane = async () => {
    while (next < steps.length) {
      const index = next;
      next += 1;
      const outcome = await runStep(steps[index] as (typeof steps)[number], context);
      outcomes[index] = outcome;
      // At once: a run of an hour may be cut short.
      if (layer === 'long') recordFigures(outcome);
      console.log(reportStep(outcome));
    }
  };
  await Promise.all(Array.from({ length: STEPS_AT_ONCE }, lane));
  rmSync(scratch, { recursive: true, force: true });
  const done = outcomes.filter((outcome) => outcome !== undefined);
  console.log(reportAll(done));
  return countCases(done.flatMap(({ cases }) => cases)).failed === 0 ? 0 : 1;
}

/** The packages' programs first on the path; colours as this terminal has them; an interrupt ends the steps too. */
function prepareEnvironment(): void {
  process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  delete process.env.FORCE_COLOR;
  delete process.env.NO_COLOR;
  process.env[process.stdout.isTTY && process.env.CI === undefined ? 'FORCE_COLOR' : 'NO_COLOR'] = '1';
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      stopSteps();
      process.exit(code);
    });
  }
}

interface Figures {
  readonly steps: readonly { readonly title: string }[];
}

/** What a step of the long test came to, with the commit that it was measured on, in the place of what it had before. */
function recordFigures({ title, seconds, processorSeconds, cases }: StepOutcome): void {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const times = { seconds: Math.round(seconds), computing: Math.round(processorSeconds) };
  const fuzzers = Object.fromEntries(cases.map(({ name, note }) => [name, note]));
  const measured = { title, commit, ...times, ...countCases(cases), ...(title === 'fuzz' ? { fuzzers } : {}) };
  const others = readFigures().steps.filter((step) => step.title !== title);
  mkdirSync(dirname(FIGURES), { recursive: true });
  const figures = { node: process.version, steps: [...others, measured] };
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
}

function readFigures(): Figures {
  return existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, 'utf8')) : { steps: [] };
}
