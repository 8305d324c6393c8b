import { defineConfig } from 'vitest/config';
import { TEST_FOLDERS } from './tools/test-layers.ts';

export default defineConfig({
  test: {
    isolate: false,
    testTimeout: 20_000,
    projects: [
      project('unit', ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.ts']),
      ...TEST_FOLDERS.map((folder) => project(folder, [`test/${folder}/**/*.test.ts`])),
    ],
  },
});

function project(name: string, include: string[]) {
  return { extends: true as const, test: { name, include } };
}
