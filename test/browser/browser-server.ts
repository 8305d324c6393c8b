/**
 * Once for all browser tests of a run: the pages are built, and one Chromium is started that every file connects to.
 * Starting it, and a window in it, costs more than most of what the tests then do.
 */
import type { BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../requirement.ts';
import { serveChromium } from './chromium.ts';
import { buildPages } from './workbench-pages.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens; empty where the machine has none. */
    browserEndpoint: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const program = findChromium();
  let server: BrowserServer | undefined;
  if (program !== undefined) {
    await buildPages();
    server = await serveChromium(program);
  }
  project.provide('browserEndpoint', server?.wsEndpoint() ?? '');
  return async () => server?.close();
}
