/**
 * The real auditd, recording the executions of one login uid into a log of its own, for as long as a test runs.
 *
 * Linux audit is one for the whole machine: so only where nobody else uses it, and everything is put back at the end.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface AuditRecorder {
  readonly log: string;
  /** Processes that have it are recorded; everything else on the machine is not. */
  readonly loginUid: number;
  stop(): Promise<void>;
}

const LOGIN_UID = 4243;
const KEY = 'vedette_test';
const RULE = `-a always,exit -F arch=b64 -S execve -S execveat -F success=1 -F auid=${LOGIN_UID} -k ${KEY}`.split(' ');

/** Why auditd cannot be run here, `undefined` where it can. */
export function whyNoAudit(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'auditd: takes root on Linux';
  try {
    const status = auditctl('-s');
    return /^pid 0$/m.test(status) && /^enabled 0$/m.test(status) ? undefined : 'auditd: in use on this machine';
  } catch {
    return 'auditd: not installed, or the kernel has no audit';
  }
}

export async function recordAudit(): Promise<AuditRecorder> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-auditd-'));
  const log = join(folder, 'audit.log');
  mkdirSync(join(folder, 'plugins.d'));
  writeFileSync(join(folder, 'auditd.conf'), configuration(folder, log));
  const daemon = spawn('auditd', ['-n', '-s', 'nochange', '-c', folder], { stdio: 'ignore', env: environment() });
  const ended = once(daemon, 'exit');
  const stop = async () => {
    for (const args of [
      ['-D', '-k', KEY],
      ['-e', '0'],
      ['-b', '64'],
    ])
      auditctl(...args);
    daemon.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    for (let waited = 0; !existsSync(log); waited += 50) {
      if (waited > 5_000) throw new Error('auditd did not start');
      await sleep(50);
    }
    auditctl('-b', '8192');
    auditctl('-e', '1');
    auditctl(...RULE);
  } catch (error) {
    await stop();
    throw error;
  }
  return { log, loginUid: LOGIN_UID, stop };
}

function configuration(folder: string, log: string): string {
  const settings = {
    log_file: log,
    log_format: 'ENRICHED',
    flush: 'INCREMENTAL_ASYNC',
    freq: 1,
    max_log_file_action: 'IGNORE',
    // Without thresholds in this order auditd ends without a word.
    space_left: 75,
    admin_space_left: 50,
    space_left_action: 'IGNORE',
    admin_space_left_action: 'IGNORE',
    disk_full_action: 'IGNORE',
    disk_error_action: 'IGNORE',
    plugin_dir: join(folder, 'plugins.d'),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

function auditctl(...args: string[]): string {
  return execFileSync('auditctl', args, { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
}
