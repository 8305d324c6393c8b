/**
 * What is known of the processes of each host, from the events so far: gives process starts their `process.entity_id`
 * and their parent, and alerts their ancestry.
 *
 *   events in stream order ──observe──▶ lives (host, pid, start of that pid's life) ──▶ Event.enrich
 *   lines that nobody reads ──note────▶
 *
 * What an event tells of a process is kept as its line where it can be, and read when somebody asks (`told-process.ts`); where
 * every event is read whole, as those are that will be stored, it is described at once.
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
import type { Event, Teaching } from '../event/event.ts';
import type { Json } from '../event/json.ts';
import type { SievedLine } from './format.ts';
import { HostLives } from './host-lives.ts';
import { IdText } from './id-text.ts';
import { hostOf, type KnownProcess } from './known-process.ts';
import { LARGEST_KEPT_PID, LifeSlots, type LineLife, NONE } from './life-slots.ts';
import {
  asKnown,
  idOf,
  type Life,
  type LifeKey,
  lifeSize,
  type ParentLink,
  parentPidOf,
  readOut,
  type Since,
  sinceOf,
  startOf,
  toldSize,
} from './process-life.ts';
import { LAUREL, type LineNote, noteOf, type ProcessNote, type StartNote } from './process-note.ts';
import { TAUGHT_FIELDS, TAUGHT_OF_ITSELF } from './taught-fields.ts';
import { cut, parentIn, type Told, ToldProcesses } from './told-process.ts';

export type { KnownProcess };

export interface ProcessTableLimits {
  readonly processesPerHost: number;
  readonly hosts: number;
  /** UTF-16 units of all that is kept: lines, names, arguments, command lines, and `LIFE_SIZE` for each process. */
  readonly characters: number;
}

const LIMITS: ProcessTableLimits = { processesPerHost: 16_384, hosts: 1_024, characters: 96 * 1024 * 1024 };
/** Of the host with the most processes, so much goes at once where all together take too much. */
const GIVEN_UP = 1 / 8;
/** Where room is short, longer lines are read out before anything is forgotten. */
const LONG_LINE = 1024;
const MOST_ANCESTORS = 32;
export class ProcessTable {
  private readonly limits: ProcessTableLimits;
  private readonly describesAtOnce: boolean;
  private readonly hosts = new Map<string, HostLives>();
  private readonly slots = new LifeSlots();
  /** Hosts that there ever were. */
  private opened = 0;
  private uses = 0;
  private readonly told = new ToldProcesses();
  private characters = 0;
  /** Numbers the lives that the source gives no entity id. */
  private nameless = 0;
  /** The key of the parent that is at hand. */
  private readonly parentKey = new IdText();

  /** @param describesAtOnce whether the processes that events start are described at once, instead of keeping their lines */
  constructor(limits: ProcessTableLimits = LIMITS, describesAtOnce = false) {
    this.limits = limits;
    this.describesAtOnce = describesAtOnce;
  }

  /** Learns from an event and enriches it. Call once an event, in stream order. */
  observe(event: Event): void {
    const note = noteOf(event, this.describesAtOnce);
    if (note === undefined) return;
    const host = this.host(note.host);
    const slot = this.take(host, note);
    if (slot !== NONE) event.enrich(this.taughtOf(host, slot, event));
  }

  /** As `observe`, of a line that a filter handed on. */
  sieved(line: SievedLine): void {
    if (line.note !== undefined) {
      const host = this.host(line.note.host);
      const slot = this.take(host, line.note);
      // Few of these lines become an event, and only that is taught; it is made before the next line comes.
      if (slot !== NONE) {
        line.teach({
          names: () => (host.hasParent(slot) ? TAUGHT_FIELDS : TAUGHT_OF_ITSELF),
          teaching: () => this.taughtOf(host, slot),
        });
      }
    } else if (line.isNeeded) this.observe(line.event());
  }

  /** As `observe`, of an event that nobody reads. */
  note(note: ProcessNote): void {
    this.take(this.host(note.host), note);
  }

