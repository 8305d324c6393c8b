/**
 * Routes: what there is to do for events of one log source.
 *
 *   event ──values of the log source's fields──▶ class of each ──tree of classes──▶ Route, made when first needed
 *
 * Values of a field of which the same clauses are true are of one class, so that values no rule knows are all alike and
 * routes stay few. A route says which gates are open and which fields hold witnesses of rules behind them.
 */
import type { Event } from '../event/event.ts';
import type { Scalar, Values } from '../event/field-path.ts';
import type { FieldIndex, RuleNumbers } from './field-index.ts';
import type { FieldValues } from './field-values.ts';
import { type Gate, type GateClauses, isOpen } from './gate.ts';
import { KeywordFilter } from './keyword-filter.ts';
import type { Literal } from './literal.ts';

/** Rules behind one gate that read the same data streams. */
export interface RuleGroup {
  readonly gate: Gate;
  readonly reads: (dataStreams: readonly string[]) => boolean;
  /** Rules without witnesses: evaluated for every event that gets here. */
  readonly always: readonly number[];
  /** Where the others have their witnesses. */
  readonly indices: ReadonlySet<FieldIndex>;
  /** Witnesses that may stand in any field. */
  readonly keywords: readonly (Literal | undefined)[];
}

export interface Route {
  /** By number of group, 1 where it is open. */
  readonly open: Uint8Array;
  readonly always: RuleNumbers;
  readonly indices: readonly FieldIndex[];
  /** Where there are rules whose witnesses may stand in any field: those, and how to tell that none does. */
  readonly everywhere: { readonly index: FieldIndex; readonly filter: KeywordFilter } | undefined;
}

/** Routes, and values whose class is known, are forgotten beyond so many: somebody may invent values. */
const MOST_ROUTES = 4096;
const MOST_VALUES = 8192;
/** Each takes 8 KiB; few sets of rules search for keywords. */
const MOST_FILTERS = 64;
/** Lists of data streams, told apart by identity: where a format makes one for each event, none comes again. */
const MOST_LISTS = 64;
/** Two numbers of classes in one. */
const HALF_OF_SAFE = 2 ** 26;

type Step = (Step | undefined)[] | Route;

export class Routes {
  private readonly groups: readonly RuleGroup[];
  private readonly valuesOf: (field: string) => FieldValues;
  private readonly asked: GateClauses;
  private fields: readonly LogSourceField[] = [];
  /** Where rules that search for keywords are filed. */
  private readonly everywhere: FieldIndex | undefined;
  private readonly filters = new Map<string, KeywordFilter>();
  private byStreams = new Map<string, Step>();
  /** By list of data streams, of which formats make few, and sort of event. */
  private readonly bySort = new Map<readonly string[], Map<string, Route>>();
  private lastStreams: readonly string[] | undefined;
  private lastStep: Step = [];
  private made = 0;

  constructor(
    groups: readonly RuleGroup[],
    clauses: GateClauses,
    everywhere: FieldIndex | undefined,
    valuesOf: (field: string) => FieldValues,
  ) {
    this.groups = groups;
    this.valuesOf = valuesOf;
    this.everywhere = everywhere;
    this.asked = clauses;
    this.forget();
  }

  of(event: Event): Route {
    const sort = event.sort();
    if (sort === undefined) return this.byClasses(event);
    const { dataStreams } = event;
    let bySort = this.bySort.get(dataStreams);
    if (bySort === undefined) {
      if (this.bySort.size >= MOST_LISTS) this.bySort.clear();
      bySort = new Map();
      this.bySort.set(dataStreams, bySort);
    }
    let route = bySort.get(sort);
    if (route === undefined) {
      if (bySort.size >= MOST_ROUTES) bySort.clear();
      route = withoutLacking(this.byClasses(event), event);
      bySort.set(sort, route);
    }
    return route;
  }

  private byClasses(event: Event): Route {
    let step = this.stepOf(event);
    const { fields } = this;
    for (let at = 0; at < fields.length; at += 1) {
      const field = fields[at] as LogSourceField;
      const number = field.classOf(field.values.of(event));
      const steps: (Step | undefined)[] = step as (Step | undefined)[];
      let next = steps[number];
      if (next === undefined) {
        next = at === fields.length - 1 ? this.make(event) : [];
        steps[number] = next;
      }
      step = next;
    }
    return step as Route;
  }

