/**
 * Many predicates against one event in one pass.
 *
 *   event ──log source──▶ route: rules that may match there ──witnesses of their fields' values──▶ candidates
 *         ──shared clauses, each once──▶ matches
 *
 * Three steps, each of which may let too many rules through and never too few: a *route* leaves out rules whose conditions
 * on the log source cannot hold (`gate.ts`), and with them the fields that only they read; a *witness* is a cheap fact of
 * which at least one holds whenever the predicate does, found for all rules by one look at a value (`witness.ts`,
 * `field-index.ts`); what is left is evaluated in full, and compiled only then.
 *
 * Invariant: gives exactly what the reference evaluator gives; a property test holds it to that, with each step on and off.
 */
import { type Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compilePredicate, createClauses } from './compile.ts';
import { FieldIndex, type RuleNumbers } from './field-index.ts';
import type { FieldValues } from './field-values.ts';
import { GateClauses, gateKey } from './gate.ts';
import type { Literal } from './literal.ts';
import { type Route, Routes, type RuleGroup } from './route.ts';
import { EVERYWHERE, findWitnesses, ordinaryRarity, type Witness, witnessKey } from './witness.ts';

export interface MatcherRule {
  readonly predicate: Predicate;
  /** Whether the rule reads events of these data streams; an event of no known stream has none. */
  readonly reads: (dataStreams: readonly string[]) => boolean;
}

export interface Matcher {
  /** Calls `found` with the index of each rule that matches, in the order of the rules. */
  match(event: Event, found: (rule: number) => void): void;
}

/** Steps left out, for tests: the result must be the same. */
export interface MatcherSwitches {
  readonly withoutRoutes?: boolean;
  readonly withoutWitnesses?: boolean;
}

/** What each rule costs, for whoever asks for it; measuring takes longer than what is measured. */
export interface RuleMeter {
  /** The rule was a candidate for an event, and was evaluated in so many milliseconds. */
  evaluated(rule: number, milliseconds: number, matches: boolean): void;
}

export function compileMatcher(
  rules: readonly MatcherRule[],
  switches: MatcherSwitches = {},
  meter?: RuleMeter,
): Matcher {
  return new IndexedMatcher(rules, switches, meter);
}

type Holds = (event: Event) => boolean;

class IndexedMatcher implements Matcher {
  private readonly rules: readonly MatcherRule[];
  private readonly meter: RuleMeter | undefined;
  private readonly clauses = createClauses();
  private readonly compiled: (Holds | undefined)[];
  private readonly groupOf: Int32Array;
  private readonly routes: Routes;
  /** By rule, the number of the last event that it was a candidate for. */
  private readonly seen: Float64Array;
  private events = 0;
  private readonly candidates: number[] = [];

  constructor(rules: readonly MatcherRule[], switches: MatcherSwitches, meter: RuleMeter | undefined) {
    this.rules = rules;
    this.meter = meter;
    this.compiled = new Array<Holds | undefined>(rules.length);
    this.seen = new Float64Array(rules.length);
    const gates = new GateClauses(switches.withoutRoutes === true ? [] : LOG_SOURCE_FIELDS);
    const witnesses =
      switches.withoutWitnesses === true ? rules.map(() => undefined) : chooseWitnesses(rules, gates.fields);
    const valuesOf = (field: string) => this.clauses.valuesOf(field);
    const { groupOf, groups, everywhere } = groupRules(rules, witnesses, gates, valuesOf);
    this.groupOf = groupOf;
    this.routes = new Routes(groups, gates, everywhere, valuesOf);
  }

  match(event: Event, found: (rule: number) => void): void {
    this.clauses.next();
    this.events += 1;
    const route = this.routes.of(event);
    const { candidates } = this;
    candidates.length = 0;
    this.add(route.always, route);
    for (const index of route.indices) {
      const values = index.values.of(event);
      if (values.length === 0) continue;
      this.add(index.present, route);
      for (let at = 0; at < values.length; at += 1) this.add(index.rulesOf(values[at] as Scalar), route);
    }
    const { everywhere } = route;
    if (everywhere?.filter.mayHold(event)) this.addEverywhere(everywhere.index, event, route);
    if (candidates.length > 1) candidates.sort(ascending);
    if (this.meter !== undefined) {
      this.evaluateMeasured(event, found, this.meter);
      return;
    }
    for (let at = 0; at < candidates.length; at += 1) {
      const rule = candidates[at] as number;
      if ((this.compiled[rule] ?? this.compile(rule))(event)) found(rule);
    }
  }

