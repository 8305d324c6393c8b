/**
 * Notices process starts by looking at `/proc` again and again: the source for a machine that writes no audit log.
 *
 *   last pid given out: changed? ──▶ list pids ──▶ new pid ────────────┐
 *   every known process, less and less often ──▶ other program image ──┴──▶ line of the `procfs` format ──▶ deliver
 *
 * What it can see: a process that lives for one look (`pollMs`) at least, and every exec after which the process lives
 * long enough to be looked at again (soon after a start, within `LONGEST_MS` later). What it cannot: anything shorter.
 * So it is a stand-in, and the status of the source says so.
 *
 * A start is an exec. A fork that goes on running its parent's program is none, but it is known, as a parent. Whether
 * a process has run another program since the last look, the kernel's address randomisation tells (see `Procfs`);
 * where this user may not see addresses, a changed name with changed arguments does. Programs that rewrite their
 * own arguments (sshd, PostgreSQL) do not count as starts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Origin } from '../event/event.ts';
import type { InputLine } from '../format/format.ts';
import type { HostIdentity } from './host-identity.ts';
import { type ProcessRecord, type ProcessState, Procfs, TICKS_PER_SECOND } from './procfs.ts';

/**
 * Between two looks: a process that lives for less may be missed. Most of what a look costs is waking up (0.2 to 0.3 ms
 * of a core on a small virtual machine; reading the last pid takes 0.02 ms, listing 200 processes 0.15 ms), so this
 * sets the price: 2.2 % of a core beside 265 processes on a busy machine, 3 % with 25 starts a second.
 */
export const SHORTEST_LIFE_MS = 40;
/** Pids are listed at least so often, whatever the kernel says of the last pid (containers can hide it). */
const LIST_MS = 250;
/** A process is looked at after 40, 80, 160 … ms, then every so often. */
const LONGEST_MS = 2_000;
/** Looks after which a process that shows no arguments is taken to have none; in the middle of an exec it shows none. */
const LOOKS_WITHOUT_ARGUMENTS = 3;

export interface ProcessWatcherOptions {
  readonly host: HostIdentity;
  readonly userName: (uid: string) => string | undefined;
  /** A process that was there before watching began, or a fork: no start, but a parent of starts to come. */
  readonly onKnown: (process: ProcessRecord) => void;
  readonly pollMs?: number;
  readonly root?: string;
}

interface Seen {
  readonly startTicks: number;
  readonly image: string | undefined;
  readonly comm: string;
  readonly args: string;
  /** No start was told of it yet: a fork, or an exec whose arguments are not there yet. */
  readonly pending: boolean;
  readonly looks: number;
  /** Epoch milliseconds of the next look, infinite for kernel threads and zombies. */
  readonly next: number;
  readonly wait: number;
}

export class ProcessWatcher {
  private readonly options: ProcessWatcherOptions;
  private readonly proc: Procfs;
  private readonly pollMs: number;
  private readonly seen = new Map<number, Seen>();
  private lastPid: number | undefined;
  private listed = Number.NEGATIVE_INFINITY;
  private offset = 0;
  private line = 1;

  constructor(options: ProcessWatcherOptions) {
    this.options = options;
    this.proc = new Procfs(options.root);
    this.pollMs = options.pollMs ?? SHORTEST_LIFE_MS;
  }

  /** Watches until the signal aborts, to within one look; a returned promise of `deliver` is awaited before the next line. */
  async run(deliver: (line: InputLine) => Promise<void> | undefined, signal: AbortSignal): Promise<void> {
    this.meetAll(Date.now());
    while (!signal.aborted) {
      await sleep(this.pollMs);
      if (signal.aborted) return;
      for (const line of this.look(Date.now())) {
        const wait = deliver(line);
        if (wait !== undefined) await wait;
      }
    }
  }

  /** One look; the starts since the last one. */
  private look(now: number): readonly InputLine[] {
    const started: InputLine[] = [];
    const last = this.proc.lastPid();
    if (last === undefined || last !== this.lastPid || now - this.listed >= LIST_MS) {
      this.lastPid = last;
      this.listed = now;
      const pids = this.proc.pids();
      for (const pid of pids) if (!this.seen.has(pid)) this.inspect(pid, now, started);
      if (pids.length < this.seen.size) this.forgetAllBut(new Set(pids));
    }
    for (const [pid, { next }] of this.seen) if (next <= now) this.inspect(pid, now, started);
    return started;
  }

  private meetAll(now: number): void {
    this.lastPid = this.proc.lastPid();
    this.listed = now;
    for (const pid of this.proc.pids()) {
      const found = this.read(pid);
      if (found === undefined) continue;
      // Spread over the time between two looks, so that no single look has to read them all.
      this.remember(pid, found.state, found.record, {
        pending: false,
        next: now + Math.random() * LONGEST_MS,
        wait: LONGEST_MS,
      });
      if (found.record !== undefined) this.options.onKnown(found.record);
    }
  }

