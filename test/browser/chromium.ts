/** The browser that the tests drive, quiet: nothing it does by itself reaches the network. */
import { type Browser, type BrowserServer, chromium } from 'playwright-core';
import { inject } from 'vitest';

export function serveChromium(executablePath: string): Promise<BrowserServer> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launchServer({
    executablePath,
    host: '127.0.0.1',
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
    ],
  });
}

/** Connects to the browser of this run; closing the connection closes what was opened through it. */
export function connectChromium(): Promise<Browser> {
  return chromium.connect(inject('browserEndpoint'));
}