  /** What an event may be taught of its process, and of the parent of that, as they are known now. */
  private taughtOf(host: HostLives, slot: number, event?: Event): Teaching {
    const own = this.slots.life(slot, host.name);
    return new Lives(own, own.parent && host.get(own.parent.key), this.told, event);
  }

  /** @returns the slot of a process that starts */
  private take(host: HostLives, note: ProcessNote): number {
    if (note.kind === 'line') {
      if (!this.startOfLine(host, note)) this.start(host, note.asStart());
      return host.newest;
    }
    if (note.kind === 'start') {
      this.start(host, note);
      return host.newest;
    }
    // A life that ended stays known, as the parent of what it started.
    if (note.kind === 'end') host.ended(note.pid);
    else {
      const life = host.now(note.pid);
      if (life !== undefined) host.replace(life, { ...life, ...note.login });
    }
    return NONE;
  }

  /**
   * Seeds a process that was there before the first event; in any order. `host` is the host's id, or its name where it
   * has none.
   */
  learn(hostName: string, process: KnownProcess): void {
    const host = this.host(hostName);
    this.keepKnown(host, process, parentNow(host, process.ppid));
  }

  /** The ancestors of an event's process as far as known, nearest first, at most 32. */
  ancestry(event: Event): readonly KnownProcess[] {
    const host = this.hosts.get(hostOf(event));
    // A made id is found by the life that it was made for.
    const lives = event.taughtBy instanceof Lives ? event.taughtBy : undefined;
    const own = lives?.own.key ?? event.text('process.entity_id');
    const ancestors: KnownProcess[] = [];
    const seen = new Set<LifeKey | undefined>([own]);
    let link = own === undefined ? undefined : host?.get(own)?.parent;
    if (link === undefined) {
      const parent = parentIn(event);
      if (parent !== undefined) ancestors.push(parent);
      const key = lives?.parent?.key ?? parent?.entityId;
      link = key === undefined ? undefined : host?.get(key)?.parent;
      seen.add(key);
    }
    while (link !== undefined && !seen.has(link.key) && ancestors.length < MOST_ANCESTORS) {
      seen.add(link.key);
      const ancestor = host?.get(link.key);
      if (host === undefined || ancestor === undefined) break;
      const known = asKnown(ancestor, this.told);
      ancestors.push(link.isDerived ? { ...known, derived: true } : known);
      // Of a process that was not seen to start (no session), the parent may have become known after it.
      link = ancestor.parent ?? (ancestor.session === undefined ? parentNow(host, known.ppid) : undefined);
    }
    return ancestors;
  }

  /**
   * As `start`, without anything being read of the line.
   * @returns false where more than that matters, before anything is done
   */
  private startOfLine(host: HostLives, note: LineNote): boolean {
    const { pid, ppid, entityId: id, teller, line, start } = note;
    if (pid > LARGEST_KEPT_PID || ppid > LARGEST_KEPT_PID || this.nameless >= LARGEST_KEPT_PID) return false;
    const found = id.length > 0 ? host.slotOf(id) : host.slotNow(pid);
    // Of a process that is not named, the pid may be another's by now.
    const isAnother = found !== NONE && id.length === 0 && host.pids.hasPassed(pid, this.slots.bornOf(found));
    const known = isAnother ? NONE : found;
    const isKnown = known !== NONE;
    // Only of one that the source names, and where it does not say when that began, nothing hangs on what was told before.
    if (isKnown && (id.length === 0 || start === null || !this.slots.isToldAlike(known, teller.format))) return false;
    const parent = this.parentOfLine(host, known, note);
    if (parent === undefined) return false;
    host.pids.saw(pid);
    if (parent.used !== NONE) host.useSlot(parent.used);
    if (parent.isNew) this.keepParentOfLine(host, note);
    const life: LineLife = {
      id,
      key: id.length > 0 ? 0 : this.namelessKey(),
      pid,
      // What stands for a parent that is not known has that one's.
      isPidFree: id.length === 0 && !isAnother && !parent.isNew,
      ppid,
      parent: parent.id,
      parentKey: parent.key,
      isDerived: parent.isDerived,
      born: host.pids.position,
      teller,
      at: 'process',
      line,
    };
    const before = isKnown ? this.slots.charactersOf(known) : 0;
    if (isKnown) host.putLineAgain(known, life);
    const slot = isKnown ? known : host.putLine(life);
    this.kept(host, this.slots.charactersOf(slot) - before);
    return true;
  }

