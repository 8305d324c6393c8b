/**
 * Many predicates against one event in one pass.
 *
 *   event ──data streams──▶ rules that read it ──witnesses──▶ candidates ──shared clauses, each once──▶ matches
 *
 * A *witness* of a predicate is a cheap fact of which at least one holds whenever the predicate does: that some field
 * equals one of a few texts. Rules are filed under their witnesses, so an event meets only the rules one of whose
 * witnesses it shows; rules without any are always candidates. Soundness: a witness may let a rule through that does
 * not match, never keep one out that does (`witness.ts`), and candidates are evaluated in full.
 *
 * Invariant: gives exactly what the reference evaluator gives; a property test holds it to that.
 */
import type { Event } from '../event/event.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compilePredicate, createClauses } from './compile.ts';
import { findWitnesses, witnessKey } from './witness.ts';

export interface MatcherRule {
  readonly predicate: Predicate;
  /** Whether the rule reads events of these data streams; an event of no known stream has none. */
  readonly reads: (dataStreams: readonly string[]) => boolean;
}

export interface Matcher {
  /** Calls `found` with the index of each rule that matches, in the order of the rules. */
  match(event: Event, found: (rule: number) => void): void;
}

interface CompiledRule {
  readonly holds: (event: Event) => boolean;
  readonly reads: MatcherRule['reads'];
}

/** Routes are remembered by the text of the data streams; more distinct ones than this start the memory anew. */
const ROUTES_KEPT = 1_000;

export function compileMatcher(rules: readonly MatcherRule[]): Matcher {
  const clauses = createClauses();
  const compiled = rules.map((rule) => ({ holds: compilePredicate(rule.predicate, clauses), reads: rule.reads }));
  const index = fileByWitness(rules);
  const routes = new Map<string, Uint8Array>();
  const candidates = new Set<number>();

  return {
    match(event, found) {
      clauses.next();
      candidates.clear();
      for (const rule of index.always) candidates.add(rule);
      for (const [field, byText] of index.fields) {
        for (const value of event.values(field)) {
          for (const rule of byText.get(witnessKey(value)) ?? []) candidates.add(rule);
        }
      }
      if (candidates.size === 0) return;
      const route = routeOf(event.dataStreams, compiled, routes);
      const ordered = candidates.size === 1 ? candidates : [...candidates].sort((a, b) => a - b);
      for (const rule of ordered) {
        if (route[rule] === 1 && (compiled[rule] as CompiledRule).holds(event)) found(rule);
      }
    },
  };
}

interface WitnessIndex {
  readonly always: readonly number[];
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
}

function fileByWitness(rules: readonly MatcherRule[]): WitnessIndex {
  const always: number[] = [];
  const fields = new Map<string, Map<string, number[]>>();
  for (const [rule, { predicate }] of rules.entries()) {
    const witnesses = findWitnesses(predicate);
    if (witnesses === undefined) {
      always.push(rule);
      continue;
    }
    for (const { field, text } of witnesses) {
      const byText = fields.get(field) ?? new Map<string, number[]>();
      fields.set(field, byText);
      const filed = byText.get(text) ?? [];
      byText.set(text, filed);
      if (filed.at(-1) !== rule) filed.push(rule);
    }
  }
  return { always, fields };
}

function routeOf(
  dataStreams: readonly string[],
  rules: readonly CompiledRule[],
  routes: Map<string, Uint8Array>,
): Uint8Array {
  const key = dataStreams.join('\n');
  const known = routes.get(key);
  if (known !== undefined) return known;
  const route = Uint8Array.from(rules, (rule) => (rule.reads(dataStreams) ? 1 : 0));
  if (routes.size >= ROUTES_KEPT) routes.clear();
  routes.set(key, route);
  return route;
}
