/**
 * Gates: what a rule says of the log source alone.
 *
 *   predicate ──clauses over fields of the log source stay, all others may be either──▶ gate
 *
 * A gate is true of every event for which its rule is: where another clause stands, it takes whatever value lets the rule
 * match (true, or below a negation false). Thousands of rules have a few hundred gates, and whether a gate is open depends
 * on few fields with few values, so which are open is worked out once for each combination of them (`route.ts`).
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Values } from '../event/field-path.ts';
import { readyTest } from '../plan/predicate/evaluate.ts';
import { and, constant, not, or, type Predicate, type PredicateOf } from '../plan/predicate/node.ts';
import { clauseKey } from './clause-key.ts';

/** `true`, the number of a clause, or gates joined. A gate that is never open is an empty `or`. */
export type Gate =
  | true
  | number
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Gate[] }
  | { readonly not: number };

type Clause = PredicateOf<'match-any' | 'exists'>;

/** The clauses over fields of the log source, each once, by number. */
export class GateClauses {
  readonly clauses: Clause[] = [];
  readonly fields: ReadonlySet<string>;
  private readonly numbers = new Map<string, number>();
  /** Thousands of rules share a few hundred outlines. */
  private readonly known = new WeakMap<Predicate, Gate>();

  constructor(fields: readonly string[]) {
    this.fields = new Set(fields);
  }

  /** The gate of a predicate, or of its outline. */
  gateOf(predicate: Predicate): Gate {
    let gate = this.known.get(predicate);
    if (gate === undefined) {
      gate = this.bound(predicate, true);
      this.known.set(predicate, gate);
    }
    return gate;
  }

  /** As a predicate. */
  write(gate: Gate): Predicate {
    if (gate === true || isNever(gate)) return constant(gate === true, NO_SPAN);
    if (typeof gate === 'number') return this.clauses[gate] as Clause;
    if ('not' in gate) return not(this.clauses[gate.not] as Clause, NO_SPAN);
    const parts = gate.parts.map((part) => this.write(part));
    return gate.kind === 'and' ? and(parts, NO_SPAN) : or(parts, NO_SPAN);
  }

  /** The clauses over one field, by number. */
  over(field: string): readonly (readonly [number: number, holds: (values: Values) => boolean])[] {
    return this.clauses.flatMap((clause, number) =>
      clause.field.name === field ? [[number, holdsFor(clause)] as const] : [],
    );
  }

  /** Of the predicate, or of its negation: true wherever that may be. */
  private bound(predicate: Predicate, isTrue: boolean): Gate {
    switch (predicate.kind) {
      case 'constant':
        return predicate.value === isTrue ? true : NEVER;
      case 'not':
        return this.bound(predicate.child, !isTrue);
      case 'and':
      case 'or':
        return join(
          (predicate.kind === 'and') === isTrue ? 'and' : 'or',
          predicate.children.map((child) => this.bound(child, isTrue)),
        );
      case 'match-any':
      case 'exists': {
        if (!this.fields.has(predicate.field.name)) return true;
        const number = this.numberOf(predicate);
        return isTrue ? number : { not: number };
      }
      default:
        return true;
    }
  }

  private numberOf(clause: Clause): number {
    const key = clauseKey(clause);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.clauses.length;
    this.clauses.push(clause);
    this.numbers.set(key, number);
    return number;
  }
}

/** What a predicate says of the log source alone: the same gate, and true of every event for which the predicate is. */
export function outlineOf(predicate: Predicate): Predicate {
  const clauses = new GateClauses(LOG_SOURCE_FIELDS);
  return clauses.write(clauses.gateOf(predicate));
}

const NEVER: Gate = { kind: 'or', parts: [] };

/** @param holds by number of clause, 1 where it is true of the event */
export function isOpen(gate: Gate, holds: Uint8Array): boolean {
  if (gate === true) return true;
  if (typeof gate === 'number') return holds[gate] === 1;
  if ('not' in gate) return holds[gate.not] !== 1;
  if (gate.kind === 'and') {
    for (const part of gate.parts) if (!isOpen(part, holds)) return false;
    return true;
  }
  for (const part of gate.parts) if (isOpen(part, holds)) return true;
  return false;
}

/** Gates that are written alike are alike. */
export function gateKey(gate: Gate): string {
  if (gate === true) return 't';
  if (typeof gate === 'number') return String(gate);
  if ('not' in gate) return `!${gate.not}`;
  return `${gate.kind === 'and' ? '&' : '|'}(${gate.parts.map(gateKey).join(' ')})`;
}

function join(kind: 'and' | 'or', gates: readonly Gate[]): Gate {
  const parts = new Map<string, Gate>();
  for (const gate of gates) {
    if (kind === 'or' && gate === true) return true;
    if (kind === 'and' && isNever(gate)) return NEVER;
    if (gate === true || isNever(gate)) continue;
    parts.set(gateKey(gate), gate);
  }
  if (parts.size === 0) return kind === 'and' ? true : NEVER;
  return parts.size === 1 ? (parts.values().next().value as Gate) : { kind, parts: [...parts.values()] };
}

function isNever(gate: Gate): boolean {
  return typeof gate === 'object' && 'kind' in gate && gate.kind === 'or' && gate.parts.length === 0;
}

function holdsFor(clause: Clause): (values: Values) => boolean {
  if (clause.kind === 'exists') return (values) => values.length > 0;
  const { passes } = readyTest(clause);
  return (values) => values.some(passes);
}
