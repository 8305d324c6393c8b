/**
 * Of one field: which rules' witnesses a value is.
 *
 *   value ──seen before──▶ rules                                                   (most values come again and again)
 *         └──new──▶ searched form ──whole: a map; parts: gram index──▶ rules, remembered
 *
 * What is remembered is bounded in number and in length, and is not asked any more for fields whose values hardly ever
 * come again: then remembering costs more than it saves.
 */
import type { Scalar } from '../event/field-path.ts';
import type { FieldValues } from './field-values.ts';
import { GramIndex } from './gram-index.ts';
import { isAscii, type Literal, searchedForm } from './literal.ts';

/** Sorted numbers of rules. */
export type RuleNumbers = Int32Array;

const NONE: RuleNumbers = new Int32Array(0);
/** Values remembered of one field, in two generations of half as many each. */
const REMEMBERED = 4096;
/** Hashing a long text for the look-up costs as much as searching it, and long ones seldom come again. */
const LONGEST_REMEMBERED = 512;
/** Look-ups after which it is decided whether remembering pays, and the share of hits from which it does. */
const TRIAL = 4096;
const LEAST_HITS = 0.2;
/** Look-ups that go unremembered before the next trial. */
const PAUSE = 65_536;

export class FieldIndex {
  readonly values: FieldValues;
  /** Rules that every value of the field is a witness of. */
  readonly present: RuleNumbers;
  private readonly whole = new Map<string, number[]>();
  /** Rules that a value with a character beyond ASCII is a witness of. */
  private readonly beyond: RuleNumbers;
  private readonly parts: GramIndex | undefined;
  private readonly rulesOfPart: readonly (readonly number[])[];
  private readonly hits: number[] = [];
  private young = new Map<Scalar, RuleNumbers>();
  private old = new Map<Scalar, RuleNumbers>();
  private asked = 0;
  private known = 0;
  private pausing = 0;

  constructor(values: FieldValues, entries: readonly (readonly [literal: Literal | undefined, rule: number])[]) {
    this.values = values;
    const present: number[] = [];
    const beyond: number[] = [];
    const parts = new Map<string, { readonly literal: Literal; readonly rules: number[] }>();
    for (const [literal, rule] of entries) {
      if (literal === undefined) present.push(rule);
      else if (literal.anchor === 'beyond') beyond.push(rule);
      else if (literal.anchor === 'whole') append(this.whole, literal.text, rule);
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
  }

  /** The rules that the value is a witness of, beside those that any is. */
  rulesOf(value: Scalar): RuleNumbers {
    if (this.parts === undefined && this.whole.size === 0 && this.beyond.length === 0) return NONE;
    if (typeof value === 'string' && value.length > LONGEST_REMEMBERED) return this.find(value);
    if (this.pausing > 0) {
      this.pausing -= 1;
      return this.find(value);
    }
    this.asked += 1;
    let rules = this.young.get(value);
    if (rules !== undefined) {
      this.known += 1;
      return rules;
    }
    rules = this.old.get(value);
    if (rules !== undefined) this.known += 1;
    else rules = this.find(value);
    this.remember(value, rules);
    return rules;
  }

  private find(value: Scalar): RuleNumbers {
    const form = searchedForm(String(value));
    const whole = this.whole.get(form);
    const { hits } = this;
    hits.length = 0;
    this.parts?.search(form, hits);
    const rules = whole === undefined ? [] : [...whole];
    if (this.beyond.length > 0 && !isAscii(form)) rules.push(...this.beyond);
    for (const id of hits) for (const rule of this.rulesOfPart[id] as readonly number[]) rules.push(rule);
    return sorted(rules);
  }

  private remember(value: Scalar, rules: RuleNumbers): void {
    this.young.set(value, rules);
    if (this.young.size >= REMEMBERED / 2) [this.old, this.young] = [this.young, new Map()];
    if (this.asked < TRIAL) return;
    if (this.known < this.asked * LEAST_HITS) {
      this.pausing = PAUSE;
      this.young = new Map();
      this.old = new Map();
    }
    this.asked = 0;
    this.known = 0;
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