  /** As `parentOf`, with nothing done. @returns undefined where more than few numbers matters */
  private parentOfLine(host: HostLives, known: number, note: LineNote): LineParent | undefined {
    const { pid, ppid, entityId, parentEntityId: named, teller } = note;
    if (named.length > 0) {
      const isNew = ppid !== 0 && host.slotOf(named) === NONE;
      // The parent that comes may drive out what is known.
      if (named.isSame(entityId) || (isNew && known !== NONE)) return undefined;
      return { id: named, key: 0, isDerived: false, used: NONE, isNew };
    }
    if (ppid === 0 || ppid === pid) return NO_PARENT;
    const id = this.parentKey;
    if (known !== NONE) {
      const key = this.slots.readParent(known, id);
      const had = key > 0 ? host.slotOfKey(key) : id.length > 0 ? host.slotOf(id) : NONE;
      if (had !== NONE && this.slots.pidOf(had) === ppid)
        return { id, key, isDerived: this.slots.isParentDerived(known), used: NONE, isNew: false };
    }
    const used = host.slotNow(ppid);
    // Only what laurel says of the parent is in the line, and would have to be read.
    if (used === NONE) return teller.format === LAUREL ? undefined : NO_PARENT;
    const key = used === known ? undefined : this.slots.readKey(used, id);
    return key === undefined ? undefined : { id, key, isDerived: true, used, isNew: false };
  }

  /** As `keepTold`. */
  private keepParentOfLine(host: HostLives, { parentEntityId: id, ppid: pid, teller, line }: LineNote): void {
    const at = 'process.parent';
    const { position: born } = host.pids;
    const slot = host.putLine({
      id,
      key: 0,
      pid,
      isPidFree: false,
      ppid: 0,
      parent: NO_ID,
      parentKey: 0,
      isDerived: false,
      born,
      teller,
      at,
      line,
    });
    this.kept(host, this.slots.charactersOf(slot));
  }

  /** The process is the host's newest then. */
  private start(host: HostLives, note: StartNote): void {
    const { pid, ppid, entityId: given, told, login } = note;
    const before = given === undefined ? host.now(pid) : undefined;
    const goesOn = before !== undefined && this.isSameLife(host, before, note) ? before : undefined;
    if (goesOn === undefined) host.pids.saw(pid);
    const known = given === undefined ? goesOn : host.get(given);
    const isNew = known?.id === undefined;
    const since = isNew ? sinceNew(note) : this.sinceWhen(note, known);
    const key = given ?? (isNew ? this.namelessKey() : known.key);
    const { changes } = host;
    const parent = this.parentOf(host, known, note);
    // Mostly the parent is known, and there is no need to look again.
    const replaced = host.changes !== changes ? host.get(key) : known?.key === key ? known : undefined;
    const earlier = known === undefined ? 0 : Math.max(known.earlier, toldSize(known));
    const life: Life = {
      key,
      pid,
      ppid,
      id: given ?? (isNew ? { host: host.name, pid, told, since } : known.id),
      parent: parent?.key === key ? undefined : parent,
      session: login?.session,
      loginId: login?.loginId,
      born: known?.born ?? host.pids.position,
      told,
      since,
      earlier,
      characters: lifeSize(told, earlier),
      slot: NONE,
      asParent: undefined,
      asNamed: undefined,
    };
    this.keep(host, life, replaced);
  }

  /** Of a process of which an event told before. */
  private sinceWhen({ start, told }: StartNote, known: Life): Since {
    if (typeof start === 'string') return { kind: 'known', time: start };
    const since = sinceOf(known);
    return start === undefined ? since : { kind: 'after', told, before: startOf(since, this.told) };
  }

