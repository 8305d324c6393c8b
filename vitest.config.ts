import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,tools,bench}/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    testTimeout: 20_000,
  },
});
