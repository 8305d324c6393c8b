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
import type { AuditRecord } from './auditd-record.ts';

export interface AssembledEvent {
  readonly records: readonly AuditRecord[];
  /** The lines as received, joined by line feeds. */
  readonly raw: Uint8Array;
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

interface Pending {
  readonly key: string;
  readonly node: string;
  readonly seconds: number;
  readonly records: AuditRecord[];
  readonly lines: Uint8Array[];
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
  private bytes = 0;

  constructor(release: (event: AssembledEvent) => void, limits: AssemblyLimits = LIMITS) {
    this.release = release;
    this.limits = limits;
  }

  /** `line` is copied; `now` is when it was read, epoch ms. */
  add(record: AuditRecord, line: Uint8Array, origin: Origin, now: number): void {
    const node = record.node ?? '';
    const key = `${record.time}:${record.serial} ${node}`;
    const seconds = Number(record.time);
    this.releaseOlder(node, key, seconds - COMPLETE_AFTER_SECONDS);
    const copy = new Uint8Array(line); // `slice` of a Buffer would share its memory
    if (isAlone(record.type) && !this.pending.has(key)) {
      this.release({ records: [record], raw: copy, origin });
      return;
    }
    const event = this.pending.get(key) ?? this.open(key, node, seconds, origin);
    event.records.push(record);
    event.lines.push(copy);
    event.bytes += copy.length + RECORD_COST;
    event.arrived = now;
    this.bytes += copy.length + RECORD_COST;
    if (record.type === 'EOE' || record.type === 'PROCTITLE') this.close(event);
    while (this.pending.size > this.limits.events || this.bytes > this.limits.bytes) this.force();
  }

  settle(now: number): void {
    for (const event of this.pending.values()) {
      // A clock that was set back begins the wait anew.
      event.arrived = Math.min(event.arrived, now);
      if (now - event.arrived >= SETTLE_MS) this.close(event);
    }
  }

  end(): void {
    for (const event of this.pending.values()) this.close(event);
  }

  /** The place of the oldest line that waits. */
  get waiting(): Origin | undefined {
    return this.pending.values().next().value?.origin;
  }

  private open(key: string, node: string, seconds: number, origin: Origin): Pending {
    const event: Pending = { key, node, seconds, records: [], lines: [], origin, bytes: 0, arrived: 0 };
    this.pending.set(key, event);
    const peers = this.byNode.get(node) ?? new Set();
    peers.add(event);
    this.byNode.set(node, peers);
    return event;
  }

  // From the oldest on, and stops at the first that is young enough, so that each event is looked at about once.
  private releaseOlder(node: string, except: string, seconds: number): void {
    for (const event of this.byNode.get(node) ?? []) {
      if (event.seconds > seconds || event.key === except) return;
      this.close(event);
    }
  }

  private force(): void {
    const oldest = this.pending.values().next().value;
    if (oldest === undefined) return;
    this.forced += 1;
    this.close(oldest);
  }

  private close(event: Pending): void {
    this.pending.delete(event.key);
    const peers = this.byNode.get(event.node);
    peers?.delete(event);
    if (peers?.size === 0) this.byNode.delete(event.node);
    this.bytes -= event.bytes;
    this.release({ records: event.records, raw: joinLines(event.lines), origin: event.origin });
  }
}

/** Record types that no other record belongs to: messages of user space and of the audit daemon. */
function isAlone(type: string): boolean {
  return /^(?:ACCT_|ADD_|CHGRP_|CHUSER_|CRED_|CRYPTO_|DAEMON_|DEL_|GRP_|ROLE_|SERVICE_|SYSTEM_|USER|USYS_|VIRT_)/.test(
    type,
  );
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const first = lines[0];
  if (lines.length === 1 && first !== undefined) return first;
  const raw = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, -1));
  let at = 0;
  for (const line of lines) {
    raw.set(line, at);
    at += line.length;
    if (at < raw.length) raw[at] = 0x0a;
    at += 1;
  }
  return raw;
}
