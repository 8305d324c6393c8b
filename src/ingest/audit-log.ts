/**
 * Whether this machine's audit log can be watched for process starts, and if not, why and what to do.
 *
 *   a file? readable? ──▶ executions among its newest records? written lately? ──▶ verdict in words
 *                        └── none: is auditd running, with a rule for executions?
 *
 * A log named by the user is taken as it is, if it can be read: whoever names it knows who writes it.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { asInputError, InputError } from './byte-source.ts';

export const AUDIT_LOG = '/var/log/audit/audit.log';

/** The newest records that are looked at; an execution takes about 1.5 kB. */
const TAIL_BYTES = 1024 * 1024;
/** A log without auditd behind it counts as written when something came so lately (a collector may write it). */
const LATELY_MS = 10 * 60_000;
const AUDITCTL_TIMEOUT_MS = 2_000;

/** What makes the kernel record every program start. */
export const EXECUTION_RULE = '-a always,exit -F arch=b64 -S execve -S execveat -F success=1 -k proc_exec';

const HINT_START = `Install auditd, put “${EXECUTION_RULE}” into /etc/audit/rules.d/exec.rules, and run “augenrules --load”.`;
const HINT_RULE = `Put “${EXECUTION_RULE}” into /etc/audit/rules.d/exec.rules, and run “augenrules --load”.`;

export type AuditLogVerdict =
  | { readonly usable: true; readonly path: string }
  /** `reason` is a sentence; `hint` says what would make it usable. */
  | { readonly usable: false; readonly path: string; readonly reason: string; readonly hint: string };

/** What the verdict needs to know of the machine, besides the log itself. */
export interface AuditSystem {
  readonly now: () => number;
  readonly isDaemonRunning: () => boolean;
  /** The rules loaded into the kernel, one a line; undefined where this user may not ask. */
  readonly loadedRules: () => Promise<string | undefined>;
}

const THIS_SYSTEM: AuditSystem = { now: Date.now, isDaemonRunning, loadedRules };

/** @param named the log the user named; without one, where auditd writes it. */
export async function findAuditLog(
  named?: string,
  system: AuditSystem = THIS_SYSTEM,
  usual: string = AUDIT_LOG,
): Promise<AuditLogVerdict> {
  const path = named ?? usual;
  let tail: Tail;
  try {
    tail = await readTail(path);
  } catch (error) {
    const problem = asInputError(path, error);
    if (!(problem instanceof InputError)) throw problem;
    return { usable: false, path, ...explain(path, problem) };
  }
  if (named !== undefined) return { usable: true, path };
  const isRunning = system.isDaemonRunning();
  if (!isRunning && system.now() - tail.written > LATELY_MS) {
    const reason = `Nothing has written to ${path} since ${new Date(tail.written).toISOString()}, and auditd is not running.`;
    return { usable: false, path, reason, hint: 'Start auditd: “systemctl start auditd”.' };
  }
  if (tail.hasExecutions) return { usable: true, path };
  const rules = isRunning ? await system.loadedRules() : undefined;
  if (rules !== undefined && recordsExecutions(rules)) return { usable: true, path };
  const reason = `${path} holds no program starts among its newest records, so the machine does not record them.`;
  return { usable: false, path, reason, hint: HINT_RULE };
}

function explain(path: string, { diagnostic }: InputError): { readonly reason: string; readonly hint: string } {
  if (diagnostic.code === 'ingest-not-found') return { reason: `There is no audit log at ${path}.`, hint: HINT_START };
  return {
    reason: diagnostic.message,
    hint: 'Run this as root, or as a member of the group that may read the log (often adm).',
  };
}

/** Whether a rule of `auditctl -l` records successful calls of execve, for every user. */
export function recordsExecutions(rules: string): boolean {
  return rules.split('\n').some((rule) => {
    if (!/^-a (?:always,exit|exit,always)\b/.test(rule)) return false;
    return (
      /-S (?:\S+,)?(?:execve|all)\b/.test(rule) &&
      !/-F (?:(?:exe|path|dir|pid|ppid|uid|gid|euid)[!<>]?=|auid=)/.test(rule)
    );
  });
}

interface Tail {
  readonly hasExecutions: boolean;
  /** Epoch milliseconds of the last modification. */
  readonly written: number;
}

async function readTail(path: string): Promise<Tail> {
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    const tail = await readAt(handle, Math.max(0, size - TAIL_BYTES));
    // Raw records say `type=EXECVE`, laurel's `"EXECVE":{`.
    return { hasExecutions: tail.includes('type=EXECVE ') || tail.includes('"EXECVE":'), written: mtimeMs };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, offset: number): Promise<Buffer> {
  const buffer = Buffer.alloc(TAIL_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, TAIL_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}

function isDaemonRunning(): boolean {
  return processNames().some((name) => name === 'auditd');
}

function processNames(): readonly string[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readOrEmpty(`/proc/${pid}/comm`).trim());
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function loadedRules(): Promise<string | undefined> {
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  return await new Promise((resolve) => {
    execFile('auditctl', ['-l'], { env, timeout: AUDITCTL_TIMEOUT_MS }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
