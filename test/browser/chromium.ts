/**
 * Finds the browser that the tests drive: `VEDETTE_CHROMIUM`, else one that is installed. Playwright's own download is
 * not used, so that the tests run where only a package mirror is reachable.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser's path, `undefined` where there is none; tests skip then and say so. */
export function findChromium(): string | undefined {
  const named = process.env.VEDETTE_CHROMIUM;
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(named === undefined || named === '' ? [] : [named]), ...candidates].find(isExecutable);
}

export const NO_CHROMIUM = 'no Chromium: set VEDETTE_CHROMIUM or install the package chromium';

export function launchChromium(executablePath: string): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      // Chromium refuses to sandbox itself for root, which containers often are.
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