  /** The key of the parent's life; where only laurel knows the parent, what it says becomes a life of its own. */
  private parentOf(host: HostLives, before: Life | undefined, note: StartNote): ParentLink | undefined {
    const { pid, ppid, parentEntityId: given, told, parent } = note;
    if (given !== undefined) {
      const known = host.get(given);
      if (known !== undefined) {
        known.asNamed ??= { key: known.key, isDerived: false };
        return known.asNamed;
      }
      if (told.line !== undefined && ppid !== undefined)
        this.keepTold(host, ppid, given, { line: told.line, format: told.format, at: 'process.parent' });
      else {
        const said = parent?.();
        if (said !== undefined) this.keepKnown(host, said, undefined);
      }
      return { key: given, isDerived: false };
    }
    if (ppid === undefined || ppid === pid) return undefined;
    // The parent that it had, also when that ended and its pid is another's by now.
    if (before?.parent !== undefined && host.get(before.parent.key)?.pid === ppid) return before.parent;
    const known = host.now(ppid);
    if (known !== undefined) {
      host.use(known);
      return derivedLink(known);
    }
    const laurelParent = note.laurelParent?.();
    if (laurelParent === undefined) return undefined;
    const learnt = this.keepKnown(host, { pid: ppid, ...laurelParent }, parentNow(host, laurelParent.ppid));
    return { key: learnt.key, isDerived: false };
  }

  private isSameLife(host: HostLives, life: Life, { ppid, login }: StartNote): boolean {
    if (host.pids.hasPassed(life.pid, life.born)) return false;
    // A seeded process has no session yet; it takes the first it is seen with.
    if (life.session !== undefined && life.session !== login?.session) return false;
    if (life.loginId !== undefined && life.loginId !== login?.loginId) return false;
    const before = parentPidOf(life, this.told);
    return before === undefined || ppid === before || ppid === 1 || isAncestor(host, life, ppid);
  }

  private keepKnown(host: HostLives, process: KnownProcess, parent: ParentLink | undefined): Life {
    const { pid, ppid, entityId, start, derived: _, ...description } = process;
    const key = entityId ?? this.namelessKey();
    const told: Told = { description: cut(description) };
    const life: Life = {
      key,
      pid,
      ppid,
      id: entityId,
      parent: parent?.key === key ? undefined : parent,
      session: undefined,
      loginId: undefined,
      born: host.pids.position,
      told,
      since: { kind: 'known', time: start },
      earlier: 0,
      characters: lifeSize(told, 0),
      slot: NONE,
      asParent: undefined,
      asNamed: undefined,
    };
    this.keep(host, life, host.get(key));
    return life;
  }

  /** A parent that the source names, and that was not seen to start. */
  private keepTold(host: HostLives, pid: number, entityId: string, told: Told): void {
    const life: Life = {
      key: entityId,
      pid,
      ppid: undefined,
      id: entityId,
      parent: undefined,
      session: undefined,
      loginId: undefined,
      born: host.pids.position,
      told,
      since: undefined,
      earlier: 0,
      characters: lifeSize(told, 0),
      slot: NONE,
      asParent: undefined,
      asNamed: undefined,
    };
    // Nobody is known by it yet.
    this.keep(host, life, undefined);
  }

  private namelessKey(): number {
    this.nameless += 1;
    return this.nameless;
  }

  /** @param before what is known by its key */
  private keep(host: HostLives, life: Life, before: Life | undefined): void {
    host.put(life, before);
    this.kept(host, life.characters - (before?.characters ?? 0));
  }

  /** So many characters more are kept of a host. */
  private kept(host: HostLives, characters: number): void {
    this.characters += characters;
    if (host.size > this.limits.processesPerHost) this.forgetOldest(host, 1);
    if (this.characters > this.limits.characters) this.makeRoom();
  }

  /** A host that is busy gives up what it has most of, so that quiet ones keep their parents. The newest of each stays. */
  private makeRoom(): void {
    while (this.characters > this.limits.characters) {
      let largest: HostLives | undefined;
      for (const host of this.hosts.values()) if (host.size > (largest?.size ?? 1)) largest = host;
      if (largest === undefined) return;
      const count = Math.min(largest.size - 1, Math.ceil(largest.size * GIVEN_UP));
      if (!this.readOutOldest(largest, count)) this.forgetOldest(largest, count);
    }
  }

