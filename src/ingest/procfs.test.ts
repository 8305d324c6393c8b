import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Procfs, parseStat } from './procfs.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-proc-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** A line of `stat` with 52 fields; those not given are 0. */
function stat(fields: Readonly<Record<number, string | number>>): string {
  return Array.from({ length: 52 }, (_, n) => fields[n + 1] ?? 0).join(' ');
}

const PYTHON = { 1: 77, 2: '(python3)', 3: 'S', 4: 70, 7: 34816, 9: 0x400000, 22: 12_345, 26: 11, 28: 22, 48: 33 };

function process(pid: number, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, String(pid)), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, String(pid), name), content);
}

describe('parseStat', () => {
  it('reads what is needed, whatever the name holds', () => {
    expect(parseStat(stat({ ...PYTHON, 2: '(a) (b) S 1)' }))).toEqual({
      comm: 'a) (b) S 1',
      ppid: 70,
      startTicks: 12_345,
      tty: 34816,
      isKernelThread: false,
      isZombie: false,
      isFork: false,
      image: '11 22 33',
    });
  });

  it('tells forks, kernel threads, zombies, and processes whose addresses are hidden', () => {
    expect(parseStat(stat({ ...PYTHON, 9: 0x40 }))?.isFork).toBe(true);
    expect(parseStat(stat({ ...PYTHON, 9: 0x208040 }))?.isKernelThread).toBe(true);
    expect(parseStat(stat({ ...PYTHON, 3: 'Z' }))?.isZombie).toBe(true);
    expect(parseStat(stat({ ...PYTHON, 26: 1, 28: 0, 48: 0 }))?.image).toBeUndefined();
  });

  it('takes nothing for a process that is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const state = parseStat(text);
        if (state !== undefined) expect(Number.isInteger(state.startTicks)).toBe(true);
      }),
    );
    expect(parseStat('77 (cut off) S 1')).toBeUndefined();
  });
});

describe('Procfs', () => {
  it('reads a process', () => {
    process(77, {
      stat: stat(PYTHON),
      cmdline: 'python3\0-m\0http.server\0\0',
      status: 'Name:\tp\nUid:\t1001\t0\t0\t0\n',
    });
    symlinkSync('/usr/bin/python3.11 (deleted)', join(root, '77/exe'));
    const proc = new Procfs(root);
    const state = proc.state(77);
    expect(state && proc.record(77, state)).toEqual({
      pid: 77,
      ppid: 70,
      comm: 'python3',
      exe: '/usr/bin/python3.11 (deleted)',
      args: ['python3', '-m', 'http.server', ''],
      uid: '1001',
      tty: 'pts/0',
      start_ticks: 12_345,
    });
  });

  it.each<[number, string | undefined]>([
    [0, undefined],
    [34816, 'pts/0'],
    [35072, 'pts/256'],
    [(4 << 8) | 1, 'tty1'],
    [(4 << 8) | 64, 'ttyS0'],
    [(136 << 8) | 44 | (1 << 20), 'pts/300'],
    [(5 << 8) | 1, undefined],
  ])('names terminal %i %s', (device, name) => {
    process(78, { stat: stat({ ...PYTHON, 7: device }), cmdline: 'a', status: '' });
    const proc = new Procfs(root);
    const state = proc.state(78);
    expect(state && proc.record(78, state)?.tty).toBe(name);
  });

  it('reads a command line of megabytes, and one without arguments', () => {
    const long = ['x', ...Array.from({ length: 100_000 }, (_, n) => `argument ${n}`)];
    const proc = new Procfs(root);
    process(79, { stat: stat(PYTHON), cmdline: `${long.join('\0')}\0` });
    const state = proc.state(79);
    expect(state && proc.record(79, state)?.args).toEqual(long);
    process(79, { stat: stat(PYTHON), cmdline: '' });
    expect(state && proc.record(79, state)?.args).toEqual([]);
    process(79, { stat: stat(PYTHON), cmdline: 'nginx: master process' });
    expect(state && proc.record(79, state)?.args).toEqual(['nginx: master process']);
  });

  it('has no answer for a process that is gone', () => {
    const proc = new Procfs(root);
    expect(proc.state(4_000_000)).toBeUndefined();
    expect(proc.record(4_000_000, parseStat(stat(PYTHON)) as never)).toBeUndefined();
  });

  it('reads the last pid and the time since boot', () => {
    writeFileSync(join(root, 'loadavg'), '0.10 0.20 0.30 2/97 10911\n');
    writeFileSync(join(root, 'uptime'), '123.45 200.00\n');
    const proc = new Procfs(root);
    expect([proc.lastPid(), proc.uptimeMs()]).toEqual([10_911, 123_450]);
    rmSync(join(root, 'loadavg'));
    expect(proc.lastPid()).toBeUndefined();
  });
});
