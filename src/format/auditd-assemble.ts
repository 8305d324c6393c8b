/**
 * Puts the records of an audit event together: lines of different events come interleaved.
 *
 *   record ──(node, time, serial)──▶ pending ──complete──▶ AssembledEvent
 *
 * An event is complete, as in auparse, at its EOE or PROCTITLE (the last record the kernel writes), or at once when
 * its type always stands alone (messages of user space). Kernels or rules that leave PROCTITLE out are why it also is
 * complete when a record of the same node is 2 s of event time younger (ausearch's rule), when no line came for
 * `SETTLE_MS` (live), and at the end. Memory is bounded: beyond the limits the oldest pending event is released as
 * it is, and counted. Records that come after their event was released make an event of their own.
 *
 * Invariant: the records of an event keep the order in which they came; any interleaving of the same events that keeps
 * the order within each gives the same events.
 */
import type { Origin } from '../event/event.ts';
import { type AuditHead, readHead, stands } from './auditd-head.ts';
import { JoinedLines, type TakenLine } from './auditd-joined.ts';
import type { AuditRecord } from './auditd-record.ts';

export interface AssembledEvent {
  readonly lines: JoinedLines;
  /** Of the first line. */
  readonly origin: Origin;
}

export interface AssemblyLimits {
  /** Events that wait at once. */
  readonly events: number;
  /** Bytes of all lines that wait, each with `RECORD_COST`. */
  readonly bytes: number;
}

/** How long no line of an event has come before it counts as complete, in a live stream. */
export const SETTLE_MS = 500;
/** The largest execve the kernel allows (2 MiB of arguments) takes 4 MiB in hexadecimal, and its records fit well. */
const LIMITS: AssemblyLimits = { events: 1024, bytes: 32 * 1024 * 1024 };
const COMPLETE_AFTER_SECONDS = 2;
/** About what a parsed record takes beside its bytes, so that many tiny lines count as what they cost. */
const RECORD_COST = 512;

/** Which event it is, and when it happened. */
interface Named {
  readonly key: string;
  readonly node: string;
  readonly seconds: number;
}

interface Pending {
  /** Absent of the only one that waits. */
  named: Named | undefined;
  readonly lines: JoinedLines;
  readonly origin: Origin;
  bytes: number;
  arrived: number;
}

export class AuditAssembler {
  /** Events that were released early for the memory bound. */
  forced = 0;
  private readonly release: (event: AssembledEvent) => void;
  private readonly limits: AssemblyLimits;
  /** In order of their first record. */
  private readonly pending = new Map<string, Pending>();
  private readonly byNode = new Map<string, Set<Pending>>();
  /**
   * Begun while no other waited, as most are, and not among these: as long as none comes beside it, nobody asks which event it is but
   * by its bytes.
   */
  private only: Pending | undefined;
  private bytes = 0;
  /** Of the line before. */
  private last: Pending | undefined;
  private readonly head: AuditHead = {
    ...{ nodeStart: 0, nodeEnd: 0, typeStart: 0, typeEnd: 0 },
    ...{ idStart: 0, timeEnd: 0, idEnd: 0, body: 0 },
  };

  constructor(release: (event: AssembledEvent) => void, limits: AssemblyLimits = LIMITS) {
    this.release = release;
    this.limits = limits;
  }

  /** `line` is copied; `now` is when it was read, epoch ms. */
  add(record: AuditRecord, line: Uint8Array, origin: Origin, now: number): void {
    const { node = '', type, time, serial } = record;
    this.put({ node, type, time, key: `${time}:${serial} ${node}` }, { line, record }, origin, now);
  }

  /**
   * As `add`, of a line that nobody parsed.
   * @returns false where it has to be
   */
  addLine(line: Uint8Array, origin: Origin, now: number): boolean {
    const { head, last } = this;
    if (!readHead(line, head)) return false;
    if (last?.lines.isOf(line, head) === true) {
      // Of the same event as the line before: nothing else became complete with it.
      this.extend(last, isEnd(line, head), { line, head }, now);
      return true;
    }
    const isAwaited = this.only !== undefined || this.pending.size > 0;
    // It ends what was complete before it, and says nothing.
    if (!isAwaited && isOf(EOE, line, head)) return true;
    if (!isAwaited && isOf(SYSCALL, line, head)) {
      this.only = { named: undefined, lines: new JoinedLines(head), origin, bytes: 0, arrived: now };
      this.last = this.only;
      this.extend(this.only, false, { line, head }, now);
      return true;
    }
    const type = textOf(line, head.typeStart, head.typeEnd);
    this.put({ ...nameOf(line, head), type }, { line, head }, origin, now);
    return true;
  }