  /** @returns whether that gave room */
  private readOutOldest(host: HostLives, count: number): boolean {
    const before = this.characters;
    let left = count;
    const { slots } = this;
    for (let slot = host.oldest; slot !== NONE && left > 0; slot = slots.newerThan(slot)) {
      if (slots.lineLengthOf(slot) < LONG_LINE) continue;
      const life = slots.life(slot, host.name);
      const out = readOut(life, this.told);
      host.replace(life, out);
      this.characters += out.characters - life.characters;
      left -= 1;
    }
    return this.characters < before;
  }

  private forgetOldest(host: HostLives, count: number): void {
    for (let left = count; left > 0; left -= 1) this.characters -= host.forgetOldest();
  }

  private host(name: string): HostLives {
    this.uses += 1;
    const known = this.hosts.get(name);
    if (known !== undefined) {
      known.usedAt = this.uses;
      return known;
    }
    if (this.hosts.size >= this.limits.hosts) this.forgetHost();
    this.opened += 1;
    const host = new HostLives(name, this.opened, this.slots);
    host.usedAt = this.uses;
    this.hosts.set(name, host);
    return host;
  }

  /** The least recently used one. */
  private forgetHost(): void {
    let oldest: HostLives | undefined;
    for (const host of this.hosts.values()) if (host.usedAt < (oldest?.usedAt ?? Infinity)) oldest = host;
    if (oldest === undefined) return;
    this.hosts.delete(oldest.name);
    this.forgetOldest(oldest, oldest.size);
  }
}

/** The lives of an event's process and its parent, as they were known then. */
class Lives implements Teaching {
  readonly names = TAUGHT_FIELDS;
  readonly own: Life;
  readonly parent: Life | undefined;
  private readonly told: ToldProcesses;
  /** The one that is taught, where its process's line need not be read again for what it says itself. */
  private readonly event: Event | undefined;

  constructor(own: Life, parent: Life | undefined, told: ToldProcesses, event: Event | undefined) {
    this.own = own;
    this.parent = parent;
    this.told = told;
    this.event = own.since === undefined ? event : undefined;
  }

  get(field: string): Json | undefined {
    const { own, parent, told, event } = this;
    if (field === 'process.entity_id') return idOf(own, told, event);
    // It is only asked for where the event does not say it.
    if (field === 'process.start') return event === undefined ? startOf(sinceOf(own), told) : event.text('@timestamp');
    if (parent === undefined) return undefined;
    switch (field) {
      case 'process.parent.entity_id':
        return idOf(parent, told);
      case 'process.parent.start':
        return startOf(sinceOf(parent), told);
      case 'process.parent.name':
        return told.describe(parent.told).name;
      case 'process.parent.executable':
        return told.describe(parent.told).executable;
      case 'process.parent.args':
        return told.describe(parent.told).args;
      case 'process.parent.args_count':
        return told.describe(parent.told).args?.length;
      case 'process.parent.command_line':
        return told.describe(parent.told).commandLine;
      default:
        return undefined;
    }
  }
}

/** The parent of a process of which a line told: its key, what is used by that, and whether nothing was known of it. */
interface LineParent {
  readonly id: IdText;
  readonly key: number;
  readonly isDerived: boolean;
  readonly used: number;
  readonly isNew: boolean;
}

const NO_ID = new IdText();
const NO_PARENT: LineParent = { id: NO_ID, key: 0, isDerived: false, used: NONE, isNew: false };

/** Of a process of which no event told before. */
function sinceNew({ start }: StartNote): Since | undefined {
  return typeof start === 'string' ? { kind: 'known', time: start } : undefined;
}

function parentNow(host: HostLives, ppid: number | undefined): ParentLink | undefined {
  const life = ppid === undefined ? undefined : host.now(ppid);
  return life && derivedLink(life);
}

function derivedLink(life: Life): ParentLink {
  life.asParent ??= { key: life.key, isDerived: true };
  return life.asParent;
}

function isAncestor(host: HostLives, life: Life, pid: number | undefined): boolean {
  let link = life.parent;
  for (let steps = 0; link !== undefined && steps < MOST_ANCESTORS; steps += 1) {
    const ancestor = host.get(link.key);
    if (ancestor?.pid === pid) return true;
    link = ancestor?.parent;
  }
  return false;
}
