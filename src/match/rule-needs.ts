/**
 * What of a rule the lines of a plan are asked for.
 *
 *   rule ──alternatives──▶ the parts of each, which all have to hold ──witnesses──▶ those hardest to meet: needs
 */
import type { Predicate, PredicateOf } from '../plan/predicate/node.ts';
import type { FieldFacts } from './field-facts.ts';
import { EVERYWHERE, findWitnesses, type Rarity } from './witness.ts';
import type { Fact, WitnessBook } from './witness-book.ts';

/** Needs of a rule that are looked at, the rarest of all that it has. */
export const LAYERS = 3;
/** Alternatives of a rule that are looked at one by one. */
const MOST_ALTERNATIVES = 16;
/** Of rules whose rarest need is met so often it is asked, too, what they cannot be true beside. */
const OFTEN = 0.1;
const NO_FIELDS: ReadonlySet<string> = new Set();
/** What nobody can tell is the last that a rule is asked for. */
const UNTOLD = 1e9;
/** The share of lines that a fact is taken to be true of where it is true of one. */
const SHOWN = 0.5;

/** Facts of which one is true wherever a part of a rule is. */
export type Need = readonly Fact[];

export interface RuleNeeds {
  /** None where nothing tells but reading. */
  readonly needs: readonly Need[];
  /** Facts of which none is true where the rule is, of a rule that has what it needs often. */
  readonly refuters: readonly Fact[];
}

/** How often a fact is true of these lines. */
type ShareOf = (fact: Fact) => number;

/**
 * Lists of parts; the predicate holds where all parts of one of them do. Where a part of it is an `or` of several conditions at once,
 * each of these has needs of its own: what is rare in one of them says nothing of the others.
 */
export function alternativesOf(predicate: Predicate): readonly (readonly Predicate[])[] {
  const parts = predicate.kind === 'and' ? predicate.children : [predicate];
  const split = parts.find(isOfAlternatives);
  if (split === undefined) return [parts];
  const others = parts.filter((part) => part !== split);
  return split.children.map((child) => [...others, ...(child.kind === 'and' ? child.children : [child])]);
}

function isOfAlternatives(part: Predicate): part is PredicateOf<'or'> {
  return (
    part.kind === 'or' && part.children.length <= MOST_ALTERNATIVES && part.children.some(({ kind }) => kind === 'and')
  );
}

export function needsOf(parts: readonly Predicate[], book: WitnessBook, shareOf: ShareOf): RuleNeeds | 'never' {
  const needs: { readonly facts: Need; readonly share: number }[] = [];
  for (const part of parts) {
    let facts = book.factsOf(part);
    if (facts === undefined) continue;
    let share = sumOf(facts, shareOf);
    if (share >= SHOWN) {
      const rarity: Rarity = (witness) => sharedBy(book.factOf(witness), shareOf);
      facts = (findWitnesses(part, NO_FIELDS, rarity) ?? []).map((witness) => book.factOf(witness));
      share = sumOf(facts, shareOf);
    }
    if (facts.length === 0) return 'never';
    needs.push({ facts, share });
  }
  needs.sort((a, b) => a.share - b.share);
  return {
    needs: needs.slice(0, LAYERS).map(({ facts }) => facts),
    refuters: (needs[0]?.share ?? 1) < OFTEN ? [] : parts.flatMap((part) => book.refutersOf(part)),
  };
}

function sumOf(facts: Need, shareOf: ShareOf): number {
  let sum = 0;
  for (const fact of facts) sum += sharedBy(fact, shareOf);
  return sum;
}

/** What many clauses look for lets more rules through where it is true. */
function sharedBy(fact: Fact, shareOf: ShareOf): number {
  return shareOf(fact) * (1 + fact.uses / 4);
}

/** What is true of the line at hand is taken to be true often. */
export function sharesIn(facts: FieldFacts, shown: Set<Fact>, book: WitnessBook): ShareOf {
  book.plans += 1;
  const plan = book.plans;
  return (fact) => {
    if (fact.plan !== plan) {
      fact.plan = plan;
      fact.share = shareOf(fact, facts, shown);
    }
    return fact.share;
  };
}

function shareOf(fact: Fact, facts: FieldFacts, shown: Set<Fact>): number {
  if (fact.field === EVERYWHERE || facts.of(fact.field).kind === 'unknown') return UNTOLD;
  if (!shown.has(fact) && !facts.shows(fact.witness)) return fact.rarity;
  shown.add(fact);
  return SHOWN;
}