  private inspect(pid: number, now: number, started: InputLine[]): void {
    const before = this.seen.get(pid);
    const state = this.proc.state(pid);
    if (state === undefined) {
      this.seen.delete(pid);
      return;
    }
    const known = before?.startTicks === state.startTicks ? before : undefined;
    const wait = known === undefined ? this.pollMs : Math.min(2 * known.wait, LONGEST_MS);
    if (known !== undefined && !mayHaveChanged(known, state)) {
      this.seen.set(pid, { ...known, next: now + wait, wait });
      return;
    }
    this.judge(pid, known, now, wait, started);
  }

  /** Reads everything of a process that is new or may run another program, and tells of it where it does. */
  private judge(pid: number, known: Seen | undefined, now: number, wait: number, started: InputLine[]): void {
    const found = this.read(pid);
    if (found === undefined) {
      this.seen.delete(pid);
      return;
    }
    const { state, record } = found;
    const looks = (known?.looks ?? 0) + 1;
    const later = { looks, next: now + wait, wait };
    if (record === undefined) this.remember(pid, state, undefined, { ...later, pending: false });
    else if (state.isFork) {
      if (known === undefined) this.options.onKnown(record);
      this.remember(pid, state, record, { ...later, pending: true });
    } else if (record.args.length === 0 && looks < LOOKS_WITHOUT_ARGUMENTS) {
      this.remember(pid, state, record, { ...later, next: now + this.pollMs, wait: this.pollMs, pending: true });
    } else {
      const isStart = known === undefined || known.pending || runsAnother(known, state, record);
      this.remember(pid, state, record, { ...later, looks: 0, pending: false });
      if (isStart) started.push(this.lineOf(record, known === undefined ? this.startTime(state, now) : now));
    }
  }

  /** State and record of the same program: read again where an exec came in between. No record for kernel threads and zombies. */
  private read(pid: number): { readonly state: ProcessState; readonly record: ProcessRecord | undefined } | undefined {
    for (let tries = 0; tries < 3; tries += 1) {
      const state = this.proc.state(pid);
      if (state === undefined) return undefined;
      if (state.isKernelThread || state.isZombie) return { state, record: undefined };
      const record = this.proc.record(pid, state);
      const after = this.proc.state(pid);
      if (record === undefined || after === undefined) return undefined;
      if (after.image === state.image && after.comm === state.comm && after.isFork === state.isFork) {
        return { state, record };
      }
    }
    return undefined;
  }

  private remember(
    pid: number,
    { startTicks, image, comm }: ProcessState,
    record: ProcessRecord | undefined,
    when: { readonly pending: boolean; readonly looks?: number; readonly next: number; readonly wait: number },
  ): void {
    const next = record === undefined ? Number.POSITIVE_INFINITY : when.next;
    const args = image === undefined ? argumentsKey(record) : '';
    this.seen.set(pid, { startTicks, image, comm, args, looks: 0, ...when, next });
  }

  private forgetAllBut(pids: ReadonlySet<number>): void {
    for (const pid of this.seen.keys()) if (!pids.has(pid)) this.seen.delete(pid);
  }

  private startTime({ startTicks }: ProcessState, now: number): number {
    const uptime = this.proc.uptimeMs();
    return uptime === undefined ? now : Math.min(now, now - uptime + (startTicks * 1000) / TICKS_PER_SECOND);
  }

  private lineOf({ start_ticks, tty, ...record }: ProcessRecord, time: number): InputLine {
    const { host, userName } = this.options;
    const user = record.uid === undefined ? undefined : userName(record.uid);
    const bytes = Buffer.from(
      JSON.stringify({
        procfs: 1,
        time: new Date(time).toISOString(),
        ...record,
        user,
        tty,
        start_ticks,
        host: host.name,
        host_id: host.id,
      }),
    );
    const origin: Origin = { path: this.proc.root, offset: this.offset, line: this.line };
    this.offset += bytes.length + 1;
    this.line += 1;
    return { bytes, origin };
  }
}

/** From the state alone, so that most looks read one small file. */
function mayHaveChanged(known: Seen, state: ProcessState): boolean {
  if (known.pending) return !state.isFork || state.isZombie;
  return state.isZombie || known.image !== state.image || known.comm !== state.comm;
}

function runsAnother(known: Seen, state: ProcessState, record: ProcessRecord): boolean {
  if (known.image !== undefined && state.image !== undefined) return known.image !== state.image;
  return known.comm !== state.comm && known.args !== argumentsKey(record);
}

/** Enough of the arguments to tell two commands apart without keeping megabytes. */
function argumentsKey(record: ProcessRecord | undefined): string {
  const line = record?.args.join('\0') ?? '';
  return `${line.length} ${line.slice(0, 512)}`;
}
