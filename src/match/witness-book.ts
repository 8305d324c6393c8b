/**
 * What plans of lines (`sieve-plan.ts`) ask of rules again and again, found once for all of them.
 *
 *   part of a rule's “and” ──the cheapest without knowing any line──▶ its witnesses      each of these ──▶ fact, one object for
 *                                                                                        all that say the same
 *
 * Only where a fact is true of lines at hand often, other witnesses of a part are looked for.
 */
import type { Predicate } from '../plan/predicate/node.ts';
import { type Marks, marksAt } from './byte-marks.ts';
import { type ByteText, ByteTexts } from './byte-text.ts';
import { type Anchor, type Literal, sufficientLiterals } from './literal.ts';
import { findWitnesses, ordinaryRarity, type Witness } from './witness.ts';

/** A text that rules look for. */
export class Text {
  readonly literal: Literal;
  /** Where it stands in a list that is being made, and which. */
  place = 0;
  list = 0;
  private readonly texts: ByteTexts;
  private made: ByteText | undefined;

  constructor(literal: Literal, texts: ByteTexts) {
    this.literal = literal;
    this.texts = texts;
  }

  /** Absent where only a value beyond ASCII holds it, and of a number. */
  get bytes(): ByteText | undefined {
    if (this.literal.anchor !== 'beyond' && this.literal.anchor !== 'number') this.made ??= this.texts.of(this.literal);
    return this.made;
  }
}

export interface Fact {
  readonly field: string;
  /** Absent where any value will do. */
  readonly text: Text | undefined;
  readonly witness: Witness;
  readonly rarity: number;
  /** How many parts look for it. */
  uses: number;
  /** The share of lines that it is true of, in a plan. */
  share: number;
  plan: number;
}

const NO_FIELDS: ReadonlySet<string> = new Set();
/** Marks of one need that are shared by plans. */
const MOST_SINGLE = 16_384;

export class WitnessBook {
  readonly texts = new ByteTexts();
  /** How many plans and lists of texts there were. */
  plans = 0;
  lists = 0;
  private readonly byField = new Map<string, Map<Text | undefined, Fact>>();
  private readonly refuters = new WeakMap<Predicate, readonly Fact[]>();
  private readonly parts = new WeakMap<Predicate, readonly Fact[] | 'none'>();
  private readonly byAnchor = new Map<Anchor, Map<string, Text>>();
  private readonly single: (Marks | undefined)[] = [];

  factOf(witness: Witness): Fact {
    const { field, literal } = witness;
    let facts = this.byField.get(field);
    if (facts === undefined) {
      facts = new Map();
      this.byField.set(field, facts);
    }
    const text = literal === undefined ? undefined : this.textOf(literal);
    let fact = facts.get(text);
    if (fact === undefined) {
      fact = { field, text, witness, rarity: ordinaryRarity(witness), uses: 0, share: 0, plan: 0 };
      facts.set(text, fact);
    }
    return fact;
  }

  /** What `findWitnesses` finds where nothing is known of lines. */
  factsOf(part: Predicate): readonly Fact[] | undefined {
    let known = this.parts.get(part);
    if (known === undefined) {
      known = findWitnesses(part, NO_FIELDS)?.map((witness) => this.factOf(witness)) ?? 'none';
      if (known !== 'none') for (const fact of known) fact.uses += 1;
      this.parts.set(part, known);
    }
    return known === 'none' ? undefined : known;
  }

  /** Facts of which none is true of a text that its field is, wherever the part is: of a negation those that make what it negates true. */
  refutersOf(part: Predicate): readonly Fact[] {
    let known = this.refuters.get(part);
    if (known === undefined) {
      known = part.kind === 'not' ? clausesOf(part.child).flatMap((clause) => this.factsThatSuffice(clause)) : [];
      this.refuters.set(part, known);
    }
    return known;
  }

  private factsThatSuffice(clause: Predicate): readonly Fact[] {
    if (clause.kind !== 'match-any') return [];
    const { field, test } = clause;
    return sufficientLiterals(test, field.type)
      .filter(isPlain)
      .map((literal) => this.factOf({ field: field.name, literal }));
  }

  textOf(literal: Literal): Text {
    let texts = this.byAnchor.get(literal.anchor);
    if (texts === undefined) {
      texts = new Map();
      this.byAnchor.set(literal.anchor, texts);
    }
    let text = texts.get(literal.text);
    if (text === undefined) {
      text = new Text(literal, this.texts);
      texts.set(literal.text, text);
    }
    return text;
  }

  /** Of one need, by its number. */
  marksOf(need: number): Marks {
    let marks = this.single[need];
    if (marks !== undefined) return marks;
    marks = marksAt([need]);
    if (need >= MOST_SINGLE) return marks;
    while (this.single.length < need) this.single.push(undefined);
    this.single[need] = marks;
    return marks;
  }
}

function clausesOf(predicate: Predicate): readonly Predicate[] {
  return predicate.kind === 'or' ? predicate.children : [predicate];
}

/**
 * Whether the text stands in a value wherever its bytes stand in what JSON writes for that: they do not begin with what may be the
 * second half of an escape. And a format takes no value of which it is a part for one that says nothing, as `-`.
 */
function isPlain({ text, anchor }: Literal): boolean {
  const isAligned = anchor === 'start' || anchor === 'whole' || !SECOND_OF_ESCAPE.test(text);
  return isAligned && text.length >= SHORTEST_REFUTER && /[a-z]/.test(text);
}

const SECOND_OF_ESCAPE = /^["\\/bfnrtu]/;
const SHORTEST_REFUTER = 8;
