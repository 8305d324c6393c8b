import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireLinux } from '../../test/requirement.ts';
import { hostIdentity } from './host-identity.ts';
import { ProcessWatcher } from './process-watcher.ts';
import type { ProcessRecord } from './procfs.ts';
import { userNames } from './user-names.ts';

interface Started {
  readonly pid: number;
  readonly ppid: number;
  readonly time: string;
  readonly comm: string;
  readonly exe: string;
  readonly args: readonly string[];
  readonly [name: string]: unknown;
}

/** A start's time is reckoned from the machine's, which is rounded. */
const CLOCKS_APART_MS = 1_500;

const children: ChildProcess[] = [];
function run(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  children.push(child);
  return child;
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 120_000) throw new Error('it did not happen within two minutes');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Watches the real /proc while the test runs. */
async function watching(test: (started: Started[], known: ProcessRecord[]) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const started: Started[] = [];
  const known: ProcessRecord[] = [];
  const watcher = new ProcessWatcher({
    host: hostIdentity(),
    userName: userNames(),
    onKnown: (process) => known.push(process),
  });
  const done = watcher.run(({ bytes }) => {
    started.push(JSON.parse(Buffer.from(bytes).toString()) as Started);
    return undefined;
  }, stop.signal);
  // What was there before is known by now.
  try {
    await test(started, known);
  } finally {
    stop.abort();
    await done;
  }
}

describe('ProcessWatcher', () => {
  beforeEach((context) => requireLinux(context));

  it('tells of a start once, with everything an event needs', async () => {
    await watching(async (started) => {
      const before = Date.now();
      const child = run('sh', '-c', 'sleep 9.5; true', 'ä b', '');
      await until(() => started.some(({ pid }) => pid === child.pid));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const mine = started.filter(({ pid }) => pid === child.pid);
      expect(mine).toHaveLength(1);
      expect(mine[0]).toMatchObject({
        procfs: 1,
        ppid: process.pid,
        comm: 'sh',
        args: ['sh', '-c', 'sleep 9.5; true', 'ä b', ''],
        cwd: process.cwd(),
        uid: String(process.getuid?.()),
        host: hostIdentity().name,
      });
      expect(mine[0]?.exe).toMatch(/^\/.*sh$/);
      const time = Date.parse(mine[0]?.time ?? '');
      expect(time).toBeGreaterThan(before - CLOCKS_APART_MS);
      expect(time).toBeLessThan(Date.now() + CLOCKS_APART_MS);
    });
  });

  it('knows processes that were there, and does not take them for starts', async () => {
    const old = run('sleep', '9.25');
    await until(() => readFileSync(`/proc/${old.pid}/cmdline`, 'utf8').startsWith('sleep'));
    await watching(async (started, known) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(started.some(({ pid }) => pid === old.pid)).toBe(false);
      expect(known.find(({ pid }) => pid === old.pid)?.args).toEqual(['sleep', '9.25']);
      expect(known.find(({ pid }) => pid === process.pid)?.ppid).toBe(process.ppid);
      expect(known.every(({ ppid }) => ppid !== 2)).toBe(true);
    });
  });

  it('notices an exec in place, also of the same program, soon after the start', async () => {
    await watching(async (started) => {
      const child = run('sh', '-c', 'read x; exec sh -c "read y; exec sleep 9.125"');
      const mine = () => started.filter(({ pid }) => pid === child.pid).map(({ args }) => args);
      for (const count of [1, 2]) {
        await until(() => mine().length === count);
        child.stdin?.write('\n');
      }
      await until(() => mine().length === 3);
      expect(mine()).toEqual([
        ['sh', '-c', 'read x; exec sh -c "read y; exec sleep 9.125"'],
        ['sh', '-c', 'read y; exec sleep 9.125'],
        ['sleep', '9.125'],
      ]);
    });
  });

  it('takes a fork for a parent, not for a start', async () => {
    await watching(async (started, known) => {
      const child = run('bash', '-c', 'exec 3<&0; (read x <&3; sleep 9.0625; true) & wait');
      await until(() => known.some(({ ppid }) => ppid === child.pid));
      child.stdin?.write('\n');
      await until(() => started.some(({ args }) => args.includes('9.0625')));
      const sleep = started.find(({ args }) => args.includes('9.0625'));
      const fork = known.find(({ pid }) => pid === sleep?.ppid);
      expect(fork?.ppid).toBe(child.pid);
      expect(started.some(({ pid }) => pid === fork?.pid)).toBe(false);
    });
  });

  it('awaits the delivery of a line before the next', async () => {
    const stop = new AbortController();
    const watcher = new ProcessWatcher({ host: hostIdentity(), userName: () => undefined, onKnown: () => {} });
    let inside = 0;
    let most = 0;
    let lines = 0;
    const done = watcher.run(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
      lines += 1;
    }, stop.signal);
    for (let n = 0; n < 4; n += 1) run('sleep', `8.${n}`);
    await until(() => lines >= 4);
    stop.abort();
    await done;
    expect(most).toBe(1);
  });
});
