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
import { type Gate, type GateClauses, isOpen } from './gate.ts';

/** Rules behind one gate that read the same data streams. */
export interface RuleGroup {
  readonly gate: Gate;
  readonly reads: (dataStreams: readonly string[]) => boolean;
  /** Rules without witnesses: evaluated for every event that gets here. */
  readonly always: readonly number[];
  /** Where the others have their witnesses. */
  readonly indices: ReadonlySet<FieldIndex>;
}

export interface Route {
  /** By number of group, 1 where it is open. */
  readonly open: Uint8Array;
  readonly always: RuleNumbers;
  readonly indices: readonly FieldIndex[];
}

/** Routes, and values whose class is known, are forgotten beyond so many: somebody may invent values. */
const MOST_ROUTES = 4096;
const MOST_VALUES = 8192;

type Step = (Step | undefined)[] | Route;

export class Routes {
  private readonly groups: readonly RuleGroup[];
  private readonly fields: readonly LogSourceField[];
  private readonly clauses: number;
  private byStreams = new Map<string, Step>();
  private made = 0;

  constructor(groups: readonly RuleGroup[], clauses: GateClauses) {
    this.groups = groups;
    this.clauses = clauses.clauses.length;
    this.fields = [...clauses.fields]
      .map((field) => new LogSourceField(field, clauses.over(field)))
      .filter((field) => field.isAsked);
  }

  of(event: Event): Route {
    const { dataStreams } = event;
    const streams = dataStreams.length === 1 ? (dataStreams[0] as string) : dataStreams.join('\n');
    const { fields } = this;
    let step = this.byStreams.get(streams);
    if (step === undefined) {
      if (this.byStreams.size >= MOST_ROUTES) this.forget();
      step = fields.length === 0 ? this.make(event) : [];
      this.byStreams.set(streams, step);
    }
    for (let at = 0; at < fields.length; at += 1) {
      const field = fields[at] as LogSourceField;
      const number = field.classOf(event.values(field.name));
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

  private make(event: Event): Route {
    this.made += 1;
    const holds = new Uint8Array(this.clauses);
    for (const field of this.fields) for (const clause of field.truths(event.values(field.name))) holds[clause] = 1;
    const open = new Uint8Array(this.groups.length);
    const always: number[] = [];
    const indices = new Set<FieldIndex>();
    for (const [number, group] of this.groups.entries()) {
      if (!isOpen(group.gate, holds) || !group.reads(event.dataStreams)) continue;
      open[number] = 1;
      always.push(...group.always);
      for (const index of group.indices) indices.add(index);
    }
    // The tree grows with what is made: beginning anew bounds it. The route just made stays good for its event.
    if (this.made > MOST_ROUTES) this.forget();
    return { open, always: Int32Array.from(always).sort(), indices: [...indices] };
  }

  private forget(): void {
    this.byStreams = new Map();
    this.made = 0;
  }
}

/** One field of the log source: which class its values are of. */
class LogSourceField {
  readonly name: string;
  private readonly clauses: ReturnType<GateClauses['over']>;
  private readonly classes = new Map<string, number>();
  /** By value; of several values, by all of them. */
  private readonly known = new Map<Scalar, number>();
  private readonly missing: number;
  private next = 0;

  constructor(name: string, clauses: ReturnType<GateClauses['over']>) {
    this.name = name;
    this.clauses = clauses;
    this.missing = this.number([]);
  }

  get isAsked(): boolean {
    return this.clauses.length > 0;
  }

  classOf(values: Values): number {
    if (values.length === 0) return this.missing;
    const key = values.length === 1 ? (values[0] as Scalar) : values.join('\n');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const number = this.number(values);
    if (this.known.size >= MOST_VALUES) this.known.clear();
    this.known.set(key, number);
    return number;
  }

  /** The clauses that are true of the values. */
  truths(values: Values): readonly number[] {
    return this.clauses.filter(([, holds]) => holds(values)).map(([number]) => number);
  }

  // A class that was forgotten gets another number, which leads to another route that says the same.
  private number(values: Values): number {
    const key = this.truths(values).join(' ');
    const known = this.classes.get(key);
    if (known !== undefined) return known;
    if (this.classes.size >= MOST_VALUES) this.classes.clear();
    const number = this.next;
    this.next += 1;
    this.classes.set(key, number);
    return number;
  }
}
