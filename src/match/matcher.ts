/**
 * Many predicates against one event in one pass.
 *
 *   event ──log source──▶ class: rules that may match there ──witnesses of their fields' values──▶ candidates
 *         ──shared clauses, each once──▶ matches
 *
 * Three steps, each of which may let too many rules through and never too few: a *route* leaves out rules whose conditions
 * on the log source cannot hold (`gate.ts`), and with them the fields that only they read; a *witness* is a cheap fact of
 * which at least one holds whenever the predicate does, found for all rules by one look at a value (`witness.ts`,
 * `class-index.ts`); what is left is evaluated in full, and compiled only then.
 *
 * Invariant: gives exactly what the reference evaluator gives; a property test holds it to that, with each step on and off.
 */
import { type Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { ClassIndices, type Everywhere } from './class-index.ts';
import { type Clauses, compilePredicate, createClauses } from './compile.ts';
import type { RuleNumbers } from './field-index.ts';
import type { KnownValue } from './field-values.ts';
import { GateClauses, gateKey } from './gate.ts';
import { Routes, type RuleGroup } from './route.ts';

export interface MatcherRule {
  /** May be made when it is asked for: it is not before an event comes that the outline holds for. */
  readonly predicate: Predicate;
  /** What the predicate says of the log source (`outlineOf`), where that is known without it. */
  readonly outline?: Predicate;
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
  /** Searches for keywords look through every value. */
  readonly withoutKeywordFilter?: boolean;
  /** Nothing is remembered of values that come again. */
  readonly withoutMemory?: boolean;
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
  private readonly clauses: Clauses;
  private readonly isUnfiltered: boolean;
  private readonly compiled: (Holds | undefined)[];
  private readonly routes: Routes;
  /** By rule, the number of the last event that it was a candidate for. */
  private readonly seen: Float64Array;
  private events = 0;
  private readonly candidates: number[] = [];

  constructor(rules: readonly MatcherRule[], switches: MatcherSwitches, meter: RuleMeter | undefined) {
    this.rules = rules;
    this.meter = meter;
    this.isUnfiltered = switches.withoutKeywordFilter === true;
    this.clauses = createClauses({ withoutMemory: switches.withoutMemory === true, withoutTexts: this.isUnfiltered });
    this.compiled = new Array<Holds | undefined>(rules.length);
    this.seen = new Float64Array(rules.length);
    const gates = new GateClauses(switches.withoutRoutes === true ? [] : LOG_SOURCE_FIELDS);
    const valuesOf = (field: string) => this.clauses.valuesOf(field);
    const groups = groupRules(rules, gates);
    const indices = new ClassIndices({
      predicateOf: (rule) => (rules[rule] as MatcherRule).predicate,
      valuesOf,
      routing: gates.fields,
      withoutWitnesses: switches.withoutWitnesses === true,
    });
    this.routes = new Routes(groups, gates, indices, valuesOf);
  }

  match(event: Event, found: (rule: number) => void): void {
    this.clauses.next();
    this.events += 1;
    const route = this.routes.of(event);
    const { candidates } = this;
    candidates.length = 0;
    this.add(route.always);
    for (const index of route.indices) {
      const values = index.values.of(event);
      if (values.length === 0) continue;
      this.add(index.present);
      for (let at = 0; at < values.length; at += 1) this.add(index.rulesOf(values[at] as KnownValue));
    }
    const { everywhere } = route;
    if (everywhere !== undefined && (this.isUnfiltered || everywhere.filter.mayHold(event)))
      this.addEverywhere(everywhere, event);
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

  private addEverywhere({ index, rules }: Everywhere, event: Event): void {
    if (this.clauses.texts?.tells(event) === true) {
      // Few words are looked for in these, once for all rules, and no value need be made.
      this.add(rules);
      return;
    }
    const scalars = event.saidScalars();
    if (scalars.length === 0) return;
    this.add(index.present);
    for (const { value } of scalars) this.add(index.rulesOf(index.values.knownValue(value)));
  }

  private add(rules: RuleNumbers): void {
    const { seen, events, candidates } = this;
    for (let at = 0; at < rules.length; at += 1) {
      const rule = rules[at] as number;
      if (seen[rule] === events) continue;
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

/** Rules behind the same gate that read the same data streams, each group once. */
function groupRules(rules: readonly MatcherRule[], gates: GateClauses): readonly RuleGroup[] {
  const numbers = new Map<MatcherRule['reads'], Map<string, OpenGroup>>();
  const groups: OpenGroup[] = [];
  for (const [rule, matched] of rules.entries()) {
    const { reads } = matched;
    const gate = gates.gateOf(matched.outline ?? matched.predicate);
    const key = gateKey(gate);
    const byGate = numbers.get(reads) ?? new Map<string, OpenGroup>();
    numbers.set(reads, byGate);
    let group = byGate.get(key);
    if (group === undefined) {
      group = { gate, reads, rules: [] };
      byGate.set(key, group);
      groups.push(group);
    }
    group.rules.push(rule);
  }
  return groups;
}

interface OpenGroup extends RuleGroup {
  readonly rules: number[];
}
