/**
 * The layers of the tests, and the steps of each. `vitest.config.ts` makes a project of every folder named here.
 */
import type { Step } from './test-step.ts';

/** Folders under `test/`; tests beside the source are the project `unit`. */
export const TEST_FOLDERS = ['golden', 'browser', 'kill', 'atomic', 'package', 'soak'] as const;

export const LAYERS = ['checks', 'unit', 'all', 'long'] as const;
export type Layer = (typeof LAYERS)[number];

/** Biome writes colours into a pipe unless told not to. */
const COLORS = process.stdout.isTTY ? 'force' : 'off';

/** For what hangs in spite of the limits of its tests, and so far above what even a busy machine needs. */
const STEP_SECONDS = 1800;
const LONG_STEP_SECONDS = 7200;
const FUZZ_SECONDS = 10;
const LONG_FUZZ_SECONDS = 1800;
/** So many as the log of the following service; the other tests of kills take a share of it. */
const KILLS = 10;
const LONG_KILLS = 60;
const QUICK = { VEDETTE_EFFORT: '0.5' };
const LONG = { VEDETTE_EFFORT: '5' };

const CHECKS: readonly Step[] = [
  types('types', '.'),
  types('types of the pages', 'web'),
  check('format and lint', 'biome', 'ci', '--error-on-warnings', `--colors=${COLORS}`, '.'),
  check('dead code', 'knip'),
  check('generated tables', 'node', 'tools/generate-ecs.mjs', '--check'),
];

const UNIT = vitest('unit', STEP_SECONDS, QUICK);

const LONG_STEPS: readonly Step[] = [
  ...CHECKS,
  vitest('package', STEP_SECONDS),
  vitest('atomic', STEP_SECONDS),
  vitest('golden', LONG_STEP_SECONDS, LONG),
  vitest('browser', STEP_SECONDS),
  vitest('corpora', LONG_STEP_SECONDS, LONG),
  vitest('kill', LONG_STEP_SECONDS, { ...LONG, VEDETTE_KILLS: String(LONG_KILLS) }),
  vitest('unit', LONG_STEP_SECONDS, LONG),
  fuzz(LONG_FUZZ_SECONDS, true),
  vitest('soak', LONG_STEP_SECONDS),
];

/**
 * In the order in which they start; a few run at a time. Long ones and those that wait come first, so that none is left
 * over alone at the end, and last what keeps all cores at work; in the long test long ones come last, so that what is found
 * soon is told soon.
 */
export function stepsOf(layer: Layer): readonly Step[] {
  if (layer === 'checks') return CHECKS;
  if (layer === 'unit') return [UNIT, ...CHECKS];
  if (layer === 'long') return LONG_STEPS;
  return [
    UNIT,
    vitest('browser', STEP_SECONDS),
    vitest('kill', STEP_SECONDS, { VEDETTE_KILLS: String(KILLS) }),
    vitest('corpora', STEP_SECONDS, QUICK),
    vitest('golden', STEP_SECONDS, QUICK),
    vitest('atomic', STEP_SECONDS),
    vitest('package', STEP_SECONDS),
    fuzz(FUZZ_SECONDS, false),
    ...CHECKS,
  ];
}

function check(title: string, program: string, ...args: string[]): Step {
  return { title, command: [program, ...args], tells: 'check', timeoutSeconds: STEP_SECONDS };
}

/** Beside other steps: threads of its own would each look at what all share, and memory is there. Half the computing. */
function types(title: string, project: string): Step {
  return {
    ...check(title, 'tsc', '-p', project, '--singleThreaded'),
    environment: { GOGC: 'off', GOMEMLIMIT: '4GiB' },
  };
}

function vitest(project: string, timeoutSeconds: number, environment: Record<string, string> = {}): Step {
  const reporters = ['--reporter=default', '--reporter=./tools/vitest-outcomes.ts'];
  const command = ['vitest', 'run', '--project', project, '--passWithNoTests', ...reporters] as const;
  return { title: project, command, tells: 'cases', timeoutSeconds, environment };
}

function fuzz(seconds: number, random: boolean): Step {
  const command = ['node', 'tools/fuzz.ts', '--seconds', String(seconds), ...(random ? ['--random'] : [])] as const;
  return { title: 'fuzz', command, tells: 'cases', timeoutSeconds: seconds * 4 + STEP_SECONDS };
}
