/**
 * What is known of the processes of each host, from the events so far: gives process starts their `process.entity_id`
 * and their parent, and alerts their ancestry.
 *
 *   events in stream order ──observe──▶ lives (host, pid, start of that pid's life) ──▶ Event.enrich
 *
 * **One life or another?** Audit records name a process by pid only. A pid belongs to one process until that ends, then
 * the kernel gives it again only after its counter has gone once around. So a second execve of a pid is the same life
 * (exec in place) while session and login id stay the same, the parent stays (or it became an orphan: pid 1, or an
 * ancestor as subreaper), no end of it was seen, and the counter has not passed the pid since. The counter is
 * followed by the pids that are new: two in a row far below the highest mean that it wrapped; one alone is an old
 * process seen late. Where the source itself names the process (`process.entity_id`), that decides.
 *
 * Invariants: the same events in the same order give the same ids; what a source says is never overwritten; memory is
 * bounded by lives a host, hosts, and characters kept, the least recently used going first.
 */
import type { Event } from '../event/event.ts';
import { isJsonObject, type Json } from '../event/json.ts';
import {
  concernsProcesses,
  endsProcess,
  hostOf,
  type KnownProcess,
  parentInEvent,
  pidOf,
  processInEvent,
  startsProcess,
} from './known-process.ts';
import { PidCounter } from './pid-counter.ts';
import { processEntityId } from './process-entity.ts';
import { basename } from './process-fields.ts';

export type { KnownProcess };

export interface ProcessTableLimits {
  readonly processesPerHost: number;
  readonly hosts: number;
  /** UTF-16 units of all names, arguments and command lines kept, and `LIFE_SIZE` for each process. */
  readonly characters: number;
}

const LIMITS: ProcessTableLimits = { processesPerHost: 16_384, hosts: 1_024, characters: 96 * 1024 * 1024 };
/** What a process takes beside its texts, in bytes: 320 to 500 of memory, as its events tell more or less (measured). */
const LIFE_SIZE = 450;
/** Of the host with the most processes, so much goes at once where all together take too much. */
const GIVEN_UP = 1 / 8;
/** A longer command line is kept cut, without its arguments. */
const LONGEST_COMMAND_LINE = 16 * 1024;
const MOST_ANCESTORS = 32;

interface Life extends KnownProcess {
  readonly key: string;
  readonly parent: ParentLink | undefined;
  readonly session: string | undefined;
  readonly loginId: string | undefined;
  /** Where the host's pid counter stood when the life was first seen. */
  readonly born: number;
  readonly characters: number;
}

interface ParentLink {
  /** Key of the parent's life. */
  readonly key: string;
  /** Concluded from the parent's pid; otherwise the source named the process. */
  readonly isDerived: boolean;
}

interface Host {
  readonly name: string;
  /** By key, least recently used first. */
  readonly lives: Map<string, Life>;
  /** The life that each pid has now. */
  readonly current: Map<number, string>;
  readonly pids: PidCounter;
}

export class ProcessTable {
  private readonly limits: ProcessTableLimits;
  /** Least recently used first. */
  private readonly hosts = new Map<string, Host>();
  private characters = 0;
  /** Numbers the lives that have no entity id. */
  private nameless = 0;

  constructor(limits: ProcessTableLimits = LIMITS) {
    this.limits = limits;
  }

  /** Learns from an event and enriches it. Call once an event, in stream order. */
  observe(event: Event): void {
    if (!concernsProcesses(event)) return;
    const pid = pidOf(event, 'process.pid');
    if (pid === undefined) return;
    const host = this.host(hostOf(event));
    // A life that ended stays known, as the parent of what it started.
    if (endsProcess(event)) host.current.delete(pid);
    else if (startsProcess(event)) this.start(host, pid, event);
    else this.login(host, pid, event);
  }

  /**
   * Seeds a process that was there before the first event; in any order. `host` is the host's id, or its name where it
   * has none.
   */
  learn(hostName: string, process: KnownProcess): void {
    const host = this.host(hostName);
    this.keep(host, process, parentNow(host, process.ppid), undefined, undefined);
  }

