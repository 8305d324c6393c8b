/**
 * The browser that the tests drive, quiet: nothing it does by itself reaches the network.
 *
 * One for all files of a worker, started when first asked for and driven from within it: starting it, and a window in
 * it, costs more than most of what the tests then do. It ends with the worker: its orders come through a pipe.
 */
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../requirement.ts';

let opened: Promise<Browser> | undefined;

/** @throws {Error} where there is none; `requireChromium` comes first. */
export function openChromium(): Promise<Browser> {
  opened ??= launch();
  return opened;
}

function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      // Chromium refuses to sandbox itself for root, which containers often are.
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // One page at a time, drawn into nothing: fewer processes compute little more than half as much.
      '--in-process-gpu',
      '--renderer-process-limit=1',
      '--disable-site-isolation-trials',
    ],
  });
}
