/**
 * The atomic test that the hunting page refers to, run for real while `vedette watch` watches: the alert must come,
 * through the audit log and through /proc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, type TestContext } from 'vitest';
import type { Alert } from '../../src/engine/index.ts';
import { type AuditRecorder, recordAudit, whyNoAudit } from './audit-recorder.ts';

const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));
const script = fileURLToPath(new URL('T1048.003-8.sh', import.meta.url));
/** An alert is due within a second; the rest is for a machine that runs other tests beside. */
const PATIENCE_MS = 120_000;

interface Watch {
  readonly alerts: Alert[];
  stop(): Promise<void>;
}

async function watch(...flags: string[]): Promise<Watch> {
  const child = spawn(process.execPath, [entry, 'watch', '--json', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const alerts: Alert[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => alerts.push(JSON.parse(line) as Alert));
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      said.push(data.toString());
      if (said.join('').includes('Watching this machine')) resolve();
    });
    child.once('exit', () => reject(new Error(`watch ended: ${said.join('')}`)));
  });
  await sleep(300);
  return {
    alerts,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Runs the atomic test in a shell of its own, with a login uid where its executions are to be recorded. */
function attack(loginUid?: number): ChildProcess {
  const login = loginUid === undefined ? '' : `echo ${loginUid} > /proc/self/loginuid; `;
  const path = existsSync('/usr/bin/python3') ? '/usr/bin:/bin' : process.env.PATH;
  return spawn('/bin/sh', ['-c', `${login}exec /bin/sh ${script}`], {
    stdio: 'ignore',
    cwd: tmpdir(),
    detached: true,
    env: { ...process.env, PATH: path },
  });
}

const MISSION_RULE = '99c2b626-de44-4322-b1f9-157ca408c17e';

/** The mission's rule's alerts for the server that the attack started; other processes of the machine may raise theirs. */
function alertsOf({ alerts }: Watch, attacker: ChildProcess): readonly Alert[] {
  return alerts.filter(({ rule, events }) => {
    if (rule.id !== MISSION_RULE) return false;
    const process = events[0]?.process as {
      readonly args?: readonly string[];
      readonly parent?: { readonly pid?: number };
    };
    return process.parent?.pid === attacker.pid && process.args?.includes('9090') === true;
  });
}

async function expectAlert(watching: Watch, attacker: ChildProcess): Promise<void> {
  for (let waited = 0; alertsOf(watching, attacker).length === 0 && waited < PATIENCE_MS; waited += 50) await sleep(50);
  const alerts = alertsOf(watching, attacker);
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.rule.name).toBe('Web Server Spawned via Python');
  expect(alerts[0]?.events[0]).toMatchObject({
    process: { args: ['python3', '-m', 'http.server', '9090'], working_directory: '/tmp' },
    event: { action: expect.arrayContaining(['exec']) },
  });
}

async function attackUnder(watching: Watch, loginUid?: number): Promise<void> {
  const attacker = attack(loginUid);
  const ended = once(attacker, 'exit');
  try {
    await expectAlert(watching, attacker);
    await ended;
    expect(alertsOf(watching, attacker)).toHaveLength(1);
  } finally {
    // The group: the server too, where the script was not let to its end.
    if (attacker.exitCode === null && attacker.pid !== undefined) process.kill(-attacker.pid);
    await watching.stop();
  }
}

function requirePython(context: TestContext): void {
  if (process.platform !== 'linux') context.skip('linux: process starts are watched on Linux');
  const folders = (process.env.PATH ?? '').split(':');
  if (!folders.some((folder) => existsSync(join(folder, 'python3')))) context.skip('python3: not on the path');
}

it('raises the alert through the audit log', async (context) => {
  requirePython(context);
  const why = whyNoAudit();
  if (why !== undefined) context.skip(why);
  const recorder: AuditRecorder = await recordAudit();
  try {
    await attackUnder(await watch('--source', 'audit', '--audit-log', recorder.log), recorder.loginUid);
  } finally {
    await recorder.stop();
  }
});

it('raises the alert through /proc', async (context) => {
  requirePython(context);
  await attackUnder(await watch('--source', 'procfs'));
});
