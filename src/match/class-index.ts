/**
 * Where the rules are filed that may match events of one class: those that the same rules' gates are open to.
 *
 *   numbers of rules ──witnesses, the rarest of each rule──▶ one index a field, rules without witnesses, keywords
 *
 * Made when the first event of the class comes: of thousands of rules, those for log sources that nobody reads are never
 * looked at. Rules of several classes are filed in each, so that nothing has to be asked of a rule that is found.
 */
import type { Predicate } from '../plan/predicate/node.ts';
import { FieldIndex, type RuleNumbers } from './field-index.ts';
import type { FieldValues } from './field-values.ts';
import { type KeywordFilter, KeywordFilters } from './keyword-filter.ts';
import type { Literal } from './literal.ts';
import { EVERYWHERE, findWitnesses, ordinaryRarity, type Witness, witnessKey } from './witness.ts';

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

  constructor(options: ClassIndexOptions) {
    this.options = options;
  }

  /** @param rules in order */
  of(rules: readonly number[]): ClassIndex {
    if (this.options.withoutWitnesses) return { always: Int32Array.from(rules), indices: [], everywhere: undefined };
    const always: number[] = [];
    const entries = new Map<string, (readonly [Literal | undefined, number])[]>();
    const witnesses = this.choose(rules);
    for (const [at, rule] of rules.entries()) {
      const found = witnesses[at];
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
  private choose(rules: readonly number[]): readonly (readonly Witness[] | undefined)[] {
    const { predicateOf, routing } = this.options;
    const uses = new Map<string, number>();
    const first = rules.map((rule) =>
      findWitnesses(predicateOf(rule), routing, (witness) => {
        const key = witnessKey(witness);
        uses.set(key, (uses.get(key) ?? 0) + 1);
        return ordinaryRarity(witness);
      }),
    );
    return first.map((found, at) => {
      if (found === undefined) return undefined;
      return findWitnesses(predicateOf(rules[at] as number), routing, (witness) => {
        const shared = uses.get(witnessKey(witness)) ?? 0;
        return ordinaryRarity(witness) * (1 + shared / 4);
      });
    });
  }
}
