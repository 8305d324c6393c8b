/**
 * Of one field: which rules' witnesses a value is.
 *
 *   value ──seen before──▶ rules                                                   (most values come again and again)
 *         └──new──▶ searched form ──whole, numbers: maps; parts: gram index──▶ rules, remembered
 *
 * Which values are remembered, the field's values decide (`field-values.ts`).
 */
import type { Scalar } from '../event/field-path.ts';
import type { FieldValues, KnownValue } from './field-values.ts';
import { GramIndex } from './gram-index.ts';
import { isAscii, type Literal, numberText, searchedForm } from './literal.ts';

/** Sorted numbers of rules. */
export type RuleNumbers = Int32Array;

const NONE: RuleNumbers = new Int32Array(0);

export class FieldIndex {
  readonly values: FieldValues;
  /** Rules that every value of the field is a witness of. */
  readonly present: RuleNumbers;
  private readonly whole = new Map<string, number[]>();
  /** By the number that a value holds. */
  private readonly numbers = new Map<string, number[]>();
  /** Rules that a value with a character beyond ASCII is a witness of. */
  private readonly beyond: RuleNumbers;
  private readonly parts: GramIndex | undefined;
  private readonly rulesOfPart: readonly (readonly number[])[];
  private readonly hits: number[] = [];
  private readonly number: number;
  private readonly isEmpty: boolean;

  constructor(values: FieldValues, entries: readonly (readonly [literal: Literal | undefined, rule: number])[]) {
    this.values = values;
    this.number = values.addIndex();
    const present: number[] = [];
    const beyond: number[] = [];
    const parts = new Map<string, { readonly literal: Literal; readonly rules: number[] }>();
    for (const [literal, rule] of entries) {
      if (literal === undefined) present.push(rule);
      else if (literal.anchor === 'beyond') beyond.push(rule);
      else if (literal.anchor === 'whole') append(this.whole, literal.text, rule);
      else if (literal.anchor === 'number') append(this.numbers, literal.text, rule);
      else {
        const key = `${literal.anchor} ${literal.text}`;
        const part = parts.get(key);
        if (part === undefined) parts.set(key, { literal, rules: [rule] });
        else part.rules.push(rule);
      }
    }
    this.present = sorted(present);
    this.beyond = sorted(beyond);
    const all = [...parts.values()];
    this.rulesOfPart = all.map(({ rules }) => rules);
    this.parts = all.length === 0 ? undefined : new GramIndex(all.map(({ literal }) => literal));
    const isWithoutWholes = this.whole.size === 0 && this.numbers.size === 0;
    this.isEmpty = this.parts === undefined && isWithoutWholes && this.beyond.length === 0;
  }

  /** The rules that the value is a witness of, beside those that any is. */
  rulesOf(known: KnownValue): RuleNumbers {
    if (this.isEmpty) return NONE;
    let rules = known.rules[this.number];
    if (rules === undefined) {
      rules = this.find(known.value);
      if (known.isKept) known.rules[this.number] = rules;
    }
    return rules;
  }

  private find(value: Scalar): RuleNumbers {
    const form = searchedForm(String(value));
    const whole = this.whole.get(form);
    const { hits } = this;
    hits.length = 0;
    this.parts?.search(form, hits);
    const rules = whole === undefined ? [] : [...whole];
    if (this.numbers.size > 0) rules.push(...(this.numbers.get(numberText(value) ?? '') ?? []));
    if (this.beyond.length > 0 && !isAscii(form)) rules.push(...this.beyond);
    for (const id of hits) for (const rule of this.rulesOfPart[id] as readonly number[]) rules.push(rule);
    return sorted(rules);
  }
}

function sorted(rules: readonly number[]): RuleNumbers {
  return rules.length === 0 ? NONE : Int32Array.from(new Set(rules)).sort();
}

function append(lists: Map<string, number[]>, key: string, rule: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [rule]);
  else list.push(rule);
}