  private evaluateMeasured(event: Event, found: (rule: number) => void, meter: RuleMeter): void {
    for (const rule of this.candidates) {
      const holds = this.compiled[rule] ?? this.compile(rule);
      const began = performance.now();
      const matches = holds(event);
      meter.evaluated(rule, performance.now() - began, matches);
      if (matches) found(rule);
    }
  }

  private addEverywhere(index: FieldIndex, event: Event, route: Route): void {
    const scalars = event.allScalars();
    if (scalars.length === 0) return;
    this.add(index.present, route);
    for (const { value } of scalars) this.add(index.rulesOf(value), route);
  }

  private add(rules: RuleNumbers, { open }: Route): void {
    const { seen, events, groupOf, candidates } = this;
    for (let at = 0; at < rules.length; at += 1) {
      const rule = rules[at] as number;
      if (seen[rule] === events || open[groupOf[rule] as number] !== 1) continue;
      seen[rule] = events;
      candidates.push(rule);
    }
  }

  private compile(rule: number): Holds {
    const holds = compilePredicate((this.rules[rule] as MatcherRule).predicate, this.clauses);
    this.compiled[rule] = holds;
    return holds;
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

type Witnesses = readonly Witness[] | undefined;

/** What many rules look for is what occurs a lot: where a rule has the choice, it is filed under something else. */
function chooseWitnesses(rules: readonly MatcherRule[], routing: ReadonlySet<string>): readonly Witnesses[] {
  const uses = new Map<string, number>();
  const first = rules.map(({ predicate }) =>
    findWitnesses(predicate, routing, (witness) => {
      const key = witnessKey(witness);
      uses.set(key, (uses.get(key) ?? 0) + 1);
      return ordinaryRarity(witness);
    }),
  );
  return first.map((found, rule) => {
    if (found === undefined) return undefined;
    return findWitnesses((rules[rule] as MatcherRule).predicate, routing, (witness) => {
      const shared = uses.get(witnessKey(witness)) ?? 0;
      return ordinaryRarity(witness) * (1 + shared / 4);
    });
  });
}

function groupRules(
  rules: readonly MatcherRule[],
  witnesses: readonly Witnesses[],
  gates: GateClauses,
  valuesOf: (field: string) => FieldValues,
): {
  readonly groupOf: Int32Array;
  readonly groups: readonly RuleGroup[];
  readonly everywhere: FieldIndex | undefined;
} {
  const indices = indexFields(witnesses, valuesOf);
  const groupOf = new Int32Array(rules.length);
  const numbers = new Map<MatcherRule['reads'], Map<string, number>>();
  const groups: OpenGroup[] = [];
  for (const [rule, { predicate, reads }] of rules.entries()) {
    const gate = gates.gateOf(predicate);
    const key = gateKey(gate);
    const byGate = numbers.get(reads) ?? new Map<string, number>();
    numbers.set(reads, byGate);
    let number = byGate.get(key);
    if (number === undefined) {
      number = groups.length;
      byGate.set(key, number);
      groups.push({ gate, reads, always: [], indices: new Set(), keywords: [] });
    }
    groupOf[rule] = number;
    const group = groups[number] as OpenGroup;
    const found = witnesses[rule];
    if (found === undefined) group.always.push(rule);
    for (const { field, literal } of found ?? []) {
      group.indices.add(indices.get(field) as FieldIndex);
      if (field === EVERYWHERE) group.keywords.push(literal);
    }
  }
  return { groupOf, groups, everywhere: indices.get(EVERYWHERE) };
}

interface OpenGroup extends RuleGroup {
  readonly always: number[];
  readonly indices: Set<FieldIndex>;
  readonly keywords: (Literal | undefined)[];
}

function indexFields(
  witnesses: readonly Witnesses[],
  valuesOf: (field: string) => FieldValues,
): ReadonlyMap<string, FieldIndex> {
  const entries = new Map<string, (readonly [Literal | undefined, number])[]>();
  for (const [rule, found] of witnesses.entries()) {
    for (const { field, literal } of found ?? []) {
      const ofField = entries.get(field);
      if (ofField === undefined) entries.set(field, [[literal, rule]]);
      else ofField.push([literal, rule]);
    }
  }
  return new Map([...entries].map(([field, ofField]) => [field, new FieldIndex(valuesOf(field), ofField)]));
}
