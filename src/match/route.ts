/**
 * Routes: what there is to do for events of one log source.
 *
 *   event ──values of the log source's fields──▶ class of each ──tree of classes──▶ open gates ──▶ where their rules are filed
 *
 * Values of a field of which the same clauses are true are of one class, so that values no rule knows are all alike and
 * routes stay few; those with the same gates open share what is filed (`class-index.ts`).
 */
import type { Event } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import type { ClassIndex, ClassIndices } from './class-index.ts';
import type { FieldValues, KnownValue } from './field-values.ts';
import { type Gate, type GateClauses, isOpen } from './gate.ts';

/** Rules behind one gate that read the same data streams. */
export interface RuleGroup {
  readonly gate: Gate;
  readonly reads: (dataStreams: readonly string[]) => boolean;
  /** In order. */
  readonly rules: readonly number[];
}

/** Routes, and values whose class is known, are forgotten beyond so many: somebody may invent values. */
const MOST_ROUTES = 4096;
const MOST_VALUES = 8192;
/** Classes whose rules are filed: logs are of some dozens. */
const MOST_CLASSES = 1024;
/** Lists of data streams, told apart by identity: where a format makes one for each event, none comes again. */
const MOST_LISTS = 64;
/** Two numbers of classes in one. */
const HALF_OF_SAFE = 2 ** 26;

type Step = (Step | undefined)[] | ClassIndex;

export class Routes {
  private readonly groups: readonly RuleGroup[];
  private readonly valuesOf: (field: string) => FieldValues;
  private readonly asked: GateClauses;
  private fields: readonly LogSourceField[] = [];
  private readonly indices: ClassIndices;
  /** By the groups whose gates are open. */
  private readonly classes = new Map<string, ClassIndex>();
  private byStreams = new Map<string, Step>();
  /** By list of data streams, of which formats make few, and sort of event. */
  private readonly bySort = new Map<readonly string[], Map<string, ClassIndex>>();
  private lastStreams: readonly string[] | undefined;
  private lastStep: Step = [];
  private made = 0;

  constructor(
    groups: readonly RuleGroup[],
    clauses: GateClauses,
    indices: ClassIndices,
    valuesOf: (field: string) => FieldValues,
  ) {
    this.groups = groups;
    this.valuesOf = valuesOf;
    this.indices = indices;
    this.asked = clauses;
    this.forget();
  }

  of(event: Event): ClassIndex {
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

  private byClasses(event: Event): ClassIndex {
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
    return step as ClassIndex;
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

  private make(event: Event): ClassIndex {
    this.made += 1;
    const holds = new Uint8Array(this.asked.clauses.length);
    for (const field of this.fields) {
      for (const clause of field.truths(field.classOf(field.values.of(event)))) holds[clause] = 1;
    }
    const open: number[] = [];
    for (const [number, { gate, reads }] of this.groups.entries()) {
      if (isOpen(gate, holds) && reads(event.dataStreams)) open.push(number);
    }
    // The tree grows with what is made: beginning anew bounds it. What was just made stays good for its event.
    if (this.made > MOST_ROUTES) this.forget();
    return this.classOf(open);
  }

  private classOf(groups: readonly number[]): ClassIndex {
    const key = groups.join(' ');
    let known = this.classes.get(key);
    if (known === undefined) {
      const rules = groups.flatMap((number) => (this.groups[number] as RuleGroup).rules);
      known = this.indices.of(rules.sort((a, b) => a - b));
      if (this.classes.size >= MOST_CLASSES) this.classes.clear();
      this.classes.set(key, known);
    }
    return known;
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

function withoutLacking(route: ClassIndex, event: Event): ClassIndex {
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

  classOf(values: readonly KnownValue[]): number {
    const [first] = values;
    if (first === undefined) return this.missing;
    let number = this.classOfOne(first.value);
    for (let at = 1; at < values.length; at += 1) {
      number = this.join(number, this.classOfOne((values[at] as KnownValue).value));
    }
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
