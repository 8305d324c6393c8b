/** Once for all browser tests of a run: the pages as they are shipped. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findChromium } from '../requirement.ts';

const SETUP = fileURLToPath(new URL('../../tools/setup.mjs', import.meta.url));

/** Builds them where that is needed; waits for whoever is building them already. */
export default async function buildPages(): Promise<void> {
  if (findChromium() !== undefined) await promisify(execFile)(process.execPath, [SETUP, 'web']);
}
