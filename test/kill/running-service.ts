/** A service in a process of its own, to be asked over HTTP, stopped or killed. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));

export interface RunningService {
  readonly child: ChildProcess;
  readonly address: string;
}

export interface Ended {
  readonly code: number | null;
  /** What it said on standard error. */
  readonly words: string;
}

export interface Launch {
  /** Before the program: another that runs it, and what Node is told. */
  readonly before?: readonly string[];
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** @param flags of `vedette start` */
export function launch(
  flags: readonly string[],
  { before = [], node = [], environment = {} }: Launch = {},
): ChildProcess {
  const [program = '', ...args] = [...before, process.execPath, ...node, entry, 'start', '--port', '0', ...flags];
  const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } };
  return spawn(program, args, options);
}

/** @throws with what it said, where it ends instead of starting */
export async function started(child: ChildProcess): Promise<RunningService> {
  let said = '';
  let words = '';
  child.stderr?.on('data', (text) => {
    words += text;
  });
  return await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${words}`)));
    child.stdout?.on('data', (text) => {
      said += text;
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address !== undefined) resolve({ child, address });
    });
  });
}

/** How it ends, by itself or by a signal, with what it says from now on. */
export async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<Ended> {
  let words = '';
  if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, words };
  child.stderr?.on('data', (text) => {
    words += text;
  });
  const closed = once(child, 'close');
  if (signal !== undefined) child.kill(signal);
  const [code] = (await closed) as [number | null];
  return { code, words };
}

export async function ask<T>({ address }: RunningService, path: string): Promise<T> {
  return (await (await fetch(`${address}${path}`)).json()) as T;
}

/** Of all alerts, each as often as it is there. */
export async function alertIds(service: RunningService): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  for (;;) {
    const page = await ask<{ alerts: { id: string }[]; next?: string }>(service, `/api/alerts?limit=200${cursor}`);
    ids.push(...page.alerts.map(({ id }) => id));
    if (page.next === undefined) return ids.sort();
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

export async function storedEvents(service: RunningService): Promise<number> {
  return (await ask<{ events?: { events: number } }>(service, '/api/status')).events?.events ?? 0;
}
