/** The service as a person starts it, for browser tests: its own data folder, any free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readServiceAddress } from '../../src/engine/service-address.ts';

const ENTRY = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));
/** Far above the second that it takes: beside other work a machine stalls. */
const START_MS = 120_000;

export interface ServiceProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param options beside the data folder and the port */
export async function startServiceProcess(data: string, options: readonly string[]): Promise<ServiceProcess> {
  const args = [ENTRY, 'start', '--data', data, '--port', '0', ...options];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  for (let waited = 0; waited < START_MS; waited += 50) {
    const url = readServiceAddress(data);
    if (url !== undefined) return { url, stop: () => stop(child) };
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    await sleep(50);
  }
  await stop(child);
  throw new Error('the service did not start');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
