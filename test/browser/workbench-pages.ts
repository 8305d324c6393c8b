/** The pages as they are shipped. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SETUP = fileURLToPath(new URL('../../tools/setup.mjs', import.meta.url));

/** Builds the pages where that is needed; waits for whoever is building them already. */
export async function buildPages(): Promise<void> {
  await promisify(execFile)(process.execPath, [SETUP, 'web']);
}
