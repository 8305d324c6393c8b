import { defineConfig } from 'vitest/config';
import { TEST_FOLDERS } from './tools/test-layers.ts';
import { TestOrder } from './tools/test-order.ts';

const CORPORA = 'src/**/*.corpora.test.ts';

interface More {
  readonly exclude?: string[];
  readonly testTimeout?: number;
  readonly retry?: number;
  readonly globalSetup?: string;
  readonly maxWorkers?: number;
}

/** Tests that drive other programs in real time: on a machine that stalls for seconds they get a second try. */
const MORE: Readonly<Partial<Record<(typeof TEST_FOLDERS)[number], More>>> = {
  // Two, since they mostly wait for the browser.
  browser: { retry: 1, globalSetup: 'test/browser/browser-server.ts', maxWorkers: 2 },
  atomic: { retry: 1 },
};

export default defineConfig({
  test: {
    isolate: false,
    sequence: { sequencer: TestOrder },
    // Limits are for what hangs: a busy machine is five times slower, and stalls for seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      project('unit', ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.ts'], { exclude: [CORPORA] }),
      // Thousands of other people's rules and answers at once.
      project('corpora', [CORPORA], { testTimeout: 180_000 }),
      ...TEST_FOLDERS.map((folder) => project(folder, [`test/${folder}/**/*.test.ts`], MORE[folder] ?? {})),
    ],
  },
});

function project(name: string, include: string[], more: More = {}) {
  return { extends: true as const, test: { name, include, ...more } };
}
