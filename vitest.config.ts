import { defineConfig } from 'vitest/config';
import { TEST_FOLDERS } from './tools/test-layers.ts';
import { TestOrder } from './tools/test-order.ts';

/**
 * Limits are for what hangs: a busy machine is five times slower, and stalls for seconds. What `test/effort.ts` makes
 * longer may take longer.
 */
const PATIENCE_MS = 240_000 * Math.max(1, Number(process.env.VEDETTE_EFFORT ?? 1));

/**
 * Collecting garbage in the thread that makes it computes a sixth less than in four, which wait for each other where steps
 * share the cores. Memory outside of the heap counts as the heap's does, from a large heap on: scanners of lines, each with
 * megabytes of which it touches little, had all of it collected after every dozen, which was a quarter of what the matcher's
 * tests computed and a fifth of what all of the unit tests did.
 */
const EXEC_ARGV = ['--single-threaded-gc', '--external-memory-accounted-in-global-limit', '--initial-heap-size=512'];

const CORPORA = 'src/**/*.corpora.test.ts';

interface More {
  readonly exclude?: string[];
  readonly testTimeout?: number;
  readonly globalSetup?: string;
  readonly maxWorkers?: number;
}

const MORE: Readonly<Partial<Record<(typeof TEST_FOLDERS)[number], More>>> = {
  // Two browsers, each for all of a worker's files: half of what one takes is waiting for a page, and alone it takes longer
  // than all other steps.
  browser: { globalSetup: 'test/browser/workbench-pages.ts', maxWorkers: 2 },
};

export default defineConfig({
  test: {
    isolate: false,
    execArgv: EXEC_ARGV,
    // Node runs our files as they are, here as everywhere: Vite would transform hundreds for each of the steps.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: TestOrder },
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: 120_000 } },
    projects: [
      project('unit', ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.ts'], { exclude: [CORPORA] }),
      // Thousands of other people's rules and answers at once.
      project('corpora', [CORPORA]),
      ...TEST_FOLDERS.map((folder) => project(folder, [`test/${folder}/**/*.test.ts`], MORE[folder] ?? {})),
    ],
  },
});

function project(name: string, include: string[], more: More = {}) {
  return { extends: true as const, test: { name, include, ...more } };
}