  private stepOf(event: Event): Step {
    const { dataStreams } = event;
    // Formats give all events of a data stream one and the same list.
    if (dataStreams === this.lastStreams) return this.lastStep;
    const streams = dataStreams.length === 1 ? (dataStreams[0] as string) : dataStreams.join('\n');
    let step = this.byStreams.get(streams);
    if (step === undefined) {
      if (this.byStreams.size >= MOST_ROUTES) this.forget();
      step = this.fields.length === 0 ? this.make(event) : [];
      this.byStreams.set(streams, step);
    }
    this.lastStreams = dataStreams;
    this.lastStep = step;
    return step;
  }

  private make(event: Event): Route {
    this.made += 1;
    const holds = new Uint8Array(this.asked.clauses.length);
    for (const field of this.fields) {
      for (const clause of field.truths(field.classOf(field.values.of(event)))) holds[clause] = 1;
    }
    const open = new Uint8Array(this.groups.length);
    const always: number[] = [];
    const indices = new Set<FieldIndex>();
    const searching: number[] = [];
    for (const [number, group] of this.groups.entries()) {
      if (!isOpen(group.gate, holds) || !group.reads(event.dataStreams)) continue;
      open[number] = 1;
      always.push(...group.always);
      if (group.keywords.length > 0) searching.push(number);
      for (const index of group.indices) indices.add(index);
    }
    // The tree grows with what is made: beginning anew bounds it. The route just made stays good for its event.
    if (this.made > MOST_ROUTES) this.forget();
    const index = this.everywhere;
    const everywhere =
      index === undefined || !indices.delete(index) ? undefined : { index, filter: this.filterOf(searching) };
    return { open, always: Int32Array.from(always).sort(), indices: [...indices], everywhere };
  }

  private filterOf(groups: readonly number[]): KeywordFilter {
    const key = groups.join(' ');
    let filter = this.filters.get(key);
    if (filter === undefined) {
      filter = new KeywordFilter(groups.flatMap((number) => (this.groups[number] as RuleGroup).keywords));
      if (this.filters.size >= MOST_FILTERS) this.filters.clear();
      this.filters.set(key, filter);
    }
    return filter;
  }

  private forget(): void {
    this.byStreams = new Map();
    this.lastStreams = undefined;
    this.made = 0;
    this.fields = [...this.asked.fields]
      .map((field) => new LogSourceField(this.valuesOf(field), this.asked.over(field)))
      .filter((field) => field.isAsked);
  }
}

function withoutLacking(route: Route, event: Event): Route {
  return { ...route, indices: route.indices.filter(({ values }) => !event.lacks(values.name)) };
}

/** One field of the log source: which class its values are of. */
class LogSourceField {
  readonly values: FieldValues;
  private readonly clauses: ReturnType<GateClauses['over']>;
  private readonly classes = new Map<string, number>();
  private readonly single = new Map<Scalar, number>();
  private readonly joined = new Map<number, number>();
  /** By class, the clauses that are true of its values. */
  private readonly truthsOf = new Map<number, readonly number[]>();
  private readonly missing: number;
  private next = 0;

  constructor(values: FieldValues, clauses: ReturnType<GateClauses['over']>) {
    this.values = values;
    this.clauses = clauses;
    this.missing = this.number([]);
  }

  get isAsked(): boolean {
    return this.clauses.length > 0;
  }

  classOf(values: Values): number {
    if (values.length === 0) return this.missing;
    let number = this.classOfOne(values[0] as Scalar);
    for (let at = 1; at < values.length; at += 1) number = this.join(number, this.classOfOne(values[at] as Scalar));
    return number;
  }

  /** The clauses that are true of values of a class. */
  truths(number: number): readonly number[] {
    return this.truthsOf.get(number) as readonly number[];
  }

  private classOfOne(value: Scalar): number {
    const known = this.single.get(value);
    if (known !== undefined) return known;
    const values = [value];
    const number = this.number(this.clauses.filter(([, holds]) => holds(values)).map(([clause]) => clause));
    if (this.single.size >= MOST_VALUES) this.single.clear();
    this.single.set(value, number);
    return number;
  }

  /** A clause is true of several values if it is of one: of what two classes hold together. */
  private join(one: number, other: number): number {
    if (one === other) return one;
    const key = one * HALF_OF_SAFE + other;
    const known = this.joined.get(key);
    if (known !== undefined) return known;
    const number = this.number([...new Set([...this.truths(one), ...this.truths(other)])].sort((a, b) => a - b));
    if (this.joined.size >= MOST_VALUES) this.joined.clear();
    this.joined.set(key, number);
    return number;
  }

  private number(truths: readonly number[]): number {
    const key = truths.join(' ');
    const known = this.classes.get(key);
    if (known !== undefined) return known;
    const number = this.next;
    this.next += 1;
    this.classes.set(key, number);
    this.truthsOf.set(number, truths);
    return number;
  }
}