  /** The ancestors of an event's process as far as known, nearest first, at most 32. */
  ancestry(event: Event): readonly KnownProcess[] {
    const host = this.hosts.get(hostOf(event));
    const own = event.text('process.entity_id');
    const ancestors: KnownProcess[] = [];
    const seen = new Set<string | undefined>([own]);
    let link = own === undefined ? undefined : host?.lives.get(own)?.parent;
    if (link === undefined) {
      const parent = parentInEvent(event);
      if (parent !== undefined) ancestors.push(parent);
      link = parent?.entityId === undefined ? undefined : host?.lives.get(parent.entityId)?.parent;
      seen.add(parent?.entityId);
    }
    while (link !== undefined && !seen.has(link.key) && ancestors.length < MOST_ANCESTORS) {
      seen.add(link.key);
      const life = host?.lives.get(link.key);
      if (life === undefined) break;
      ancestors.push(link.isDerived ? { ...asKnown(life), derived: true } : asKnown(life));
      // Of a process that was not seen to start (no session), the parent may have become known after it.
      link = life.parent ?? (host !== undefined && life.session === undefined ? parentNow(host, life.ppid) : undefined);
    }
    return ancestors;
  }

  private start(host: Host, pid: number, event: Event): void {
    const session = event.text('auditd.session');
    const loginId = event.text('auditd.user.audit.id');
    const ppid = pidOf(event, 'process.parent.pid');
    const given = event.text('process.entity_id');
    const before = this.currentLife(host, pid);
    const goesOn =
      given === undefined && before !== undefined && isSameLife(host, before, ppid, session, loginId)
        ? before
        : undefined;
    if (goesOn === undefined) host.pids.saw(pid);
    const known = given === undefined ? goesOn : host.lives.get(given);
    const seen = event.text('@timestamp');
    // Of a process that was there before the first event, the start is not known.
    const start = event.text('process.start') ?? known?.start ?? (known?.entityId === undefined ? seen : undefined);
    const entityId =
      given ?? known?.entityId ?? processEntityId(host.name, pid, `${start} ${event.text('event.sequence') ?? ''}`);
    const parent = this.parentOf(host, known, pid, ppid, event);
    const born = known?.born ?? host.pids.position;
    this.keep(
      host,
      { ...processInEvent(event, pid), entityId, ...(start === undefined ? {} : { start }) },
      parent,
      session,
      loginId,
      born,
    );
    event.enrich(enrichmentOf(entityId, start, parent === undefined ? undefined : host.lives.get(parent.key)));
  }

  /** The key of the parent's life; where only laurel knows the parent, what it says becomes a life of its own. */
  private parentOf(
    host: Host,
    before: Life | undefined,
    pid: number,
    ppid: number | undefined,
    event: Event,
  ): ParentLink | undefined {
    const given = event.text('process.parent.entity_id');
    if (given !== undefined) {
      const parent = parentInEvent(event);
      if (!host.lives.has(given) && parent !== undefined) this.keep(host, parent, undefined, undefined, undefined);
      return { key: given, isDerived: false };
    }
    if (ppid === undefined || ppid === pid) return undefined;
    // The parent that it had, also when that ended and its pid is another's by now.
    if (before?.parent !== undefined && host.lives.get(before.parent.key)?.pid === ppid) return before.parent;
    const known = host.current.get(ppid);
    if (known !== undefined) {
      this.touch(host, known);
      return { key: known, isDerived: true };
    }
    const told = event.format === 'laurel' ? event.json('auditd.record.syscall.PPID') : undefined;
    const learnt = told === undefined ? undefined : this.learnFromLaurel(host, ppid, told);
    return learnt === undefined ? undefined : { key: learnt, isDerived: false };
  }

  private learnFromLaurel(host: Host, pid: number, told: Json): string | undefined {
    if (!isJsonObject(told)) return undefined;
    const executable = textOf(told.exe)?.replace(/ \(deleted\)$/, '');
    const name = (executable === undefined ? undefined : basename(executable)) || textOf(told.comm);
    if (name === undefined) return undefined;
    const ppid = Number(textOf(told.ppid));
    return this.keep(
      host,
      {
        pid,
        name,
        ...(executable === undefined ? {} : { executable }),
        ...(Number.isInteger(ppid) ? { ppid } : {}),
      },
      parentNow(host, Number.isInteger(ppid) ? ppid : undefined),
      undefined,
      undefined,
    );
  }

  private login(host: Host, pid: number, event: Event): void {
    const life = this.currentLife(host, pid);
    if (life === undefined) return;
    const session = event.text('auditd.session');
    const loginId = event.text('auditd.user.audit.id');
    host.lives.set(life.key, { ...life, session, loginId });
  }

  private currentLife(host: Host, pid: number): Life | undefined {
    const key = host.current.get(pid);
    return key === undefined ? undefined : host.lives.get(key);
  }

  private keep(
    host: Host,
    process: KnownProcess,
    parent: ParentLink | undefined,
    session: string | undefined,
    loginId: string | undefined,
    born = host.pids.position,
  ): string {
    const key = process.entityId ?? `pid ${process.pid} ${this.nameless++}`;
    const kept = cut(process);
    this.forget(host, key);
    const life: Life = {
      ...kept,
      key,
      parent: parent?.key === key ? undefined : parent,
      session,
      loginId,
      born,
      characters: sizeOf(kept),
    };
    host.lives.set(key, life);
    host.current.set(process.pid, key);
    this.characters += life.characters;
    if (host.lives.size > this.limits.processesPerHost) this.forgetOldest(host, 1);
    if (this.characters > this.limits.characters) this.makeRoom();
    return key;
  }

