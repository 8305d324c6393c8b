/**
 * Witnesses: of a predicate, cheap facts of which at least one is true of every event for which the predicate is.
 *
 *   predicate ──per clause: what a value that passes must hold──▶ facts ──cheapest child of each “and”──▶ witnesses
 *
 * A fact says that some value of a field equals, begins with, ends with or contains a text, or that there is a value at
 * all. Soundness, by cases: an `and` is witnessed by the witnesses of any one child; an `or` by those of all its children
 * together, if each has some; a negation by what negating its parts gives (de Morgan), never by its clause, since that
 * holds on missing fields; a clause over one field by what every test of it implies (`literal.ts`), at the least that the
 * field has a value. Nothing else is: what is computed from values may hold without any.
 *
 * Fields that decide the log source give no witnesses: routing has asked them already (`gate.ts`).
 */
import { TAUGHT_FIELDS } from '../format/taught-fields.ts';
import type { Predicate, PredicateOf } from '../plan/predicate/node.ts';
import { compileWildcard } from '../plan/predicate/wildcard.ts';
import { type Literal, literalsOfTest } from './literal.ts';

/** `*` stands for every value of every field: a search for keywords. */
export const EVERYWHERE = '*';

export interface Witness {
  readonly field: string;
  /** `undefined`: the field has a value. */
  readonly literal: Literal | undefined;
}

/** How often a fact is true of events, as a share; only compared, so it need not be right. */
export type Rarity = (witness: Witness) => number;

/** The witnesses, or `undefined` where the predicate has none and must be evaluated for every event that reaches it. */
export function findWitnesses(
  predicate: Predicate,
  routing: ReadonlySet<string>,
  rarity: Rarity = ordinaryRarity,
): readonly Witness[] | undefined {
  return new Search(routing, rarity).of(predicate, true);
}

/** Without knowing any rule or event: the longer a text, the rarer it is. */
export function ordinaryRarity({ field, literal }: Witness): number {
  const everywhere = field === EVERYWHERE ? DEAREST : 1;
  if (literal === undefined) return everywhere * (field.includes('event_data') ? 0.2 : 0.5);
  if (literal.anchor === 'whole' || literal.anchor === 'number') return 0.001 * everywhere;
  if (literal.anchor === 'beyond') return 0.02 * everywhere;
  return everywhere * (BY_LENGTH[literal.text.length] ?? 0.002);
}

/** Witnesses that are the same fact have the same key. */
export function witnessKey({ field, literal }: Witness): string {
  return literal === undefined ? field : `${field} ${literal.anchor} ${literal.text}`;
}

/** A search for keywords needs every field of the event, so that anything else is looked at first. */
const DEAREST = 1e6;

const BY_LENGTH = [0.5, 0.5, 0.3, 0.1, 0.04, 0.02, 0.01, 0.006, 0.004, 0.003];

class Search {
  private readonly routing: ReadonlySet<string>;
  private readonly rarity: Rarity;

  constructor(routing: ReadonlySet<string>, rarity: Rarity) {
    this.routing = routing;
    this.rarity = rarity;
  }

  /** Of the predicate, or, where `isTrue` is false, of its negation. */
  of(predicate: Predicate, isTrue: boolean): readonly Witness[] | undefined {
    switch (predicate.kind) {
      case 'constant':
        return predicate.value === isTrue ? undefined : [];
      case 'not':
        return this.of(predicate.child, !isTrue);
      case 'and':
      case 'or':
        return (predicate.kind === 'and') === isTrue
          ? this.ofAny(predicate.children, isTrue)
          : this.ofAll(predicate.children, isTrue);
      case 'match-any':
      case 'exists':
      case 'match-anywhere':
      case 'match-fields':
        return isTrue ? this.ofClause(predicate) : undefined;
      case 'nested':
      case 'match-value':
      case 'compare':
        return undefined;
    }
  }

  private ofAny(children: readonly Predicate[], isTrue: boolean): readonly Witness[] | undefined {
    let chosen: readonly Witness[] | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const child of children) {
      const witnesses = this.of(child, isTrue);
      if (witnesses === undefined) continue;
      const cost = this.cost(witnesses);
      if (chosen === undefined || cost < least) [chosen, least] = [witnesses, cost];
    }
    return chosen;
  }

  private ofAll(children: readonly Predicate[], isTrue: boolean): readonly Witness[] | undefined {
    const all: Witness[] = [];
    for (const child of children) {
      const witnesses = this.of(child, isTrue);
      if (witnesses === undefined) return undefined;
      all.push(...witnesses);
    }
    return all;
  }

  private ofClause(node: WitnessedClause): readonly Witness[] | undefined {
    // What earlier events taught is not looked through for keywords.
    if (node.kind === 'match-anywhere' && searchesTaught(node)) return undefined;
    const field = node.kind === 'match-anywhere' ? EVERYWHERE : node.field.name;
    return this.routing.has(field) ? undefined : readyWitnesses(node, field);
  }

  private cost(witnesses: readonly Witness[]): number {
    let sum = 0;
    for (const witness of witnesses) sum += this.rarity(witness);
    return sum;
  }
}

/** Whether the search names fields that earlier events may have taught. */
export function searchesTaught({ fields }: PredicateOf<'match-anywhere'>): boolean {
  if (fields === undefined) return false;
  const names = compileWildcard(fields, 'none');
  return [...TAUGHT_FIELDS].some((name) => names.matches(name));
}

type WitnessedClause = PredicateOf<'match-any' | 'exists' | 'match-anywhere' | 'match-fields'>;

/** Found once a clause: matchers are made anew whenever a rule changes. */
const READY = new WeakMap<Predicate, readonly Witness[]>();

function readyWitnesses(node: WitnessedClause, field: string): readonly Witness[] {
  let ready = READY.get(node);
  if (ready === undefined) {
    const literals = literalsOfClause(node);
    ready = literals === undefined ? [{ field, literal: undefined }] : literals.map((literal) => ({ field, literal }));
    READY.set(node, ready);
  }
  return ready;
}

function literalsOfClause(node: WitnessedClause): readonly Literal[] | undefined {
  if (node.kind === 'match-any') return literalsOfTest(node.test, node.field.type);
  return node.kind === 'match-anywhere' ? literalsOfTest(node.test, 'unknown') : undefined;
}