  private put(
    { node, type, time, key }: { node: string; type: string; time: string; key: string },
    taken: TakenLine,
    origin: Origin,
    now: number,
  ): void {
    const seconds = Number(time);
    this.admit();
    this.releaseOlder(node, key, seconds - COMPLETE_AFTER_SECONDS);
    const known = this.pending.get(key);
    if (known === undefined && isAlone(type)) {
      const lines = new JoinedLines(taken.head);
      lines.add(taken);
      this.release({ lines, origin });
      return;
    }
    const event = known ?? this.open(key, node, seconds, { head: taken.head, origin });
    this.last = event;
    this.extend(event, type === 'EOE' || type === 'PROCTITLE', taken, now);
  }

  private extend(event: Pending, isLast: boolean, taken: TakenLine, now: number): void {
    event.lines.add(taken);
    event.bytes += taken.line.length + RECORD_COST;
    event.arrived = now;
    this.bytes += taken.line.length + RECORD_COST;
    if (isLast) this.close(event);
    while (this.pending.size > this.limits.events || this.bytes > this.limits.bytes) this.force();
  }

  settle(now: number): void {
    this.admit();
    for (const event of this.pending.values()) {
      // A clock that was set back begins the wait anew.
      event.arrived = Math.min(event.arrived, now);
      if (now - event.arrived >= SETTLE_MS) this.close(event);
    }
  }

  end(): void {
    this.admit();
    for (const event of this.pending.values()) this.close(event);
  }

  /** The place of the oldest line that waits. */
  get waiting(): Origin | undefined {
    return (this.only ?? this.pending.values().next().value)?.origin;
  }

  private open(
    key: string,
    node: string,
    seconds: number,
    { head, origin }: { readonly head: AuditHead | undefined; readonly origin: Origin },
  ): Pending {
    const lines = new JoinedLines(head);
    const event: Pending = { named: undefined, lines, origin, bytes: 0, arrived: 0 };
    this.addNamed(event, { key, node, seconds });
    return event;
  }

  private addNamed(event: Pending, named: Named): void {
    const { key, node } = named;
    event.named = named;
    this.pending.set(key, event);
    const peers = this.byNode.get(node) ?? new Set();
    peers.add(event);
    this.byNode.set(node, peers);
  }

  /** Others may come beside the only one. */
  private admit(): void {
    const { only } = this;
    if (only?.lines.head === undefined) return;
    this.only = undefined;
    const { key, node, time } = nameOf(only.lines.ended, only.lines.head);
    this.addNamed(only, { key, node, seconds: Number(time) });
  }

  // From the oldest on, and stops at the first that is young enough, so that each event is looked at about once.
  private releaseOlder(node: string, except: string, seconds: number): void {
    for (const event of this.byNode.get(node) ?? []) {
      if (event.named === undefined || event.named.seconds > seconds || event.named.key === except) return;
      this.close(event);
    }
  }

  private force(): void {
    this.admit();
    const oldest = this.pending.values().next().value;
    if (oldest === undefined) return;
    this.forced += 1;
    this.close(oldest);
  }

  private leave(event: Pending, { key, node }: Named): void {
    this.pending.delete(key);
    const peers = this.byNode.get(node);
    peers?.delete(event);
    if (peers?.size === 0) this.byNode.delete(node);
  }

  private close(event: Pending): void {
    this.last = undefined;
    if (event === this.only) this.only = undefined;
    else if (event.named !== undefined) this.leave(event, event.named);
    this.bytes -= event.bytes;
    this.release({ lines: event.lines, origin: event.origin });
  }
}

function textOf(line: Uint8Array, start: number, end: number): string {
  return Buffer.from(line.buffer, line.byteOffset + start, end - start).toString('latin1');
}

/** Of a line whose head that is. */
function nameOf(line: Uint8Array, head: AuditHead): { key: string; node: string; time: string } {
  const node = textOf(line, head.nodeStart, head.nodeEnd);
  return {
    key: `${textOf(line, head.idStart, head.idEnd)} ${node}`,
    node,
    time: textOf(line, head.idStart, head.timeEnd),
  };
}

const [SYSCALL, EOE, PROCTITLE] = ['SYSCALL', 'EOE', 'PROCTITLE'].map((type) =>
  Uint8Array.from(type, (sign) => sign.charCodeAt(0)),
) as [Uint8Array, Uint8Array, Uint8Array];

function isEnd(line: Uint8Array, head: AuditHead): boolean {
  return isOf(EOE, line, head) || isOf(PROCTITLE, line, head);
}

function isOf(type: Uint8Array, line: Uint8Array, { typeStart, typeEnd }: AuditHead): boolean {
  return type.length === typeEnd - typeStart && stands(type, line, typeStart);
}

/** Record types that no other record belongs to: messages of user space and of the audit daemon. */
function isAlone(type: string): boolean {
  return /^(?:ACCT_|ADD_|CHGRP_|CHUSER_|CRED_|CRYPTO_|DAEMON_|DEL_|GRP_|ROLE_|SERVICE_|SYSTEM_|USER|USYS_|VIRT_)/.test(
    type,
  );
}