  /** A host that is busy gives up what it has most of, so that quiet ones keep their parents. The newest of each stays. */
  private makeRoom(): void {
    while (this.characters > this.limits.characters) {
      let largest: Host | undefined;
      for (const host of this.hosts.values()) if (host.lives.size > (largest?.lives.size ?? 1)) largest = host;
      if (largest === undefined) return;
      this.forgetOldest(largest, Math.min(largest.lives.size - 1, Math.ceil(largest.lives.size * GIVEN_UP)));
    }
  }

  private forgetOldest(host: Host, count: number): void {
    for (let left = count; left > 0; left -= 1) this.forget(host, host.lives.keys().next().value as string);
  }

  private forget(host: Host, key: string): void {
    const life = host.lives.get(key);
    if (life === undefined) return;
    host.lives.delete(key);
    this.characters -= life.characters;
    if (host.current.get(life.pid) === key) host.current.delete(life.pid);
  }

  private touch(host: Host, key: string): void {
    const life = host.lives.get(key);
    if (life === undefined) return;
    host.lives.delete(key);
    host.lives.set(key, life);
  }

  private host(name: string): Host {
    const known = this.hosts.get(name);
    const host = known ?? { name, lives: new Map(), current: new Map(), pids: new PidCounter() };
    this.hosts.delete(name);
    this.hosts.set(name, host);
    if (this.hosts.size > this.limits.hosts) {
      const [oldest, forgotten] = this.hosts.entries().next().value as [string, Host];
      this.hosts.delete(oldest);
      for (const life of forgotten.lives.values()) this.characters -= life.characters;
    }
    return host;
  }
}

function isSameLife(
  host: Host,
  life: Life,
  ppid: number | undefined,
  session: string | undefined,
  loginId: string | undefined,
): boolean {
  if (host.pids.hasPassed(life.pid, life.born)) return false;
  // A seeded process has no session yet; it takes the first it is seen with.
  if (life.session !== undefined && life.session !== session) return false;
  if (life.loginId !== undefined && life.loginId !== loginId) return false;
  return life.ppid === undefined || ppid === life.ppid || ppid === 1 || isAncestor(host, life, ppid);
}

function parentNow(host: Host, ppid: number | undefined): ParentLink | undefined {
  const key = ppid === undefined ? undefined : host.current.get(ppid);
  return key === undefined ? undefined : { key, isDerived: true };
}

function isAncestor(host: Host, life: Life, pid: number | undefined): boolean {
  let link = life.parent;
  for (let steps = 0; link !== undefined && steps < MOST_ANCESTORS; steps += 1) {
    const ancestor = host.lives.get(link.key);
    if (ancestor?.pid === pid) return true;
    link = ancestor?.parent;
  }
  return false;
}

function* enrichmentOf(
  entityId: string,
  start: string | undefined,
  parent: Life | undefined,
): Iterable<readonly [string, Json]> {
  yield ['process.entity_id', entityId];
  if (start !== undefined) yield ['process.start', start];
  if (parent === undefined) return;
  if (parent.entityId !== undefined) yield ['process.parent.entity_id', parent.entityId];
  if (parent.name !== undefined) yield ['process.parent.name', parent.name];
  if (parent.executable !== undefined) yield ['process.parent.executable', parent.executable];
  if (parent.args !== undefined) {
    yield ['process.parent.args', parent.args];
    yield ['process.parent.args_count', parent.args.length];
  }
  if (parent.commandLine !== undefined) yield ['process.parent.command_line', parent.commandLine];
  if (parent.start !== undefined) yield ['process.parent.start', parent.start];
}

function asKnown(life: Life): KnownProcess {
  const {
    key: _key,
    parent: _parent,
    session: _session,
    loginId: _loginId,
    born: _born,
    characters: _size,
    ...known
  } = life;
  return known;
}

function cut(process: KnownProcess): KnownProcess {
  const { args, commandLine: line = '', ...rest } = process;
  if (line.length > LONGEST_COMMAND_LINE) return { ...rest, commandLine: line.slice(0, LONGEST_COMMAND_LINE) };
  return process;
}

function sizeOf({ name = '', executable = '', commandLine: line = '', args = [] }: KnownProcess): number {
  return LIFE_SIZE + name.length + executable.length + line.length + args.reduce((sum, arg) => sum + arg.length, 0);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
