/**
 * Which rules an event's log source leaves.
 *
 *   rules ──gate, data streams──▶ groups        event ──values of the log source's fields──▶ rules of the open groups
 *
 * And which of some rules hold of an event, for who knows that no other can.
 */
import type { Event } from '../event/event.ts';
import { LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compilePredicate, createClauses } from './compile.ts';
import { type Gate, GateClauses, gateKey, isOpen } from './gate.ts';
import type { MatcherRule } from './matcher.ts';

type Holds = ReturnType<typeof compilePredicate>;

interface Group {
  readonly gate: Gate;
  readonly reads: MatcherRule['reads'];
  /** Their numbers. */
  readonly rules: number[];
}

export class RuleChoice {
  private readonly rules: readonly MatcherRule[];
  private made: { readonly groups: readonly Group[]; readonly gates: GateClauses } | undefined;

  private readonly clauses = createClauses();
  private readonly compiled: (Holds | undefined)[];

  constructor(rules: readonly MatcherRule[]) {
    this.rules = rules;
    this.compiled = new Array<Holds | undefined>(rules.length);
  }

  predicateOf(rule: number): Predicate {
    return (this.rules[rule] as MatcherRule).predicate;
  }

  someHolds(rules: readonly number[], event: Event): boolean {
    this.clauses.next();
    for (let at = 0; at < rules.length; at += 1) if (this.holds(rules[at] as number, event)) return true;
    return false;
  }

  /** Those of some rules that hold, in the same order. */
  thatHold(rules: readonly number[], event: Event): readonly number[] {
    this.clauses.next();
    return rules.filter((rule) => this.holds(rule, event));
  }

  private holds(rule: number, event: Event): boolean {
    let holds = this.compiled[rule];
    if (holds === undefined) {
      holds = compilePredicate(this.predicateOf(rule), this.clauses);
      this.compiled[rule] = holds;
    }
    return holds(event);
  }

  /** Their numbers, in order. */
  openTo(event: Event): readonly number[] {
    this.made ??= groupRules(this.rules);
    const { groups, gates } = this.made;
    const holds = new Uint8Array(gates.clauses.length);
    for (const field of gates.fields) {
      const values = event.read(field);
      for (const [number, passes] of gates.over(field)) if (passes(values)) holds[number] = 1;
    }
    return groups
      .flatMap(({ gate, reads, rules }) => (isOpen(gate, holds) && reads(event.dataStreams) ? rules : []))
      .sort((a, b) => a - b);
  }
}

function groupRules(rules: readonly MatcherRule[]): { readonly groups: readonly Group[]; readonly gates: GateClauses } {
  const gates = new GateClauses(LOG_SOURCE_FIELDS);
  const byReads = new Map<MatcherRule['reads'], Map<string, Group>>();
  for (const [number, rule] of rules.entries()) {
    const gate = gates.gateOf(rule.outline ?? rule.predicate);
    const byGate = byReads.get(rule.reads) ?? new Map<string, Group>();
    byReads.set(rule.reads, byGate);
    const key = gateKey(gate);
    const group = byGate.get(key);
    if (group === undefined) byGate.set(key, { gate, reads: rule.reads, rules: [number] });
    else group.rules.push(number);
  }
  return { groups: [...byReads.values()].flatMap((byGate) => [...byGate.values()]), gates };
}
