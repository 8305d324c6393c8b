import { defineConfig } from 'vitest/config';
import { TEST_FOLDERS } from './tools/test-layers.ts';

const CORPORA = 'src/**/*.corpora.test.ts';

/** Tests that drive other programs in real time: on a machine that stalls for seconds they get a second try. */
const LIVE: ReadonlySet<string> = new Set(['browser', 'atomic']);

export default defineConfig({
  test: {
    isolate: false,
    testTimeout: 20_000,
    projects: [
      project('unit', ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.ts'], { exclude: [CORPORA] }),
      // Thousands of other people's rules and answers at once.
      project('corpora', [CORPORA], { testTimeout: 180_000 }),
      ...TEST_FOLDERS.map((folder) =>
        project(folder, [`test/${folder}/**/*.test.ts`], LIVE.has(folder) ? { retry: 1 } : {}),
      ),
    ],
  },
});

function project(
  name: string,
  include: string[],
  more: { exclude?: string[]; testTimeout?: number; retry?: number } = {},
) {
  return { extends: true as const, test: { name, include, ...more } };
}
