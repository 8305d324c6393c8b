/**
 * Where the service of a data folder listens, for other commands of the same person: `service.json` in the folder.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function writeServiceAddress(dataFolder: string, address: string): void {
  writeFileSync(fileIn(dataFolder), `${JSON.stringify({ address, pid: process.pid })}\n`, { mode: 0o600 });
}

/** `undefined` where no service says that it runs. */
export function readServiceAddress(dataFolder: string): string | undefined {
  try {
    const { address } = JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as { address?: unknown };
    return typeof address === 'string' ? address : undefined;
  } catch {
    return undefined;
  }
}

export function forgetServiceAddress(dataFolder: string): void {
  try {
    rmSync(fileIn(dataFolder), { force: true });
  } catch {
    // A folder that has become read-only keeps it: whoever asks there finds nobody.
  }
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'service.json');
}
