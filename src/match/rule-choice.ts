/**
 * Which rules an event's log source leaves.
 *
 *   rules ──gate, data streams──▶ groups        event ──values of the log source's fields──▶ rules of the open groups
 *
 * And whether one of some rules holds of an event, for who knows that no other can.
 */
import type { Event } from '../event/event.ts';
import { LOG_SOURCE_FIELDS } from '../event/event.ts';
import { compilePredicate, createClauses } from './compile.ts';
import { type Gate, GateClauses, gateKey, isOpen } from './gate.ts';
import type { MatcherRule } from './matcher.ts';

type Holds = ReturnType<typeof compilePredicate>;

interface Group {
  readonly gate: Gate;
  readonly reads: MatcherRule['reads'];
  readonly rules: MatcherRule[];
}

export class RuleChoice {
  private readonly rules: readonly MatcherRule[];
  private made: { readonly groups: readonly Group[]; readonly gates: GateClauses } | undefined;

  private readonly clauses = createClauses();
  private readonly compiled = new Map<MatcherRule, Holds>();

  constructor(rules: readonly MatcherRule[]) {
    this.rules = rules;
  }

  someHolds(rules: readonly MatcherRule[], event: Event): boolean {
    this.clauses.next();
    return rules.some((rule) => (this.compiled.get(rule) ?? this.compile(rule))(event));
  }

  private compile(rule: MatcherRule): Holds {
    const holds = compilePredicate(rule.predicate, this.clauses);
    this.compiled.set(rule, holds);
    return holds;
  }

  openTo(event: Event): readonly MatcherRule[] {
    this.made ??= groupRules(this.rules);
    const { groups, gates } = this.made;
    const holds = new Uint8Array(gates.clauses.length);
    for (const field of gates.fields) {
      const values = event.read(field);
      for (const [number, passes] of gates.over(field)) if (passes(values)) holds[number] = 1;
    }
    return groups.flatMap(({ gate, reads, rules }) => (isOpen(gate, holds) && reads(event.dataStreams) ? rules : []));
  }
}

function groupRules(rules: readonly MatcherRule[]): { readonly groups: readonly Group[]; readonly gates: GateClauses } {
  const gates = new GateClauses(LOG_SOURCE_FIELDS);
  const byReads = new Map<MatcherRule['reads'], Map<string, Group>>();
  for (const rule of rules) {
    const gate = gates.gateOf(rule.outline ?? rule.predicate);
    const byGate = byReads.get(rule.reads) ?? new Map<string, Group>();
    byReads.set(rule.reads, byGate);
    const key = gateKey(gate);
    const group = byGate.get(key);
    if (group === undefined) byGate.set(key, { gate, reads: rule.reads, rules: [rule] });
    else group.rules.push(rule);
  }
  return { groups: [...byReads.values()].flatMap((byGate) => [...byGate.values()]), gates };
}
