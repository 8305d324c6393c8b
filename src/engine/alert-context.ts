/**
 * What stands around an alert in the stored events: the tree of its processes, and what is like it elsewhere.
 *
 *   alert ──entity ids──▶ start events of ancestors, siblings, itself, children ──▶ tree
 *         ──user, hash, command──▶ events, hosts, alerts with the same ──▶ likeness
 *
 * Every question is a look-up in an index with a bound. Ancestors come from the alert, which has them from when it was
 * made; stored events add what the alert does not say. A link that was concluded from pids and times is marked: the
 * event names it in `vedette.derived`, an alert's ancestor in `derived`.
 */
import type { Alert, ProcessSummary } from '../detect/alert.ts';
import { valuesAt } from '../event/field-path.ts';
import type { JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import type { EventQuery, EventRecord, IndexedField } from '../store/event-store.ts';
import type { AlertLikeness, TriageStore } from '../store/triage-store.ts';
import type { EventSearch } from './event-search.ts';

export interface AlertContext {
  readonly tree: ProcessTree;
  /** Same user, same hash, same command: as far as the event has them. */
  readonly likeness: readonly Likeness[];
  /** Stored events reach back so far; absent where none are stored. */
  readonly stored_from?: string;
  /** Why something is missing: the stored events could not be asked in time. What is absent then is not known. */
  readonly problem?: string;
}

export interface ProcessTree {
  /** In the order to be drawn: ancestors from the oldest, siblings and the process itself, its children. */
  readonly processes: readonly TreeProcess[];
  /** Processes left out because there were too many; at least so many where they are very many. */
  readonly left_out: number;
}

export interface TreeProcess {
  readonly relation: 'ancestor' | 'sibling' | 'self' | 'child';
  readonly depth: number;
  readonly pid?: number;
  readonly entity_id?: string;
  readonly name?: string;
  readonly executable?: string;
  readonly command_line?: string;
  readonly user?: string;
  readonly start?: string;
  /** Not said by the source but concluded from pids and times. */
  readonly derived?: true;
  /** Alerts of this process. */
  readonly alerts: number;
  /** Id of its stored start event. */
  readonly event?: string;
}

export interface Likeness {
  readonly what: AlertLikeness;
  readonly field: string;
  readonly value: string;
  /** Stored events with this value, counted up to `counted_up_to`. */
  readonly events: number;
  readonly hosts: number;
  readonly all_hosts: number;
  /** Alerts with this value, counted up to `counted_up_to`. */
  readonly alerts: number;
  readonly counted_up_to: number;
  /** How rare it is, in words: `only here`, `on 3 of 40 hosts`. */
  readonly rarity: string;
}

export interface ContextSources {
  readonly events: Pick<EventSearch, 'query' | 'count' | 'hostsWith' | 'status'>;
  readonly triage: Pick<TriageStore, 'alertsByProcess' | 'alertsLike'>;
  /** Milliseconds for everything. Default 2,500. */
  readonly budgetMs?: number;
}

const BUDGET_MS = 2_500;
const COUNTED_UP_TO = 10_000;
const MOST_ANCESTORS = 32;
const MOST_SIBLINGS = 20;
const MOST_CHILDREN = 40;
/** Start events looked at for siblings before, after, and for children: execs of one process count once. */
const MOST_READ = 100;
const LONGEST_LINE = 4_096;

export async function alertContext(alert: Alert, sources: ContextSources): Promise<AlertContext> {
  const signal = AbortSignal.timeout(sources.budgetMs ?? BUDGET_MS);
  const reader = new ContextReader(alert, sources, signal);
  // What one of them is told in time is worth showing without the others.
  const [status, tree, likeness] = await Promise.allSettled([
    sources.events.status({ signal }),
    reader.tree(),
    reader.likeness(),
  ]);
  const failed = [status, tree, likeness].find((part) => part.status === 'rejected');
  const oldest = status.status === 'fulfilled' ? status.value.oldest : undefined;
  return {
    tree: tree.status === 'fulfilled' ? tree.value : reader.treeFromAlert(),
    likeness: likeness.status === 'fulfilled' ? likeness.value : [],
    ...(oldest === undefined ? {} : { stored_from: new Date(oldest).toISOString() }),
    ...(failed === undefined ? {} : { problem: problemIn(failed.reason, signal) }),
  };
}

function problemIn(error: unknown, signal: AbortSignal): string {
  const reason = signal.aborted ? 'they took too long' : error instanceof Error ? error.message : String(error);
  return `The stored events could not be asked: ${reason}.`.replace('..', '.');
}

/** A process with what is known of it, before it is placed. */
interface Known {
  readonly process: ProcessSummary;
  readonly user?: string;
  readonly event?: string;
  readonly isDerived: boolean;
}

class ContextReader {
  private readonly alert: Alert;
  private readonly sources: ContextSources;
  private readonly signal: AbortSignal;
  private readonly document: JsonObject;
  private readonly host: string | undefined;

  constructor(alert: Alert, sources: ContextSources, signal: AbortSignal) {
    this.alert = alert;
    this.sources = sources;
    this.signal = signal;
    this.document = alert.events.at(-1) ?? {};
    this.host = textAt(this.document, 'host.name');
  }

  async tree(): Promise<ProcessTree> {
    const entity = textAt(this.document, 'process.entity_id');
    const parent = textAt(this.document, 'process.parent.entity_id');
    const [ancestors, own, siblings, children] = await Promise.all([
      Promise.all(this.ancestors().map((ancestor) => this.known(ancestor))),
      entity === undefined ? undefined : this.startOf(entity),
      parent === undefined ? NONE : this.siblings(parent, entity),
      entity === undefined ? NONE : this.children(entity),
    ]);
    return this.place(ancestors, this.self(own), siblings, children);
  }

  /** Without the stored events. */
  treeFromAlert(): ProcessTree {
    const ancestors = this.ancestors().map((process) => ({ process, isDerived: process.derived === true }));
    return this.place(ancestors, this.self(undefined), NONE, NONE);
  }

  async likeness(): Promise<readonly Likeness[]> {
    const { hosts: allHosts } = await this.sources.events.status({ signal: this.signal });
    const found = LIKENESSES.map(async ({ what, field }): Promise<Likeness | undefined> => {
      const value = textAt(this.document, field);
      if (value === undefined || value === '') return undefined;
      const [events, hosts] = await Promise.all([
        this.sources.events.count({ where: { [field]: value } }, COUNTED_UP_TO, { signal: this.signal }),
        this.sources.events.hostsWith(field, value, { signal: this.signal }),
      ]);
      return {
        what,
        field,
        value: value.slice(0, LONGEST_LINE),
        events,
        hosts,
        all_hosts: allHosts,
        alerts: this.sources.triage.alertsLike(what, value, COUNTED_UP_TO),
        counted_up_to: COUNTED_UP_TO,
        rarity: rarityOf(events, hosts, allHosts),
      };
    });
    return (await Promise.all(found)).filter((one) => one !== undefined);
  }

  /** Oldest first; where the alert has none, the parent that its event names. */
  private ancestors(): readonly ProcessSummary[] {
    if (this.alert.ancestry.length > 0) return this.alert.ancestry.slice(0, MOST_ANCESTORS).reverse();
    const parent = summaryAt(this.document, 'process.parent');
    return Object.keys(parent).length === 0 ? [] : [parent];
  }

  private async known(process: ProcessSummary): Promise<Known> {
    const stored = process.entity_id === undefined ? undefined : await this.startOf(process.entity_id);
    const isDerived = process.derived === true;
    if (stored === undefined) return { process, isDerived };
    const user = textAt(stored.document, 'user.name');
    return { process, isDerived, event: stored.id, ...(user === undefined ? {} : { user }) };
  }

  private self(stored: EventRecord | undefined): Known {
    const user = textAt(this.document, 'user.name');
    return {
      process: summaryAt(this.document, 'process'),
      isDerived: isDerivedIn(this.document),
      ...(user === undefined ? {} : { user }),
      ...(stored === undefined ? {} : { event: stored.id }),
    };
  }

  private async startOf(entity: string): Promise<EventRecord | undefined> {
    const query: EventQuery = {
      where: this.onHost({ 'process.entity_id': entity }),
      category: 'process',
      order: 'oldest',
    };
    const { events } = await this.sources.events.query({ ...query, limit: 5 }, { signal: this.signal });
    return events.find(startsProcess);
  }

  /** Those that started nearest to the process. */
  private async siblings(parent: string, self: string | undefined): Promise<Relatives> {
    const where = this.onHost({ 'process.parent.entity_id': parent });
    const atMs = parseTime(this.alert.original_time)?.ms ?? 0;
    const [before, after] = await Promise.all([
      this.relatives({ where, to: atMs + 1, order: 'newest' }, self),
      this.relatives({ where, from: atMs + 1, order: 'oldest' }, self),
    ]);
    const ids = new Set(before.processes.map(({ process }) => process.entity_id));
    const all = [...before.processes, ...after.processes.filter(({ process }) => !ids.has(process.entity_id))];
    return shorten(all, MOST_SIBLINGS, before.more + after.more, (a, b) => apart(a, atMs) - apart(b, atMs));
  }

  private async children(entity: string): Promise<Relatives> {
    const where = this.onHost({ 'process.parent.entity_id': entity });
    const { processes, more } = await this.relatives({ where, order: 'oldest' }, entity);
    return shorten(processes, MOST_CHILDREN, more, (a, b) => startMs(a) - startMs(b));
  }

  private async relatives(query: EventQuery, self: string | undefined): Promise<Relatives> {
    const bounded = { ...query, category: 'process', limit: MOST_READ };
    const { events, next } = await this.sources.events.query(bounded, { signal: this.signal });
    const byEntity = new Map<string, Known>();
    for (const record of events.filter(startsProcess)) {
      const process = summaryAt(record.document, 'process');
      const key = process.entity_id ?? `pid ${process.pid} ${process.start}`;
      if (key === self || byEntity.has(key)) continue;
      const user = textAt(record.document, 'user.name');
      const isDerived = isDerivedIn(record.document);
      byEntity.set(key, { process, isDerived, event: record.id, ...(user === undefined ? {} : { user }) });
    }
    const counted =
      next === undefined
        ? events.length
        : await this.sources.events.count({ ...query, category: 'process' }, COUNTED_UP_TO, { signal: this.signal });
    return { processes: [...byEntity.values()], more: Math.max(0, counted - events.length) };
  }

  private onHost(where: Partial<Record<IndexedField, string>>): Partial<Record<IndexedField, string>> {
    return this.host === undefined ? where : { ...where, 'host.name': this.host };
  }

  private place(ancestors: readonly Known[], self: Known, siblings: Relatives, children: Relatives): ProcessTree {
    const depth = ancestors.length;
    const beside = [...siblings.processes, self].sort((a, b) => startMs(a) - startMs(b));
    const all = [...ancestors, ...beside, ...children.processes];
    const entities = all.flatMap(({ process }) => process.entity_id ?? []);
    const alerts = this.host === undefined ? new Map() : this.sources.triage.alertsByProcess(this.host, entities);
    const draw = (known: Known, relation: TreeProcess['relation'], at: number): TreeProcess => {
      const { derived: _, ...process } = known.process;
      return {
        relation,
        depth: at,
        ...process,
        ...(known.user === undefined ? {} : { user: known.user }),
        ...(known.isDerived ? { derived: true as const } : {}),
        alerts:
          (process.entity_id === undefined ? undefined : alerts.get(process.entity_id)) ?? (known === self ? 1 : 0),
        ...(known.event === undefined ? {} : { event: known.event }),
      };
    };
    return {
      processes: [
        ...ancestors.map((known, at) => draw(known, 'ancestor', at)),
        ...beside.map((known) => draw(known, known === self ? 'self' : 'sibling', depth)),
        ...children.processes.map((known) => draw(known, 'child', depth + 1)),
      ],
      left_out: siblings.more + children.more,
    };
  }
}

interface Relatives {
  readonly processes: readonly Known[];
  /** How many more there are. */
  readonly more: number;
}

const NONE: Relatives = { processes: [], more: 0 };

const LIKENESSES = [
  { what: 'user', field: 'user.name' },
  { what: 'hash', field: 'process.hash.sha256' },
  { what: 'command', field: 'process.command_line' },
] as const;

function shorten(all: readonly Known[], most: number, more: number, order: (a: Known, b: Known) => number): Relatives {
  const sorted = [...all].sort(order);
  return { processes: sorted.slice(0, most), more: more + Math.max(0, all.length - most) };
}

function rarityOf(events: number, hosts: number, allHosts: number): string {
  if (events === 0) return 'not among the stored events';
  if (hosts <= 1)
    return allHosts <= 1 ? 'seen on the only host there is' : events === 1 ? 'only here, only once' : 'only here';
  return hosts === allHosts ? `on all ${allHosts} hosts` : `on ${hosts} of ${allHosts} hosts`;
}

/** Its identity or its parent was concluded by us. */
function isDerivedIn(document: JsonObject): boolean {
  const derived = valuesAt(document, 'vedette.derived');
  return derived.includes('process.entity_id') || derived.includes('process.parent.entity_id');
}

function startsProcess({ document }: EventRecord): boolean {
  return valuesAt(document, 'event.type').includes('start');
}

function summaryAt(document: JsonObject, at: 'process' | 'process.parent'): ProcessSummary {
  const text = (name: string): string | undefined => textAt(document, `${at}.${name}`)?.slice(0, LONGEST_LINE);
  const pid = Number(text('pid') ?? Number.NaN);
  const given = {
    pid: Number.isSafeInteger(pid) ? pid : undefined,
    entity_id: text('entity_id'),
    name: text('name'),
    executable: text('executable'),
    command_line: text('command_line'),
    start: text('start') ?? (at === 'process' ? textAt(document, '@timestamp') : undefined),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ProcessSummary;
}

function textAt(document: JsonObject, field: string): string | undefined {
  return valuesAt(document, field)[0]?.toString();
}

function startMs({ process }: Known): number {
  return process.start === undefined ? 0 : (parseTime(process.start)?.ms ?? 0);
}

function apart(known: Known, atMs: number): number {
  return Math.abs(startMs(known) - atMs);
}
