/**
 * One process as Linux shows it under `/proc`, see proc(5).
 *
 *   /proc/PID/stat ──▶ ProcessState: cheap, tells whether it is the same process running the same program
 *   /proc/PID/{stat,cmdline,exe,cwd,status} ──▶ ProcessRecord: everything an event needs
 *
 * A process can end between two of these reads, so each answers `undefined` for one that is gone. Reads are synchronous:
 * the kernel makes these files from memory, and a read takes microseconds where a trip to the thread pool takes longer.
 */
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Field 22 of `stat` counts in USER_HZ, which the kernel fixes at 100 a second on every architecture Node runs on. */
export const TICKS_PER_SECOND = 100;

const PF_FORKNOEXEC = 0x40;
const PF_KTHREAD = 0x20_0000;

export interface ProcessState {
  readonly comm: string;
  readonly ppid: number;
  /** Clock ticks from boot to the start of this life of the pid. */
  readonly startTicks: number;
  /** Device number of the terminal, 0 for none. */
  readonly tty: number;
  readonly isKernelThread: boolean;
  /** It has ended and waits to be collected by its parent. */
  readonly isZombie: boolean;
  /** It was forked and still runs the program of its parent. */
  readonly isFork: boolean;
  /**
   * Where its program, stack and arguments lie: other addresses after every exec, as the kernel chooses them at random.
   * Undefined where this user may not see them (processes of other users).
   */
  readonly image: string | undefined;
}

/** A process as the `procfs` format knows it; what could not be read is left out. */
export interface ProcessRecord {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  readonly exe?: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Real user id. */
  readonly uid?: string;
  readonly tty?: string;
  readonly start_ticks: number;
}

/** Reads processes below one root, `/proc` but for tests. */
export class Procfs {
  readonly root: string;
  private buffer = Buffer.allocUnsafeSlow(8192);

  constructor(root = '/proc') {
    this.root = root;
  }

  pids(): number[] {
    const pids: number[] = [];
    for (const name of readdirSync(this.root)) {
      const first = name.charCodeAt(0);
      if (first >= 0x31 && first <= 0x39) pids.push(Number(name));
    }
    return pids;
  }

  /** Every process that runs now; one that ends meanwhile is left out. */
  processes(): ProcessRecord[] {
    return this.pids().flatMap((pid) => {
      const state = this.state(pid);
      const record = state === undefined ? undefined : this.record(pid, state);
      return record === undefined ? [] : [record];
    });
  }

  state(pid: number): ProcessState | undefined {
    const text = this.text(`${pid}/stat`);
    return text === undefined ? undefined : parseStat(text);
  }

  /** Everything, given a state read just before. */
  record(pid: number, { comm, ppid, startTicks, tty }: ProcessState): ProcessRecord | undefined {
    const line = this.text(`${pid}/cmdline`);
    if (line === undefined) return undefined;
    const exe = this.link(`${pid}/exe`);
    const cwd = this.link(`${pid}/cwd`);
    const uid = /^Uid:\s+(\d+)/m.exec(this.text(`${pid}/status`) ?? '')?.[1];
    const terminal = terminalName(tty);
    return {
      pid,
      ppid,
      comm,
      ...(exe === undefined ? {} : { exe }),
      args: splitArguments(line),
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(terminal === undefined ? {} : { tty: terminal }),
      start_ticks: startTicks,
    };
  }

  /** The pid that the kernel gave out last, to a process or a thread; undefined where it does not tell. */
  lastPid(): number | undefined {
    const last = Number(this.text('loadavg')?.trim().split(' ').at(-1));
    return Number.isInteger(last) && last > 0 ? last : undefined;
  }

  /** Milliseconds since boot, by the clock that `startTicks` counts in. */
  uptimeMs(): number | undefined {
    const seconds = Number(this.text('uptime')?.split(' ')[0]);
    return Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }

  /** A whole file; files of `/proc` have no size, and one command line can be several MB. */
  private text(path: string): string | undefined {
    let file: number;
    try {
      file = openSync(`${this.root}/${path}`, 'r');
    } catch {
      return undefined;
    }
    try {
      let length = 0;
      for (;;) {
        const read = readSync(file, this.buffer, length, this.buffer.length - length, null);
        if (read === 0) return this.buffer.toString('utf8', 0, length);
        length += read;
        if (length === this.buffer.length) {
          const grown = Buffer.allocUnsafeSlow(4 * length);
          this.buffer.copy(grown);
          this.buffer = grown;
        }
      }
    } catch {
      return undefined;
    } finally {
      closeSync(file);
    }
  }

  private link(path: string): string | undefined {
    try {
      return readlinkSync(`${this.root}/${path}`);
    } catch {
      return undefined;
    }
  }
}

/** The name in parentheses may hold anything, parentheses too, so the last one ends it. */
export function parseStat(text: string): ProcessState | undefined {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open === -1 || close < open) return undefined;
  // Field n of proc(5) stands at n - 3.
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const number = (n: number) => Number(fields[n - 3]);
  const [ppid, tty, flags, startTicks] = [number(4), number(7), number(9), number(22)];
  if (![ppid, tty, flags, startTicks].every(Number.isInteger)) return undefined;
  const [startCode, startStack, argStart] = [fields[26 - 3], fields[28 - 3], fields[48 - 3]];
  return {
    comm: text.slice(open + 1, close),
    ppid,
    startTicks,
    tty,
    isKernelThread: (flags & PF_KTHREAD) !== 0,
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    isFork: (flags & PF_FORKNOEXEC) !== 0,
    image: startStack === undefined || startStack === '0' ? undefined : `${startCode} ${startStack} ${argStart}`,
  };
}

/** Arguments end in NUL each; a process that has written over them may have left that out. */
function splitArguments(line: string): readonly string[] {
  if (line === '') return [];
  return (line.endsWith('\0') ? line.slice(0, -1) : line).split('\0');
}

/** `pts/3`, `tty1`, `ttyS0`; device numbers are those of the kernel's documentation (admin-guide/devices). */
function terminalName(device: number): string | undefined {
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`;
  if (major !== 4) return undefined;
  return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
}
