import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_LOG, type AuditLogVerdict, EXECUTION_RULE, findAuditLog, recordsExecutions } from './audit-log.ts';
import { asInputError } from './byte-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-audit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = Date.UTC(2027, 0, 31);
const EXECVE = 'type=EXECVE msg=audit(1795360297.296:458): argc=1 a0="ls"\n';
const OTHER = 'type=USER_START msg=audit(1795360297.300:461): pid=1\n';

interface Case {
  readonly content: string;
  readonly ageMs?: number;
  readonly running?: boolean;
  readonly rules?: string;
}

/** The verdict of a machine whose audit log is a file of the test. */
async function verdictOf({ content, ageMs = 1_000, running = false, rules }: Case): Promise<AuditLogVerdict> {
  const path = join(folder, 'audit.log');
  writeFileSync(path, content);
  utimesSync(path, (NOW - ageMs) / 1000, (NOW - ageMs) / 1000);
  const system = { now: () => NOW, isDaemonRunning: () => running, loadedRules: async () => rules };
  return await findAuditLog(undefined, system, path);
}

describe('findAuditLog', () => {
  it.each<[string, Case, boolean]>([
    ['executions, written lately', { content: OTHER + EXECVE }, true],
    ['executions as laurel writes them', { content: '{"ID":"1:2","EXECVE":{"ARGV":["ls"]}}\n' }, true],
    ['executions, nothing written for days, auditd running', { content: EXECVE, ageMs: 1e9, running: true }, true],
    ['no executions yet, but a rule for them', { content: '', running: true, rules: EXECUTION_RULE }, true],
    ['no executions, rules unknown', { content: OTHER, running: true }, false],
    ['no executions, rules for other things', { content: OTHER, running: true, rules: '-w /etc -p wa' }, false],
    ['executions, but long ago and no auditd', { content: EXECVE, ageMs: 1e9 }, false],
    ['executions only long before the newest records', { content: EXECVE + OTHER.repeat(40_000) }, false],
  ])('judges: %s', async (_name, machine, usable) => {
    const verdict = await verdictOf(machine);
    expect(verdict.usable).toBe(usable);
    if (!verdict.usable) {
      expect(verdict.reason).toMatch(/\.$/);
      expect(verdict.hint).not.toBe('');
    }
  });

  it('says how to get a log where there is none', async () => {
    const verdict = await findAuditLog(join(folder, 'nothing.log'));
    expect(verdict).toMatchObject({ usable: false, reason: `There is no audit log at ${folder}/nothing.log.` });
    expect(verdict).toHaveProperty('hint', expect.stringContaining(EXECUTION_RULE));
  });

  it('takes a log that the user names, whatever is in it, if it can be read', async () => {
    const path = join(folder, 'named.log');
    writeFileSync(path, '');
    expect(await findAuditLog(path)).toEqual({ usable: true, path });
    mkdirSync(join(folder, 'a-folder'));
    expect(await findAuditLog(join(folder, 'a-folder'))).toMatchObject({
      usable: false,
      reason: `${folder}/a-folder cannot be read: it is a folder.`,
    });
  });

  it('says who may read a log that this user may not', () => {
    const denied = asInputError('/var/log/audit/audit.log', Object.assign(new Error('denied'), { code: 'EACCES' }));
    expect(denied).toMatchObject({
      diagnostic: { code: 'ingest-unreadable', message: '/var/log/audit/audit.log cannot be read: this user may not.' },
    });
  });

  it('looks where auditd writes by default', async () => {
    expect((await findAuditLog()).path).toBe(AUDIT_LOG);
  });
});

describe('recordsExecutions', () => {
  it.each<[string, boolean]>([
    [EXECUTION_RULE, true],
    ['-a always,exit -F arch=b64 -S execve,execveat -F key=exec', true],
    ['-a always,exit -F arch=b64 -S fork,execve -F auid>=1000 -F auid!=-1', true],
    ['-a exit,always -S all -F key=everything', true],
    ['-a never,exit -S execve', false],
    ['-a always,exit -F arch=b64 -S execve -F exe=/usr/bin/sudo', false],
    ['-a always,exit -F arch=b64 -S openat', false],
    ['-a always,exit -F arch=b64 -S execve -F auid=1000', false],
    ['-w /usr/bin/execve -p x', false],
    ['No rules', false],
  ])('%s: %s', (rules, expected) => {
    expect(recordsExecutions(`-w /etc/passwd -p wa\n${rules}\n`)).toBe(expected);
  });
});
