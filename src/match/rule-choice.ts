/**
 * Which rules an event's log source leaves.
 *
 *   rules ──gate, data streams──▶ groups        event ──values of the log source's fields──▶ rules of the open groups
 */
import type { Event } from '../event/event.ts';
import { LOG_SOURCE_FIELDS } from '../event/event.ts';
import { type Gate, GateClauses, gateKey, isOpen } from './gate.ts';
import type { MatcherRule } from './matcher.ts';

interface Group {
  readonly gate: Gate;
  readonly reads: MatcherRule['reads'];
  readonly rules: MatcherRule[];
}

export class RuleChoice {
  private readonly rules: readonly MatcherRule[];
  private made: { readonly groups: readonly Group[]; readonly gates: GateClauses } | undefined;

  constructor(rules: readonly MatcherRule[]) {
    this.rules = rules;
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
