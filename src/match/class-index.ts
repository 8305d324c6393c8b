/**
 * Where the rules are filed that may match events of one class: those that the same rules' gates are open to.
 *
 *   numbers of rules ──witnesses, the rarest of each rule──▶ one index a field, rules without witnesses, keywords
 *
 * Made when the first event of the class comes: of thousands of rules, those for log sources that nobody reads are never
 * looked at. Rules of several classes are filed in each, so that nothing has to be asked of a rule that is found; by the same
 * witnesses, which are chosen once.
 */
import type { Predicate } from '../plan/predicate/node.ts';
import { FieldIndex, type RuleNumbers } from './field-index.ts';
import type { FieldValues } from './field-values.ts';
import { type KeywordFilter, KeywordFilters } from './keyword-filter.ts';
import type { Literal } from './literal.ts';
import { EVERYWHERE, findWitnesses, ordinaryRarity, type Rarity, type Witness, witnessKey } from './witness.ts';

export interface ClassIndex {
  /** Rules without witnesses: evaluated for every event of the class. */
  readonly always: RuleNumbers;
  readonly indices: readonly FieldIndex[];
  /** Where there are rules whose witnesses may stand in any field: those, and how to tell that none does. */
  readonly everywhere: Everywhere | undefined;
}

export interface Everywhere {
  readonly index: FieldIndex;
  /** All that are filed there. */
  readonly rules: RuleNumbers;
  readonly filter: KeywordFilter;
}

export interface ClassIndexOptions {
  readonly predicateOf: (rule: number) => Predicate;
  readonly valuesOf: (field: string) => FieldValues;
  /** Fields that give no witnesses: the class is known by them. */
  readonly routing: ReadonlySet<string>;
  readonly withoutWitnesses: boolean;
}

export class ClassIndices {
  private readonly options: ClassIndexOptions;
  private readonly filters = new KeywordFilters();
  /** By rule, where it was filed in some class. */
  private readonly chosen = new Map<number, Witnesses>();

  constructor(options: ClassIndexOptions) {
    this.options = options;
  }

  /** @param rules in order */
  of(rules: readonly number[]): ClassIndex {
    if (this.options.withoutWitnesses) return { always: Int32Array.from(rules), indices: [], everywhere: undefined };
    const always: number[] = [];
    const entries = new Map<string, (readonly [Literal | undefined, number])[]>();
    this.choose(rules);
    for (const rule of rules) {
      const found = this.chosen.get(rule);
      if (found === undefined) always.push(rule);
      for (const { field, literal } of found ?? []) {
        const ofField = entries.get(field);
        if (ofField === undefined) entries.set(field, [[literal, rule]]);
        else ofField.push([literal, rule]);
      }
    }
    const { valuesOf } = this.options;
    const keywords = entries.get(EVERYWHERE);
    entries.delete(EVERYWHERE);
    return {
      always: Int32Array.from(always),
      indices: [...entries].map(([field, ofField]) => new FieldIndex(valuesOf(field), ofField)),
      everywhere: keywords && {
        index: new FieldIndex(valuesOf(EVERYWHERE), keywords),
        rules: Int32Array.from(new Set(keywords.map(([, rule]) => rule))),
        filter: this.filters.of(keywords.map(([literal]) => literal)),
      },
    };
  }

  /** What many rules look for is what occurs a lot: where a rule has the choice, it is filed under something else. */
  private choose(rules: readonly number[]): void {
    const { chosen } = this;
    const others = rules.filter((rule) => !chosen.has(rule));
    if (others.length === 0) return;
    const facts = new Facts();
    for (const rule of rules) for (const witness of chosen.get(rule) ?? []) facts.of(witness).uses += 1;
    const { predicateOf, routing } = this.options;
    const find = (rule: number, rarity: Rarity) => findWitnesses(predicateOf(rule), routing, rarity);
    const rarityCounted = (witness: Witness) => {
      const fact = facts.of(witness);
      fact.uses += 1;
      return fact.rarity;
    };
    const rarityByUses = (witness: Witness) => {
      const { rarity, uses } = facts.of(witness);
      return rarity * (1 + uses / 4);
    };
    const first = others.map((rule) => find(rule, rarityCounted));
    for (const [at, rule] of others.entries()) chosen.set(rule, first[at] && find(rule, rarityByUses));
  }
}

/** `undefined` where a rule has none. */
type Witnesses = readonly Witness[] | undefined;

interface Fact {
  readonly rarity: number;
  /** How often rules look for it. */
  uses: number;
}

class Facts {
  private readonly byKey = new Map<string, Fact>();
  /** Clauses have the same ones each time that they are asked: to write their keys takes longer than to look these up. */
  private readonly byWitness = new Map<Witness, Fact>();

  of(witness: Witness): Fact {
    let fact = this.byWitness.get(witness);
    if (fact !== undefined) return fact;
    const key = witnessKey(witness);
    fact = this.byKey.get(key) ?? { rarity: ordinaryRarity(witness), uses: 0 };
    this.byKey.set(key, fact);
    this.byWitness.set(witness, fact);
    return fact;
  }
}
